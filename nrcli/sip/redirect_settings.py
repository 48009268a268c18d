"""Who may ask where to deliver a call, and the limits of what is kept for them.

Rule of this file: frozen data only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from nrcli.sip.limits import MessageLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectClient:
    """One edge or carrier."""

    name: str
    networks: tuple[IPv4Network | IPv6Network, ...]
    "Addresses that its requests come from; nobody else is answered."
    trunk_group: str
    "On which its calls arrive at sites: names addresses in the site table, and number plans."
    calls_per_s_max: float = 1_000.0
    "New calls of one address per second, with a second's worth at once; beyond: 503."
    identity: bool = False
    "Its P-Asserted-Identity and verstat are believed."
    contacts_max: int = 2
    "Contacts of one 302; 1 for an edge that does not try a second one."


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectSettings:
    """Of one node."""

    clients: tuple[RedirectClient, ...]
    deadline_s: float = 1.0
    "A question is answered within this, from the table where nothing better is known."
    answers_kept_s: float = 16.0
    "A call asked about again within this gets the same answer."
    answers_kept_max: int = 50_000
    sources_max: int = 10_000
    "Addresses whose rate is remembered."
    messages_factor: float = 6.0
    "Messages of one address per second beyond so many times its calls are not even read."
    limits: MessageLimits = field(default_factory=MessageLimits)
