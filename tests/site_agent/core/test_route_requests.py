"""Playbooks of asking NIRC."""

from dataclasses import replace

from site_playbook import EPOCH, SETTINGS, SitePlay, agent_of, held, led, move_answer, offered

from nrcli.wire import messages as msg
from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.core.events import EpochSaved, NodeLinkDown

REFER = msg.TransferMethod.REFER


def asked(**fields: object) -> tuple[SitePlay, msg.RouteRequest]:
    play = led().event(offered(**fields))
    return play, play.sent(msg.RouteRequest, "n1")[0]


def test_a_waiting_call_is_asked_about_at_the_leading_node_only() -> None:
    play, request = asked(waited_s=4.0, ani="+351910000000")
    assert (request.waited_s, request.ani, request.deadline_s) == (4.0, "+351910000000", 3.0)
    assert not play.sent(msg.RouteRequest, "n2")


def test_data_goes_before_the_request() -> None:
    play, request = asked(data=b'{"k":"v"}')
    kinds = [type(m) for m in play.sent(object, "n1")]
    assert kinds.index(msg.DataPut) < kinds.index(msg.RouteRequest)
    assert request.data_version == 1 and request.data_digest


def test_with_a_ready_agent_at_home_nothing_is_asked() -> None:
    play = led().event(agent_of("berta")).event(offered())
    assert not play.sent(msg.RouteRequest)


def test_emergency_calls_are_never_asked_about() -> None:
    play = led().event(offered(emergency=True)).wait(60.0)
    assert not play.sent(msg.RouteRequest)


def test_without_a_leader_nothing_is_asked_and_asking_comes_back_by_itself() -> None:
    play = SitePlay().event(offered())
    assert not play.left[1:] and not play.sent(msg.RouteRequest)
    play = led().event(NodeLinkDown(node="n1", reason="x")).event(offered())
    assert not play.sent(msg.RouteRequest)
    higher = msg.Epoch(generation=1, revision=8)
    play.said(msg.Leading(domain="default", epoch=higher, node="n2"), node="n2")
    play.event(EpochSaved(domain="default", epoch=higher, node="n2"))
    assert play.wait(0.5).sent(msg.RouteRequest, "n2")


def test_an_open_request_is_repeated_to_a_new_leader_with_the_same_id() -> None:
    play, request = asked()
    higher = msg.Epoch(generation=1, revision=8)
    play.said(msg.Leading(domain="default", epoch=higher, node="n2"), node="n2", at_s=102.0)
    play.event(EpochSaved(domain="default", epoch=higher, node="n2"))
    again = play.sent(msg.RouteRequest, "n2")[0]
    assert again.request_id == request.request_id and again.deadline_s < 3.0


def test_the_first_answer_wins_and_the_other_is_cancelled() -> None:
    play, request = asked()
    play.event(base.CallAnswered(call_id="c1"))
    play.said(move_answer(request.request_id, REFER))
    assert play.one(base.StartMove)
    play.said(move_answer(request.request_id, REFER, token="nirc-second"))
    assert play.sent(msg.Cancel)[0].token == "nirc-second"
    play.said(move_answer(request.request_id, REFER))
    assert not play.sent(msg.Cancel)


def test_a_late_answer_is_cancelled() -> None:
    play, request = asked()
    play.wait(3.1)
    play.said(move_answer(request.request_id, REFER))
    assert play.sent(msg.Cancel) and not play.all(base.StartMove)


def test_an_answer_of_a_lower_epoch_is_not_used() -> None:
    play, request = asked()
    old = msg.Epoch(generation=1, revision=1)
    play.said(move_answer(request.request_id, REFER, epoch=old))
    assert play.sent(msg.EpochRefused) and not play.all(base.StartMove)


def test_own_agent_withdraws_the_question() -> None:
    play, request = asked()
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    assert play.sent(msg.RouteRequestCancel)[0].request_id == request.request_id
    play.said(move_answer(request.request_id, REFER))
    assert play.sent(msg.TransferOutcome)[0].outcome is msg.MoveOutcome.SERVED_AT_HOME


def test_a_caller_who_leaves_withdraws_the_question() -> None:
    play, request = asked()
    play.event(base.CallEnded(call_id="c1", released_by="caller"))
    assert play.sent(msg.RouteRequestCancel)[0].request_id == request.request_id
    assert not [name for name in play.timers if name.startswith(("ask:", "deadline:"))]


