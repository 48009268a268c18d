"""S6 is broken by each of these."""

import pytest
from history_lines import good_move, line

from simulator.checkers.data_intact import check
from simulator.history import Line

SENT = line("data", token="T", reason="sent", digest="abc", call="c1")


def got(digest: str, reason: str = "") -> Line:
    return line("data", "porto", token="T", reason=reason, digest=digest, call="c2")


def test_good_histories() -> None:
    assert check(good_move()) == []
    assert check([SENT, got("", "too_late")]) == []


@pytest.mark.parametrize(
    "lines",
    [
        [SENT, got("abd")],
        [SENT, got("")],
        [got("abc")],
        [SENT, line("call_arriving", "porto", token="T", verdict="accepted", call="c2")],
    ],
)
def test_what_breaks_it(lines: list[Line]) -> None:
    assert check(lines)
