"""Controls become shifts."""

from __future__ import annotations

from control_samples import BEGAN_UNIX_S, control

from nirc.core.traffic_shifts import TrafficShifts, shift_of
from nrcli.wire.shift_models import ShiftParameters

TO_PORTO = ShiftParameters(to_site="porto", steps=(25, 50), step_s=60.0, floor=0.6, after_s=5.0)


def test_a_control_is_read_whole() -> None:
    found = shift_of(control("shift", "site lisbon", shift=TO_PORTO))
    assert (found.shift_id, found.from_site, found.to_site) == ("c1", "lisbon", "porto")
    assert found.steps == (0.25, 0.5) and found.roll_back.floor == 0.6
    assert shift_of(control("drain_site", "site lisbon")).drains


def test_the_oldest_shift_that_means_a_caller_counts() -> None:
    shifts = TrafficShifts()
    first = control("shift", "site lisbon", shift=ShiftParameters(to_site="porto", service="sales"))
    later = control("drain_site", "site lisbon", name="c2")
    shifts.put((first, later, control("freeze", name="c3")))

    def meaning(service: str, unix_s: float = BEGAN_UNIX_S) -> str:
        found = shifts.meaning("lisbon", service, "sales", "i1", unix_s)
        return found.shift_id if found else ""

    assert (meaning("sales"), meaning("support")) == ("c1", "c2")
    assert shifts.meaning("porto", "sales", "sales", "i1", BEGAN_UNIX_S) is None
    assert shifts.drained == {"lisbon": "drained by control c2"}
    shifts.leave({"c2"})
    assert meaning("support") == "" and not shifts.drained
