from report_facts import at, channel, counts, quarters

from nrcli.reports.facts import AllBusy, Facts
from nrcli.reports.places import By

GROUP = ("lisbon", "carrier")


def test_channels_in_use_and_most_at_once() -> None:
    facts = Facts(channels=(channel(0, 100), channel(50, 1000), channel(100, 200)))
    found = counts(facts, By.TRUNK, periods=quarters(0.5))
    assert found[GROUP, 0] == {
        "trunk_seized": 3,
        "trunk_used_us": 1_050_000_000,
        "trunk_used_most": 2,
    }
    assert found[GROUP, 1] == {"trunk_used_us": 100_000_000, "trunk_used_most": 1}


def test_a_channel_that_is_freed_is_free_at_that_instant() -> None:
    facts = Facts(channels=(channel(0, 100), channel(100, 200)))
    assert counts(facts, By.TRUNK)[GROUP, 0]["trunk_used_most"] == 1


def test_time_in_which_none_was_free_counts_where_it_passes() -> None:
    busy = AllBusy(site="lisbon", trunk_group="carrier", began_us=at(890), lasted_us=20_000_000)
    found = counts(Facts(all_busy=(busy,)), By.TRUNK, periods=quarters(0.5))
    assert [found[GROUP, index]["trunk_all_busy_us"] for index in (0, 1)] == [10_000_000] * 2


def test_the_most_of_several_groups_is_the_largest_of_one() -> None:
    other = channel(0, 100).__class__(
        site="lisbon", trunk_group="other", began_us=at(0), ended_us=at(100)
    )
    found = counts(Facts(channels=(channel(0, 100), other)), By.SITE)
    assert found[("lisbon",), 0]["trunk_used_most"] == 1
    assert found[("lisbon",), 0]["trunk_seized"] == 2
