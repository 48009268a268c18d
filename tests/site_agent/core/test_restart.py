"""A restarted site agent finishes what it began: moves, holds, dead tokens, calls."""

from __future__ import annotations

import pytest
from restarted_play import KeptPlay, begun, link, restarted, stands
from site_playbook import agent_of, held, move_answer, offered, reserve, sign

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.actions import ClearAlarm, RaiseAlarm
from site_agent.core.events import JournalTold, NodeLinkUp, PairTold

M = msg.TransferMethod
NEVER = msg.CancelVerdict.NEVER


def moving(*methods: M, answered: bool = True) -> KeptPlay:
    play = begun()
    play.event(offered("c1"))
    request = play.sent(msg.RouteRequest)[0]
    if answered:
        play.event(base.CallAnswered(call_id="c1"))
    play.said(move_answer(request.request_id, *methods))
    return play


def arriving(token: str, call_id: str = "a1", key: str = "k") -> base.CallArriving:
    return base.CallArriving(call_id=call_id, token=token, invite_key=key, trunk_group="network")


def test_a_refer_is_asked_about_until_never_then_the_caller_is_back_in_place() -> None:
    old = moving(M.REFER)
    sign(old, base.MoveSign.ACCEPTED, old.one(base.StartMove).move_id, 202)
    play = restarted(old, stands())
    assert play.daemon.view(play.now_s).calls[0].state == "moving"
    assert not play.all(base.PutBack)
    link(play)
    assert play.wait(4.0).sent(msg.Cancel)
    play.said(
        msg.CancelAnswer(
            token="nirc-target",
            verdict=NEVER,
            from_site="porto",
            to_site="lisbon",
        )
    )
    assert play.one(base.PutBack).call_id == "c1"
    assert play.lines("move_ended")[0]["outcome"] == "timeout"
    assert play.kinds() == ["call"]


def test_a_refer_whose_caller_arrived_ends_the_leg() -> None:
    old = moving(M.REFER)
    play = restarted(old, stands())
    link(play)
    play.said(msg.CallArrived(token="nirc-target", from_site="porto", to_site="lisbon"))
    assert play.one(base.EndMoved).call_id == "c1"
    assert play.sent(msg.MoveSettled)
    assert play.lines("move_ended")[0]["outcome"] == "arrived"


def test_whom_a_target_has_taken_is_let_go_again_and_waits_no_more() -> None:
    old = moving(M.REFER)
    old.said(msg.CallArrived(token="nirc-target", from_site="porto", to_site="lisbon"))
    play = restarted(old, stands())
    assert play.one(base.EndMoved).call_id == "c1"
    assert play.daemon.view(play.now_s).calls[0].state == "left"


def test_a_refer_whose_leg_is_gone_is_asked_about_too() -> None:
    play = restarted(moving(M.REFER))
    link(play)
    play.wait(3.0)
    play.said(msg.CallArrived(token="nirc-target", from_site="porto", to_site="lisbon"))
    assert play.lines("move_ended")[0]["outcome"] == "arrived"
    assert not play.all(base.EndMoved)


def test_a_302_keeps_the_place_under_the_return_token() -> None:
    old = moving(M.REDIRECT_302, answered=False)
    home = old.one(base.StartMove).return_address.removeprefix("sip:").partition("@")[0]
    play = restarted(old, dead_s=5.0)
    play.event(arriving(home))
    accepted = play.one(base.AcceptArrival)
    assert (accepted.call_id, accepted.queue, accepted.waited_s) == ("a1", "sales", 5.0)
    assert play.lines("move_ended")[0]["outcome"] == "refused"


def test_a_caller_who_was_taken_may_still_return_after_a_restart() -> None:
    old = moving(M.REDIRECT_302, answered=False)
    home = old.one(base.StartMove).return_address.removeprefix("sip:").partition("@")[0]
    old.said(msg.CallTaken(token="nirc-target", from_site="porto", to_site="lisbon"))
    play = restarted(old)
    assert play.event(arriving(home)).one(base.AcceptArrival)
    again = restarted(play)
    assert again.event(arriving(home, "a2")).one(base.RefuseArrival)


@pytest.mark.parametrize("joined", [False, True])
def test_a_bridge_stands_or_is_given_up(joined: bool) -> None:
    old = moving(M.BRIDGE)
    play = restarted(old, stands(bridged=joined))
    assert bool(play.all(base.PutBack)) is not joined
    assert play.lines("move_ended")[0]["outcome"] == ("arrived" if joined else "timeout")


