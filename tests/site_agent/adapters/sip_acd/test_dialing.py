"""People who are called back, on the wire: agent held, telephone rung, both joined."""

import dataclasses

import pytest
from acd_bench import CALLER, SETTINGS, Bench

from nrcli.wire.messages import AgentState
from site_agent.adapters import base

DIALS = tuple(
    dataclasses.replace(group, dial_to=f"{CALLER[0]}:{CALLER[1]}", dial_from="+351210000000")
    if group.name == "carrier"
    else group
    for group in SETTINGS.trunk_groups
)


def bench(**script):
    made = Bench(trunk_groups=DIALS)
    for name, value in script.items():
        setattr(made.caller, name, value)
    return made


def dial(made, agent="anna", **more):
    made.acd.command(base.HoldAgent(hold_id="h1", agent=agent, queue="sales"))
    command = base.DialCaller(
        call_id="c1",
        hold_id="h1",
        agent=agent,
        queue="sales",
        service="sales",
        interaction_id="i1",
        number="+351911111111",
        ring_s=20.0,
        **more,
    )
    made.acd.command(command)
    made.wire.settle()


def outcomes(made):
    return [event.outcome for event in made.told(base.CallerDialed)]


def over(made):
    """Everybody hangs up; nothing may be left."""
    for leg in list(made.caller.legs):
        made.caller.hang_up(leg)
    made.wire.advance(120.0)
    assert made.caller.is_idle and made.anna.is_idle
    desk = made.acd.acd._desk
    assert not desk.calls and not desk.legs and len(desk.queueing.holds) == 0
    assert not desk.timers._at and not made.acd.playing and not made.acd.remembered()
    assert all(group.used_count == 0 for group in desk.trunks.all())
    assert not made.acd.ua._legs


def test_the_agent_is_rung_when_the_caller_has_answered():
    made = bench(answer_after_s=3.0)
    dial(made)
    made.wire.advance(2.0)
    assert made.agent_state() is AgentState.RESERVED and not made.anna.invites
    invite = made.caller.invites[0].request
    assert invite.uri_text.startswith("sip:+351911111111@") and invite.body
    assert "+351210000000" in (invite.headers.get("From") or "")
    made.wire.advance(2.0)
    assert outcomes(made) == ["answered"]
    names = made.names()
    assert names.index("CallerDialed") < names.index("CallConnected")
    connected = made.told(base.CallConnected)[0]
    assert (connected.call_id, connected.agent) == ("c1", "anna")
    assert made.caller.hears() == 4002, "they hear one another"
    over(made)
    assert [event.call_id for event in made.told(base.CallEnded)] == ["c1"]


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ({"refuse": 486}, "busy"),
        ({"refuse": 480}, "no_answer"),
        ({"refuse": 404}, "failed"),
        ({"answer_after_s": None}, "no_answer"),
        ({"silent": True}, "no_answer"),
    ],
)
def test_who_is_not_reached_costs_nothing_but_the_agents_time(script, outcome):
    made = bench(**script)
    dial(made)
    made.wire.advance(60.0)
    assert outcomes(made) == [outcome]
    assert made.agent_state() is AgentState.RESERVED, "until the site daemon lets go"
    made.acd.command(base.ReleaseHold(hold_id="h1"))
    assert made.agent_state() is AgentState.READY
    assert not made.told(base.CallEnded) and not made.anna.invites
    over(made)


def test_an_agent_who_does_not_answer_leaves_the_caller_with_music_at_the_head():
    made = bench()
    made.anna.answer_after_s = None
    dial(made)
    made.wire.advance(17.0)
    assert outcomes(made) == ["answered"] and not made.told(base.CallConnected)
    assert made.acd.playing, "music meanwhile"
    made.anna.answer_after_s = 0.0
    made.wire.advance(10.0)
    assert made.told(base.CallConnected)
    over(made)


def test_a_caller_who_hangs_up_while_the_agent_rings():
    made = bench()
    made.anna.answer_after_s = None
    dial(made)
    made.wire.advance(1.0)
    over(made)
    assert made.told(base.CallEnded)[0].released_by == "caller"


def test_without_a_trunk_group_that_dials_nobody_is_called():
    made = Bench()
    dial(made)
    assert outcomes(made) == ["failed"]
    made.acd.command(base.ReleaseHold(hold_id="h1"))
    over(made)


def test_channels_of_own_callers_are_left_alone():
    few = tuple(dataclasses.replace(group, channels_max=1, min_free=1) for group in DIALS)
    made = Bench(trunk_groups=few)
    dial(made)
    assert outcomes(made) == ["failed"] and not made.caller.invites
    made.acd.command(base.ReleaseHold(hold_id="h1"))
    over(made)


@pytest.mark.parametrize("answers", [False, True])
def test_a_telephone_that_rang_when_the_process_was_killed_is_stopped(answers: bool) -> None:
    """Who answered while nobody was there is let go; nobody rings on, or holds a dead line."""
    made = bench(answer_after_s=4.0 if answers else None)
    dial(made)
    made.wire.advance(3.0)
    assert set(made.caller.legs.values()) == {"ringing"}
    assert "acd_ring" in {kind for kind, _ in made.acd.kept}
    made.acd.kill()
    made.wire.advance(2.0)
    assert made.acd.restart() == []
    made.wire.advance(3.0)
    assert made.caller.is_idle, made.caller.legs
    assert "acd_ring" not in {kind for kind, _ in made.acd.kept}
    assert made.acd.acd._desk.counts["dialed_stopped"] == 1
    made.wire.advance(40.0)
    assert not made.acd.ua._legs


def test_after_a_long_time_nobody_is_rung_anew() -> None:
    made = bench(answer_after_s=None)
    dial(made)
    made.wire.advance(3.0)
    made.acd.kill()
    made.wire.advance(50.0)
    made.caller.legs.clear()
    made.acd.restart()
    made.wire.advance(3.0)
    assert not made.caller.legs, "a CANCEL alone rings nobody"
    assert made.acd.acd._desk.counts["dialed_stopped_late"] == 1


def test_what_is_kept_of_a_ring_ends_with_it() -> None:
    made = bench(answer_after_s=1.0)
    dial(made)
    made.wire.advance(3.0)
    assert "acd_ring" not in {kind for kind, _ in made.acd.kept}
    assert not made.acd.acd._desk.dialed
    over(made)
