"""Timers as a heap: moved, stopped, fired in order, each once."""

from nirc.runtime.timers import Timers


def due(timers: Timers, now_s: float) -> list[str]:
    fired = []
    while (name := timers.pop_due(now_s)) is not None:
        fired.append(name)
    return fired


def test_in_order_and_once() -> None:
    timers = Timers()
    for name, at_s in [("c", 3.0), ("a", 1.0), ("b", 2.0)]:
        timers.start(name, at_s)
    assert timers.next_at_s() == 1.0
    assert due(timers, 0.5) == []
    assert due(timers, 2.0) == ["a", "b"]
    assert due(timers, 9.0) == ["c"]
    assert timers.next_at_s() is None and len(timers) == 0


def test_a_second_start_moves_and_a_stop_forgets() -> None:
    timers = Timers()
    timers.start("a", 1.0)
    timers.start("a", 5.0)
    timers.start("b", 2.0)
    timers.stop("b")
    timers.stop("unknown")
    assert timers.next_at_s() == 5.0
    assert due(timers, 4.0) == []
    timers.start("a", 3.0)
    assert due(timers, 4.0) == ["a"]
    assert due(timers, 9.0) == []


def test_a_timer_moved_very_often_takes_no_more_room() -> None:
    timers = Timers()
    for number in range(10_000):
        timers.start("a", float(number))
    assert len(timers._heap) < 200
    assert due(timers, 10_000.0) == ["a"]
