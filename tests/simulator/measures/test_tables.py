"""Plain data has the shapes that the page tells."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfoNotFoundError

import numpy as np
import pytest
import sim_models
from sim_outcomes import call, move, part

from simulator.measures.comparisons import paired
from simulator.measures.gathering import Gathering
from simulator.measures.replications import over_replications
from simulator.measures.runs import RunMeasures
from simulator.measures.tables import (
    KINDS,
    capacity_json,
    comparison_json,
    csv_rows,
    planning_rows,
    run_json,
    summary_json,
)
from simulator.measures.targets import CapacityAnswer, Slot, Target, judged, staffed_of
from simulator.model.outcomes import Outcome, Sums

MODEL = sim_models.network((1, 1), duration_s=1800.0)


def run(wait_s: float = 5.0) -> RunMeasures:
    gathering = Gathering(MODEL)
    gathering.add(part([call(Outcome.ANSWERED, wait_s=wait_s)], [move(0, 1)]))
    return gathering.finish(Sums.empty(MODEL), {"events": 3})


def test_a_run() -> None:
    found = json.loads(json.dumps(run_json(run()), allow_nan=False))
    assert found["measured"] == {"from_s": 0.0, "until_s": 1800.0, "interval_s": 900.0}
    assert found["network"]["asa_s"] == 5.0 and found["network"]["abandon_mean_s"] is None
    assert set(KINDS) <= set(found) and found["counters"] == {"events": 3}
    assert found["site"][0]["site"] == "lisbon" and "waiting_mean" in found["site"][0]
    assert found["interval"][1]["start_s"] == 900.0
    assert found["flow"] == [
        {
            "from_site": "lisbon",
            "to_site": "porto",
            "method": "redirect_302",
            "moves": 1.0,
            "moves_back": 0.0,
            "moves_caller_gone": 0.0,
            "move_mean_s": 2.0,
        }
    ]


def test_a_summary() -> None:
    summary = over_replications([run(4.0), run(6.0)])
    found = json.loads(json.dumps(summary_json(summary, ("row_interval",)), allow_nan=False))
    assert found["replications"] == 2 and found["level"] == 0.95 and "site" not in found
    assert found["network"]["asa_s"]["mean"] == 5.0 and found["network"]["asa_s"]["count"] == 2
    assert found["row_interval"][3]["queue"] == "sales"
    assert found["row_interval"][3]["asa_s"] is None


def test_a_comparison() -> None:
    one = paired([run(4.0), run(6.0)], [run(5.0), run(7.0)], "asa_s")
    assert one is not None
    found = json.loads(json.dumps(comparison_json(one), allow_nan=False))
    assert found["difference"]["mean"] == 1.0 and found["better"] == "A"
    assert found["place"] == ["network"] and found["unit"] == "s"


def test_csv_of_a_run_and_of_estimates() -> None:
    head, lisbon, _ = csv_rows(run().by_site)
    assert head[:2] == ["site", "offered"] and lisbon[:2] == ["lisbon", 1.0]
    assert lisbon[head.index("abandon_mean_s")] is None
    head, first, *_ = csv_rows(over_replications([run(4.0), run(6.0)]).by_row)
    assert head[:5] == ["site", "queue", "offered", "offered_low", "offered_high"]
    assert first[:5] == ["lisbon", "sales", 1.0, 1.0, 1.0]
    at = head.index("abandon_mean_s")
    assert first[at : at + 3] == [None, None, None]


def answered(*keys: tuple[str | int, ...]) -> CapacityAnswer:
    slots = [Slot(key=key, group="x", judge=i, start=5, most=9) for i, key in enumerate(keys)]
    target = Target(figure="service_level_negative", value=0.8)
    found = judged(np.full((2, len(keys)), 0.9), target, len(keys))
    counts = [7] * len(keys)
    return CapacityAnswer(
        target=target,
        staffed=staffed_of(slots, counts, found, likely=counts, low=[6] * len(keys)),
        plans_tried=4,
        finished=True,
        notes=(),
    )


def test_rows_for_planning_are_in_local_time() -> None:
    answer = answered(("lisbon", 0), ("lisbon", "gold", 5))
    rows = list(
        planning_rows(
            answer,
            group="agents",
            start_unix_s=1_774_742_400.0,
            interval_us=900_000_000,
            time_zone="Europe/Lisbon",
        )
    )
    assert rows[0][:5] == ["site", "group", "interval_start", "needed", "low"]
    assert rows[1][:7] == ["lisbon", "agents", "2026-03-29T00:00+00:00", 7, 6, 7, "yes"]
    assert rows[2][:3] == ["lisbon", "gold", "2026-03-29T02:15+01:00"], "summer time began at one"
    assert rows[1][7] == pytest.approx(0.9)
    with pytest.raises(ZoneInfoNotFoundError):
        list(planning_rows(answer, group="", start_unix_s=0, interval_us=1, time_zone="No/Where"))


def test_a_capacity_answer() -> None:
    found = json.loads(json.dumps(capacity_json(answered(("lisbon", 0))), allow_nan=False))
    assert found["reached"] and found["plans_tried"] == 4
    assert found["slots"][0]["place"] == ["lisbon", 0] and found["slots"][0]["needed"] == 7
