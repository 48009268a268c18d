"""What a node says itself goes first; sites take turns, and each has its own limit."""

from __future__ import annotations

import pytest

from nirc.core.events import DrainAsked, Event, PeerDown, SiteAlive, SiteLinkDown, SiteSaid
from nirc.runtime.inbox import Inbox, source_of
from nrcli.wire.messages import RouteRequestCancel


def said(site: str, number: int) -> SiteSaid:
    return SiteSaid(site=site, message=RouteRequestCancel(request_id=f"{site}{number}"))


def all_of(inbox: Inbox) -> list[Event]:
    return [inbox.pop()[1] for _ in range(len(inbox))]


def test_sites_take_turns_and_each_keeps_its_order() -> None:
    inbox = Inbox(inbox_max=100, of_site_max=100)
    flood = [said("flood", number) for number in range(50)]
    for event in [*flood, said("b", 0), said("b", 1), said("c", 0)]:
        assert inbox.put(event, 1.0)
    found = all_of(inbox)
    assert found[:6] == [flood[0], said("b", 0), said("c", 0), flood[1], said("b", 1), flood[2]]
    assert [one for one in found if one in flood] == flood


def test_the_nodes_own_events_go_first_and_are_never_refused() -> None:
    inbox = Inbox(inbox_max=2, of_site_max=2)
    for number in range(2):
        assert inbox.put(said("a", number), 1.0)
    assert inbox.put(DrainAsked(), 2.0) and inbox.put(PeerDown(node="n2", refused=True), 2.0)
    assert inbox.put(SiteLinkDown(site="a", reason="gone"), 2.0)
    assert inbox.pop() == (2.0, DrainAsked())
    assert inbox.share == 2.0
    assert all_of(inbox)[-1] == SiteLinkDown(site="a", reason="gone")


def test_a_site_has_its_own_limit_and_all_have_one() -> None:
    inbox = Inbox(inbox_max=5, of_site_max=3)
    assert [inbox.put(said("a", number), 1.0) for number in range(4)] == [True] * 3 + [False]
    assert not inbox.put(SiteAlive(site="a"), 1.0)
    assert [inbox.put(said("b", number), 1.0) for number in range(3)] == [True] * 2 + [False]
    inbox.pop()
    assert inbox.put(said("b", 3), 1.0)


def test_an_empty_inbox_has_nothing() -> None:
    with pytest.raises(IndexError):
        Inbox(inbox_max=5, of_site_max=3).pop()
    assert source_of(DrainAsked()) == ""
    assert source_of(PeerDown(node="n2", refused=True)) == "node n2"
