"""What an ACD tells its daemon: the events of a happening, in order, and nothing twice.

Rule of this file: what did not change is not told; queues are told last.
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.wire.messages import AgentState
from simulator.model.instants import now_s
from simulator.model.network import SiteModel
from simulator.world.acd_lines import Line
from simulator.world.acd_state import SHOWN, Agent
from site_agent.adapters import base


class Telling:
    """The events of the present happening, and what was told before."""

    def __init__(self, model: SiteModel, lines: Sequence[Line], used: Sequence[int]) -> None:
        self._model = model
        self._lines = lines
        self._used = used
        self._events: list[base.AcdEvent] = []
        self._queues: list[base.QueueChanged | None] = [None] * len(lines)
        self._trunks = [-1] * len(used)
        self.changed: set[int] = set(range(len(lines)))
        "Queues that may have changed."

    def forget(self) -> None:
        """Whoever was told is gone: everything is told anew."""
        self._events.clear()
        self._queues = [None] * len(self._lines)
        self._trunks = [-1] * len(self._used)
        self.changed.update(range(len(self._lines)))

    def event(self, event: base.AcdEvent) -> None:
        """One more event."""
        self._events.append(event)

    def agent(self, agent: Agent) -> None:
        """An agent as the daemon sees them, if that changed."""
        shown: AgentState = SHOWN[agent.state]
        if shown is not agent.shown:
            agent.shown = shown
            self._events.append(
                base.AgentChanged(agent=agent.name, state=shown, queues=agent.memberships)
            )

    def trunk(self, trunk: int) -> None:
        """A trunk group as it is, if that changed."""
        if self._trunks[trunk] == self._used[trunk]:
            return
        self._trunks[trunk] = self._used[trunk]
        group = self._model.trunks[trunk]
        self._events.append(
            base.TrunkChanged(
                trunk_group=group.name,
                channels_max=group.channels_max,
                channels_used_count=self._used[trunk],
            )
        )

    def take(self) -> list[base.AcdEvent]:
        """The events, queues last; asked for once at the end of each happening."""
        if self.changed:
            for queue in sorted(self.changed):
                self._queue(queue)
            self.changed.clear()
        events, self._events = self._events, []
        return events

    def _queue(self, queue: int) -> None:
        line, model = self._lines[queue], self._model.queues[queue]
        oldest_us = line.oldest_us()
        event = base.QueueChanged(
            queue=model.name,
            open=True,
            waiting_count=len(line.legs),
            places_max=model.places_max,
            answered_count=line.answered_count,
            abandoned_count=line.abandoned_count,
            aht_s=model.aht_s,
            oldest_offered_at_s=None if oldest_us is None else now_s(oldest_us),
        )
        if event != self._queues[queue]:
            self._queues[queue] = event
            self._events.append(event)
