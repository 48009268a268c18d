from site_agent.core.return_ramp import ReturnRamp, fraction_of
from site_agent.core.settings import SiteSettings

SETTINGS = SiteSettings(return_ramp_s=5.0, return_jitter_s=2.0)


def test_no_ramp_before_anything_was_lost() -> None:
    ramp = ReturnRamp("lisbon", 1, SETTINGS)
    assert ramp.asks_from_s("i1") <= 0.0 and ramp.over(0.0)


def test_the_share_of_calls_asked_about_grows() -> None:
    ramp = ReturnRamp("lisbon", 1, SETTINGS)
    ramp.begin(100.0, 60.0)
    starts = [ramp.asks_from_s(f"i{number}") for number in range(1000)]
    assert min(starts) >= 100.0 and max(starts) <= 107.0
    begins = min(starts)
    half = sum(1 for at_s in starts if at_s <= begins + 2.5)
    assert 430 < half < 570
    assert not ramp.over(begins + 4.0) and ramp.over(107.0)
    assert ramp.asks_from_s("i7") == ramp.asks_from_s("i7")


def test_sites_do_not_begin_together() -> None:
    ramps = [ReturnRamp(f"site-{number}", 1, SETTINGS) for number in range(500)]
    for ramp in ramps:
        ramp.begin(0.0, 60.0)
    begins = sorted(ramp.asks_from_s("x") - 5.0 * fraction_of("x") for ramp in ramps)
    most = max(sum(1 for at_s in begins if s / 5 <= at_s < (s + 1) / 5) for s in range(10))
    assert most < 80


def test_a_short_absence_is_a_short_ramp() -> None:
    ramp = ReturnRamp("lisbon", 1, SETTINGS)
    ramp.begin(100.0, 0.1)
    assert ramp.over(100.2)
