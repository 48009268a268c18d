"""The documents of a network, checked and joined: what a router works with.

Rule of this file: data only; `assembly` makes these, and nothing changes them afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from routing_policies.compiler import CompiledPolicy
from routing_policies.kinds import PathDoc, ServiceDoc, SiteDoc

Address = tuple[str, int, str]
"(host, port, transport)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """Where calls for each site arrive, by (site, trunk group)."""

    addresses: Mapping[tuple[str, str], Address]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDocuments:
    """One consistent set of documents."""

    revision: int
    "Store revision at which the set was read."
    sites: Mapping[str, SiteDoc]
    paths: tuple[PathDoc, ...]
    services: Mapping[str, ServiceDoc]
    policy: CompiledPolicy
    site_table: bytes = b""
    "As the operator wrote it: carried to the sites unread."
    site_table_revision: int = 0
