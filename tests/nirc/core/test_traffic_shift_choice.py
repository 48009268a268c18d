"""Who gets a caller whom a shift means; how the router asks stands in test_traffic_shift_orders."""

from __future__ import annotations

from typing import Any

import pytest
from control_samples import BEGAN_UNIX_S, control
from router_network import FakeSite, ask, documents, leading, report

from nirc.core.actions import DecisionRecord, DryRunTold
from nirc.core.events import ControlsRead, DryRun, WallTimeRead
from nrcli.wire.shift_models import ShiftParameters


def decided(
    porto: FakeSite, faro: FakeSite, kind: str = "drain_site", **more: Any
) -> DecisionRecord:
    sites = [FakeSite("lisbon", ready={"anna": 50.0}), porto, faro]
    book = leading(*sites, docs=documents([one.name for one in sites]))
    for site in sites:
        report(book, site)
    book.event(WallTimeRead(unix_s=BEGAN_UNIX_S))
    given = control(kind, "site lisbon", shift=ShiftParameters(**more))
    book.event(ControlsRead(controls=(given,)))
    book.event(DryRun(id="d", site="lisbon", request=ask("r1")))
    return book.take(DryRunTold).record


def busy(name: str, **more: Any) -> FakeSite:
    return FakeSite(name, staffed_count=2, **more)


def ready(name: str, count: int) -> FakeSite:
    return FakeSite(name, ready={f"{name}-{n}": 50.0 for n in range(count)}, staffed_count=4)


@pytest.mark.parametrize(
    ("porto", "faro", "first"),
    [
        (ready("porto", 1), ready("faro", 3), "faro"),
        (ready("porto", 1), busy("faro"), "porto"),
        (busy("porto", waiting_count=3), busy("faro", waiting_count=1), "faro"),
        (busy("porto", waiting_count=20), busy("faro", open=False), ""),
    ],
)
def test_most_free_agents_first_then_the_shortest_wait(
    porto: FakeSite, faro: FakeSite, first: str
) -> None:
    found = decided(porto, faro)
    assert found.target_site == first


def test_a_decision_by_a_shift_says_so_and_names_its_control() -> None:
    found = decided(ready("porto", 1), ready("faro", 3), kind="shift", to_site="porto")
    assert found.target_site == "porto" and found.agent == "porto-0"
    assert found.rules == (("control c1", "decided"),)
    assert found.controls[0].startswith("control c1: shift of site lisbon, by ana@noc")