def test_while_a_call_waits_it_is_asked_about_again() -> None:
    play, request = asked()
    stay = msg.RouteAnswer(
        domain="default",
        epoch=EPOCH,
        request_id=request.request_id,
        outcome=msg.RouteOutcome.STAY,
    )
    play.said(stay).wait(5.1)
    again = play.sent(msg.RouteRequest)[0]
    assert again.reason is msg.RequeryReason.STILL_WAITING
    assert again.request_id != request.request_id


def test_a_node_that_does_not_lead_is_not_asked_again() -> None:
    play, request = asked()
    play.said(msg.NotLeading(domain="default", request_id=request.request_id, leader="n2"))
    play.event(offered("c2"))
    assert not play.sent(msg.RouteRequest)


def test_a_call_whose_agent_did_not_answer_is_asked_about_later() -> None:
    play = led().event(offered(agent_ready=True))
    assert not play.sent(msg.RouteRequest)
    play.event(agent_of("anna", AgentState.NOT_READY))
    assert play.wait(5.1).sent(msg.RouteRequest)


def stay(request: msg.RouteRequest) -> msg.RouteAnswer:
    return msg.RouteAnswer(
        domain="default",
        epoch=EPOCH,
        request_id=request.request_id,
        outcome=msg.RouteOutcome.STAY,
    )


def test_a_caller_who_is_answered_is_asked_about_at_once() -> None:
    play, request = asked()
    play.said(stay(request))
    again = play.event(base.CallAnswered(call_id="c1")).sent(msg.RouteRequest)[0]
    assert again.answered and not request.answered
    assert not play.event(base.CallAnswered(call_id="c1")).sent(msg.RouteRequest)


def test_an_answered_caller_is_not_asked_about_while_a_question_or_a_move_is_open() -> None:
    play, request = asked()
    assert not play.event(base.CallAnswered(call_id="c1")).sent(msg.RouteRequest)
    play, request = asked()
    play.said(move_answer(request.request_id, msg.TransferMethod.BRIDGE))
    assert not play.event(base.CallAnswered(call_id="c1")).sent(msg.RouteRequest)


def test_an_answered_caller_is_not_asked_about_before_the_time_to_ask() -> None:
    play = led(replace(SETTINGS, ask_after_s=2.0)).event(offered())
    play.wait(0.5).event(base.CallAnswered(call_id="c1"))
    assert not play.sent(msg.RouteRequest)
    assert play.wait(1.6).sent(msg.RouteRequest)[0].answered


def test_an_arrived_caller_is_not_asked_about_by_their_answer() -> None:
    play = led()
    token = held(play)
    play.event(base.CallArriving(call_id="x", token=token, invite_key="k", trunk_group="network"))
    assert not play.event(base.CallAnswered(call_id="x")).sent(msg.RouteRequest)


def test_staying_said_of_a_ringing_caller_is_asked_again_once_they_are_answered() -> None:
    play, request = asked()
    play.event(base.CallAnswered(call_id="c1")).said(stay(request))
    again = play.wait(0.0).sent(msg.RouteRequest)[0]
    assert again.answered
    assert not play.said(stay(again)).wait(0.0).sent(msg.RouteRequest)


def test_each_question_is_begun_and_ended_once_in_the_history() -> None:
    play, request = asked()
    (begun,) = play.lines("request_begun")
    assert (begun["request"], begun["deadline_s"], begun["ready_count"]) == (
        request.request_id,
        3.0,
        0,
    )
    assert not play.lines("request_ended")
    play.wait(3.1)
    (ended,) = play.lines("request_ended")
    assert (ended["how"], ended["why"]) == ("failed", "deadline")


def test_the_history_says_how_a_question_ended() -> None:
    play, request = asked()
    play.event(base.CallAnswered(call_id="c1"))
    play.said(move_answer(request.request_id, REFER))
    assert [line["how"] for line in play.lines("request_ended")] == ["routed"]
    play, _ = asked()
    play.event(base.CallEnded(call_id="c1", released_by="caller"))
    assert [line["how"] for line in play.lines("request_ended")] == ["local"]
