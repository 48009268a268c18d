"""One cause at one place is told once."""

from __future__ import annotations

from nirc.core.actions import Action, ClearAlarm, RaiseAlarm
from nirc.core.alarms import Alarms
from nirc.core.settings import RouterSettings


def test_raised_once_cleared_once() -> None:
    alarms, out = Alarms(RouterSettings()), list[Action]()
    alarms.raise_("c", "p", "text", out)
    alarms.raise_("c", "p", "other text", out)
    assert out == [RaiseAlarm(code="c", place="p", text="text")]
    out.clear()
    alarms.clear("c", "p", out)
    alarms.clear("c", "p", out)
    assert out == [ClearAlarm(code="c", place="p")]
    assert alarms.standing() == []


def test_a_full_table_clears_the_oldest() -> None:
    alarms, out = Alarms(RouterSettings(alarms_max=1)), list[Action]()
    alarms.raise_("a", "p", "", out)
    alarms.raise_("b", "p", "", out)
    assert [code for code, _, _ in alarms.standing()] == ["b"]
    assert ClearAlarm(code="a", place="p") in out


def test_what_happened_stands_for_its_time_from_the_last() -> None:
    alarms, out = Alarms(RouterSettings(alarm_event_s=10.0)), list[Action]()
    alarms.raise_event("unresolved_move", "porto", "a call", 100.0, out)
    alarms.raise_event("unresolved_move", "porto", "a call", 105.0, out)
    alarms.sweep(114.9, out)
    assert len(out) == 1 and len(alarms.standing()) == 1
    alarms.sweep(115.0, out)
    assert out[-1] == ClearAlarm(code="unresolved_move", place="porto")
    assert alarms.standing() == []
    alarms.sweep(200.0, out)
    assert len(out) == 2
