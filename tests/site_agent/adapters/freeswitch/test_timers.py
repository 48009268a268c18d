"""Named timers: one time each, oldest first, once."""

from __future__ import annotations

from site_agent.adapters.freeswitch.timers import Timers


def test_what_is_due_runs_once_in_order_and_may_stop_another() -> None:
    timers, ran = Timers(), []
    timers.start("late", 3.0, lambda: ran.append("late"))
    timers.start("b", 2.0, lambda: ran.append("b"))
    timers.start("a", 1.0, lambda: (ran.append("a"), timers.stop("late"))[0])
    timers.start("b", 2.5, lambda: ran.append("b again"))
    assert timers.next_s() == 1.0 and timers.runs("b")
    timers.fire(3.0)
    assert ran == ["a", "b again"]
    assert timers.next_s() is None
