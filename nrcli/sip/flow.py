"""One flow of SIP: a pair of addresses and how bytes go between them.

Rule of this file: frozen data only.
"""

from __future__ import annotations

from dataclasses import dataclass

Header = tuple[str, str]
"(name, value) as the owner wants it."


@dataclass(frozen=True, slots=True)
class Peer:
    """One flow: where bytes come from and where they go. `local` is one of our listen points."""

    transport: str
    "udp | tcp | tls"
    local: tuple[str, int]
    remote: tuple[str, int]
