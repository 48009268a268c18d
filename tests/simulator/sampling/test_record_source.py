"""Records as arrivals of a scenario: which calls, on which days, and mistakes."""

from pathlib import Path

import numpy as np
import pytest
from sim_scenarios import scenario, source

from simulator.errors import CallsError
from simulator.model.calls import CallsTable, calls_table
from simulator.model.instants import US
from simulator.records.parquet import write_calls
from simulator.sampling.record_source import ingresses_recorded
from simulator.scenarios.arrivals import Records

DAY_S = 86_400
RECORD = """date,arrival_s,service,wait_s,outcome,talk_s
2026-02-02,36000,sales,0,served,100
2026-02-03,36001,help,3,abandoned,
2026-02-04,36002,sales,0,served,50
"""


def calls(folder: Path, record: dict[str, object], **changes: object) -> CallsTable:
    (folder / "calls.csv").write_text(RECORD, encoding="utf-8")
    spec = {"duration_s": 3 * DAY_S} | changes
    arrivals = [{"ingress": "lisbon", "records": record, **spec.pop("arrival", {})}]  # type: ignore[dict-item]
    parts = source(scenario(folder, arrivals=arrivals, **spec)).parts()
    return next(part for part, _ in parts)


def at_s(table: CallsTable) -> list[float]:
    return (table.arrival_us / US).tolist()


FILE: dict[str, object] = {"file": "calls.csv"}


def test_days_keep_their_distance(tmp_path: Path) -> None:
    assert at_s(calls(tmp_path, FILE)) == [36_000, DAY_S + 36_001, 2 * DAY_S + 36_002]


def test_a_run_that_begins_at_nine_takes_what_comes_after(tmp_path: Path) -> None:
    table = calls(tmp_path, FILE, start="2026-03-02T09:00:00", time_zone="Europe/Lisbon")
    assert at_s(table)[0] == 3_600
    assert len(calls(tmp_path, FILE, start="2026-03-02T11:00:00")) == 2


def test_clocks_that_change_are_followed(tmp_path: Path) -> None:
    table = calls(tmp_path, FILE, start="2026-03-28T00:00:00", time_zone="Europe/Lisbon")
    assert at_s(table)[1:] == [DAY_S + 36_001 - 3_600, 2 * DAY_S + 36_002 - 3_600]


def test_dates_and_skills_are_chosen(tmp_path: Path) -> None:
    dates = {"dates": ["2026-02-04", "2026-02-02"]}
    assert at_s(calls(tmp_path, FILE | dates)) == [36_002, DAY_S + 36_000]
    assert at_s(calls(tmp_path, FILE | {"skills": ["help"]})) == [DAY_S + 36_001]


def test_a_span_and_a_share_are_kept(tmp_path: Path) -> None:
    span = {"from_s": 40_000, "to_s": 130_000}
    assert at_s(calls(tmp_path, FILE, arrival=span)) == [DAY_S + 36_001]
    month: dict[str, object] = {"format": "bank", "dates": ["1999-02-02"]}
    whole = len(calls(tmp_path, month))
    assert whole == 1_834
    assert len(calls(tmp_path, month | {"share": 0.5})) == pytest.approx(whole / 2, abs=100)


def test_the_month_of_the_bank_needs_no_file(tmp_path: Path) -> None:
    table = calls(tmp_path, {"format": "bank", "dates": ["1999-02-01"]})
    assert len(table) == 1_547
    assert set(table.ahead_us.tolist()) == {0, 90 * US}
    assert (table.talk_us >= 0).all()


def test_talk_may_be_drawn(tmp_path: Path) -> None:
    month: dict[str, object] = {"format": "bank", "dates": ["1999-02-01"], "talk": "drawn"}
    table = calls(tmp_path, month, talk={"sales": {"constant": {"value_s": 7}}})
    assert set(table.talk_us.tolist()) == {7 * US}


def test_a_table_counts_from_the_start_of_the_run(tmp_path: Path) -> None:
    write_calls(tmp_path / "c.parquet", calls_table(arrival_us=[5 * US, 9 * US], talk_us=[1, 2]))
    table = calls(tmp_path, {"file": "c.parquet"}, start="2026-03-02T09:00:00")
    assert at_s(table) == [5, 9]
    assert table.talk_us.tolist() == [1, 2]
    assert np.array_equal(table.ingress, [0, 0])


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"skills": ["sails"]}, "has no calls of sails; its services are: help, sales"),
        ({"dates": ["2026-02-09"]}, "has no calls of 2026-02-09; it goes from 2026-02-02 to"),
    ],
)
def test_what_is_not_in_the_record_is_told(
    tmp_path: Path, record: dict[str, object], said: str
) -> None:
    with pytest.raises(CallsError) as told:
        calls(tmp_path, FILE | record)
    assert said in str(told.value)


def test_calls_of_an_ingress_are_chosen_and_counted(tmp_path: Path) -> None:
    text = RECORD.replace("service,", "service,ingress,").replace("sales,", "sales,north,")
    (tmp_path / "n.csv").write_text(text.replace("help,", "help,,"), encoding="utf-8")
    one = {"file": "n.csv", "ingresses": ["north"]}
    assert at_s(calls(tmp_path, one)) == [36_000, 2 * DAY_S + 36_002]
    counts = ingresses_recorded(Records.model_validate({"file": "n.csv"}), tmp_path)
    assert counts == {"": 1, "north": 2}
