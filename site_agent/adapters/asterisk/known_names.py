"""Compares the names of the site's file with those of the PBX, and tells those that do not fit.

Rule of this file: only a list that was read to its end says that a name is missing, and only what
the site's own file can mend is told. Nothing about a call is decided here.
"""

from __future__ import annotations

from site_agent.adapters.asterisk.ami_lists import EndpointSeen, ListOver, QueueSeen
from site_agent.adapters.asterisk.asterisk_protocol import endpoint_of
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.pbx_names import NameBook, missing, unnamed_queues


class KnownNames:
    """What the PBX has, as far as it was listed, and endpoints that callers came in on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._queues: set[str] = set()
        self._endpoints: set[str] = set()
        self._book = NameBook(desk.tell)

    def begin(self) -> None:
        """Lists are asked for."""
        self._queues.clear()
        self._endpoints.clear()

    def queue_seen(self, event: QueueSeen) -> None:
        """A queue of the PBX."""
        self._queues.add(event.queue)

    def endpoint_seen(self, event: EndpointSeen) -> None:
        """An endpoint of the PBX."""
        self._endpoints.add(event.endpoint)

    def over(self, event: ListOver) -> None:
        """A list was read to its end."""
        if event.kind == "queues":
            remedy = "correct `acd.queues`, or add it to queues.conf"
            named, others = list(self._desk.queues), self._desk.settings.other_queues
            self._book.listed(
                "queues",
                *missing("queue", named, self._queues, remedy),
                *unnamed_queues(self._queues, named, others),
            )
        elif event.kind == "endpoints":
            remedy = "correct `acd.trunk_groups[].endpoints`, or add it to pjsip.conf"
            groups = self._desk.trunks.values()
            endpoints = [endpoint for group in groups for endpoint in group.endpoints]
            self._book.listed("endpoints", *missing("endpoint", endpoints, self._endpoints, remedy))

    def caller(self, channel: str, trunk_group: str) -> None:
        """A caller came in by this channel."""
        endpoint = endpoint_of(channel)
        if not endpoint or trunk_group:
            return
        if any(agent.phone == endpoint for agent in self._desk.agents.values()):
            return
        self._book.came_by(
            f"endpoint {endpoint}",
            f"a caller came in on endpoint {endpoint}, which no trunk group names: such"
            " callers are served here and never moved; add it to `acd.trunk_groups[].endpoints`",
        )
