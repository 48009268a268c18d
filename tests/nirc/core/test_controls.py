"""Which controls are in force, and what they forbid."""

from __future__ import annotations

import pytest
from control_samples import BEGAN_UNIX_S, control

from nirc.core.controls import Controls


def in_force(*kept: tuple[str, str]) -> Controls:
    controls = Controls()
    read = [control(kind, of, name=f"c{n}") for n, (kind, of) in enumerate(kept)]
    controls.read(read, BEGAN_UNIX_S + 1)
    return controls


def test_a_control_is_in_force_until_its_end_and_is_told_once() -> None:
    controls = Controls()
    assert controls.read([control("freeze", for_s=60)], BEGAN_UNIX_S)
    assert "freeze of all, by ana@noc: carrier storm" in controls.stopped("lisbon", "sales")
    assert not controls.look(BEGAN_UNIX_S + 59.9) and controls.stopped("lisbon", "sales")
    assert controls.look(BEGAN_UNIX_S + 60) and controls.stopped("lisbon", "sales") == ""
    assert not controls.look(BEGAN_UNIX_S + 61)


def test_before_the_time_is_known_all_that_were_read_are_in_force() -> None:
    controls = Controls()
    controls.read([control("freeze")], 0.0)
    assert controls.stop_all
    controls.look(BEGAN_UNIX_S + 601)
    assert not controls.stop_all


def test_what_is_no_longer_kept_has_ended() -> None:
    controls = in_force(("freeze", "all"))
    assert controls.read([], BEGAN_UNIX_S + 2) and controls.in_force == ()


@pytest.mark.parametrize(
    ("target", "stopped"),
    [
        ("all", {("lisbon", "sales"), ("lisbon", "help"), ("porto", "sales"), ("porto", "help")}),
        ("site lisbon", {("lisbon", "sales"), ("lisbon", "help")}),
        ("service sales", {("lisbon", "sales"), ("porto", "sales")}),
        ("path lisbon-out", set()),
    ],
)
def test_a_freeze_stops_what_it_names(target: str, stopped: set[tuple[str, str]]) -> None:
    controls = in_force(("freeze", target))
    calls = [(site, service) for site in ("lisbon", "porto") for service in ("sales", "help")]
    assert {one for one in calls if controls.stopped(*one)} == stopped
    assert bool(controls.barred("lisbon")) == (target == "site lisbon")
    assert ("lisbon-out" in controls.paths_off) == (target == "path lisbon-out")


def test_a_decision_names_the_controls_that_concern_it() -> None:
    controls = in_force(
        ("freeze", "site faro"), ("freeze", "service help"), ("freeze", "path lisbon-out")
    )
    controls.paths_are({"lisbon-out": "lisbon"})
    told = controls.concerning("lisbon", "sales", ["porto"])
    assert [one.split(",")[0] for one in told] == ["control c2: freeze of path lisbon-out"]
    told = controls.concerning("porto", "help", ["faro"])
    assert [one.split(":")[0] for one in told] == ["control c0", "control c1"]
