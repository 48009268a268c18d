"""Channels are withheld once and given back once, at targets and where the call is."""

from __future__ import annotations

from math import inf

from nirc.core.channels import Channels, no_channel_at_home
from nrcli.wire.messages import ChannelClaim, TrunkReport

HOME = ("lisbon", "carrier")


def report(used: int, *, of: int = 10, min_free: int = 0) -> TrunkReport:
    return TrunkReport(
        trunk_group="carrier", channels_max=of, channels_used_count=used, min_free=min_free
    )


def known(used: int) -> Channels:
    channels = Channels()
    channels.report(HOME, report(used))
    return channels


def expect(channels: Channels, request_id: str, count: int = 1, domain: str = "default") -> None:
    channels.expect(request_id, HOME, count, domain=domain, until_s=105.0)


def test_what_was_never_reported_has_no_bound_at_home_and_nothing_for_claims() -> None:
    channels = Channels()
    assert channels.left_at_home(HOME) == inf
    assert channels.lacking_at_home(HOME, 3) == ""
    claims = (ChannelClaim(trunk_group="carrier", count=1),)
    assert channels.lacking("lisbon", claims) == "has no trunk group carrier"
    channels.report(HOME, report(2))
    assert channels.lacking("lisbon", claims) == ""
    channels.report(HOME, None)
    assert channels.left == {}


def test_what_a_site_keeps_for_itself_is_not_left() -> None:
    channels = Channels()
    channels.report(HOME, report(9, min_free=3))
    assert channels.left == {HOME: -2}
    assert channels.left_at_home(HOME) == 0
    assert channels.lacking_at_home(HOME, 0) == ""
    assert channels.lacking_at_home(HOME, 1) == no_channel_at_home(HOME)


def test_what_is_promised_before_the_first_report_counts_with_it() -> None:
    channels = Channels()
    expect(channels, "a", 2)
    channels.report(HOME, report(5))
    assert channels.left == {HOME: 3}


def test_a_move_is_expected_once_and_dropped_once() -> None:
    channels = known(7)
    expect(channels, "a")
    expect(channels, "a")
    expect(channels, "free", 0)
    assert channels.left == {HOME: 2}
    for _ in range(2):
        channels.drop("a")
        channels.drop("free")
    assert channels.left == {HOME: 3}


def test_another_number_counts_the_moves_that_the_origin_was_told_of() -> None:
    channels = known(5)
    for name in "abc":
        expect(channels, name)
    channels.told("a", 110.0)
    channels.told("b", 110.0)
    channels.told("unknown", 110.0)
    channels.report(HOME, report(5))  # as before: nothing of them is in it
    assert channels.left == {HOME: 2}
    channels.report(HOME, report(7))
    assert channels.left == {HOME: 2}  # c was asked about, and nobody was told
    channels.drop("a")
    channels.sweep(110.0)
    assert channels.left == {HOME: 3}


def test_what_is_expected_runs_out_and_is_forgotten_with_the_leadership() -> None:
    channels = known(5)
    expect(channels, "a")
    expect(channels, "b", domain="other")
    channels.told("b", 107.0)
    channels.sweep(105.0)
    assert channels.left == {HOME: 4}
    channels.forget("default")
    assert channels.left == {HOME: 4}
    channels.forget("other")
    assert channels.left == {HOME: 5}
