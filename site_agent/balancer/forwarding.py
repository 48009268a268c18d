"""Writes what a balancer passes on: requests with its Via on top, responses without it.

Rule of this file: pure, and without memory: where a response goes stands in the balancer's own Via,
and the branch of a request follows from the request (RFC 3261 16.11).
"""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from nrcli.sip.errors import MessageError
from nrcli.sip.message import NameAddr, Request, Response
from nrcli.sip.via import MAGIC_COOKIE, PORT_DEFAULT, cseq, hostport_of, stamped, top_via
from site_agent.balancer.settings import Address

MAX_FORWARDS = 70
SOURCE = "nirc-from"
"Parameter of our Via: where the request came from, and so where its responses go."


class OwnVia(NamedTuple):
    """What our own Via of a response says."""

    local: Address
    transport: str
    source: Address


def passed_on(request: Request, local: Address, transport: str, source: Address) -> bytes:
    """The request with one hop less and our Via on top. Raises MessageError, 483 for the last hop.

    Source: RFC 3261 16.6, RFC 3581.
    """
    headers = request.headers
    hops = headers.get("max-forwards")
    if hops is not None and not (hops.isascii() and hops.isdigit() and len(hops) <= 3):
        raise MessageError(400, "Malformed Max-Forwards", request)
    left = MAX_FORWARDS if hops is None else int(hops) - 1
    if left < 0:
        raise MessageError(483, "Too Many Hops", request)
    via = top_via(headers)
    others = headers.get_all("via")[1:]
    own = f"SIP/2.0/{transport.upper()} {_hostport(local)};branch={_branch(request)}"
    own += f";{SOURCE}={_packed(source)};rport"
    headers.set("Max-Forwards", str(left))
    headers.remove("via")
    lines = [("Via", own), ("Via", stamped(via, source)), *(("Via", one) for one in others)]
    kept = headers.items()
    request.headers = type(headers)([*lines, *kept])
    return request.encode()


def given_back(response: Response) -> tuple[OwnVia, bytes]:
    """Where a response goes, and what. Raises MessageError if its first Via is not one of ours."""
    headers = response.headers
    via = top_via(headers)
    own = _own(via.line, via.host, via.port, via.transport)
    rest = [via.others] if via.others else []
    rest += headers.get_all("via")[1:]
    if not rest:
        raise MessageError(400, "No Via but ours")
    headers.remove("via")
    response.headers = type(headers)([*(("Via", one) for one in rest), *headers.items()])
    return own, response.encode()


def record_route(request: Request, local: Address, transport: str) -> None:
    """Requests of this call pass here from now on (RFC 3261 16.6, step 4)."""
    value = f"<sip:{_hostport(local)};transport={transport};lr>"
    headers = request.headers
    routes = headers.get_all("record-route")
    headers.remove("record-route")
    for line in (value, *routes):
        headers.add("Record-Route", line)


def without_own_routes(request: Request, own: frozenset[Address]) -> bool:
    """Take our own addresses from the top of the route; were there any? Raises MessageError."""
    headers = request.headers
    routes = headers.members("route")
    count = 0
    while count < len(routes) and _address(routes[count]) in own:
        count += 1
    if count:
        headers.remove("route")
        for route in routes[count:]:
            headers.add("Route", route)
    return bool(count)


def next_hop(request: Request) -> Address | None:
    """Where the request itself says that it goes; None for a name. Raises MessageError."""
    routes = request.headers.members("route")
    host, port = _address(routes[0]) if routes else hostport_of(request.uri.hostport)
    numeric = ":" in host or all(part.isdigit() for part in host.split("."))
    return (host, port) if numeric else None


def _address(route: str) -> Address:
    return hostport_of(NameAddr.parse(route).uri.hostport)


def _branch(request: Request) -> str:
    """The same for an INVITE, its CANCEL, its ACK and whatever is sent again."""
    via = top_via(request.headers)
    number, _ = cseq(request.headers)
    if via.branch.lower().startswith(MAGIC_COOKIE):
        said = f"{via.branch}\0{via.sent_by}"
    else:
        said = f"{request.headers.get('from')}\0{request.headers.get('call-id')}\0{via.line}"
    whole = f"{said}\0{number}".encode("utf-8", "surrogateescape")
    return f"z9hG4bK{sha256(whole).hexdigest()[:32]}"


def _own(line: str, host: str, port: int | None, transport: str) -> OwnVia:
    for part in line.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip() == SOURCE:
            return OwnVia(
                (host.strip("[]"), port or PORT_DEFAULT), transport.lower(), _unpacked(value)
            )
    raise MessageError(400, "Not a Via of ours")


def _packed(address: Address) -> str:
    """An address as one token."""
    return f"{address[0].replace(':', '_')}-{address[1]}"


def _unpacked(text: str) -> Address:
    host, dash, port = text.strip().rpartition("-")
    if not dash or not port.isdigit() or not 0 < int(port) < 65_536:
        raise MessageError(400, "Not a Via of ours")
    return host.replace("_", ":"), int(port)


def _hostport(address: Address) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
