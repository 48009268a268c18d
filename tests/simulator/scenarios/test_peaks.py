"""Intervals that lack staff: reckoned by hand."""

from __future__ import annotations

import pytest
from scenario_texts import scenario

from simulator.scenarios.lint import warnings
from simulator.scenarios.loading import load_scenario
from simulator.scenarios.peaks import peak_told, peaks_of

SITES = (
    "sites:\n"
    "  - name: lisbon\n"
    "    queues: [{name: sales}]\n"
    "    agents: [{group: a, count: 3, skills: {sales: 5},"
    " shifts: [{from: '08:00', to: '16:00', breaks: [{from: '12:00', to: '12:30'}]}]}]\n"
    "paths: []\n"
    "start: '2026-03-02T08:00:00'\n"
    "duration_s: 28800\n"
    "interval_s: 3600\n"
)
PROFILE = "arrivals: [{ingress: line, profile: {interval_s: 3600, begins: '08:00', calls: %s}}]\n"


def test_the_interval_that_lacks_most_is_told_of() -> None:
    """180 s of work a call: 20 calls an hour are one agent's; half an hour's break leaves 1.5."""
    one = scenario(SITES + PROFILE % "[20, 80, 20, 20, 40, 20, 20, 20]")
    whole, queue = peaks_of(one)
    assert (whole.place, queue.place) == ("the network as a whole", "lisbon sales")
    assert (queue.from_s, queue.until_s) == (3600, 7200)
    assert (queue.offered, queue.agents) == (pytest.approx(4), pytest.approx(3))
    assert (queue.over_count, queue.intervals_count) == (2, 8)
    assert queue.lack == pytest.approx(1)
    words = (
        "lisbon sales is offered 4.0 agents' work with 3.0 agents signed in from 2026-03-02 09:00"
    )
    assert words in peak_told(one.doc.spec, queue)
    assert [one for one in warnings(one) if words in one]


def test_intervals_of_a_break_count_who_is_left() -> None:
    one = scenario(SITES + PROFILE % "[20, 20, 20, 20, 40, 20, 20, 20]")
    _, queue = peaks_of(one)
    assert (queue.from_s, queue.offered) == (4 * 3600, pytest.approx(2))
    assert queue.agents == pytest.approx(1.5)


def test_enough_staff_all_the_time_is_no_peak() -> None:
    assert peaks_of(scenario(SITES + PROFILE % "[20, 20, 20, 20, 20, 20, 20, 20]")) == []


def test_hours_without_anybody_are_told_of() -> None:
    one = scenario(
        SITES.replace("08:00:00", "06:00:00") + "arrivals: [{ingress: line, per_s: 0.001}]\n"
    )
    assert "with nobody signed in from 2026-03-02 06:00 to 07:00" in peak_told(
        one.doc.spec, peaks_of(one)[0]
    )


def test_a_queue_that_is_overloaded_as_a_whole_is_told_of_once() -> None:
    one = scenario(SITES + PROFILE % "[80, 80, 80, 80, 80, 80, 80, 80]")
    assert len([text for text in warnings(one) if "lisbon sales" in text]) == 1


def test_of_many_queues_the_worst_are_named() -> None:
    found = [one for one in warnings(load_scenario("follow-the-sun")) if "peak" in one]
    assert len(found) == 4 and found[-1].startswith("overloaded at their peaks: 1 more")
