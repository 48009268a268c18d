"""People see the whole picture, in plain values."""

from __future__ import annotations

import json
from dataclasses import asdict

from router_network import EPOCH, FakeSite, ask, leading

from nirc.core.events import SiteSaid
from nrcli.wire import messages as msg


def test_the_picture() -> None:
    porto = FakeSite("porto", {"diogo": 1.0})
    book = leading(FakeSite("lisbon", waiting_count=5), porto)
    book.event(SiteSaid(site="lisbon", message=ask()))
    (grant,) = porto.hear(book.sent("porto", msg.Reserve), book.now_s)
    book.event(SiteSaid(site="porto", message=grant), at_s=100.5)
    view = book.router.view(101.0)
    assert [site.site for site in view.sites] == ["lisbon", "porto"]
    seen = view.sites[1]
    assert (seen.liveness, seen.linked, seen.synced, seen.acknowledged) == (
        "alive",
        True,
        True,
        True,
    )
    assert [agent.agent for agent in seen.agents] == ["diogo"]
    assert [site.state_age_s for site in view.sites] == [1.0, 1.0]
    assert [trunk.trunk_group for trunk in seen.trunks] == ["network"]
    assert seen.queues[0].queue == "sales"
    (move,) = view.moves
    assert (move.origin_site, move.target_site, move.age_s) == ("lisbon", "porto", 0.5)
    (domain,) = view.domains
    assert (domain.leader, domain.epoch, domain.leading_here) == ("n1", EPOCH, True)
    assert view.decisions[0].outcome == "move"
    assert view.counters["moves.answered"] == 1
    assert (view.policy, view.documents_revision) == ("default", 7)


def test_it_is_json_as_it_is() -> None:
    book = leading(FakeSite("lisbon"), FakeSite("porto", {"diogo": 1.0}))
    text = json.dumps(asdict(book.router.view(101.0)), default=lambda value: value.value)
    assert json.loads(text)["node"] == "n1"
