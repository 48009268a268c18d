"""A site's tier is told only while somebody can know it."""

from dataclasses import replace

from nirc.core.site_standing import StandingView
from nirc.core.view import SiteView
from nirc.links.standing_status import degraded, standing_status
from nrcli.wire.messages import BlindShareReport, SiteOutage

OUTAGE = SiteOutage(
    began_for_s=9.0, lasted_s=5.0, peer_plan_s=5.0, local_only_s=0.0, over=True, plan_calls_count=2
)
SITE = SiteView(
    site="lisbon",
    liveness="alive",
    linked=True,
    synced=True,
    acknowledged=True,
    incarnation=1,
    version=1,
    queues=(),
    agents=(),
    trunks=(),
    reservations=(),
    waiting=(),
    standing=StandingView(
        tier=2,
        tier_for_s=4.0,
        plan_serial=7,
        plan_usable=True,
        blind_shares=(BlindShareReport(service="sales", share_percent=20),),
        outages=(OUTAGE,),
    ),
)


def test_a_linked_site_tells_its_tier() -> None:
    told = standing_status(SITE)
    assert (told["tier"], told["tier_for_s"], told["plan_serial"]) == (2, 4.0, 7)
    assert told["blind_share_percents"] == {"sales": 20}
    assert [one.plan_calls_count for one in told["outages"]] == [2]
    assert degraded(SITE)


def test_of_a_site_without_a_link_the_past_alone_is_known() -> None:
    away = replace(SITE, linked=False)
    assert "tier" not in standing_status(away) and standing_status(away)["outages"]
    assert not degraded(away)


def test_a_site_of_the_version_before_tells_nothing() -> None:
    old = replace(SITE, standing=None)
    assert standing_status(old) == {} and not degraded(old)
