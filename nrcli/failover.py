"""Decides which node a site turns to.

Rule of this file: pure. What only the leader may decide goes to the leader and to nobody else; what
any node can do goes to the leader too while its link stands, else to the same other node each time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from zlib import crc32

from nrcli.wire.backoff import Backoff, BackoffSettings

__all__ = ["Backoff", "BackoffSettings", "preferred_node"]


def preferred_node(
    nodes: Sequence[str], up: Collection[str], *, site: str, leader: str = ""
) -> str | None:
    """The node to use for what any node can do; None when no link stands.

    Sites differ in the node they fall back to, so that one node does not get them all.
    """
    if leader in up:
        return leader
    start = crc32(site.encode("utf-8")) % len(nodes) if nodes else 0
    ordered = [*nodes[start:], *nodes[:start]]
    return next((node for node in ordered if node in up), None)
