"""What two user agents agreed on: the identity, route and counters of one dialog.

Rule of this file: RFC 3261 section 12 and nothing of calls; addresses are kept as they were
written.
"""

from __future__ import annotations

import contextlib

from nrcli.sip.errors import MessageError
from nrcli.sip.message import Headers, Request, Response
from nrcli.sip.uri import SipUri, split_commas, split_name_addr
from nrcli.sip.via import PORT_DEFAULT, is_numeric, tag_of
from site_agent.sip.signals import Peer

TLS_PORT_DEFAULT = 5061
TRANSPORTS = ("udp", "tcp", "tls")


class Dialog:
    """One dialog. `local` and `remote` are From and To of our requests, tags included.

    `routes` is the route set in the order in which we send it; `target` is the remote target.
    `keeps_flow`: the far end is behind NAT, so that its flow is the way and not its Contact.
    """

    __slots__ = (
        "call_id",
        "keeps_flow",
        "local",
        "local_cseq",
        "local_tag",
        "peer",
        "remote",
        "remote_cseq",
        "remote_tag",
        "routes",
        "target",
    )

    def __init__(self, call_id: str, peer: Peer) -> None:
        self.call_id = call_id
        self.peer = peer
        self.local = self.local_tag = self.remote = self.remote_tag = self.target = ""
        self.keeps_flow = False
        self.local_cseq = 0
        self.remote_cseq = -1
        self.routes: list[str] = []

    @staticmethod
    def as_server(request: Request, local_tag: str, cseq: int, peer: Peer) -> Dialog:
        """The dialog that answering this INVITE makes (RFC 3261 12.1.1)."""
        headers = request.headers
        dialog = Dialog(headers.get("call-id") or "", peer)
        dialog.local = f"{headers.get('to')};tag={local_tag}"
        dialog.local_tag = local_tag
        dialog.remote = headers.get("from") or ""
        dialog.remote_tag = tag_of(dialog.remote)
        dialog.remote_cseq = cseq
        dialog.routes = route_set(headers)
        dialog.target = contact_target(headers)
        return dialog

    @staticmethod
    def as_client(response: Response, local: str, cseq: int, peer: Peer) -> Dialog:
        """The dialog that a 2xx to our INVITE makes (RFC 3261 12.1.2)."""
        headers = response.headers
        dialog = Dialog(headers.get("call-id") or "", peer)
        dialog.local = local
        dialog.local_tag = tag_of(local)
        dialog.remote = headers.get("to") or ""
        dialog.remote_tag = tag_of(dialog.remote)
        dialog.local_cseq = cseq
        dialog.routes = route_set(headers)[::-1]
        dialog.target = contact_target(headers)
        return dialog

    def refresh_target(self, headers: Headers) -> None:
        """Take the Contact of a target refresh (re-INVITE, UPDATE); none changes nothing."""
        with contextlib.suppress(MessageError):
            self.target = contact_target(headers) or self.target

    def accepts_cseq(self, number: int) -> bool:
        """Whether a request of the far end is in order (RFC 3261 12.2.2); then it is the newest."""
        if number <= self.remote_cseq:
            return False
        self.remote_cseq = number
        return True

    def next_cseq(self) -> int:
        """The number of our next request."""
        self.local_cseq += 1
        return self.local_cseq

    def request_line(self) -> tuple[str, list[str]]:
        """Request-URI and Route values of a request, strict routers included (12.2.1.1)."""
        if self.routes and ";lr" not in self.routes[0].lower():
            first = _uri_text(self.routes[0])
            return first, [*self.routes[1:], f"<{self.target}>"]
        return self.target, self.routes

    def next_hop(self) -> Peer:
        """Where requests of this dialog go: the first route, or the remote target.

        A connection that stands is used again; so is the flow where an address is only a name.
        """
        if self.keeps_flow and not self.routes:
            return self.peer
        return hop_of(_uri_text(self.routes[0]) if self.routes else self.target, self.peer)


def hop_of(uri_text: str, flow: Peer) -> Peer:
    """The flow on which a URI is reached, seen from a flow that is known to work."""
    try:
        uri = SipUri.parse(uri_text)
    except MessageError:
        return flow
    transport = transport_of(uri, flow.transport)
    if transport not in TRANSPORTS or not is_numeric(uri.host):
        return flow
    host = uri.host.strip("[]")
    if transport != "udp" and transport == flow.transport and host == flow.remote[0]:
        return flow
    remote = (host, uri.port or port_of(transport))
    if remote == flow.remote and transport == flow.transport:
        return flow
    return Peer(transport, flow.local, remote)


def transport_of(uri: SipUri, default: str) -> str:
    """What a URI is reached by, in lower case: sips means TLS (RFC 3261 19.1.2)."""
    if uri.scheme == "sips":
        return "tls"
    return (uri.param("transport") or default).lower()


def port_of(transport: str) -> int:
    """The port where a URI names none (RFC 3261 19.1.2)."""
    return TLS_PORT_DEFAULT if transport == "tls" else PORT_DEFAULT


def route_set(headers: Headers) -> list[str]:
    """Members of Record-Route in their order; none where they cannot be read."""
    try:
        routes = headers.members("record-route")
        for route in routes:
            split_name_addr(route)
    except MessageError:
        return []
    return routes


def contact_target(headers: Headers) -> str:
    """The URI of the first Contact, "" if there is none.

    Raises: MessageError(400) for one that is malformed.
    """
    members = split_commas(headers.get("contact") or "")
    if not members:
        return ""
    uri_text = _uri_text(members[0])
    SipUri.parse(uri_text)
    return uri_text


def _uri_text(name_addr: str) -> str:
    return split_name_addr(name_addr)[1]
