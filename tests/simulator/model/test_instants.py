from simulator.model.instants import NEVER_US, US, now_s, to_us


def test_seconds_become_the_nearest_microsecond() -> None:
    assert to_us(0.1) == 100_000
    assert to_us(0.0000005) == 1
    assert to_us(float("inf")) == NEVER_US


def test_a_core_sees_an_instant_as_seconds_of_its_clock() -> None:
    assert now_s(0) == 1000.0
    assert now_s(3 * US // 2) == 1001.5
