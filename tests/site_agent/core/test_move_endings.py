"""Each ending tells the leader once and leaves the caller in one place."""

from site_playbook import moving, sign

from nrcli.wire.messages import CallArrived, MoveOutcome, TransferMethod, TransferOutcome
from site_agent.adapters.base import (
    CallConnected,
    CallerProbed,
    EndMoved,
    MoveSign,
    PutBack,
    StartMove,
)
from site_agent.core.events import NodeLinkDown, NodeLinkUp


def test_a_call_that_an_own_agent_took_is_neither_moved_nor_put_back() -> None:
    play = moving(TransferMethod.BRIDGE, TransferMethod.REFER)
    move_id = play.one(StartMove).move_id
    play.event(CallConnected(call_id="c1", agent="anna", queue="sales"))
    sign(play, MoveSign.REFUSED, move_id)
    assert not play.all(PutBack) and not play.all(StartMove)
    assert play.sent(TransferOutcome)[0].outcome is MoveOutcome.SERVED_AT_HOME


def test_a_shadow_at_home_ends_when_the_target_speaks_after_all() -> None:
    play = moving(TransferMethod.REFER)
    for node in ("n1", "n2"):
        play.event(NodeLinkDown(node=node, reason="x"))
    play.wait(35.0).event(CallerProbed(call_id="c1", alive=True))
    assert play.one(PutBack)
    play.event(NodeLinkUp(node="n1"))
    play.said(CallArrived(token="nirc-target", from_site="porto", to_site="lisbon"))
    assert play.one(EndMoved)
