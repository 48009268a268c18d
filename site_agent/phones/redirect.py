"""Reads where a 302 leads: Contacts by falling q value (RFC 3261 8.1.3.4), and the flow to an
address.

Rule of this file: pure; addresses are IP literals, as everywhere in the demo and the tests.
"""

from __future__ import annotations

from collections.abc import Mapping

from nrcli.sip.message import MessageError, NameAddr, Response, SipUri
from site_agent.sip.signals import Peer

SIP_PORT = 5060
Q_DEFAULT = 1.0


def contacts_by_q(response: Response) -> list[SipUri]:
    """Contacts to try, best first; equal q keep their order; bad ones are left out."""
    found: list[tuple[float, SipUri]] = []
    for line in response.headers.get_all("Contact"):
        try:
            addresses = NameAddr.parse_list(line)
        except MessageError:
            continue
        found += [(_q(address), address.uri.bare()) for address in addresses]
    return [uri for _, uri in sorted(found, key=lambda pair: -pair[0])]


def peer_of(uri: SipUri, local: tuple[str, int]) -> Peer:
    """The flow from our listen point to an address."""
    transport = (uri.param("transport") or "udp").lower()
    return Peer(transport, local, (uri.host, uri.port or SIP_PORT))


def by_edge(uri: SipUri, reaches: Mapping[str, tuple[str, int]] | None) -> SipUri | None:
    """Where an edge that takes telephone numbers alone sends a call to `uri`; None: nowhere."""
    if reaches is None:
        return uri
    for begins, (host, port) in reaches.items():
        if uri.user.startswith(begins):
            return SipUri.parse(f"sip:{uri.user}@{host}:{port}")
    return None


def _q(address: NameAddr) -> float:
    try:
        return float(address.param("q") or Q_DEFAULT)
    except ValueError:
        return 0.0
