"""Moves: not begun where the CTI cannot, silent where it says nothing, over in the end."""

from __future__ import annotations

from typing import Any

import pytest
from pushing_cti import Pushing, enters

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.base import MoveSign


def waiting(**can: object) -> Pushing:
    cti = Pushing(**can)
    cti.begins()
    cti.says(enters())
    cti.take()
    return cti


def start(method: TransferMethod = TransferMethod.REFER, call_id: str = "c1") -> base.StartMove:
    return base.StartMove(
        call_id=call_id, move_id="m1", method=method, address="sip:nirc-a@h", set_up_s=3.0
    )


def signs(events: list[base.AcdEvent]) -> list[MoveSign]:
    return [one.sign for one in events if isinstance(one, base.MoveProgress)]


def progress(sign: str, **more: Any) -> dict[str, Any]:
    return {"type": "move_progress", "call_id": "c1", "move_id": "m1", "sign": sign} | more


@pytest.mark.parametrize(
    ("command", "can"),
    [
        (start(call_id="unknown"), {}),
        (start(TransferMethod.TRANSLATION_ROUTE), {}),
        (start(), {"methods": []}),
    ],
)
def test_what_cannot_be_begun_was_never_begun(command: base.StartMove, can: dict[str, Any]) -> None:
    cti = waiting(**can)
    assert signs(cti.asks(command)) == [MoveSign.REFUSED]
    assert cti.reads() == []


def test_a_cti_that_says_nothing_makes_the_move_silent() -> None:
    cti = waiting()
    assert cti.asks(start()) == []
    assert cti.reads() == [start()]
    cti.passes(4.9, step_s=0.7)
    assert signs(cti.take()) == []
    cti.passes(0.2)
    assert signs(cti.take()) == [MoveSign.SILENT]
    cti.says(progress("notified", sip_status=200))
    assert signs(cti.take()) == [MoveSign.NOTIFIED]


def test_a_command_that_failed_was_refused() -> None:
    cti = waiting()
    cti.asks(start())
    cti.says({"type": "command_failed", "number": 1, "problem": "no such trunk"})
    assert signs(cti.take()) == [MoveSign.REFUSED]
    cti.says({"type": "command_failed", "number": 1, "problem": "again"})
    assert signs(cti.take()) == []


def test_a_redirected_leg_is_over() -> None:
    cti = waiting()
    cti.asks(start(TransferMethod.REDIRECT_302))
    cti.says(progress("redirected", sip_status=302))
    told = cti.take()
    assert signs(told) == [MoveSign.REDIRECTED]
    assert told[-1].released_by == "redirected"  # type: ignore[union-attr]
    cti.says({"type": "call_ended", "call_id": "c1", "released_by": "redirected"})
    assert cti.take() == []


def test_a_call_that_was_moved_is_over_even_if_nobody_says_so() -> None:
    cti = waiting()
    cti.asks(start())
    cti.says(progress("accepted"))
    cti.asks(base.EndMoved(call_id="c1"))
    assert isinstance(cti.reads()[-1], base.EndMoved)
    cti.take()
    cti.passes(11.0)
    ends = [one for one in cti.take() if isinstance(one, base.CallEnded)]
    assert [one.released_by for one in ends] == ["moved"]
    assert cti.says(enters()).notes == ("call c1: this id was used before",)


def test_a_bridge_is_left_standing() -> None:
    cti = waiting()
    cti.asks(start(TransferMethod.BRIDGE))
    cti.says(progress("accepted"), progress("bridged"))
    cti.asks(base.EndMoved(call_id="c1"))
    cti.reads()
    cti.take()
    cti.passes(60.0)
    assert not [one for one in cti.take() if isinstance(one, base.CallEnded)]


def test_signs_out_of_order_are_left_out_and_noted() -> None:
    cti = waiting()
    cti.asks(start())
    answer = cti.says(progress("bridged"), progress("accepted"), progress("accepted"))
    assert len(answer.notes) == 2
    assert signs(cti.take()) == [MoveSign.ACCEPTED]
    answer = cti.says(progress("notified", move_id="m7"))
    assert "move m7" in answer.notes[0]
