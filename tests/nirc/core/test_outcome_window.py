"""How many bad outcomes are too many, by what is usual elsewhere."""

from __future__ import annotations

import random

import pytest

from nirc.core.outcome_window import (
    LASTED,
    SHORT,
    OutcomeWindow,
    UsualOutcomes,
    chance_at_most,
    threshold,
)
from nirc.core.settings import RouterSettings

SETTINGS = RouterSettings()


def window(letters: str, at_s: float = 0.0) -> OutcomeWindow:
    """`s` for a talk that ended at once, `l` for one that lasted, oldest first."""
    made = OutcomeWindow(SETTINGS)
    for letter in letters:
        made.add(SHORT if letter == "s" else LASTED, at_s)
    return made


@pytest.mark.parametrize(
    ("letters", "usual", "seen"),
    [
        ("sssss", 0.1, None),
        ("ssssss", 0.1, (6, 6)),
        ("lllllllllllllllllllllllllllllllllssssss", 0.1, (6, 6)),
        ("slslslslslsl", 0.1, None),
        ("sslsslsslsslsslss", 0.1, (10, 14)),
        ("ssssssssssss", 0.5, None),
        ("ssssssssssssssssssss", 0.5, (19, 19)),
        ("s" * 50, 0.8, None),
    ],
)
def test_the_newest_that_are_too_bad(
    letters: str, usual: float, seen: tuple[int, int] | None
) -> None:
    assert window(letters).harmful(usual) == seen


def test_what_is_old_or_dealt_with_counts_no_more() -> None:
    made = window("sssss", at_s=0.0)
    made.add(SHORT, SETTINGS.hole_window_s + 1.0)
    assert len(made) == 1 and made.harmful(0.1) is None
    made.clear()
    assert made.counts() == {}


def test_what_somebody_else_did_is_taken_off() -> None:
    made = window("lssls")
    made.take_off(2)
    assert made.counts() == {LASTED: 2, SHORT: 1}


def test_after_a_suspension_less_evidence_is_enough() -> None:
    assert window("ss").relapsed(0.1) is None
    assert window("sss").relapsed(0.1) == (3, 3)
    assert window("lls").relapsed(0.1) is None


def test_threshold_and_chance() -> None:
    assert threshold(0.6, SETTINGS) == pytest.approx(0.8)
    assert chance_at_most(1, 10, 0.1) == 1.0
    assert chance_at_most(6, 6, 0.1) == pytest.approx(1e-6)


@pytest.mark.parametrize("usual", [0.1, 0.3, 0.6])
def test_a_place_that_is_as_all_others_is_hardly_ever_suspected(usual: float) -> None:
    """40,000 talks of a sound place: nobody is suspended, whatever is usual."""
    dice, made, alarms = random.Random(7), OutcomeWindow(SETTINGS), 0
    for number in range(40_000):
        made.add(SHORT if dice.random() < usual else LASTED, number * 10.0)
        alarms += made.harmful(usual) is not None
    assert alarms == 0


def test_what_is_usual_elsewhere() -> None:
    usual = UsualOutcomes(SETTINGS)
    group = ("talk", "sales")
    for site, seen in (("lisbon", (30, 20)), ("porto", (0, 40)), ("faro", (10, 0))):
        usual.add(group, site, seen, 100.0)
    assert usual.elsewhere(group, "porto", 200.0) == (40, 20)
    assert usual.elsewhere(group, "", 200.0) == (40, 60)
    assert usual.elsewhere(group, "porto", 200.0 + SETTINGS.hole_window_s) == (0, 0)
    assert usual.share((0, 0), 0.1) == pytest.approx(0.1)
    assert usual.share((5, 5), 0.1) == pytest.approx(0.3)
    assert usual.share((400, 200), 0.1) == pytest.approx(1 / 3, abs=0.01)
    assert usual.share((40, 0), 0.1) == 0.1
