"""Callers who are served elsewhere by an operator's will, though own agents are ready."""

from __future__ import annotations

from site_playbook import EPOCH, SitePlay, agent_of, led, move_answer, offered

from nrcli.wire import messages as msg
from routing_policies.call_features import shift_share_of
from site_agent.adapters import base
from site_agent.core.events import WallTimeRead


def orders(*shares: int, service: str = "", holds_s: float = 20.0) -> msg.ShiftOrders:
    return msg.ShiftOrders(
        domain="default",
        epoch=EPOCH,
        orders=tuple(
            msg.ShiftOrder(shift_id="s1", queue="sales", service=service, share_percent=share)
            for share in shares
        ),
        holds_s=holds_s,
    )


def shifted(share: int = 100, **more: object) -> SitePlay:
    return led().event(agent_of("berta")).said(orders(share, **more))  # type: ignore[arg-type]


def test_the_acd_holds_new_callers_back_and_the_leader_is_asked_though_an_agent_is_ready() -> None:
    play = shifted()
    assert play.one(base.SetQueueShifted) == base.SetQueueShifted(queue="sales", shifted=True)

    request = play.event(offered(held_back=True)).sent(msg.RouteRequest)[0]

    assert not play.all(base.PutBack)
    line = {"call": "c1", "interaction": "i-c1", "shift": "s1", "percent": 100}
    assert play.lines("call_shifted") == [line]
    play.said(move_answer(request.request_id, msg.TransferMethod.REDIRECT_302))
    assert play.one(base.StartMove).call_id == "c1" and not play.all(base.PutBack)


def test_who_is_not_moved_after_all_is_served_at_home() -> None:
    play = shifted()
    request = play.event(offered(held_back=True)).sent(msg.RouteRequest)[0]
    stay = msg.RouteAnswer(
        domain="default", epoch=EPOCH, request_id=request.request_id, outcome=msg.RouteOutcome.STAY
    )
    assert play.said(stay).one(base.PutBack).call_id == "c1"
    late = shifted().event(offered(held_back=True))
    assert late.wait(3.0).one(base.PutBack).call_id == "c1"


def test_a_share_of_the_callers_is_meant_and_the_rest_let_in_at_once() -> None:
    play = shifted(30)
    asked = []
    for number in range(200):
        name = f"c{number}"
        play.event(offered(name, held_back=True))
        requested, let_in = play.sent(msg.RouteRequest), play.all(base.PutBack)
        assert bool(requested) != bool(let_in)
        assert bool(requested) == (shift_share_of("s1", f"i-{name}") < 0.3)
        asked += requested
        play.event(base.CallEnded(call_id=name, released_by="caller"))
    assert 40 <= len(asked) <= 80


def test_a_shift_of_one_service_leaves_the_others() -> None:
    play = shifted(service="support").event(offered(held_back=True))
    assert play.one(base.PutBack).call_id == "c1" and not play.sent(msg.RouteRequest)


def test_an_order_that_is_not_repeated_is_over() -> None:
    play = shifted(holds_s=20.0)
    play.event(second(play, 19.0))
    assert not play.all(base.SetQueueShifted)
    assert play.event(second(play, 2.0)).one(base.SetQueueShifted).shifted is False


def test_orders_are_replaced_whole_and_told_to_the_acd_once() -> None:
    play = shifted(30)
    assert not play.said(orders(50)).all(base.SetQueueShifted)
    assert play.said(orders()).one(base.SetQueueShifted).shifted is False
    assert not play.said(orders(0)).all(base.SetQueueShifted)


def test_nobody_is_held_back_while_nobody_leads() -> None:
    play = shifted()
    play.said(msg.NotLeading(domain="default", leader="", request_id=""))
    assert play.event(offered(held_back=True)).one(base.PutBack).call_id == "c1"


def test_an_older_leader_orders_nothing() -> None:
    play = led()
    old = msg.Epoch(generation=1, revision=1)
    late = msg.ShiftOrders(domain="default", epoch=old, orders=orders(100).orders, holds_s=20.0)
    assert not play.said(late, node="n2").all(base.SetQueueShifted)
    assert play.sent(msg.EpochRefused)


def second(play: SitePlay, for_s: float) -> WallTimeRead:
    play.now_s += for_s
    return WallTimeRead(unix_s=1_767_603_600.0 + play.now_s)
