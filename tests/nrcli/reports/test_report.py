"""Reports, and what must hold of every one of them."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_facts import ZONE, at, channel, moved, quarters, spell, stay, whole, work

from nrcli.errors import SettingsError
from nrcli.reports.calls import View
from nrcli.reports.facts import End, Facts
from nrcli.reports.periods import Every, Periods, periods
from nrcli.reports.places import By
from nrcli.reports.report import ROWS_MAX, TOTAL, Question, counted, report
from nrcli.reports.tally import SUMS, Tally

SECONDS = st.integers(0, 4 * 3600)


@st.composite
def stories(draw: st.DrawFn) -> Facts:
    """One caller, moved or not, with an agent's work."""
    came, first, second = draw(SECONDS), draw(st.integers(0, 900)), draw(st.integers(0, 900))
    end = draw(st.sampled_from([one for one in End if one is not End.MOVED_OUT]))
    site = draw(st.sampled_from(["lisbon", "faro"]))
    service = draw(st.sampled_from(["sales", "help"]))
    if draw(st.booleans()):
        out, there = moved(came, came + first, end, came + first + second, service=service)
        stays: tuple[Any, ...] = (replace(out, site=site, service=service), there)
    else:
        stays = (stay(end, came, first, site=site, service=service),)
    works = tuple(
        work(came + second, first, second, site=site, interaction_id=stays[0].interaction_id)
        for _ in range(draw(st.integers(0, 1)))
    )
    return Facts(stays=stays, works=works, channels=(channel(came, came + first + 1),))


def joined(parts: list[Facts]) -> Facts:
    whole_of = Facts()
    for part in parts:
        whole_of += part
    return whole_of


HISTORIES = st.lists(stories(), max_size=8)
VIEWS = st.sampled_from(View)
PLACES = st.sampled_from(By)


@settings(deadline=None, max_examples=25)
@given(parts=HISTORIES, by=PLACES, view=VIEWS, seed=st.integers(0, 2**32))
def test_the_order_of_records_changes_nothing(
    parts: list[Facts], by: By, view: View, seed: int
) -> None:
    facts, dice = joined(parts), random.Random(seed)
    other = Facts(
        stays=tuple(dice.sample(facts.stays, len(facts.stays))),
        works=tuple(dice.sample(facts.works, len(facts.works))),
        channels=tuple(dice.sample(facts.channels, len(facts.channels))),
    )
    asked = Question(by=by, periods=quarters(5), view=view)
    assert report(facts, asked) == report(other, asked)


@settings(deadline=None, max_examples=25)
@given(early=HISTORIES, late=HISTORIES, by=PLACES, view=VIEWS)
def test_calls_that_are_told_late_only_add(
    early: list[Facts], late: list[Facts], by: By, view: View
) -> None:
    asked = Question(by=by, periods=quarters(5), view=view)
    before, more = counted(joined(early), asked).cells, counted(joined(late), asked).cells
    both = counted(joined(early + late), asked).cells
    nothing = Tally()
    for key in {*before, *more, *both}:
        for name in (*SUMS, "waiting_first", "waiting_last"):
            of_one = [cells.get(key, nothing)[name] for cells in (before, more)]
            assert both.get(key, nothing)[name] == sum(of_one)


@settings(deadline=None, max_examples=25)
@given(parts=HISTORIES, seed=st.integers(0, 2**32))
def test_one_half_of_a_move_told_late_only_adds_at_sites(parts: list[Facts], seed: int) -> None:
    stays, dice = joined(parts).stays, random.Random(seed)
    early = tuple(one for one in stays if dice.random() < 0.5)
    asked = Question(by=By.SITE, periods=quarters(5))
    before, after = (counted(Facts(stays=some), asked).cells for some in (early, stays))
    for key, tally in before.items():
        assert all(tally[name] <= after[key][name] for name in SUMS if name != "ewt_error_us")


@settings(deadline=None, max_examples=25)
@given(parts=HISTORIES, by=PLACES, view=VIEWS)
def test_intervals_add_up_to_the_whole(parts: list[Facts], by: By, view: View) -> None:
    facts = joined(parts)
    fine = counted(facts, Question(by=by, periods=quarters(5), view=view))
    coarse = counted(facts, Question(by=by, periods=whole(5), view=view))
    assert fine.places == coarse.places
    for place in coarse.places:
        assert fine.whole(place) == coarse.whole(place)


@settings(deadline=None, max_examples=25)
@given(
    parts=HISTORIES, by=PLACES, view=VIEWS, periods_of=st.sampled_from([quarters(5), quarters(2)])
)
def test_every_interval_of_every_place_is_in_balance(
    parts: list[Facts], by: By, view: View, periods_of: Periods
) -> None:
    found = report(joined(parts), Question(by=by, periods=periods_of, view=view))
    names = [one.name for one in found.figures]
    if "out_of_balance" in names:
        column = names.index("out_of_balance")
        whole_story = [row.values[column] for row in (*found.rows, *found.totals)]
        assert whole_story == [0] * len(whole_story)


@settings(deadline=None, max_examples=25)
@given(parts=HISTORIES)
def test_sites_together_are_the_network(parts: list[Facts]) -> None:
    facts = joined(parts)
    network = counted(facts, Question(by=By.NETWORK, periods=whole(9))).whole(())
    sites = counted(facts, Question(by=By.SITE, periods=whole(9)))
    tallies = [sites.whole(place) for place in sites.places]
    fresh = sum(tally["offered"] - tally["moved_in"] for tally in tallies)
    assert network["offered"] == fresh
    for name in ("answered", "abandoned", "redirected", "failed", "callbacks", "handled"):
        assert network[name] == sum(tally[name] for tally in tallies)


def test_days_are_made_of_their_quarters() -> None:
    facts = Facts(spells=(spell("ready", 0, 7200),), stays=(stay(End.ANSWERED, 100, 5),))
    day = Question(by=By.SITE, periods=periods(at(-36000), at(50_400), Every.DAY, ZONE))
    quarter = Question(by=By.SITE, periods=periods(at(-36000), at(50_400), Every.QUARTER, ZONE))
    assert report(facts, day).totals == report(facts, quarter).totals


def test_rows_are_intervals_first_and_a_total_for_each_place() -> None:
    facts = Facts(stays=(stay(End.ANSWERED), stay(End.ANSWERED, site="faro")))
    found = report(facts, Question(by=By.SITE, periods=quarters(0.5)))
    assert [(row.interval[11:16], row.place) for row in found.rows] == [
        ("10:00", ("faro",)),
        ("10:00", ("lisbon",)),
        ("10:15", ("faro",)),
        ("10:15", ("lisbon",)),
    ]
    assert [(row.interval, row.place) for row in found.totals] == [
        (TOTAL, ("faro",)),
        (TOTAL, ("lisbon",)),
    ]
    assert found.titles[:3] == ("site", "interval", "offered")


def test_a_report_that_nobody_could_read_is_refused() -> None:
    stays = tuple(stay(End.ANSWERED, queue=f"q{number}") for number in range(60))
    periods_of = periods(at(0), at(86400 * 200), Every.QUARTER, ZONE)
    assert len(stays) * periods_of.count > ROWS_MAX
    with pytest.raises(SettingsError, match="rows"):
        report(Facts(stays=stays), Question(by=By.QUEUE, periods=periods_of))
