"""Two routers and sites in memory: a new leader takes over while calls are on their way."""

from __future__ import annotations

from playbook import Playbook, play
from router_network import FakeSite, ask, documents, numbered

from nirc.core.actions import SendToPeer
from nirc.core.events import (
    CampaignWon,
    DocumentsChanged,
    LeadershipLost,
    PeerSaid,
    PeerUp,
    SiteLinkUp,
    SiteSaid,
)
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg

OLD = msg.Epoch(generation=1, revision=10)
NEW = msg.Epoch(generation=1, revision=20)


class Network:
    """Nodes n1 and n2, and sites that speak to both."""

    def __init__(self, *sites: FakeSite) -> None:
        self.sites = {site.name: site for site in sites}
        self.nodes: dict[str, Playbook] = {}
        self.answers: list[msg.RouteAnswer] = []
        for name in ("n1", "n2"):
            router = Router(node=name, settings=RouterSettings(), new_id=numbered(name))
            book = self.nodes[name] = play(router)
            book.event(DocumentsChanged(documents=documents(self.sites)))
            for site in sites:
                self.link(name, site)
        for name, other in (("n1", "n2"), ("n2", "n1")):
            self.nodes[name].event(PeerUp(node=other))

    def link(self, node: str, site: FakeSite) -> None:
        known = (msg.KnownEpoch(domain="default", epoch=site.highest),)
        hello = msg.Hello(site=site.name, incarnation=1, epochs=known)
        self.nodes[node].event(SiteLinkUp(site=site.name, hello=hello))
        self.deliver(node)
        self.say(node, site.name, site.snapshot(self.nodes[node].now_s))

    def win(self, node: str, epoch: msg.Epoch) -> None:
        book = self.nodes[node]
        book.event(CampaignWon(domain="default", epoch=epoch, sent_at_s=book.now_s, ttl_s=60.0))
        self.deliver(node)

    def say(self, node: str, site: str, message: msg.SiteMessage, deliver: bool = True) -> None:
        self.nodes[node].event(SiteSaid(site=site, message=message))
        if deliver:
            self.deliver(node)

    def deliver(self, node: str) -> None:
        """Every message to a site is heard, and answered to the same node."""
        book = self.nodes[node]
        for site, message in list(book.messages(object)):
            if isinstance(message, msg.RouteAnswer):
                self.answers.append(message)
            for said in self.sites[site].hear(message, book.now_s):
                self.say(node, site, said)


def test_a_new_leader_answers_with_the_token_the_old_one_got() -> None:
    lisbon, porto = FakeSite("lisbon", waiting_count=4), FakeSite("porto", {"diogo": 1.0})
    faro = FakeSite("faro", {"katia": 0.5})
    network = Network(lisbon, porto, faro)
    network.win("n1", OLD)
    network.say("n1", "lisbon", ask("r1"))
    first = network.answers.pop()
    assert (first.target_site, first.epoch) == ("faro", OLD)
    for node in ("n1", "n2"):
        network.say(node, "faro", faro.snapshot(100.0))
    network.win("n2", NEW)
    network.say("n2", "lisbon", ask("r1"))
    second = network.answers.pop()
    assert (second.target_site, second.token, second.epoch) == ("faro", first.token, NEW)
    assert len(faro.held) == 1
    assert porto.held == {}


def test_the_old_leader_is_refused_by_every_site_that_heard_the_new_one() -> None:
    lisbon, porto = FakeSite("lisbon", waiting_count=4), FakeSite("porto", {"diogo": 1.0})
    network = Network(lisbon, porto)
    network.win("n1", OLD)
    network.win("n2", NEW)
    network.say("n1", "lisbon", ask("r1"))
    assert porto.held == {}
    assert network.answers == []
    network.say("n1", "lisbon", ask("r2"), deliver=False)
    assert network.nodes["n1"].sent("lisbon", msg.NotLeading).request_id == "r2"


def test_etcd_set_back_is_healed_by_a_higher_generation() -> None:
    lisbon, porto = FakeSite("lisbon", waiting_count=4), FakeSite("porto", {"diogo": 1.0})
    network = Network(lisbon, porto)
    network.win("n1", NEW)
    network.nodes["n1"].event(LeadershipLost(domain="default", reason="etcd was restored"))
    network.win("n2", OLD)
    network.say("n2", "lisbon", ask("r1"), deliver=False)
    network.nodes["n2"].sent("lisbon", msg.NotLeading)
    network.win("n2", msg.Epoch(generation=2, revision=3))
    network.say("n2", "lisbon", ask("r1"))
    assert network.answers[-1].target_site == "porto"


def test_a_word_between_sites_goes_through_the_node_that_has_the_stream() -> None:
    lisbon, porto = FakeSite("lisbon"), FakeSite("porto")
    network = Network(lisbon)
    network.sites["porto"] = porto
    for name in ("n1", "n2"):
        changed = DocumentsChanged(documents=documents(network.sites))
        network.nodes[name].event(changed)
    network.link("n2", porto)
    status = msg.PeerStatus(node="n2", sites=("lisbon", "porto"))
    n1, n2 = network.nodes["n1"], network.nodes["n2"]
    n1.event(PeerSaid(node="n2", message=status))
    cancel = msg.Cancel(token="t", request_id="r", from_site="lisbon", to_site="porto")
    n1.event(SiteSaid(site="lisbon", message=cancel))
    relay = n1.take(SendToPeer, node="n2")
    n2.event(PeerSaid(node="n1", message=relay.message))
    assert n2.sent("porto", msg.Cancel) == cancel
