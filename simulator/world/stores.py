"""The store of attached data, which may be away, slow, or empty after a new start.

Rule of this file: what is asked of it is answered once, with the reason where it could not be done;
a write that came too late may have been done all the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nirc.core import events as ev
from simulator.model.instants import US
from simulator.world.timeline import REPLY

if TYPE_CHECKING:
    from simulator.world.node import WorldNode
    from simulator.world.world import World

STORE_US = 2_000
PATIENCE_US = 300_000
"A node does not wait longer for its store."
UNAVAILABLE = "store_unavailable"


class Stores:
    """The one store of the network."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.downs = 0
        "How many faults keep it from answering."
        self.slow_s = 0.0
        "How much longer, at the most, it takes."

    def answer(self, node: WorldNode, event: Any) -> None:
        """Tell the process that asked what became of it."""
        world = self._world
        wait_us = STORE_US
        if self.slow_s:
            wait_us += int(world.dice.between(0.0, self.slow_s, "store") * US)
        if self.downs and isinstance(event, ev.DataWasStored):
            world.data.pop((event.interaction_id, event.version), None)
        if self.downs or wait_us > PATIENCE_US:
            event, wait_us = _refused(event), PATIENCE_US
        timeline = world.timeline
        timeline.at(timeline.now_us + wait_us, REPLY, node.in_this_life, (node.life, event))

    def emptied(self) -> None:
        """It was started anew, and had kept nothing."""
        self._world.data.clear()


def _refused(event: Any) -> Any:
    if isinstance(event, ev.DataWasFetched):
        return replace(event, data=b"", digest=b"", reason=UNAVAILABLE)
    return replace(event, reason=UNAVAILABLE)
