"""How a site stands rides on reports, and is no part of what they are judged by."""

from nrcli.wire.codec import Codec, Speaker
from nrcli.wire.messages import (
    BlindShareReport,
    SiteOutage,
    SiteStanding,
    StateDelta,
    StateSnapshot,
    state_checksum,
)

OUTAGE = SiteOutage(
    began_for_s=90.0,
    lasted_s=60.0,
    peer_plan_s=58.0,
    local_only_s=2.0,
    over=True,
    plan_calls_count=3,
)
STANDING = SiteStanding(
    tier=0,
    tier_for_s=30.0,
    plan_serial=7,
    plan_usable=True,
    blind_shares=(BlindShareReport(service="sales", share_percent=20),),
    outages=(OUTAGE,),
)


def test_it_comes_over_the_link_as_it_was_said() -> None:
    codec = Codec()
    said = (
        StateSnapshot(
            incarnation=1, version=2, checksum=state_checksum(()), entities=(), standing=(STANDING,)
        ),
        StateDelta(incarnation=1, base_version=2, version=3, checksum=0, entities=()),
    )
    data = codec.join(1, 0, [codec.encode(one) for one in said])
    assert codec.decode(data, Speaker.SITE).messages == said
