"""Two clocks, each for its own use."""

from site_agent.clock import boottime_s, unix_s


def test_boot_time_never_goes_back() -> None:
    times = [boottime_s() for _ in range(100)]
    assert times == sorted(times)


def test_wall_time_is_after_this_was_written() -> None:
    assert unix_s() > 1.7e9
