"""S10 is broken by whatever is left."""

import pytest
from history_lines import good_move

from simulator.checkers.nothing_left import CLOSES, check


def test_a_good_history() -> None:
    assert check(good_move()) == []


@pytest.mark.parametrize("kind", sorted(CLOSES))
def test_each_thing_that_does_not_end_is_found(kind: str) -> None:
    assert check([line for line in good_move() if line.kind != kind])
