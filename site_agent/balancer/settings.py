"""What a balancer is told: its doors, its members, and how they are watched.

Rule of this file: frozen data only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

Address = tuple[str, int]
IpNetwork = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A listen address that callers or phones know; each member has an address behind it."""

    name: str
    listen: Address
    transports: tuple[str, ...]
    peers: tuple[IpNetwork, ...]
    "Who may send here; members always may."


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSettings:
    """One telephone system behind the balancer."""

    name: str
    addresses: Mapping[str, Address]
    "By door. A door that is missing: nothing that came in there goes to this member."
    weight: int = 1
    draining: bool = False
    "Gets no new calls and no new log-ins; calls that stand go on."


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancerSettings:
    """Limits and times."""

    name: str
    doors: tuple[Door, ...]
    record_route: bool = True
    "Requests within calls pass here too (RFC 3261 16.6); False: they go straight to the member."
    probe_s: float = 2.0
    "Each member is asked by OPTIONS this often."
    probes_missed_max: int = 3
    "So many without an answer: the member is down."
    silent_s: float = 1.4
    """An INVITE that a member has not answered at all for so long goes to another with the caller's
    next retransmission (0.5, 1.5, 3.5 s)."""
    strikes_max: int = 2
    "After so many of those in a row the member is down until it answers a probe."
    remember_s: float = 300.0
    "A call is remembered for so long after its last message."
    calls_max: int = 100_000
    "Calls remembered at once; beyond, the one not heard of for longest is forgotten."
