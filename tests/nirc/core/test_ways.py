"""What is fixed of the ways a call may go."""

from __future__ import annotations

from nirc.core.paths import Ladder
from nirc.core.ways import ways_of
from routing_policies import reasons


def ladder(missing: str = "", *, place_only: bool = False) -> Ladder:
    return Ladder(
        rungs=(),
        methods=(),
        claims=(),
        expires_s=5.0,
        place_only=place_only,
        missing=missing,
        set_up_p99_s=0.5,
        cost=2.0,
    )


def test_barred_are_those_without_a_path_and_those_only_a_redirect_may_choose() -> None:
    ladders = [ladder(place_only=True), ladder("no path leads there"), ladder()]
    ways = ways_of([4, 7, 2], ["a", "b", "c"], ["q", "q", "night"], ladders, 2)
    assert ways.barred == [0.0, reasons.NO_PATH, reasons.NAMED_ONLY]
    assert (ways.place_only, ways.cost, ways.set_up_s) == ([1, 0, 0], [2.0] * 3, [0.5] * 3)
    assert ways.at == {4: 0, 7: 1, 2: 2}
    assert ways.ladder_of["b"].missing
    assert ways.names == (("a", "q"), ("b", "q"), ("c", "night"))
    assert ways.fixed == ((1, 0, 0), (2.0,) * 3, (0.5,) * 3)


def test_numbers_are_picked_of_one_row_as_of_many() -> None:
    column = [0.0, 1.0, 2.0, 3.0]
    for rows in ([], [2], [3, 1]):
        ways = ways_of(rows, ["a"] * len(rows), ["q"] * len(rows), [ladder()] * len(rows), 0)
        assert ways.picked(column) == tuple(column[row] for row in rows)
