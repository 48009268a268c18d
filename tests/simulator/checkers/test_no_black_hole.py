"""S14 is broken by a queue that ends talks at once and takes more than it could serve."""

from __future__ import annotations

from simulator.checkers.no_black_hole import check
from simulator.history import Line


def talks(
    site: str, count: int, *, lasts_s: float, every_s: float, moved: bool, agents: int = 2
) -> list[Line]:
    """Talks one after another."""
    lines: list[Line] = []

    def add(at_s: float, kind: str, **fields: object) -> None:
        lines.append(Line(at_s=at_s, site=site, kind=kind, fields=fields))

    for number in range(count):
        at_s = 1000.0 + number * every_s
        leg = {"call": f"{site}{number}", "interaction": f"i{site}{number}"}
        if moved:
            add(at_s, "hold", token=f"T{site}{number}", queue="sales", agent="a")
            add(at_s, "call_arriving", token=f"T{site}{number}", verdict="accepted", **leg)
        else:
            add(at_s, "call_offered", queue="sales", **leg)
        add(at_s, "call_connected", agent=f"a{number % agents}", **leg)
        add(at_s + lasts_s, "call_ended", released_by="agent", **leg)
    return lines


def verdict(hole: list[Line], *others: list[Line]) -> list[str]:
    lines = sorted([*hole, *(line for one in others for line in one)], key=lambda one: one.at_s)
    return [f"{one.invariant} {one.site}" for one in check(lines)]


SOUND = talks("faro", 40, lasts_s=60.0, every_s=5.0, moved=False)
HOLE = talks("porto", 60, lasts_s=0.3, every_s=2.0, moved=True)


def test_a_hole_is_found_and_told_in_figures() -> None:
    (wrong,) = check(sorted([*HOLE, *SOUND], key=lambda one: one.at_s))
    assert (wrong.invariant, wrong.site) == ("S14", "porto")
    assert "took 40 moved calls in 120 s, where 2 agents serve at most 6" in wrong.text


def test_a_few_calls_are_no_hole() -> None:
    few = talks("porto", 15, lasts_s=0.3, every_s=0.5, moved=True)
    assert verdict(few, SOUND) == []


def test_enough_agents_may_take_as_many() -> None:
    many = talks("porto", 60, lasts_s=0.3, every_s=2.0, moved=True, agents=20)
    assert verdict(many, SOUND) == []


def test_talks_that_last_are_none() -> None:
    assert verdict(talks("porto", 60, lasts_s=15.0, every_s=2.0, moved=True), SOUND) == []


def test_own_callers_are_the_sites_affair() -> None:
    assert verdict(talks("porto", 60, lasts_s=0.3, every_s=2.0, moved=False), SOUND) == []


def test_where_all_talks_are_short_nobody_is_a_hole() -> None:
    short = talks("faro", 60, lasts_s=2.0, every_s=2.0, moved=False)
    assert verdict(HOLE, SOUND, short) == []


def test_with_nobody_to_compare_nothing_is_said() -> None:
    assert verdict(HOLE) == []
