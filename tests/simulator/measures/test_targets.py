"""Plans are judged as surely as asked."""

from __future__ import annotations

import numpy as np

from simulator.measures.targets import (
    CapacityAnswer,
    Slot,
    Target,
    judged,
    staffed_of,
)

LEVEL = Target(figure="service_level_negative", value=0.8)
NAN = float("nan")


def flags(values: list[list[float]], target: Target = LEVEL) -> list[tuple[bool, bool, bool]]:
    found = judged(np.array(values), target, len(values[0]))
    return list(
        zip(found.safe.tolist(), found.likely.tolist(), found.possible.tolist(), strict=True)
    )


def test_safe_likely_possible_and_missed() -> None:
    steps = np.array([-0.01, 0.0, 0.01])
    values = np.column_stack([0.85 + steps, 0.81 + steps, 0.79 + steps, 0.75 + steps]).tolist()
    assert flags(values) == [
        (True, True, True),
        (False, True, True),
        (False, False, True),
        (False, False, False),
    ]


def test_lower_is_better_where_it_is() -> None:
    target = Target(figure="asa_s", value=10.0)
    assert not target.higher and LEVEL.higher
    assert flags([[9.0, 11.0], [9.1, 11.1]], target) == [(True, True, True), (False, False, False)]


def test_one_replication_is_taken_for_the_truth() -> None:
    assert flags([[0.8, 0.79]]) == [(True, True, True), (False, False, False)]


def test_what_was_not_measured_is_not_missed() -> None:
    assert flags([[NAN], [NAN]]) == [(True, True, True)]
    assert flags([[NAN], [0.7]]) == [(False, False, False)]


def test_an_overloaded_run_misses_all() -> None:
    found = judged(None, LEVEL, 3)
    assert not found.possible.any() and found.values.shape == (0, 3)


def test_an_answer_is_told_slot_by_slot() -> None:
    slots = [Slot(key=("lisbon", i), group="lisbon", judge=i, start=5, most=9) for i in range(2)]
    found = judged(np.array([[0.85, 0.6], [0.86, 0.61]]), LEVEL, 2)
    staffed = staffed_of(slots, (7, 9), found, LEVEL, likely=(6, 9), low=(5, 9))
    assert [one.reached for one in staffed] == [True, False]
    assert staffed[0].value is not None and staffed[0].needed == 7
    answer = CapacityAnswer(target=LEVEL, staffed=staffed, plans_tried=3, finished=True, notes=())
    assert not answer.reached
