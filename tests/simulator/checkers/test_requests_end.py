"""S2 is broken by each of these."""

import pytest
from history_lines import good_move, line

from simulator.checkers.requests_end import check
from simulator.history import Line

BEGUN = line("request_begun", request="r", call="c", deadline_s=3.0)


def ended(how: str) -> Line:
    return line("request_ended", request="r", call="c", how=how)


def test_a_good_history() -> None:
    assert check(good_move()) == []
    assert check([BEGUN, ended("local")]) == []


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([BEGUN], "has not ended"),
        ([BEGUN, ended("local"), ended("failed")], "had ended local before"),
        ([ended("local")], "though it"),
        ([BEGUN, ended("")], "without a word"),
        ([BEGUN, BEGUN, ended("local")], "begun twice"),
        ([BEGUN, ended("routed")], "no move of c began"),
    ],
)
def test_each_kind_of_harm(lines: list[Line], text: str) -> None:
    (wrong,) = check(lines)
    assert text in wrong.text and wrong.invariant == "S2"


def test_a_process_that_was_killed_ended_its_requests() -> None:
    assert check([BEGUN, ended("cut_with_site")]) == []
