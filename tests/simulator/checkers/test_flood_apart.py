"""L5 is broken where a flood of one site turns away the requests of another."""

from __future__ import annotations

from simulator.checkers.flood_apart import check
from simulator.history import Line


def answers(site: str, served: int, away: int) -> list[Line]:
    reasons = [""] * served + ["overload: this site asks too often"] * away
    return [
        Line(
            at_s=1000.0 + n / 100, site=site, kind="answer", fields={"request": "r", "reason": one}
        )
        for n, one in enumerate(reasons)
    ]


def test_the_flood_alone_is_turned_away() -> None:
    assert check([*answers("flood", 50, 100), *answers("porto", 40, 2)]) == []


def test_another_site_is_turned_away_too() -> None:
    (wrong,) = check([*answers("flood", 50, 100), *answers("porto", 37, 3)])
    assert (wrong.invariant, wrong.site) == ("L5", "porto")
    assert "3 of 40 requests of porto" in wrong.text


def test_without_a_flood_and_with_few_answers_nothing_is_said() -> None:
    assert check([*answers("lisbon", 50, 10), *answers("porto", 37, 3)]) == []
    assert check([*answers("flood", 50, 100), *answers("porto", 5, 3)]) == []