def test_a_live_token_is_held_again_and_taken_once() -> None:
    old = begun().event(agent_of("anna"))
    token = held(old, "anna")
    play = restarted(old)
    command = play.one(base.HoldAgent)
    play.event(base.HoldGranted(hold_id=command.hold_id, queue="sales", agent="anna"))
    assert not play.all(base.ReleaseHold)
    link(play)
    assert play.daemon.view(play.now_s).holds_open_count == 1
    assert play.event(arriving(token)).one(base.AcceptArrival).agent == "anna"
    again = restarted(play)
    again.event(arriving(token, "a2", "k2"))
    assert again.one(base.RefuseArrival)


def test_an_agent_who_cannot_be_held_again_leaves_an_ordinary_call() -> None:
    old = begun().event(agent_of("anna"))
    token = held(old, "anna")
    play = restarted(old)
    play.event(base.HoldRefused(hold_id=play.one(base.HoldAgent).hold_id, reason="no_agent"))
    assert play.lines("hold_ended")[0]["why"] == "lost"
    assert play.event(arriving(token)).one(base.TreatAsOrdinary)


@pytest.mark.parametrize("dead_s", [1.0, 20.0])
@pytest.mark.parametrize("sure", [True, False])
def test_a_token_is_honoured_only_in_its_time_and_by_a_whole_journal(
    dead_s: float, sure: bool
) -> None:
    old = begun()
    token = held(old)
    play = restarted(old, dead_s=dead_s, sure=sure)
    play.event(arriving(token))
    kinds = {(1.0, True): base.AcceptArrival, (20.0, True): base.TreatAsOrdinary}
    assert play.one(kinds.get((dead_s, sure), base.RefuseArrival))
    assert play.daemon.view(play.now_s).holds_open_count == 0


def test_a_cancelled_token_stays_dead_known_or_not() -> None:
    old = begun()
    token = held(old)
    for one in (token, "nirc-unknown"):
        old.said(msg.Cancel(token=one, request_id="rx", from_site="porto", to_site="lisbon"))
    assert old.kinds() == ["hold", "tombstone"]
    for play in (restarted(old), restarted(restarted(old))):
        for one in (token, "nirc-unknown"):
            assert play.event(arriving(one)).one(base.RefuseArrival)
        play.wait(80.0)
        assert play.kinds() == []


def test_a_caller_cut_before_the_answer_is_told_to_the_origin_as_never() -> None:
    old = begun()
    token = held(old)
    old.event(arriving(token))
    play = restarted(old)
    link(play)
    assert play.daemon.view(play.now_s).counters["calls_cut_with_site"] == 1
    assert play.event(arriving(token, "a2", "k2")).one(base.RefuseArrival)
    play.said(msg.Cancel(token=token, request_id="r1", from_site="porto", to_site="lisbon"))
    assert play.sent(msg.CancelAnswer)[0].verdict is msg.CancelVerdict.NEVER


def test_never_is_told_on_every_link_for_a_while() -> None:
    old = begun()
    old.event(arriving(held(old)))
    play = restarted(old)
    assert play.event(NodeLinkUp(node="n1")).sent(msg.CancelAnswer)
    assert not play.event(NodeLinkUp(node="n2"), play.now_s + 90.0).sent(msg.CancelAnswer)


@pytest.mark.parametrize("acknowledged", [True, False])
def test_an_arrived_caller_is_told_again_until_it_is_noted(acknowledged: bool) -> None:
    old = begun()
    token = held(old)
    old.event(arriving(token))
    if acknowledged:
        old.event(base.ArrivalAcknowledged(call_id="a1"))
    play = restarted(old, stands("a1", trunk_group="network", acknowledged=acknowledged))
    if not acknowledged:
        play.event(base.ArrivalAcknowledged(call_id="a1"))
    link(play)
    assert play.wait(4.0).sent(msg.CallArrived)
    play.said(msg.MoveSettled(token=token, from_site="porto", to_site="lisbon"))
    assert not play.wait(9.0).sent(msg.CallArrived)
    play.event(base.CallEnded(call_id="a1", released_by="caller"))
    play.wait(80.0)
    assert play.kinds() == []


