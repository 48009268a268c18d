"""Callers whom agents pass on."""

from site_playbook import EPOCH, led, offered

from nrcli.wire import messages as msg
from routing_policies.handler_kinds import NO_HANDLER
from site_agent.adapters import base
from site_agent.core.agent_transfers import REFUSALS_S
from site_agent.core.events import WallTimeRead


def talking(**fields):
    play = led().event(offered(data=b'{"a":1}', **fields))
    play.event(base.CallAnswered(call_id="c1"))
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    return play


def begun(**fields):
    known = {"call_id": "c1", "agent": "anna", "service": "billing", "queue": "sales", "away": True}
    return base.TransferBegun(**(known | fields))


def over(outcome, status=0):
    return base.TransferEnded(call_id="c1", agent="anna", outcome=outcome, sip_status=status)


def answer(play, **fields):
    request = play.sent(msg.RouteRequest)[-1]
    known = {
        "domain": "default",
        "request_id": request.request_id,
        "epoch": EPOCH,
        "outcome": msg.RouteOutcome.STAY,
        "policy": "p",
        "policy_version": 1,
        "decision_id": "d1",
        "reason": "",
    }
    return msg.RouteAnswer(**{k: v for k, v in (known | fields).items() if k in _FIELDS})


_FIELDS = msg.RouteAnswer.__dataclass_fields__


def test_nirc_is_asked_for_the_service_with_data_and_history() -> None:
    play = talking()
    play.event(begun(waited_s=7.0, priority=2), at_s=150.0)
    request = play.sent(msg.RouteRequest)[0]
    assert (request.service, request.queue, request.priority) == ("billing", "", 2)
    assert request.answered and request.data_version == 1 and request.waited_s == 7.0
    assert request.moves_since_person_count == 0
    assert play.lines("transfer_begun")[0]["service"] == "billing"
    assert play.lines("request_begun")[0]["ready_count"] == 0


def test_a_service_of_this_site_waits_in_its_queue_too() -> None:
    play = talking()
    play.event(begun(queue="sales", away=False))
    assert play.sent(msg.RouteRequest)[0].queue == "sales"
    stay = answer(play)
    play.said(stay)
    assert not play.all(base.ReturnToAgent), "own agents may still take them"


def test_a_caller_nobody_takes_is_the_agents_again() -> None:
    play = talking()
    play.event(begun())
    play.said(answer(play))
    assert play.one(base.ReturnToAgent).sip_status == 480
    play.event(over("back", 480))
    line = play.lines("transfer_ended")[0]
    assert (line["outcome"], line["sip_status"]) == ("back", 480)
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    assert play.lines("call_connected")[0]["agent"] == "anna"
    play.event(base.CallEnded(call_id="c1", released_by="agent", agent="anna"))
    assert play.sent(msg.CallLegRecord)[0].queue == "sales"


def test_a_caller_for_whom_an_agent_waits_is_offered_to_no_handler() -> None:
    play = talking()
    play.event(begun())
    assert NO_HANDLER in play.sent(msg.RouteRequest)[0].refused_targets


def test_an_unanswered_question_gives_the_caller_back() -> None:
    play = talking()
    play.event(begun())
    play.wait(3.5)
    assert play.one(base.ReturnToAgent).sip_status == 480


def test_a_rejection_is_the_agents_to_say() -> None:
    play = talking()
    play.event(begun(queue="sales", away=False))
    play.said(answer(play, outcome=msg.RouteOutcome.REJECT))
    assert play.one(base.ReturnToAgent) and not play.all(base.RejectCall)


def move(play, method=msg.TransferMethod.BRIDGE):
    rung = msg.Rung(method=method, path="p", arrives_on="network", set_up_p99_s=1.0)
    play.said(
        answer(
            play,
            outcome=msg.RouteOutcome.MOVE,
            target_site="porto",
            target_queue="billing",
            token="nirc-x",
            rungs=(rung,),
            expires_s=5.0,
        )
    )
    return play.one(base.StartMove)


