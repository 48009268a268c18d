"""Callers are lost by each of these."""

import pytest
from history_lines import good_move, line

from simulator.checkers.nobody_lost import check
from simulator.history import Line

OFFERED = line("call_offered", call="c1", interaction="i")

REJECTED = line("call_rejected", call="c1", interaction="i", reason="try_later")
DROPPED = line("call_ended", "porto", call="c2", interaction="i", released_by="site")


def ended(by: str, status: int = 0) -> Line:
    return line("call_ended", call="c1", interaction="i", released_by=by, sip_status=status)


@pytest.mark.parametrize(
    "lines",
    [
        good_move(),
        [OFFERED, ended("caller")],
        [OFFERED, ended("agent")],
        [OFFERED, ended("site", 486)],
        [OFFERED, REJECTED, ended("site", 503)],
        [OFFERED, REJECTED, ended("agent")],
        [OFFERED],
    ],
)
def test_good_histories(lines: list[Line]) -> None:
    assert check(lines) == []


@pytest.mark.parametrize(
    "lines",
    [
        [OFFERED, ended("site", 500)],
        [OFFERED, ended("site", 503), REJECTED],
        [OFFERED, REJECTED, ended("redirected")],
        [OFFERED, ended("moved")],
        [OFFERED, ended("redirected")],
        [*good_move()[:-1], DROPPED],
    ],
)
def test_lost_callers(lines: list[Line]) -> None:
    assert check(lines)
