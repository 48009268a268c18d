"""Playbooks of promises to call back, at their origin."""

from __future__ import annotations

import pytest
from callback_playbook import move, promised, settings, tick, waiting
from site_playbook import SitePlay, agent_of, led

from nrcli.wire import messages as msg
from site_agent.adapters import base


def gone(play: SitePlay, by: str = "site") -> SitePlay:
    return play.event(base.CallEnded(call_id="c1", released_by=by))


def entry_of(play: SitePlay) -> str:
    """Promised, gone, due."""
    entry = promised(play)
    gone(play)
    return entry


def states(play: SitePlay) -> list[str]:
    found = play.sent(msg.StateDelta | msg.StateSnapshot, "n1")  # type: ignore[type-var]
    reports = [e for m in found for e in m.entities if isinstance(e, msg.WaitingCallReport)]
    return [one.callback_state for one in reports if one.callback_state]


def test_the_promise_ends_the_call_and_counts_when_the_caller_is_gone() -> None:
    play = waiting()
    entry = promised(play)
    assert play.one(base.RejectCall).reason == "callback" and entry.startswith("cb-")
    assert not states(play.wait(0.3)), "the caller is still on the line"
    gone(play)
    assert states(play.wait(0.3)) == ["due"]


def test_the_announcement_comes_first() -> None:
    play = waiting()
    promised(play, announcement="promise")
    assert play.one(base.PlayAnnouncement).name == "promise" and not play.all(base.RejectCall)
    play.event(base.AnnouncementOver(call_id="c1", name="promise", played=True))
    assert play.one(base.RejectCall).reason == "callback"


def test_who_was_rung_for_in_vain_when_they_were_let_go_is_let_go_again() -> None:
    play = waiting()
    promised(play)
    assert [tick(play).one(base.RejectCall).call_id for _ in range(2)] == ["c1", "c1"]
    gone(play)
    assert not tick(play).all(base.RejectCall)


def test_nobody_is_let_go_in_the_middle_of_an_announcement() -> None:
    play = waiting()
    promised(play, announcement="promise")
    assert not tick(play).all(base.RejectCall)


def test_an_own_agent_who_has_the_caller_after_all_ends_the_promise() -> None:
    play = waiting()
    promised(play, announcement="promise")
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    assert [line["why"] for line in play.lines("callback_ended")] == ["served"]
    assert not play.daemon._parts.callbacks.book.get("cb-id2")


def test_the_word_to_dial_is_repeated_until_the_outcome_is_known() -> None:
    play = waiting()
    entry = entry_of(play)
    play.said(move(entry))
    (first,) = play.sent(msg.Cancel)
    assert (first.dial, first.to_site, first.token) == (True, "porto", "nirc-7")
    assert len(play.wait(8.0).sent(msg.Cancel)) >= 3
    play.said(msg.CallTaken(token="nirc-7", from_site="porto", to_site="lisbon"))
    taken = msg.CancelAnswer(
        token="nirc-7", verdict=msg.CancelVerdict.TAKEN, from_site="porto", to_site="lisbon"
    )
    play.said(taken)
    assert [one.outcome for one in play.sent(msg.TransferOutcome)] == [msg.MoveOutcome.ARRIVED]
    assert play.sent(msg.CallLegRecord)[0].end_reason == "answered"
    assert not play.wait(60.0).sent(msg.Cancel)


@pytest.mark.parametrize(("detail", "count"), [("busy", 1), ("no_answer", 1), ("", 0)])
def test_in_vain_costs_an_attempt_only_where_somebody_was_dialed(detail: str, count: int) -> None:
    play = waiting()
    entry = entry_of(play)
    play.said(move(entry))
    never = msg.CancelAnswer(
        token="nirc-7",
        verdict=msg.CancelVerdict.NEVER,
        from_site="porto",
        to_site="lisbon",
        detail=detail,
    )
    play.said(never)
    callback = play.daemon._parts.callbacks.book.get(entry)
    assert callback is not None and callback.attempts_count == count
    assert states(play.wait(0.3)) == ["resting"]
    tick(play, 6.0)
    assert callback.state.value == ("resting" if count else "due")
    tick(play, 60.0)
    assert callback.state.value == "due" and callback.since_s == 96.0, "with its rank"


def test_a_site_that_dials_and_is_not_heard_of_is_given_up() -> None:
    play = waiting()
    entry = entry_of(play)
    play.said(move(entry)).wait(70.0)
    assert [line["outcome"] for line in play.lines("callback_tried")] == ["unresolved"]
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.UNRESOLVED


def test_another_answer_for_one_that_is_dialed_is_declined() -> None:
    play = waiting()
    entry = entry_of(play)
    play.said(move(entry)).said(move(entry, token="nirc-8"))
    (cancel,) = play.sent(msg.Cancel)
    assert (cancel.token, cancel.dial) == ("nirc-8", False)
    play.said(move(entry))
    assert not play.sent(msg.Cancel), "the same answer again changes nothing"


def test_the_window_ends_it() -> None:
    play = waiting()
    entry_of(play)
    tick(play, 3_700.0)
    assert [line["why"] for line in play.lines("callback_ended")] == ["window_over"]


def test_somebody_may_take_it_back_but_not_while_a_telephone_rings() -> None:
    play = waiting()
    entry = entry_of(play)
    origin = play.daemon._parts.callbacks.origin
    play.said(move(entry))
    assert not origin.cancel(entry, "withdrawn") and not origin.cancel("cb-0", "withdrawn")


def test_without_the_settings_nobody_is_promised_anything() -> None:
    play = waiting(play=led(settings(entries_max=0)))
    assert not promised(play)
    assert play.lines("callback_refused")[0]["reason"] == "this site calls nobody back"
    assert not play.all(base.RejectCall), "the caller waits on"


def test_who_asks_for_it_is_promised_it_with_their_window() -> None:
    play = waiting().event(base.CallbackWanted(call_id="c1", from_unix_s=9e9))
    entry = str(play.lines("callback_begun")[0]["entry"])
    gone(play)
    tick(play)
    callback = play.daemon._parts.callbacks.book.get(entry)
    assert callback is not None and callback.state.value == "resting"
    play.event(agent_of("rita"))
    assert not play.all(base.HoldAgent), "not before"
