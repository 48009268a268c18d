"""Nodes pass on what sites say to sites, and nothing else; what is not told is not claimed."""

from contract_samples import kinds_of, parts_of

from nrcli.wire.link_messages import Hello
from nrcli.wire.move_messages import SiteToSite
from nrcli.wire.peer_messages import PeerHello, PeerRelay, PeerStatus


def test_a_relay_carries_every_message_between_sites_and_no_other() -> None:
    assert parts_of(kinds_of(PeerRelay)["message"]) == parts_of(SiteToSite)


def test_a_node_that_says_nothing_leads_nothing_and_has_no_site() -> None:
    status = PeerStatus(node="n1")
    assert (status.leading, status.sites) == ((), ())


def test_nodes_and_sites_speak_the_same_versions() -> None:
    hello, peer = Hello(site="lisbon", incarnation=1), PeerHello(node="n1")
    assert (peer.version_oldest, peer.version_newest) == (
        hello.version_oldest,
        hello.version_newest,
    )
