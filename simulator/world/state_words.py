"""Tells the history which state of each site a node has taken: by what it acknowledged.

Rule of this file: what is ordinary (the next version on the site's own stream) is told now and then
only, anything else at once; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import StateAck

TOLD_EVERY_S = 5.0
Note = Callable[..., None]
"Takes a kind and its fields."


class StateWords:
    """One node's process."""

    __slots__ = ("_node", "_note", "_told")

    def __init__(self, node: str, note: Note) -> None:
        self._node = node
        self._note = note
        self._told: dict[str, tuple[int, int, float]] = {}
        "By site: incarnation and version that were last seen, and when that was last told."

    def acked(self, site: str, via: str, ack: StateAck, now_s: float) -> None:
        """The node acknowledged a site's state, after a word of `via`."""
        incarnation, version, told_at_s = self._told.get(site, (0, 0, -TOLD_EVERY_S))
        ordinary = site == via and ack.incarnation == incarnation and ack.version >= version
        if ordinary and now_s - told_at_s < TOLD_EVERY_S:
            self._told[site] = (ack.incarnation, ack.version, told_at_s)
            return
        if not ordinary and incarnation:
            self._tell(site, site, incarnation, version)
        self._told[site] = (ack.incarnation, ack.version, now_s)
        self._tell(site, via, ack.incarnation, ack.version)

    def _tell(self, site: str, via: str, incarnation: int, version: int) -> None:
        self._note(
            "site_state",
            node=self._node,
            of=site,
            via=via,
            incarnation=incarnation,
            version=version,
        )
