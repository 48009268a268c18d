"""Who may be chosen, and why the others are not."""

from __future__ import annotations

import pytest
from playbook import Playbook
from router_network import FakeSite, ask, documents, leading

from nirc.core.actions import RecordDecision
from nirc.core.events import SiteAlive, SiteLinkDown, SiteLinkUp, SiteSaid
from nrcli.wire import messages as msg


def reasons(book: Playbook, **fields: object) -> dict[str, str]:
    """Why each site lost, after a request from lisbon was decided."""
    book.event(SiteSaid(site="lisbon", message=ask(**fields)))  # type: ignore[arg-type]
    record = book.take(RecordDecision).record
    return {c.site: c.lost_because for c in record.candidates}


def network(**porto: object) -> Playbook:
    lisbon = FakeSite("lisbon", waiting_count=5)
    return leading(lisbon, FakeSite("porto", {"diogo": 1.0}, **porto))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"visited_sites": ("porto",)}, "visited before"),
        ({"refused_targets": ("porto",)}, "failed this call just now"),
        ({"trunk_group": "isdn"}, "no path leads from lisbon trunk group isdn"),
    ],
)
def test_barred_by_the_request(fields: dict[str, object], reason: str) -> None:
    assert reasons(network(), **fields) == {"porto": reason}


@pytest.mark.parametrize(
    ("queue", "reason"),
    [
        ({"open": False}, "closed"),
        ({"shared": False}, "not shared"),
        ({"max_loan": 0}, "no free place"),
        ({"min_reserve": 1, "places_max": 0}, "no free place"),
    ],
)
def test_barred_by_the_queue(queue: dict[str, object], reason: str) -> None:
    assert reasons(network(**queue)) == {"porto": reason}


def test_suspect_dead_and_unacknowledged_sites_are_out() -> None:
    book = network()
    book.event(SiteAlive(site="lisbon"), at_s=101.0)
    book.wait_until(102.0)
    assert reasons(book, request_id="a") == {"porto": "site is suspect"}
    book.event(SiteLinkDown(site="porto", reason=""))
    assert reasons(book, request_id="b") == {"porto": "site is dead"}
    book.event(SiteLinkUp(site="porto", hello=msg.Hello(site="porto", incarnation=1)))
    assert reasons(book, request_id="c") == {"porto": "site has not acknowledged this leader"}
    ack = msg.LeadingAck(domain="default", epoch=msg.Epoch(generation=1, revision=10))
    book.event(SiteSaid(site="porto", message=ack))
    assert reasons(book, request_id="d") == {"porto": "site's state is not known yet"}


def test_no_channel_at_the_target() -> None:
    lisbon, porto = FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0})
    porto.channels_max = 0
    assert reasons(leading(lisbon, porto)) == {"porto": "no free channel on network"}


def test_a_long_way_holds_a_place_not_an_agent() -> None:
    lisbon, porto = FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"diogo": 1.0})
    book = leading(lisbon, porto, docs=documents(["lisbon", "porto"], p99_s=5.0))
    book.event(SiteSaid(site="lisbon", message=ask()))
    reserve = book.sent("porto", msg.Reserve)
    assert (reserve.agent, reserve.expires_s) == ("", 10.0)


def test_a_long_way_to_a_full_queue_is_no_way() -> None:
    lisbon = FakeSite("lisbon", waiting_count=5)
    porto = FakeSite("porto", {"diogo": 1.0}, places_max=0)
    book = leading(lisbon, porto, docs=documents(["lisbon", "porto"], p99_s=5.0))
    assert "too long to hold an agent" in reasons(book)["porto"]


def test_ties_go_by_site_name() -> None:
    sites = [FakeSite(name, {"x": 1.0}) for name in ("faro", "beja", "porto")]
    book = leading(FakeSite("lisbon", waiting_count=5), *sites)
    book.event(SiteSaid(site="lisbon", message=ask()))
    book.sent("beja", msg.Reserve)
