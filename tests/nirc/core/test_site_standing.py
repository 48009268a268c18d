"""What a site said of its times without NIRC stays known when its site agent starts again."""

from nirc.core.site_standing import KeptStanding
from nrcli.wire.messages import SiteOutage, SiteStanding


def outage(lasted_s: float, *, over: bool = True) -> SiteOutage:
    return SiteOutage(
        began_for_s=50.0, lasted_s=lasted_s, peer_plan_s=lasted_s, local_only_s=0.0, over=over
    )


def test_times_run_on_after_the_last_word() -> None:
    kept = KeptStanding()
    assert kept.view(5.0) is None
    kept.heard(SiteStanding(tier=2, tier_for_s=3.0, outages=(outage(3.0, over=False),)), 100.0)
    found = kept.view(110.0)
    assert found is not None
    assert (found.tier, found.tier_for_s) == (2, 13.0)
    assert (found.outages[0].began_for_s, found.outages[0].lasted_s) == (60.0, 3.0)


def test_what_was_told_before_the_site_agent_started_again_is_kept() -> None:
    kept = KeptStanding()
    kept.heard(SiteStanding(tier=2, tier_for_s=3.0, outages=(outage(20.0, over=False),)), 100.0)
    kept.started_again()
    assert kept.view(101.0) is None, "nothing is known of its tier until it speaks"
    kept.heard(SiteStanding(tier=0, tier_for_s=0.0, outages=(outage(7.0),)), 130.0)
    found = kept.view(140.0)
    assert found is not None
    told = [(one.lasted_s, one.began_for_s, one.over) for one in found.outages]
    assert told == [(7.0, 60.0, True), (20.0, 90.0, True)]
