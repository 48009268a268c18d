"""S4 is broken by each of these."""

import pytest
from history_lines import good_move, line

from simulator.checkers.epochs_grow import check
from simulator.history import Line


def at(kind: str, generation: int, revision: int, node: str = "n1", site: str = "a") -> Line:
    return line(kind, site, domain="default", generation=generation, revision=revision, node=node)


def test_a_good_history() -> None:
    assert check(good_move()) == []
    assert check([at("epoch", 1, 5), at("epoch", 2, 1), at("command", 2, 1)]) == []
    assert check([at("epoch", 1, 5, "n1", "a"), at("epoch", 1, 5, "n2", "b")]) == []


@pytest.mark.parametrize(
    "lines",
    [
        [at("epoch", 1, 5), at("epoch", 1, 4)],
        [at("epoch", 2, 1), at("command", 1, 9)],
        [at("epoch", 1, 5, "n1", "a"), at("epoch", 1, 5, "n2", "a")],
    ],
)
def test_what_breaks_it(lines: list[Line]) -> None:
    assert check(lines)
