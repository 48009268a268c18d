"""Shares of sources: strangers have little, those we know are never dropped."""

from site_agent.sip.source_shares import Buckets, SourceShares, StrangerLimits

LIMITS = StrangerLimits(stranger_messages_per_s=5.0, strangers_messages_per_s=20.0)


def heard(
    shares: SourceShares, host: str, count: int, now_s: float, *, listed: bool = False
) -> int:
    return sum(shares.hears(host, lambda: listed, now_s) for _ in range(count))


def test_a_bucket_fills_again() -> None:
    buckets = Buckets(10.0)
    assert [buckets.take("a", 0.0) for _ in range(21)] == [True] * 20 + [False]
    assert not buckets.has("a", 0.05)
    assert buckets.has("a", 0.1)
    assert buckets.take("a", 0.1)
    assert buckets.take("b", 0.1)


def test_sources_are_bounded() -> None:
    buckets = Buckets(1.0, burst=1.0, sources_max=3)
    for name in "abcde":
        assert buckets.take(name, 0.0)
    assert len(buckets) == 3
    assert not buckets.take("e", 0.0)
    assert buckets.take("a", 0.0)


def test_a_flood_of_strangers_is_bounded_each_and_in_all() -> None:
    shares = SourceShares(LIMITS)
    assert heard(shares, "192.0.2.1", 1000, 0.0) == 10
    forged = sum(heard(shares, f"198.51.100.{n}", 10, 0.0) for n in range(200))
    assert forged == 30
    assert shares.dropped_count == 990 + 1970
    assert heard(shares, "192.0.2.1", 1000, 1.0) == 5


def test_who_is_listed_or_was_asked_is_heard_meanwhile() -> None:
    shares = SourceShares(LIMITS)
    assert heard(shares, "192.0.2.1", 1000, 0.0) == 10
    assert heard(shares, "10.0.0.1", 1000, 0.0, listed=True) == 1000
    shares.asked("192.0.2.1", b"SIP/2.0 403 Forbidden\r\n")
    assert heard(shares, "192.0.2.1", 10, 0.0) == 0
    shares.asked("192.0.2.1", b"INVITE sip:x@192.0.2.1 SIP/2.0\r\n")
    assert heard(shares, "192.0.2.1", 10, 0.0) == 10
