"""Playbooks of holding for other sites."""

from dataclasses import replace

import pytest
from site_playbook import (
    EPOCH,
    SETTINGS,
    SitePlay,
    agent_of,
    held,
    led,
    queue_of,
    reserve,
    trunk_of,
)

from nrcli.wire import messages as msg
from nrcli.wire.messages import AgentState, ReserveRefusal
from site_agent.adapters import base
from site_agent.core.events import EpochSaved


def refusal(play: SitePlay) -> ReserveRefusal:
    return play.sent(msg.ReserveRefused)[0].reason


def cancel(token: str) -> msg.Cancel:
    return msg.Cancel(token=token, request_id="r1", from_site="porto", to_site="lisbon")


def test_an_agent_is_held_and_the_token_told() -> None:
    play = led().event(agent_of("anna"))
    play.said(reserve(agent="anna"))
    hold = play.one(base.HoldAgent)
    play.event(base.HoldGranted(hold_id=hold.hold_id, queue="sales", agent="anna"))
    granted = play.sent(msg.ReserveGranted, "n1")[0]
    assert (granted.agent, granted.expires_s) == ("anna", 5.0)
    play.said(reserve(agent="anna"))
    assert play.sent(msg.ReserveGranted)[0].token == granted.token
    assert not play.all(base.HoldAgent)


def test_a_lower_epoch_is_refused_by_name() -> None:
    play = led()
    higher = msg.Epoch(generation=1, revision=9)
    play.event(EpochSaved(domain="default", epoch=higher, node="n2"))
    play.said(reserve())
    assert play.sent(msg.EpochRefused)[0].highest == higher
    assert not play.all(base.HoldPlace)


def test_an_epoch_that_is_not_stored_yet_is_not_obeyed() -> None:
    play = led().said(reserve(epoch=msg.Epoch(generation=2, revision=1)))
    assert refusal(play) is ReserveRefusal.OVERLOAD


@pytest.mark.parametrize(
    ("prepare", "fields", "reason"),
    [
        ((), {"queue": "none"}, ReserveRefusal.UNKNOWN_TARGET),
        ((queue_of(queue="own"),), {"queue": "own"}, ReserveRefusal.NOT_SHARED),
        ((queue_of(open=False),), {}, ReserveRefusal.CLOSED),
        ((queue_of(waiting_count=3),), {}, ReserveRefusal.NO_PLACE),
        ((trunk_of("network", used=4),), {}, ReserveRefusal.NO_CHANNEL),
        ((), {"agent": "anna"}, ReserveRefusal.NO_AGENT),
        ((), {"agent": "nobody"}, ReserveRefusal.UNKNOWN_TARGET),
        ((), {"moves_count": 6}, ReserveRefusal.HOP_BUDGET),
        ((), {"moves_since_person_count": 2}, ReserveRefusal.HOP_BUDGET),
    ],
)
def test_what_the_site_does_not_lend(
    prepare: tuple[object, ...], fields: dict[str, object], reason: ReserveRefusal
) -> None:
    play = led()
    for event in prepare:
        play.event(event)
    assert refusal(play.said(reserve(**fields))) is reason


def test_loans_are_limited_by_the_donor() -> None:
    play = led()
    held(play, request_id="r1")
    held(play, request_id="r2")
    assert refusal(play.said(reserve("r3"))) is ReserveRefusal.LOAN_LIMIT


def test_min_free_channels_stay_for_own_callers() -> None:
    claim = (msg.ChannelClaim(trunk_group="carrier", count=1),)
    play = led().event(trunk_of("carrier", used=3)).said(reserve(channels=claim))
    assert refusal(play) is ReserveRefusal.NO_CHANNEL


def test_what_the_acd_refuses_is_refused_and_given_back() -> None:
    play = led().said(reserve())
    hold_id = play.one(base.HoldPlace).hold_id
    play.event(base.HoldRefused(hold_id=hold_id, reason="closed"))
    assert refusal(play) is ReserveRefusal.CLOSED
    assert play.daemon.view(play.now_s).trunks[1].channels_reserved_count == 0


