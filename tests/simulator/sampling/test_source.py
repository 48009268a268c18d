"""Calls of scenarios, part by part: in order, the same however they are cut, bounded."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from sim_scenarios import scenario, source

from routing_policies.errors import DocumentError
from simulator.model.calls import TYPES, CallsTable
from simulator.model.instants import US
from simulator.sampling import source as source_module
from simulator.sampling.source import CallSource
from simulator.scenarios.loading import Scenario


def whole(calls: CallSource) -> CallsTable:
    parts = [part for part, _ in calls.parts()]
    return CallsTable(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(CallsTable)}
    )


def same(one: CallsTable, two: CallsTable, *names: str) -> bool:
    return all(np.array_equal(getattr(one, n), getattr(two, n)) for n in names or TYPES)


def of(calls: CallsTable, ingress: int, column: str) -> list[float]:
    return getattr(calls, column)[calls.ingress == ingress].tolist()


def test_calls_come_in_order_and_are_numbered() -> None:
    calls = source(scenario())
    table = whole(calls)
    assert calls.expected_count == pytest.approx(5_760)
    assert abs(len(table) - 5_760) < 4 * 5_760**0.5
    assert table.number.tolist() == list(range(len(table)))
    assert (np.diff(table.arrival_us) >= 0).all()
    assert set(table.ingress.tolist()) == {0, 1}
    assert {f.name: getattr(table, f.name).dtype for f in fields(table)} == {
        name: np.dtype(kind) for name, kind in TYPES.items()
    }


def test_parts_change_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    once = whole(source(scenario()))
    monkeypatch.setattr(source_module, "PART_CALLS", 100)
    monkeypatch.setattr(source_module, "PART_CALLS_MAX", 90)
    calls = source(scenario())
    last_us = 0
    for part, until_us in calls.parts():
        assert len(part) <= 90
        assert len(part) == 0 or last_us <= part.arrival_us[0] <= part.arrival_us[-1] < until_us
        last_us = until_us
    assert last_us == 7_200 * US
    assert same(once, whole(calls))


def test_parts_may_be_asked_for_again() -> None:
    calls = source(scenario())
    assert same(whole(calls), whole(calls))


def test_replications_differ_and_repeat() -> None:
    first, again = whole(source(scenario(), 1)), whole(source(scenario(), 1))
    assert same(first, again)
    assert not np.array_equal(first.talk_us[:50], whole(source(scenario(), 2)).talk_us[:50])
    assert not np.array_equal(first.talk_us[:50], whole(source(scenario(seed=8), 1)).talk_us[:50])


def staffed(count: int, **changes: object) -> Scenario:
    sites = [
        {
            "name": name,
            "queues": [{"name": "sales"}],
            "agents": [{"group": "a", "count": count, "skills": {"sales": 5}} | changes],
        }
        for name in ("lisbon", "porto")
    ]
    return scenario(sites=sites, policy="stay")


def test_policy_and_staff_change_no_call() -> None:
    assert same(whole(source(scenario())), whole(source(staffed(9))))


def test_what_changes_at_one_ingress_leaves_the_other_alone() -> None:
    busy = [{"ingress": "lisbon", "per_s": 0.9}, {"ingress": "porto", "per_s": 0.3}]
    one, two = whole(source(scenario())), whole(source(scenario(arrivals=busy)))
    for column in ("arrival_us", "talk_us", "patience_us", "luck", "ring_luck"):
        assert of(one, 1, column) == of(two, 1, column)


def test_a_cause_changes_its_own_column_alone() -> None:
    one = whole(source(scenario()))
    two = whole(source(scenario(patience={"sales": {"gamma": {"mean_s": 90, "sd_s": 30}}})))
    assert same(one, two, "arrival_us", "ingress", "talk_us", "ring_luck", "luck")
    assert not np.array_equal(one.patience_us, two.patience_us)


def test_luck_is_drawn_where_something_asks_for_it() -> None:
    plain, rings = whole(source(scenario())), whole(source(staffed(3, no_answer_share=0.1)))
    assert set(plain.ring_luck.tolist()) == {0.5}
    assert len(set(rings.ring_luck.tolist())) == len(rings)
    faults = [{"kind": "site", "site": "porto", "from_s": 10, "lasts_s": 5}]
    lost = whole(source(scenario(faults=faults)))
    assert len(set(lost.luck.tolist())) == len(lost)
    for other in (rings, lost):
        assert same(plain, other, "arrival_us", "talk_us", "patience_us")


def test_arrivals_are_poisson() -> None:
    gaps = np.diff(of(whole(source(scenario())), 0, "arrival_us")) / US
    assert stats.kstest(gaps, "expon", args=(0, 2.0)).pvalue > 0.001


def test_records_and_chance_come_together(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(
        "date,arrival_s,wait_s,outcome,talk_s\n"
        "2026-02-02,10,0,served,100\n2026-02-02,20,5,abandoned,\n2026-02-03,5,0,served,9\n",
        encoding="utf-8",
    )
    arrivals = [
        {"ingress": "lisbon", "records": {"file": "calls.csv"}},
        {"ingress": "porto", "per_s": 0.3},
    ]
    table = whole(source(scenario(tmp_path, arrivals=arrivals)))
    mine = table.ingress == 0
    assert table.arrival_us[mine].tolist() == [10 * US, 20 * US]
    assert table.talk_us[mine].tolist()[0] == 100 * US
    assert table.patience_us[mine].tolist()[1] == 5 * US
    assert (table.ingress == 1).sum() > 1_900


def test_nobody_calls() -> None:
    calls = source(scenario(arrivals=[{"ingress": "lisbon", "per_s": 0}]))
    assert [(len(part), until) for part, until in calls.parts()] == [(0, 7_200 * US)]


def test_records_may_be_read_by_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "theirs.csv").write_text("When;Talked\n10,5;2\n20;3\n", encoding="utf-8")
    (tmp_path / "theirs.yaml").write_text(
        "columns: {arrival: When, talk: Talked}\nunits: {talk: min}\ndecimal: ','\nseparator: ;\n",
        encoding="utf-8",
    )
    records = {"file": "theirs.csv", "format": "theirs.yaml"}
    calls = whole(source(scenario(tmp_path, arrivals=[{"ingress": "lisbon", "records": records}])))
    assert calls.arrival_us.tolist() == [10.5 * US, 20 * US]


def test_a_mapping_with_a_mistake_is_told_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "theirs.csv").write_text("When\n10\n", encoding="utf-8")
    (tmp_path / "theirs.yaml").write_text("columns: {arival: When}\n", encoding="utf-8")
    records = {"file": "theirs.csv", "format": "theirs.yaml"}
    with pytest.raises(DocumentError, match="did you mean 'arrival'"):
        scenario(tmp_path, arrivals=[{"ingress": "lisbon", "records": records}])
