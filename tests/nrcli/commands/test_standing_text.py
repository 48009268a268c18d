"""Tiers and times without NIRC, in words."""

from nrcli.commands.standing_text import last_outage, outage_text, standing_lines, tier_text
from nrcli.wire.api_models import SiteOutage, SiteSummary

SITE = SiteSummary(
    site="lisbon",
    liveness="alive",
    linked=True,
    usable=True,
    state_age_s=0.1,
    ready_count=1,
    waiting_count=0,
    busy_count=0,
)
PAST = SiteOutage(began_for_s=7_200.0, lasted_s=200.0, local_only_s=200.0, blind_calls_count=1)


def told(**fields: object) -> SiteSummary:
    return SITE.model_copy(update=fields)


def test_a_tier_that_is_not_known_is_not_told() -> None:
    assert tier_text(SITE) == "" and last_outage(SITE) == "" and standing_lines(SITE) == []
    assert tier_text(told(tier=2, tier_for_s=31.4)) == "2 peer plan for 31 s"


def test_a_time_without_nirc_says_how_long_until_when_and_who_was_moved() -> None:
    assert outage_text(PAST) == (
        "3 min at home only until 117 min ago, 1 caller moved, 1 of them blindly"
    )
    lasting = SiteOutage(began_for_s=40, lasted_s=40, peer_plan_s=38, local_only_s=2, over=False)
    assert outage_text(lasting) == "40 s by the peer plan up to now, no callers moved"


def test_a_site_shows_its_plan_its_blind_share_and_every_time() -> None:
    site = told(
        tier=0,
        tier_for_s=1.0,
        plan_serial=7,
        blind_share_percents={"sales": 20},
        outages=(PAST, PAST),
    )
    lines = standing_lines(site)
    assert lines[0] == "peer plan: serial 7, OVER: publish a newer one"
    assert lines[1] == "blind share: sales 20 %"
    assert len(lines) == 4 and lines[2].startswith("without NIRC: 3 min")
    assert standing_lines(told(tier=0))[0] == "peer plan: none"
