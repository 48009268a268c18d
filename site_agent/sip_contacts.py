"""Says which SIP addresses of a site agent's file can be dialed.

Rule of this file: a site looks up no names, so that an address which would fail at the first call
is refused when the file is read.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator

from nrcli.sip.message import MessageError, SipUri
from site_agent.sip.dialog import TRANSPORTS, transport_of


def dialable(text: str) -> str:
    """`text` as it is, if a site can dial it, or if it is empty. Raises `ValueError`."""
    if not text:
        return text
    try:
        uri = SipUri.parse(text)
    except (MessageError, ValueError) as error:
        raise ValueError(f'expected "sip:name@10.0.0.9:5060": {error}') from None
    if uri.scheme not in {"sip", "sips"}:
        raise ValueError("only sip: and sips: addresses can be dialed")
    transport = transport_of(uri, "udp")
    if transport not in TRANSPORTS:
        raise ValueError(f"transport {transport} is not spoken here: write udp, tcp or tls")
    try:
        ip_address(uri.host.strip("[]"))
    except ValueError:
        raise ValueError(
            f"{uri.host} is no IP address: write the address itself, a site looks up no names"
        ) from None
    return text


SipContact = Annotated[str, AfterValidator(dialable)]
"A SIP URI that can be dialed, or nothing."
