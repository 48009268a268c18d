"""Names the caller to whom a call is passed on to (RFC 3323, 3325, 8224).

Rule of this file: From carries the number as it was read, cut to harmless characters; what vouches
for it goes along only where the trunk group's `bridge_identity` says so. A caller who withholds the
number is anonymous to agents and asserted with `Privacy: id` only.
"""

from __future__ import annotations

from nrcli.sip.message import Headers
from site_agent.adapters.sip_acd.calls import Call
from site_agent.adapters.sip_acd.heard_numbers import withholds
from site_agent.sip.signals import Header

ANONYMOUS = "<sip:anonymous@anonymous.invalid>"
SIGNED = ("Identity", "Date")
IDENTITIES_MAX = 4
IDENTITY_CHARS_MAX = 4096


def shown_from(call: Call, host: str) -> str:
    """The From of an INVITE on behalf of a caller."""
    return f"<sip:{call.ani}@{_host(host)}>" if call.ani else ANONYMOUS


def identity(call: Call, host: str) -> list[Header]:
    """Further headers that name the caller to the target of a bridge."""
    rule, headers = call.trunk.settings.bridge_identity, call.invite.headers
    if rule == "from":
        return []
    lines: list[Header] = []
    if call.ani:
        lines.append(("P-Asserted-Identity", f"<sip:{call.ani}@{_host(host)}>"))
    if withholds(headers):
        lines.append(("Privacy", "id"))
    if rule == "signed" and call.trunk.vouches(call.peer.remote[0]):
        lines += _signed(headers)
    return lines


def _signed(headers: Headers) -> list[Header]:
    values = [(name, value) for name in SIGNED for value in headers.get_all(name)]
    return [pair for pair in values if len(pair[1]) <= IDENTITY_CHARS_MAX][:IDENTITIES_MAX]


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host