def test_a_silent_acd_is_a_refusal() -> None:
    play = led().said(reserve())
    hold_id = play.one(base.HoldPlace).hold_id
    assert refusal(play.wait(1.1)) is ReserveRefusal.NO_AGENT
    play.event(base.HoldGranted(hold_id=hold_id, queue="sales"))
    assert play.one(base.ReleaseHold).hold_id == hold_id


def test_a_hold_expires_and_everything_goes_back() -> None:
    play = led()
    held(play)
    assert play.daemon.view(play.now_s).queues[0].loan_count == 1
    play.wait(5.1)
    assert play.one(base.ReleaseHold) and play.lines("hold_ended")[0]["why"] == "expired"
    view = play.daemon.view(play.now_s)
    assert (view.holds_open_count, view.queues[0].loan_count) == (0, 0)


def test_cancel_of_a_live_token_is_never_and_a_late_invite_is_refused() -> None:
    play = led()
    token = held(play)
    answer = play.said(cancel(token), node="n2").sent(msg.CancelAnswer, "n2")[0]
    assert answer.verdict is msg.CancelVerdict.NEVER
    play.wait(50.0).said(cancel(token)).wait(50.0)
    play.event(base.CallArriving(call_id="x", token=token, invite_key="k", trunk_group="network"))
    assert play.one(base.RefuseArrival).sip_status == 480


def test_cancel_of_an_unknown_token_is_never() -> None:
    play = led().said(cancel("nirc-unheard"))
    assert play.sent(msg.CancelAnswer)[0].verdict is msg.CancelVerdict.NEVER


def test_cancel_of_a_taken_token_is_taken() -> None:
    play = led()
    token = held(play)
    play.event(base.CallArriving(call_id="x", token=token, invite_key="k", trunk_group="network"))
    assert play.said(cancel(token)).sent(msg.CancelAnswer)[0].verdict is msg.CancelVerdict.TAKEN


def test_cancel_ends_a_pending_hold_of_the_request() -> None:
    play = led().said(reserve())
    hold_id = play.one(base.HoldPlace).hold_id
    play.said(cancel("nirc-unheard")).event(base.HoldGranted(hold_id=hold_id, queue="sales"))
    assert play.one(base.ReleaseHold) and not play.sent(msg.ReserveGranted)


def test_release_gives_back() -> None:
    play = led()
    held(play)
    play.said(msg.Release(domain="default", epoch=EPOCH, request_id="r1"))
    assert play.lines("hold_ended")[0]["why"] == "released"


def test_a_lost_hold_is_told_in_the_history() -> None:
    play = led().event(agent_of("anna"))
    held(play, agent="anna")
    play.event(base.HoldLost(hold_id="id1", reason="logged out"))
    assert play.lines("hold_ended")[0]["why"] == "lost"


def test_an_agent_is_not_promised_twice_while_the_acd_thinks() -> None:
    play = led().event(agent_of("anna", AgentState.READY))
    play.said(reserve("r1", agent="anna")).said(reserve("r2", agent="anna"))
    assert refusal(play) is ReserveRefusal.NO_AGENT


def test_dead_tokens_are_forgotten_in_time() -> None:
    play = led()
    held(play)
    play.said(cancel("nirc-unheard")).wait(200.0)
    assert "forget-holds" not in play.timers


def test_tombstones_are_bounded_and_the_oldest_go_first() -> None:
    play = led(replace(SETTINGS, tombstones_max=2))
    for token in ("nirc-a", "nirc-b", "nirc-a", "nirc-c"):
        cancel = msg.Cancel(token=token, request_id="", from_site="porto", to_site="lisbon")
        answer = play.said(cancel).sent(msg.CancelAnswer)[0]
        assert answer.verdict is msg.CancelVerdict.NEVER
    assert list(play.daemon._parts.holds._tombstones) == ["nirc-a", "nirc-c"]
    assert play.daemon.view(play.now_s).counters["tombstones_let_go"] == 1