def test_a_caller_is_moved_and_the_agent_is_free() -> None:
    play = talking()
    play.event(begun())
    started = move(play)
    assert started.call_id == "c1" and "nirc-x" in started.address
    play.said(msg.CallArrived(token="nirc-x", from_site="porto", to_site="lisbon"))
    assert play.one(base.EndMoved)
    play.event(over("moved", 200))
    assert play.lines("agent_free") == [{"agent": "anna", "call": "c1"}]


def test_a_move_that_fails_gives_the_caller_back_when_nobody_else_takes_them() -> None:
    play = talking()
    play.event(begun())
    started = move(play)
    play.event(
        base.MoveProgress(
            call_id="c1", move_id=started.move_id, sign=base.MoveSign.REFUSED, sip_status=480
        )
    )
    request = play.sent(msg.RouteRequest)[0]
    assert request.refused_targets == ("porto", NO_HANDLER) and not play.all(base.ReturnToAgent)
    play.said(answer(play))
    assert play.one(base.ReturnToAgent)


def test_the_agent_takes_the_caller_back_from_a_bridge_that_rings() -> None:
    play = talking()
    play.event(begun())
    move(play)
    play.said(msg.CallTaken(token="nirc-x", from_site="porto", to_site="lisbon"))
    play.event(base.TakeBackAsked(call_id="c1"))
    assert play.one(base.AbortMove) and play.one(base.ReturnToAgent).sip_status == 487
    assert not play.sent(msg.RouteRequest)


def test_the_agent_takes_the_caller_back_from_a_refer_only_when_the_target_never_will() -> None:
    play = talking()
    play.event(begun())
    started = move(play, msg.TransferMethod.REFER)
    play.event(
        base.MoveProgress(
            call_id="c1", move_id=started.move_id, sign=base.MoveSign.ACCEPTED, sip_status=202
        )
    )
    play.event(base.TakeBackAsked(call_id="c1"))
    assert play.sent(msg.Cancel) and not play.all(base.ReturnToAgent)
    play.said(
        msg.CancelAnswer(
            token="nirc-x", verdict=msg.CancelVerdict.NEVER, from_site="porto", to_site="lisbon"
        )
    )
    assert play.one(base.ReturnToAgent)


def test_a_take_back_too_late_changes_nothing() -> None:
    play = talking()
    play.event(begun())
    move(play, msg.TransferMethod.REFER)
    play.said(msg.CallArrived(token="nirc-x", from_site="porto", to_site="lisbon"))
    play.event(base.TakeBackAsked(call_id="c1"))
    assert not play.all(base.ReturnToAgent)


def test_an_agent_who_left_is_free_and_the_caller_goes_on() -> None:
    play = talking()
    play.event(begun())
    play.event(over("agent_left"))
    assert play.lines("agent_free") and not play.lines("transfer_ended")
    play.said(msg.Leading(domain="default", epoch=EPOCH, node="n1"))
    play.wait(3.5)
    assert play.one(base.ReturnToAgent)
    play.event(over("failed", 480))
    assert play.lines("transfer_ended")[0]["outcome"] == "failed"


def test_an_outside_number_is_not_nircs() -> None:
    play = talking()
    play.event(begun(number="112", service=""))
    assert not play.sent(msg.RouteRequest)
    play.event(over("dialed", 200))
    assert play.daemon.view(play.now_s).calls[0].state == "left"


def test_refusals_are_counted_and_told_when_they_repeat() -> None:
    play = led()
    refused = base.TransferRefused(agent="anna", to="+44123", reason="not_allowed", call_id="c1")
    play.event(refused).event(refused)
    assert not play.daemon.view(play.now_s).alarms
    play.event(refused)
    alarm = play.daemon.view(play.now_s).alarms[0]
    assert (alarm.code, alarm.place) == ("transfers_refused", "anna")
    assert "+44123" in alarm.text
    play.event(WallTimeRead(unix_s=0.0), at_s=play.now_s + REFUSALS_S + 1)
    assert not play.daemon.view(play.now_s).alarms


def test_what_is_unknown_changes_nothing() -> None:
    play = led()
    for event in (begun(), over("back"), base.TakeBackAsked(call_id="c1")):
        play.event(event)
    assert play.left == []
