"""Waiting callers when their queue closes, or its last agent leaves."""

import pytest
from site_playbook import agent_of, led, offered
from site_rules import MONDAY_9H_UNIX_S, at, read_rules, rules, told

from nrcli.wire import messages as msg
from nrcli.wire.messages import AgentState
from site_agent.adapters import base

NIGHT_UNIX_S = MONDAY_9H_UNIX_S + 10 * 3600.0


def waiting(what: str, **call: object):
    """A caller waits, and NIRC has said not to ask for long."""
    play = led()
    told(play, queue=f"calendar: office, announcement: goodbye, {what}")
    at(play, MONDAY_9H_UNIX_S)
    request = play.event(offered(**call)).sent(msg.RouteRequest)
    for found in request:
        play.said(
            msg.RouteAnswer(
                domain="default",
                epoch=msg.Epoch(generation=1, revision=5),
                request_id=found.request_id,
                outcome=msg.RouteOutcome.RETRY_AFTER,
                retry_after_s=3_600.0,
            )
        )
    return play


def close(play):
    return at(play, NIGHT_UNIX_S)


def leave(play):
    return play.event(agent_of("anna", AgentState.NULL))


@pytest.mark.parametrize("what", ["", "on_close_with_waiting: drain"])
def test_drain_leaves_them_to_the_agents_who_are_still_there(what: str) -> None:
    play = close(waiting(what))
    assert not play.sent(msg.RouteRequest) and not play.all(base.RejectCall)
    assert not play.all(base.PlayAnnouncement)


@pytest.mark.parametrize(
    ("what", "happens"), [("on_close_with_waiting", close), ("on_unstaffed", leave)]
)
def test_interflow_asks_at_once_whatever_was_said_about_waiting(what: str, happens) -> None:
    assert happens(waiting(f"{what}: interflow")).sent(msg.RouteRequest)


@pytest.mark.parametrize(
    ("what", "happens"), [("on_close_with_waiting", close), ("on_unstaffed", leave)]
)
def test_announce_tells_them_then_lets_them_go_with_the_reason(what: str, happens) -> None:
    play = happens(waiting(f"{what}: announce"))
    assert play.one(base.PlayAnnouncement).name == "goodbye" and not play.all(base.RejectCall)
    play.event(base.AnnouncementOver(call_id="c1", name="goodbye", played=True))
    assert play.one(base.RejectCall).reason == "closed"


@pytest.mark.parametrize(
    ("what", "happens"), [("on_close_with_waiting", close), ("on_unstaffed", leave)]
)
def test_interflow_asks_also_where_the_sites_own_rules_would_not(what: str, happens) -> None:
    play = waiting(f"{what}: interflow")
    read_rules(play, rules("[{queue: sales, ask: [{name: never, when: true, ask: false}]}]"))
    assert happens(play).sent(msg.RouteRequest)


def test_the_end_of_another_announcement_is_not_the_end_of_the_call() -> None:
    play = close(waiting("on_close_with_waiting: announce"))
    play.event(base.AnnouncementOver(call_id="c1", name="busy", played=True))
    assert not play.all(base.RejectCall)
    play.event(base.AnnouncementOver(call_id="c1", name="goodbye", played=True))
    assert play.one(base.RejectCall).reason == "closed"


def test_an_emergency_call_stays_whatever_closes() -> None:
    for what in ("interflow", "announce"):
        play = close(waiting(f"on_close_with_waiting: {what}", emergency=True))
        assert not play.all(base.PlayAnnouncement) and not play.sent(msg.RouteRequest)


def test_new_callers_of_an_unstaffed_queue_are_asked_about_at_once() -> None:
    play = leave(waiting("on_unstaffed: interflow"))
    assert play.event(offered("c2")).sent(msg.RouteRequest)
