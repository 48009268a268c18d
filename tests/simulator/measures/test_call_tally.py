"""Calls are counted where and when they should be."""

from __future__ import annotations

import numpy as np
import pytest
import sim_models
from hypothesis import given, settings
from hypothesis import strategies as st
from sim_outcomes import call, part, random_outcomes

from simulator.measures.call_tally import AT, CATEGORIES, CallTally
from simulator.measures.places import cells_of
from simulator.model.instants import US
from simulator.model.outcomes import Outcome

MODEL = sim_models.network((2, 2), duration_s=1800.0, warm_up_us=100 * US)


def tally(*calls: object) -> CallTally:
    found = CallTally(cells_of(MODEL), 2)
    found.add(part(list(calls)).outcomes)
    return found


@pytest.mark.parametrize(
    ("outcome", "wait_s", "entry_row", "category"),
    [
        (Outcome.ANSWERED, 20.0, 0, "answered_in_time"),
        (Outcome.ANSWERED, 20.1, 0, "answered_late"),
        (Outcome.ABANDONED, 3.0, 0, "abandoned_in_time"),
        (Outcome.ABANDONED, 30.0, 0, "abandoned_late"),
        (Outcome.BALKED, 0.0, 0, "balked"),
        (Outcome.NO_CHANNEL, 0.0, -1, "no_channel"),
        (Outcome.NO_PLACE, 0.0, -1, "no_place"),
        (Outcome.REJECTED, 1.0, 0, "rejected"),
        (Outcome.NO_ANSWER, 60.0, 0, "no_answer"),
        (Outcome.SITE_LOST, 9.0, 0, "site_lost_waiting"),
        (Outcome.SITE_LOST, 0.0, -1, "site_lost_outside"),
        (Outcome.LOST, 1.0, 0, "lost"),
        (Outcome.UNFINISHED, 1.0, 0, "unfinished"),
        (Outcome.CALLED_BACK, 900.0, 0, "called_back"),
        (Outcome.NOT_REACHED, 900.0, 0, "not_reached"),
    ],
)
def test_every_end_has_its_category(
    outcome: Outcome, wait_s: float, entry_row: int, category: str
) -> None:
    found = tally(call(outcome, at_s=1000, wait_s=wait_s, entry_row=entry_row))
    counts = found.sums[:, : len(CATEGORIES)]
    assert counts.sum() == 1 and counts[1, CATEGORIES.index(category)] == 1
    assert found.sums[1, AT[f"{category}_wait_us"]] == wait_s * US


def test_warm_up_and_what_comes_after_the_duration_are_not_measured() -> None:
    found = tally(*(call(Outcome.ANSWERED, at_s=at) for at in (0, 99.9, 100, 1799.9, 1800)))
    assert found.sums[:, : len(CATEGORIES)].sum() == 2
    assert found.not_measured == 3


def test_a_moved_call_counts_at_its_entry_and_its_work_where_it_was_done() -> None:
    found = tally(call(Outcome.ANSWERED, at_s=200, row=1, moves=1, asked=2, held_us=7))
    assert found.sums[0, AT["answered_in_time"]] == 1 and found.sums[2].sum() == 0
    assert found.sums[0, [AT["asked"], AT["moved"], AT["moves"], AT["held_us"]]].tolist() == [
        2,
        1,
        1,
        7,
    ]
    assert found.served[2].tolist() == [1, 1, 100 * US, 20 * US]


def test_the_error_of_what_was_expected_is_of_calls_that_stayed() -> None:
    found = tally(
        call(Outcome.ANSWERED, at_s=200, wait_s=10, expected_us=25 * US),
        call(Outcome.ANSWERED, at_s=200, wait_s=10, expected_us=5 * US),
        call(Outcome.ANSWERED, at_s=200, wait_s=10, expected_us=5 * US, moves=1, row=1),
        call(Outcome.ABANDONED, at_s=200, wait_s=10, expected_us=5 * US),
        call(Outcome.ANSWERED, at_s=200, wait_s=10),
    )
    names = ("ewt_count", "ewt_error_us", "ewt_size_us")
    assert found.sums[0, [AT[name] for name in names]].tolist() == [2, 10 * US, 20 * US]


def test_a_call_that_met_no_channel_took_none() -> None:
    found = tally(
        call(Outcome.NO_CHANNEL, at_s=200, entry_row=-1), call(Outcome.BALKED, at_s=1000, ingress=1)
    )
    assert found.seized.tolist() == [0, 0, 0, 0, 0, 1, 0, 0], "porto's carrier, second interval"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.lists(st.integers(0, 12_000), max_size=5))
def test_many_parts_give_what_one_gives(seed: int, cuts: list[int]) -> None:
    outcomes = random_outcomes(seed, 12_000, 2, MODEL.duration_us)
    whole, parts = CallTally(cells_of(MODEL), 2), CallTally(cells_of(MODEL), 2)
    whole.add(outcomes)
    for one in np.split(outcomes, sorted(cuts)):
        parts.add(one)
    for name in ("sums", "longest", "served", "seized", "waits", "interval_waits"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name
    assert whole.not_measured == parts.not_measured


def test_callbacks_count_apart_and_their_work_where_it_was_done() -> None:
    found = tally(
        call(Outcome.ANSWERED, at_s=200, wait_s=5.0, callback=1),
        call(Outcome.CALLED_BACK, at_s=300, wait_s=900.0, row=1, callback=3, calls_back=2),
        call(Outcome.NOT_REACHED, at_s=400, wait_s=950.0, callback=3, calls_back=3),
    )
    sums = found.sums[0]
    told = [sums[AT[name]] for name in ("callback", "promised", "calls_back")]
    assert told == [3, 2, 5]
    assert found.longest.max() == 5 * US and found.waits.sum() == 1, "their waits are no waits"
    handled, foreign = found.served[2][:2]
    assert (handled, foreign) == (1, 1)
