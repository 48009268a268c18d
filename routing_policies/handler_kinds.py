"""The kind `Handler`: a voicemail, an announcement server or a callback machine that takes callers.

Rule of this file: the form of the document, and what follows from it alone: by which methods a call
gets there. Whether it is open and has room is known to others.

    {apiVersion: nirc/v1, kind: Handler, metadata: {name: voicemail-lisbon},
     spec: {uri: "sip:sales@192.0.2.50:5060", calls_max: 30,
            ways: [{trunk_group: carrier, methods: [redirect_302, refer, bridge],
                    follows_contacts: true}]}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import Field

from routing_policies.kinds_base import (
    ANY_SITE,
    AnyDocument,
    Name,
    Number,
    SiteOrAny,
    Strict,
    Words,
)
from routing_policies.shapes import shape

HandlerMethod = Literal["redirect_302", "refer", "bridge"]
PLACE = "handler:"
"Before the name of a handler where otherwise a site is named, so that the two are told apart."
NO_HANDLER = PLACE + "*"
"Among the refused targets of a request: whoever asks can send this caller to no handler."
_URI = re.compile(
    r"sips?:[A-Za-z0-9_.!~*'()+-]{1,64}@(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})"
    r"(?::(?P<port>[0-9]{1,5}))?(?:;transport=(?P<transport>udp|tcp|tls))?(?:;user=phone)?"
)
_GROUP_NAME = re.compile(r"\?P<[a-z]+>")
"Schemas know no names of groups."
_PORT_MAX = 65_535


def _is_handler_uri(text: str) -> bool:
    found = _URI.fullmatch(text)
    return found is not None and 0 < int(found["port"] or 1) <= _PORT_MAX


HandlerUri = Annotated[
    str,
    shape(
        "a SIP address without headers, such as sip:sales@192.0.2.50:5060 or"
        " sips:voicemail@vm.example",
        _is_handler_uri,
    ),
    Field(json_schema_extra={"pattern": f"^(?:{_GROUP_NAME.sub('?:', _URI.pattern)})$"}),
]


class HandlerWay(Strict):
    """How calls that came in on one trunk group get there."""

    site: SiteOrAny = ANY_SITE
    trunk_group: Name
    methods: Annotated[tuple[HandlerMethod, ...], Field(min_length=1, max_length=3)]
    follows_contacts: bool = False
    """The carrier tries the second Contact of a 302, which leads home: without it nobody is sent
    there by 302, for a 302 cannot be taken back."""
    set_up_p99_s: Annotated[float, Field(gt=0, le=120)] = 0.5


class HandlerSpec(Strict):
    """Where callers are sent whom nobody can serve, and how."""

    description: Words = ""
    uri: HandlerUri | None = None
    "Its address. Either this or `number`."
    number: Number | None = None
    """Its number, at the domain that the site's own settings of the trunk group give for numbers
    (`number_domains`; for a bridge `dial_to`)."""
    ways: Annotated[tuple[HandlerWay, ...], Field(min_length=1, max_length=1_000)]
    calls_max: Annotated[int, Field(ge=1, le=100_000)] | None = None
    "No more callers are sent there at once; none: no limit."
    call_s: Annotated[float, Field(ge=1, le=3600)] = 60.0
    "How long a caller counts as being there: nobody sees the end of a call that was sent away."
    calendar: Name | None = None
    "It takes callers while this calendar is open; none: always."
    ring_s: Annotated[float, Field(ge=1, le=180)] = 20.0
    "Not answered for so long, the caller waits on."
    ours: bool = False
    """The network owner's own: the interaction id, and in a bridge small attached data, go along.
    To all others only the dialed number and the reason."""

    def way(self, site: str, trunk_group: str) -> HandlerWay | None:
        """The way from a site's trunk group; the site's own one before that of all sites."""
        found = None
        for way in self.ways:
            if way.trunk_group == trunk_group and way.site in (site, ANY_SITE):
                found = way if found is None or way.site == site else found
        return found


class HandlerDoc(AnyDocument):
    """Kind `Handler`."""

    kind: Literal["Handler"]
    spec: HandlerSpec


Handlers = Mapping[str, HandlerDoc]
AFTER_ANSWER: tuple[HandlerMethod, ...] = ("refer", "bridge")
BEFORE_ANSWER: tuple[HandlerMethod, ...] = ("redirect_302", "bridge")


def methods_of(way: HandlerWay | None, *, answered: bool) -> tuple[HandlerMethod, ...]:
    """The methods that work for a call as it stands, best first; none: it cannot be sent there."""
    if way is None:
        return ()
    usual = AFTER_ANSWER if answered else BEFORE_ANSWER
    return tuple(
        method
        for method in usual
        if method in way.methods and (method != "redirect_302" or way.follows_contacts)
    )


def host_of(uri: str) -> str:
    """The host of a handler's address, without brackets."""
    found = _URI.fullmatch(uri)
    return found["host"].strip("[]") if found is not None else ""


def address_of(uri: str) -> tuple[str, int, str]:
    """(host without brackets, port, transport) of a handler's address (RFC 3261 19.1.2)."""
    found = _URI.fullmatch(uri)
    assert found is not None, "documents are checked"
    transport = found["transport"] or ("tls" if uri.startswith("sips:") else "udp")
    return host_of(uri), int(found["port"] or (5061 if transport == "tls" else 5060)), transport


def host_is_name(uri: str) -> bool:
    """Must somebody look it up?"""
    try:
        ip_address(host_of(uri))
    except ValueError:
        return True
    return False


def transport_clashes(uri: str) -> bool:
    """`sips` is TLS from end to end (RFC 5630): no other transport can stand beside it."""
    found = _URI.fullmatch(uri)
    return bool(found and uri.startswith("sips:") and found["transport"] in ("udp", "tcp"))
