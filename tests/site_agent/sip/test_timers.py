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
