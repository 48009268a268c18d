"""Switches are all on where functions are imported one by one."""

from __future__ import annotations

from simulator.compiled import switches


def test_every_switch_is_named_and_on() -> None:
    assert all(getattr(switches, name) is True for name in switches.NAMES)
    assert {name for name in vars(switches) if name.isupper()} == {*switches.NAMES, "NAMES"}
