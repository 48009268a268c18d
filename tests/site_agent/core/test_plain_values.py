"""Messages survive JSON; what another version wrote is read as far as it is known."""

import json
from dataclasses import dataclass
from enum import Enum

import pytest
from site_playbook import move_answer, reserve

from nrcli.wire.messages import Reserve, RouteAnswer, TransferMethod
from site_agent.core.plain_values import from_plain, to_plain


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Inner:
    number: int
    colour: Colour | None = None


@dataclass(frozen=True, kw_only=True)
class Outer:
    text: str = "none"
    parts: tuple[Inner, ...] = ()
    data: bytes = b""
    share: float = 0.0


@pytest.mark.parametrize(
    "message",
    [
        reserve(agent="anna", data=b'{"a":1}', data_digest=b"\x00\xff"),
        move_answer("r1", TransferMethod.REFER, TransferMethod.BRIDGE),
        Outer(parts=(Inner(number=1, colour=Colour.RED), Inner(number=2)), share=1.0),
    ],
)
def test_there_and_back_by_json(message: Reserve | RouteAnswer | Outer) -> None:
    plain = json.loads(json.dumps(to_plain(message)))
    assert from_plain(type(message), plain) == message


def test_unknown_names_are_left_out_and_missing_ones_take_their_default() -> None:
    assert from_plain(Outer, {"text": "x", "new": 1}) == Outer(text="x")
    assert from_plain(Outer, {"share": 3}) == Outer(share=3.0)


@pytest.mark.parametrize(
    "plain",
    [
        3,
        {"text": 4},
        {"parts": [{}]},
        {"parts": [{"number": "x"}]},
        {"parts": [{"number": 1, "colour": "blue"}]},
        {"data": "zz"},
        {"share": "much"},
    ],
)
def test_what_does_not_fit_raises(plain: object) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_plain(Outer, plain)
