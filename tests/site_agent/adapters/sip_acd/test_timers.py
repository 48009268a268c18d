from site_agent.adapters.sip_acd.timers import Timers


def test_a_moved_timer_fires_once_at_its_new_time():
    timers: Timers[str] = Timers()
    timers.start("a", 1.0)
    timers.start("b", 2.0)
    timers.start("a", 3.0)
    assert timers.next_s() == 2.0
    assert timers.due(2.5) == ["b"]
    assert timers.due(3.0) == ["a"]
    assert timers.next_s() is None and len(timers) == 0


def test_a_stopped_timer_never_fires_and_leaves_nothing():
    timers: Timers[int] = Timers()
    for name in range(1000):
        timers.start(name, float(name))
        timers.stop(name)
    timers.stop(7)
    assert timers.next_s() is None
    assert timers.due(5000.0) == []
    assert len(timers._heap) <= 70
