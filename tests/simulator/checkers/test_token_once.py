"""S5 is broken by each of these."""

import pytest
from history_lines import good_move, line

from simulator.checkers.token_once import check
from simulator.history import Line

HOLD = line("hold", token="T", agent="a", queue="q")


def came(verdict: str, call: str = "c") -> Line:
    return line("call_arriving", token="T", verdict=verdict, call=call)


def ended(why: str) -> Line:
    return line("hold_ended", token="T", agent="a", why=why)


def test_good_histories() -> None:
    assert check(good_move()) == []
    assert check([HOLD, ended("expired"), came("ordinary")]) == []
    assert check([HOLD, ended("cancelled"), came("refused")]) == []


@pytest.mark.parametrize(
    "lines",
    [
        [HOLD, came("accepted", "c1"), came("accepted", "c2")],
        [came("accepted")],
        [HOLD, ended("expired"), came("accepted")],
        [HOLD, ended("cancelled"), came("accepted")],
        [HOLD, ended("cancelled"), came("ordinary")],
    ],
)
def test_what_breaks_it(lines: list[Line]) -> None:
    assert check(lines)
