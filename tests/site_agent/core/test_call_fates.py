"""Talks are counted as lasted or ended at once; a caller counts once in a while."""

from __future__ import annotations

from site_playbook import SETTINGS, SitePlay, agent_of, held, led, offered

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.call_fates import CallFates
from site_agent.core.calls import Call


def call(call_id: str, *, foreign: bool = True, ani: str = "", held_agent: str = "") -> Call:
    made = Call(
        call_id=call_id, interaction_id=f"i-{call_id}", service="s", queue="sales", offered_at_s=0.0
    )
    made.foreign, made.ani, made.held_agent = foreign, ani, held_agent
    return made


def talk(fates: CallFates, one: Call, from_s: float, for_s: float, by: str = "agent") -> None:
    fates.connected(one, "anna", from_s)
    fates.ended(one, by, from_s + for_s)


def counts(fates: CallFates) -> tuple[int, ...]:
    queue = fates.queue("sales")
    return (
        queue.lasted_count,
        queue.short_count,
        queue.network_lasted_count,
        queue.network_short_count,
        queue.network_short_by_caller_count,
        queue.network_unanswered_count,
    )


def test_own_and_moved_calls_are_counted_apart() -> None:
    fates = CallFates(SETTINGS)
    talk(fates, call("c1"), 100.0, 9.9)
    talk(fates, call("c2"), 110.0, 1.0, by="caller")
    talk(fates, call("c3"), 120.0, 10.0)
    talk(fates, call("c4", foreign=False), 140.0, 3.0)
    talk(fates, call("c5", foreign=False), 150.0, 30.0)
    assert counts(fates) == (1, 1, 1, 2, 1, 0)
    anna = fates.agent("anna")
    assert (anna.network_lasted_count, anna.network_short_count) == (1, 2)


def test_a_talk_that_goes_on_has_lasted_once_the_next_call_comes() -> None:
    fates = CallFates(SETTINGS)
    fates.connected(call("c1"), "anna", 100.0)
    fates.connected(call("c2"), "bea", 109.0)
    assert counts(fates)[2] == 0
    fates.connected(call("c3"), "carl", 110.0)
    assert counts(fates)[2] == 1


def test_a_caller_who_redials_counts_once_in_a_while() -> None:
    fates = CallFates(SETTINGS)
    for number in range(20):
        talk(fates, call(f"c{number}", ani="+351911"), 100.0 + 5 * number, 1.0)
    assert counts(fates)[3] == 1
    talk(fates, call("later", ani="+351911"), 100.0 + SETTINGS.caller_counts_again_s, 1.0)
    assert counts(fates)[3] == 2


def test_who_is_passed_on_at_once_was_served() -> None:
    fates = CallFates(SETTINGS)
    talk(fates, call("c1"), 100.0, 2.0, by="moved")
    assert counts(fates) == (0,) * 6


def test_only_so_many_callers_are_remembered() -> None:
    settings = SETTINGS.__class__(callers_counted_max=2)
    fates = CallFates(settings)
    for number in range(6):
        talk(fates, call(f"c{number}", ani=str(number)), 100.0 + number, 0.5)
    talk(fates, call("again", ani="0"), 110.0, 0.5)
    assert counts(fates)[3] == 7


def moved_to(agent: str) -> SitePlay:
    """A call has come for an agent who was held."""
    play = led()
    play.event(agent_of(agent))
    token = held(play, agent)
    play.event(agent_of(agent, msg.AgentState.RESERVED))
    play.event(base.CallArriving(call_id="m1", token=token, invite_key="k", trunk_group="network"))
    return play.event(agent_of(agent, msg.AgentState.BUSY))


def told(play: SitePlay) -> tuple[msg.QueueReport, msg.AgentReport]:
    """What the nodes are told next."""
    play.wait(1.0)
    entities = [e for delta in play.sent(msg.StateDelta, "n1") for e in delta.entities]
    queues = [e for e in entities if isinstance(e, msg.QueueReport)]
    agents = [e for e in entities if isinstance(e, msg.AgentReport) and e.agent == "bea"]
    return queues[-1], agents[-1]


def test_a_held_agent_who_is_idle_again_did_not_answer() -> None:
    play = moved_to("bea").event(agent_of("bea", msg.AgentState.NOT_READY))
    queue, agent = told(play)
    assert (queue.network_unanswered_count, agent.network_unanswered_count) == (1, 1)
    play.event(agent_of("bea"))
    assert told(play)[1].network_unanswered_count == 1


def test_a_held_agent_who_answers_or_whose_caller_leaves_is_not_blamed() -> None:
    answered = moved_to("bea").event(base.CallConnected(call_id="m1", agent="bea", queue="sales"))
    answered.event(base.CallEnded(call_id="m1", released_by="agent", agent="bea"))
    answered.event(agent_of("bea"))
    queue, agent = told(answered)
    assert (queue.network_unanswered_count, queue.network_short_count) == (0, 1)
    assert agent.network_short_count == 1
    left = moved_to("bea").event(base.CallEnded(call_id="m1", released_by="caller"))
    left.event(agent_of("bea"))
    assert told(left)[1].network_unanswered_count == 0


def test_an_own_call_is_reported_as_such() -> None:
    play = led().event(offered())
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    play.event(base.CallEnded(call_id="c1", released_by="agent", agent="anna"))
    play.event(
        queue_changed := base.QueueChanged(
            queue="sales",
            open=True,
            waiting_count=0,
            places_max=3,
            answered_count=1,
            abandoned_count=0,
            aht_s=60.0,
            oldest_offered_at_s=None,
        )
    )
    assert queue_changed.answered_count == 1
    play.wait(1.0)
    deltas = play.sent(msg.StateDelta, "n1")
    queues = [e for d in deltas for e in d.entities if isinstance(e, msg.QueueReport)]
    assert (queues[-1].short_count, queues[-1].network_short_count) == (1, 0)
