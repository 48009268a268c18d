"""Selections rank rows and say why the others are out."""

from __future__ import annotations

from routing_policies.model import Call, QueueColumns, Search
from routing_policies.selection import (
    NO_AGENT,
    NO_PLACE,
    NO_STAFF,
    longest_available,
    min_expected_delay,
    origin_wait_s,
)


def columns(*rows: dict[str, object]) -> QueueColumns:
    table = QueueColumns()
    for number, values in enumerate(rows):
        row = table.add_row(str(values.pop("site", f"s{number}")), "sales")
        settings = {
            "open": True,
            "shared": True,
            "staffed_count": 1,
            "aht_s": 60.0,
            "places_free_count": 5,
        } | values
        for name, value in settings.items():
            getattr(table, name)[row] = value
    return table


def search(table: QueueColumns, *, place_only: tuple[int, ...] = (), **fields: float) -> Search:
    rows = range(1, len(table.site))
    call = Call(0, rows, {}, frozenset(place_only))
    return Search(call, table, rows, fields.get("gain", 0.0), fields.get("adjust", 0.0), {})


def test_longest_available_first_and_ties_by_site() -> None:
    table = columns(
        {},
        {"site": "porto", "lendable_count": 1, "longest_ready_at_s": 5.0},
        {"site": "faro", "lendable_count": 2, "longest_ready_at_s": 5.0},
        {"site": "beja", "lendable_count": 1, "longest_ready_at_s": 3.0},
        {"site": "evora"},
    )
    found = search(table, place_only=(3,))
    ranked = longest_available(found)
    assert [(table.site[c.row], c.agent) for c in ranked] == [
        ("beja", False),
        ("faro", True),
        ("porto", True),
    ]
    assert found.lost == {4: NO_AGENT}


def test_least_delay_with_adjustment_and_gain() -> None:
    table = columns(
        {"waiting_count": 3},
        {"waiting_count": 0, "staffed_count": 2},
        {"lendable_count": 1},
        {"waiting_count": 2},
        {"places_free_count": 0},
        {"staffed_count": 0},
    )
    found = search(table, gain=5.0, adjust=2.0)
    ranked = min_expected_delay(found)
    assert [(c.row, c.value, c.agent) for c in ranked] == [(2, 2.0, True), (1, 32.0, False)]
    assert found.lost[4] == NO_PLACE
    assert found.lost[5] == NO_STAFF
    assert found.lost[3] == "expected wait 182 s gains too little on 180 s here"


def test_the_wait_at_home() -> None:
    table = columns({"waiting_count": 3}, {"free_count": 1})
    assert origin_wait_s(Call(0, (), {}), table) == 180.0
    assert origin_wait_s(Call(1, (), {}), table) == 0.0
    assert origin_wait_s(Call(-1, (), {}), table) == float("inf")
    table.open[0] = False
    assert origin_wait_s(Call(0, (), {}), table) == float("inf")
