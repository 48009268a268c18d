"""What is fitted can be pasted into a scenario, and gives back what it was fitted to."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from sim_records import DAY_CALLS, month, record
from sim_scenarios import scenario, source

from simulator.calibration.fitted import Calibration, calibrated
from simulator.calibration.scenario_part import part_text, scenario_part
from simulator.calibration.words import told
from simulator.model.calls import CallsTable
from simulator.records.bank import ACKNOWLEDGEMENT

WEEK_S = 7 * 86_400


def pasted(found: Calibration, folder: Path = Path()) -> CallsTable:
    """A week of a scenario with the fitted part."""
    part = yaml.safe_load(part_text(found, "lisbon"))
    renamed = {key: {"sales": part[key]["lisbon"]} for key in ("talk", "acw") if key in part}
    one = scenario(folder, **(part | renamed | {"duration_s": WEEK_S}))
    return next(table for table, _ in source(one).parts())


def test_a_pasted_part_gives_calls_like_the_record() -> None:
    table = pasted(calibrated(record(28, shape=100.0), interval_s=3600))
    assert len(table) == pytest.approx(7 * DAY_CALLS, rel=0.15)
    hours = np.unique(table.arrival_us // 3_600_000_000 % 24)
    assert (hours.min(), hours.max()) == (8, 17)
    assert table.balks.mean() == pytest.approx(0.1, abs=0.03)
    assert table.patience_us.mean() / 1e6 == pytest.approx(100, rel=0.1)
    assert table.talk_us.mean() / 1e6 == pytest.approx(180, rel=0.1)


def test_the_month_of_the_bank_can_be_pasted() -> None:
    calls = month()
    table = pasted(calibrated(calls))
    assert len(table) == pytest.approx(len(calls) / 4, rel=0.25)
    assert table.talk_us.mean() / 1e6 == pytest.approx(177, rel=0.05)
    assert np.median(table.patience_us) / 1e6 == pytest.approx(291, rel=0.1)


def test_the_text_says_where_it_is_from() -> None:
    assert ACKNOWLEDGEMENT in part_text(calibrated(month().on_days(0, 7)), "bank")


def test_a_record_of_arrivals_alone_gives_arrivals_alone() -> None:
    calls = record(7)
    bare = record(7, wait_us=np.full(len(calls), -1), talk_us=np.full(len(calls), -1))
    assert set(scenario_part(calibrated(bare), "x")) == {"profiles", "arrivals"}


def test_after_call_work_of_one_length_can_be_pasted(tmp_path: Path) -> None:
    calls = record(28)
    found = calibrated(replace(calls, acw_us=np.where(calls.served, 20_000_000, calls.acw_us)))
    assert scenario_part(found, "lisbon")["acw"] == {"lisbon": {"constant": {"value_s": 20.0}}}
    assert "after-call work: all alike, written as `constant`" in told(found)
    assert len(pasted(found, tmp_path)) > 0
