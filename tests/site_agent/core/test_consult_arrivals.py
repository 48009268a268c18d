"""Consult calls at both ends: the caller follows by a token that names the consult leg."""

from site_playbook import EPOCH, led, offered

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.consult_tokens import completion_of

TOKEN = "nirc-x"
M = msg.TransferMethod


def rung(method: M) -> msg.Rung:
    return msg.Rung(method=method, path="p", arrives_on="network", set_up_p99_s=1.0)


def consulting(*methods: M):
    """Lisbon's anna has a caller on hold and talks with porto."""
    play = led().event(offered(data=b'{"a":1}'))
    play.event(base.CallAnswered(call_id="c1"))
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    play.event(
        offered(
            "c2", interaction_id="i-c1.c2", service="bills", held_back=True, consult_of="c1",
            data=b'{"a":1}',
        )
    )  # fmt: skip
    request = play.sent(msg.RouteRequest)[0]
    assert (request.service, request.queue, request.answered) == ("bills", "", True)
    assert request.data_version
    answer = msg.RouteAnswer(
        domain="default",
        epoch=EPOCH,
        request_id=request.request_id,
        outcome=msg.RouteOutcome.MOVE,
        target_site="porto",
        token=TOKEN,
        rungs=tuple(rung(method) for method in methods),
        expires_s=5.0,
    )
    play.said(answer)
    started = play.one(base.StartMove)
    assert (started.call_id, started.method) == ("c2", M.BRIDGE)
    play.event(base.MoveProgress(call_id="c2", move_id=started.move_id, sign=base.MoveSign.BRIDGED))
    play.said(msg.CallArrived(token=TOKEN, from_site="porto", to_site="lisbon"))
    return play


def completed(play):
    return play.event(
        base.TransferBegun(
            call_id="c1", agent="anna", service="bills", queue="sales", away=True,
            consult_call_id="c2",
        )
    )  # fmt: skip


def test_the_caller_follows_by_refer_with_the_token_that_names_the_leg() -> None:
    play = completed(consulting(M.REFER, M.BRIDGE))
    started = play.one(base.StartMove)
    assert (started.call_id, started.method) == ("c1", M.REFER)
    assert completion_of(TOKEN) in started.address and TOKEN + "@" not in started.address
    play.said(msg.CallArrived(token=completion_of(TOKEN), from_site="porto", to_site="lisbon"))
    assert play.one(base.EndMoved).call_id == "c1"
    assert not play.sent(msg.TransferOutcome), "NIRC reserved nothing by this token"


def test_without_a_way_of_their_own_the_caller_is_joined_here() -> None:
    play = completed(consulting(M.BRIDGE))
    assert play.one(base.JoinConsult) == base.JoinConsult(call_id="c1", consult_call_id="c2")


def test_a_refer_that_fails_has_them_joined_here() -> None:
    play = completed(consulting(M.REFER, M.BRIDGE))
    for _ in range(2):
        started = play.all(base.StartMove)[-1]
        play.event(
            base.MoveProgress(
                call_id="c1", move_id=started.move_id, sign=base.MoveSign.REFUSED, sip_status=403
            )
        )
        if not play.all(base.JoinConsult):
            play.wait(1.5)
    assert play.one(base.JoinConsult).consult_call_id == "c2"
    play.event(base.TransferEnded(call_id="c1", agent="anna", outcome="joined", sip_status=200))
    assert play.lines("transfer_ended")[0]["outcome"] == "joined"


def test_a_consult_call_that_nobody_takes_is_over() -> None:
    play = led().event(offered())
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    play.event(offered("c2", service="bills", held_back=True, consult_of="c1"))
    play.wait(3.5)
    assert play.one(base.RejectCall).call_id == "c2"


# ---- the target ----------------------------------------------------------------------------------


def consulted():
    """Porto's agent came by a consult call; here the site is lisbon, the origin porto."""
    play = led()
    reserve = msg.Reserve(
        domain="default",
        epoch=EPOCH,
        request_id="r1",
        interaction_id="i-c9.c2",
        origin_site="porto",
        service="sales",
        queue="sales",
        methods=(M.BRIDGE,),
        expires_s=5.0,
        answered=True,
    )
    play.said(reserve)
    hold = play.one(base.HoldPlace)
    play.event(base.HoldGranted(hold_id=hold.hold_id, queue="sales"))
    token = play.sent(msg.ReserveGranted)[0].token
    play.event(arriving("t2", token))
    play.event(base.ArrivalAcknowledged(call_id="t2"))
    play.event(base.CallConnected(call_id="t2", agent="anna", queue="sales"))
    return play, token


def arriving(call_id: str, token: str) -> base.CallArriving:
    return base.CallArriving(
        call_id=call_id, token=token, invite_key=call_id, trunk_group="network"
    )


def test_the_token_brings_the_caller_to_the_agent_of_the_consult_call() -> None:
    play, token = consulted()
    play.event(arriving("t3", completion_of(token)))
    accept = play.one(base.AcceptArrival)
    assert (accept.joins, accept.agent, accept.interaction_id) == ("t2", "anna", "i-c9")
    assert play.sent(msg.CallTaken)[0].token == completion_of(token)
    play.event(base.CallEnded(call_id="t2", released_by="moved", agent="anna"))
    play.event(base.ArrivalAcknowledged(call_id="t3"))
    assert play.sent(msg.CallArrived)[0].token == completion_of(token)
    play.event(arriving("t4", completion_of(token)))
    assert play.one(base.RefuseArrival), "once"


def test_a_token_is_dead_once_its_origin_has_cancelled_it() -> None:
    play, token = consulted()
    play.said(
        msg.Cancel(token=completion_of(token), request_id="?", from_site="porto", to_site="lisbon")
    )
    assert play.sent(msg.CancelAnswer)[0].verdict is msg.CancelVerdict.NEVER
    play.event(arriving("t3", completion_of(token)))
    assert play.one(base.RefuseArrival)


def test_a_token_is_worth_nothing_when_the_consult_call_is_over() -> None:
    play, token = consulted()
    play.event(base.CallEnded(call_id="t2", released_by="agent", agent="anna"))
    play.event(arriving("t3", completion_of(token)))
    assert play.one(base.RefuseArrival)
