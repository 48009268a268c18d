"""What the HTTP API says of number pools is a site's last word."""

from router_network import FakeSite, leading

from nirc.links.pools_status import pool_statuses
from nrcli.wire import messages as msg

NUMBER = msg.PooledNumberReport(
    number="+351220000001", resting=False, lent_to="lisbon", interaction_id="i1", back_in_s=70.0
)
POOL = msg.PoolReport(
    pool="moves", trunk_group="pbx", numbers_count=5, lent_count=1, resting_count=2,
    lent_per_minute=3, runs_out=True, runs_out_in_s=90.0, refused_count=1, refused_for_s=5.0,
    refused_to="faro", numbers=(NUMBER,),
)  # fmt: skip


def test_pools_are_told_with_their_age_and_whether_the_site_is_linked() -> None:
    book = leading(FakeSite("lisbon"), FakeSite("porto"))
    view = book.router.view(book.now_s)
    assert [pool_statuses(one) for one in view.sites] == [(), ()]
    state = book.router._parts.network.state_of("porto")
    assert state is not None
    state.standing.heard(msg.SiteStanding(tier=0, tier_for_s=1.0, pools=(POOL,)), book.now_s)
    view = book.router.view(book.now_s + 2.0)
    (told,) = next(pool_statuses(one) for one in view.sites if one.site == "porto")
    assert (told.pool, told.site, told.linked, told.free_count) == ("moves", "porto", True, 2)
    assert (told.runs_out_in_s, told.refused_s_ago, told.refused_to) == (88.0, 7.0, "faro")
    (one,) = told.numbers
    assert (one.number, one.state, one.lent_to) == ("+351220000001", "lent", "lisbon")
    assert one.back_in_s == 68.0
