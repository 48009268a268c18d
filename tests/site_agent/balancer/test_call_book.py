"""What a balancer remembers of calls."""

from __future__ import annotations

from dataclasses import replace

from nrcli.sip.flow import Peer
from site_agent.balancer.call_book import CallBook
from site_agent.balancer.settings import BalancerSettings

SETTINGS = BalancerSettings(name="b", doors=(), calls_max=2, remember_s=100.0)
PEER = Peer("udp", ("10.0.0.9", 5060), ("192.0.2.1", 5060))


def test_a_call_is_forgotten_when_it_was_silent_for_long() -> None:
    book = CallBook(SETTINGS)
    book.put("a", "one", PEER, 0.0)
    assert book.get("a", 99.0) is not None
    assert book.get("a", 198.0) is not None
    assert book.get("a", 298.0) is None


def test_of_too_many_the_one_silent_for_longest_goes() -> None:
    book = CallBook(SETTINGS)
    book.put("a", "one", PEER, 0.0)
    book.put("b", "one", PEER, 1.0)
    book.get("a", 2.0)
    book.put("c", "two", PEER, 3.0)
    assert book.get("b", 3.0) is None
    assert book.get("a", 3.0) is not None and book.of_member("one") == 1


def test_room_is_bounded() -> None:
    book = CallBook(replace(SETTINGS, calls_max=5))
    for number in range(50):
        book.put(str(number), "one", PEER, float(number))
    assert len(book) == 5