def test_who_talks_goes_on_and_who_waits_waits_on() -> None:
    old = begun()
    for call_id in ("c1", "c2"):
        old.event(offered(call_id))
        old.event(base.CallAnswered(call_id=call_id))
    old.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    play = restarted(old, stands("c1", agent="anna"), stands("c2"), stands("c3", agent="rita"))
    assert [line["call"] for line in play.lines("call_resumed")] == ["c1", "c2", "c3"]
    assert [line["call"] for line in play.lines("call_connected")] == ["c3"]
    assert [command.call_id for command in play.all(base.PutBack)] == ["c2"]
    states = {one.call_id: (one.state, one.agent) for one in play.daemon.view(play.now_s).calls}
    assert states == {
        "c1": ("connected", "anna"),
        "c2": ("waiting", ""),
        "c3": ("connected", "rita"),
    }
    play.event(base.CallEnded(call_id="c1", released_by="caller"))
    assert play.lines("agent_free") == [{"agent": "anna", "call": "c1"}]
    link(play)
    assert play.wait(20.0).sent(msg.RouteRequest)


def test_a_token_that_nobody_needs_is_cancelled_on() -> None:
    old = begun()
    old.said(move_answer("never-asked", M.REFER))
    assert old.kinds() == ["cancel"]
    play = restarted(old)
    link(play)
    assert play.wait(4.0).sent(msg.Cancel)[0].token == "nirc-target"
    play.wait(100.0)
    assert play.kinds() == []


def test_a_record_that_cannot_be_read_costs_itself_alone() -> None:
    old = begun()
    token = held(old)
    for kind in ("hold", "move", "call"):
        old.kept[(kind, "broken")] = "{}"
    play = restarted(old, stands("broken"))
    assert {a.code for a in play.all(RaiseAlarm)} == {"journal_damaged"}
    assert play.daemon.view(play.now_s).counters["journal_records_unreadable"] == 3
    assert play.event(arriving(token)).one(base.AcceptArrival)


def test_troubles_of_the_journal_are_alarmed_and_cleared() -> None:
    play = restarted(begun(), problem="3 lines are damaged")
    assert play.one(RaiseAlarm).text == "3 lines are damaged"
    play.event(JournalTold(problem="disk full"))
    assert play.one(RaiseAlarm).code == "journal_not_kept"
    play.event(JournalTold())
    assert play.one(ClearAlarm).code == "journal_not_kept"


def test_instants_of_another_boot_are_moved() -> None:
    old = begun()
    old.event(offered("c1", waited_s=3.0))
    old.event(base.CallAnswered(call_id="c1"))
    play = restarted(old, stands(), dead_s=-90.0, shift_s=-90.0, sure=False)
    assert play.daemon.view(play.now_s).calls[0].waited_s == pytest.approx(3.0)


def test_reserve_goes_on_for_a_request_that_is_held_already() -> None:
    old = begun()
    token = held(old)
    play = restarted(old)
    link(play)
    play.said(reserve())
    assert play.sent(msg.ReserveGranted)[0].token == token


def test_an_arrival_is_told_again_though_the_call_is_over_and_whoever_asks_hears_of_it() -> None:
    old = begun()
    token = held(old)
    old.event(arriving(token)).event(base.ArrivalAcknowledged(call_id="a1"))
    old.event(base.CallEnded(call_id="a1", released_by="agent"))
    play = restarted(old)
    link(play)
    assert play.wait(4.0).sent(msg.CallArrived)
    play.said(msg.MoveSettled(token=token, from_site="porto", to_site="lisbon"))
    play.said(msg.Cancel(token=token, request_id="r1", from_site="porto", to_site="lisbon"))
    assert play.sent(msg.CancelAnswer)[0].verdict is msg.CancelVerdict.TAKEN
    assert play.sent(msg.CallArrived)


def test_a_callers_invite_that_comes_in_again_is_refused_and_its_origin_told() -> None:
    """The token was taken before the kill: the origin has the caller, who is sent back to it."""
    old = begun()
    token = held(old)
    old.event(arriving(token))
    play = restarted(old)
    assert play.event(arriving(token, "a2")).one(base.RefuseArrival).sip_status == 480
    play.event(NodeLinkUp(node="n1"))
    assert play.sent(msg.CancelAnswer)[0].verdict is NEVER


def test_what_people_should_know_of_the_pair_is_an_alarm() -> None:
    play = begun()
    play.event(PairTold(code="standby_missing", problem="start it"))
    assert play.one(RaiseAlarm).code == "standby_missing"
    assert [alarm.text for alarm in play.daemon.view(play.now_s).alarms] == ["start it"]
    play.event(PairTold(code="standby_missing"))
    assert play.one(ClearAlarm).code == "standby_missing"
