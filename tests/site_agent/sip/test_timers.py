"""Timers fire in order, once, and not after they were stopped."""

from site_agent.sip import timers as module
from site_agent.sip.timers import Timers


def recorder() -> tuple[list[tuple[object, object, float]], module.Callback]:
    fired: list[tuple[object, object, float]] = []
    return fired, lambda subject, sign, now_s: fired.append((subject, sign, now_s))


def test_order_and_stop() -> None:
    timers = Timers()
    fired, callback = recorder()
    timers.start(3.0, callback, "c", 1)
    timers.start(1.0, callback, "a", 1)
    stopped = timers.start(2.0, callback, "b", 1)
    timers.stop(stopped)
    timers.stop(stopped)
    timers.stop(None)
    assert (len(timers), timers.next_s()) == (2, 1.0)
    timers.fire(0.5)
    assert fired == []
    timers.fire(5.0)
    assert fired == [("a", 1, 5.0), ("c", 1, 5.0)]
    assert timers.next_s() is None


def test_a_timer_that_starts_meanwhile_and_is_due_fires_too() -> None:
    timers = Timers()
    fired, callback = recorder()
    timers.start(1.0, lambda subject, sign, now_s: timers.start(1.0, callback, "x", 2), None, 1)
    timers.fire(1.0)
    assert fired == [("x", 2, 1.0)]


def test_blanks_do_not_pile_up() -> None:
    timers = Timers()
    _, callback = recorder()
    for _ in range(module.BLANKS_MAX * 3):
        timers.stop(timers.start(1.0, callback, None, None))
    assert len(timers._heap) <= module.BLANKS_MAX + 1


def test_lanes_and_heap_fire_in_one_order() -> None:
    timers = Timers()
    fired, callback = recorder()
    for now_s in (0.0, 0.5, 1.0):
        timers.start_fixed(now_s, 2.0, callback, f"long {now_s}", 1)
        timers.start_fixed(now_s, 1.0, callback, f"short {now_s}", 1)
        timers.start(now_s + 1.75, callback, f"other {now_s}", 1)
    assert (len(timers), timers.next_s()) == (9, 1.0)
    timers.fire(10.0)
    assert [name for name, _, _ in fired] == [
        "short 0.0",
        "short 0.5",
        "other 0.0",
        "long 0.0",
        "short 1.0",
        "other 0.5",
        "long 0.5",
        "other 1.0",
        "long 1.0",
    ]
    assert (len(timers), timers.next_s()) == (0, None)


def test_a_clock_that_steps_back_keeps_the_order() -> None:
    timers = Timers()
    fired, callback = recorder()
    timers.start_fixed(5.0, 1.0, callback, "b", 1)
    timers.start_fixed(1.0, 1.0, callback, "a", 1)
    assert timers.next_s() == 2.0
    timers.fire(6.0)
    assert [name for name, _, _ in fired] == ["a", "b"]


def test_blanks_leave_a_lane_from_its_front() -> None:
    timers = Timers()
    _, callback = recorder()
    first = timers.start_fixed(0.0, 32.0, callback, None, None)
    for _ in range(100):
        timers.stop(timers.start_fixed(0.0, 32.0, callback, None, None))
    timers.stop(first)
    timers.start_fixed(0.0, 32.0, callback, None, None)
    assert len(timers._lanes[32.0, None]) == len(timers) == 1
