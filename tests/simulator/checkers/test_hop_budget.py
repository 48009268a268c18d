"""The hop budget is broken by each of these."""

from __future__ import annotations

from itertools import pairwise

import pytest
from history_lines import good_move, line

from simulator.checkers.hop_budget import ALL_MAX, WITHOUT_PERSON_MAX, check
from simulator.history import Line


def moved(number: int, origin: str, target: str) -> list[Line]:
    """The caller's leg `c<number>` at a site becomes the next leg at another."""
    token, here, there = f"T{number}", f"c{number}", f"c{number + 1}"
    return [
        line("move_started", origin, call=here, interaction="i", token=token, target=target),
        line("call_arriving", target, call=there, interaction="i", token=token, verdict="accepted"),
    ]


def path(*sites: str, answered: bool = False) -> list[Line]:
    """Through all of these in turn; `answered`: an agent talks at each."""
    lines: list[Line] = []
    for number, (origin, target) in enumerate(pairwise(sites)):
        lines += moved(number, origin, target)
        if answered:
            lines.append(line("call_connected", target, call=f"c{number + 1}", interaction="i"))
    return lines


def test_good_histories() -> None:
    assert check(good_move()) == []
    assert check(path("a", "b", "c")) == []
    assert check(path(*"abcdefg", answered=True)) == []
    assert check(path("a", "b", "a", "b", answered=True)) == []


def test_a_move_that_came_to_nothing_is_no_hop() -> None:
    back = line("move_ended", "a", call="c0", interaction="i", token="T0", outcome="no_answer")
    assert check([*moved(0, "a", "b"), back, *moved(0, "a", "c"), *moved(1, "c", "b")]) == []


def test_a_caller_who_came_back_has_moved_as_often_as_before() -> None:
    back = line("call_arriving", "b", call="c1", interaction="i", token="R", verdict="returned")
    lines = [*path("a", "b"), *moved(1, "b", "c"), back]
    assert check([*lines, *moved(1, "b", "d")]) == []
    assert check([*lines, *moved(1, "b", "d"), *moved(2, "d", "e")])


@pytest.mark.parametrize(
    "lines",
    [
        path("a", "b", "a"),
        path("a", "b", "c", "d"),
        path(*"abcdefgh", answered=True),
    ],
)
def test_what_breaks_it(lines: list[Line]) -> None:
    assert len(check(lines)) == 1


def test_the_limits_are_those_of_the_cores() -> None:
    from nirc.core.settings import RouterSettings
    from site_agent.core.settings import SiteSettings

    router, site = RouterSettings(), SiteSettings()
    assert (router.hops_without_person_max, router.hops_max) == (WITHOUT_PERSON_MAX, ALL_MAX)
    assert (site.moves_since_person_max, site.moves_max) == (WITHOUT_PERSON_MAX, ALL_MAX)


@pytest.mark.parametrize("sure", [True, False])
def test_where_a_caller_was_is_lost_with_the_journal(sure: bool) -> None:
    started = line("site_started", "b", incarnation=2, sure=sure)
    resumed = line("call_resumed", "b", call="c1", interaction="i")
    back = [
        line("move_started", "b", call="c1", interaction="i", token="T9", target="a"),
        line("call_arriving", "a", call="c9", interaction="i", token="T9", verdict="accepted"),
    ]
    assert bool(check([*path("a", "b"), started, resumed, *back])) == sure
