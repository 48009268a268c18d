"""docs/kpis.md: each figure has its row, and the worked example comes out as it is shown."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from documents import ROOT, blocks_of

from nrcli.reports.balance import BalanceRules, out_of_balance
from nrcli.reports.calls import CallRules, View
from nrcli.reports.csv_text import csv_rows
from nrcli.reports.facts import Facts
from nrcli.reports.figure_table import FIGURES
from nrcli.reports.figure_text import figure_text
from nrcli.reports.imports import shifts_in, tariffs_in
from nrcli.reports.periods import US, Every, instant_of, periods
from nrcli.reports.places import By
from nrcli.reports.reconciliation import CAUSES
from nrcli.reports.record_facts import Record, facts_of
from nrcli.reports.repeat_calls import DAY_US, RepeatRules
from nrcli.reports.report import Question, report
from nrcli.wire.record_tables import AGENT_STATES, LEGS, TRUNK_BUSY, Table, record_of

PAGE = ROOT.joinpath("docs/kpis.md").relative_to(ROOT)
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
ZONE = "Europe/Lisbon"
BEGIN, END = instant_of("2026-11-23T10:00", ZONE), instant_of("2026-11-23T11:00", ZONE)
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| (\w+) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$", re.M)
SUM = re.compile(r"^`([-+*/(). 0-9]+)` = (.+)$")
PLAIN = {"leg": "caller", "site": "lisbon", "queue": "sales", "service": "sales",
         "trunk_group": "carrier", "tenant": "shop", "threshold_s": 20.0}  # fmt: skip
PLACES = {By.AGENT: ("lisbon", "anna"), By.TRUNK: ("lisbon", "carrier")}


@cache
def csv_blocks() -> tuple[str, ...]:
    """Callers, agents' parts, promises, agents' states, full trunks, schedule, tariffs."""
    return tuple(block.text for block in blocks_of(PAGE) if block.language == "csv")


def records() -> Iterator[Record]:
    tables = (LEGS, LEGS, LEGS, AGENT_STATES, TRUNK_BUSY)
    for number, (table, text) in enumerate(zip(tables, csv_blocks(), strict=False)):
        for line, cells in csv_rows(text, "docs/kpis.md", ()):
            row = {name: value(table, name, cell) for name, cell in cells.items() if cell}
            row.setdefault("leg_id", f"{number}-{line}")
            if table is LEGS:
                came = row.get("queued_unix_s", row["ended_unix_s"])
                row.setdefault("setup_unix_s", came)
                row.setdefault("waited_s", row.get("connected_unix_s", row["ended_unix_s"]) - came)
                row["ewt_known"] = "ewt_s" in row
            yield record_of(table, {**PLAIN, **row})


def value(table: Table, name: str, cell: str) -> Any:
    if name.endswith("_unix_s"):
        return datetime.fromisoformat(f"2026-11-23T{cell}+00:00").timestamp()
    kind = next(column.kind for column in table.columns if column.name == name)
    return {"number": float, "whole": int}.get(kind, str)(cell)


@cache
def facts() -> Facts:
    return facts_of(records())


@cache
def worked(by: By = By.SITE) -> dict[str, float | None]:
    """Every figure of the example, at Lisbon."""
    *_, schedule, tariffs = csv_blocks()
    asked = Question(
        by=by,
        periods=periods(BEGIN, END, Every.WHOLE, ZONE),
        rules=CallRules(tariffs_micro=tariffs_in(tariffs, str(PAGE))),
        repeats=RepeatRules(known_until_us=END + 14 * DAY_US),
        shifts=shifts_in(schedule, str(PAGE), ZONE),
    )
    found = report(facts(), asked)
    totals = {row.place: row.values for row in found.totals}
    values = totals[PLACES.get(by, ("lisbon",))]
    return dict(zip((one.name for one in found.figures), values, strict=True))


ROWS = {found[1]: found for found in ROW.finditer(TEXT)}


def test_each_figure_has_its_row_in_the_order_of_reports() -> None:
    assert list(ROWS) == list(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_a_row_says_what_the_code_says(name: str) -> None:
    figure, found = FIGURES[name], ROWS[name]
    norm = f" Norm: {figure.norm}." if figure.norm else ""
    cells = (found[2], found[3], found[4], found[5])
    assert cells == (figure.title, figure.unit, figure.definition + norm, figure.source)


@pytest.mark.parametrize("name", FIGURES)
def test_the_worked_example_comes_out_as_shown(name: str) -> None:
    figure, shown = FIGURES[name], SUM.match(ROWS[name][6])
    assert shown, f"{name}: {ROWS[name][6]}"
    by = By.SITE if By.SITE in figure.of else By.AGENT
    counted = worked(by)[name]
    assert counted is not None
    # Digits, points, brackets and signs alone: SUM lets nothing else through.
    assert eval(shown[1]) == pytest.approx(counted), f"{name}: {shown[1]} is not {counted}"
    assert shown[2] == figure_text(figure, counted)


def test_the_example_adds_up_and_no_call_is_missing() -> None:
    assert worked()["out_of_balance"] == 0
    known_until_us = max(one.decided_us for one in facts().stays) + 3600 * US
    assert out_of_balance(facts(), BalanceRules(known_until_us=known_until_us)) == ()


def test_the_network_counts_each_moved_call_once() -> None:
    asked = Question(by=By.NETWORK, periods=periods(BEGIN, END, Every.WHOLE, ZONE))
    found = report(facts(), asked)
    row = dict(zip((one.name for one in found.figures), found.totals[0].values, strict=True))
    said = re.search(r"network: `offered` (\d+), `moved_in` (\d+), `answered` (\d+)", TEXT)
    assert said
    assert [row[name] for name in ("offered", "moved_in", "answered")] == [
        int(number) for number in said.groups()
    ]


def test_views_and_known_causes_are_on_the_page() -> None:
    assert [one.value for one in View if f"`{one.value}`" not in TEXT] == []
    told = {cause.told for causes in CAUSES.values() for cause in causes}
    assert [one for one in sorted(told) if one not in TEXT] == []


def test_the_three_service_levels_of_a_hundred_calls() -> None:
    assert "70 / 90 = 77.8 %" in TEXT
