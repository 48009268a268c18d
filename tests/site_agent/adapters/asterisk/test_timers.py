from site_agent.adapters.asterisk.timers import Timers


def test_timers_fire_once_and_in_order() -> None:
    timers = Timers()
    timers.start(("a", "1"), 5.0)
    timers.start(("b", "1"), 3.0)
    timers.start(("a", "1"), 7.0)
    assert timers.next_s() == 3.0 and ("a", "1") in timers and len(timers) == 2
    assert timers.due(6.0) == [("b", "1")]
    timers.stop(("x", "1"))
    assert timers.due(7.0) == [("a", "1")] and timers.next_s() is None


def test_a_timer_that_is_moved_a_thousand_times_leaves_nothing_behind() -> None:
    timers = Timers()
    for count in range(1000):
        timers.start(("a", "1"), float(count))
    assert len(timers._heap) < 100
    timers.stop(("a", "1"))
    assert timers.next_s() is None
