"""Compares the names of the site's file with those of the PBX, and tells those that do not fit.

Rule of this file: only a list that was read to its end says that a name is missing, and only what
the site's own file can mend is told. Nothing about a call is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable

from routing_policies.errors import nearest
from site_agent.adapters import base
from site_agent.adapters.asterisk.ami_lists import EndpointSeen, ListOver, QueueSeen
from site_agent.adapters.asterisk.asterisk_protocol import endpoint_of
from site_agent.adapters.asterisk.desk import Desk

NAMES_MAX = 20
"More are not told: nobody reads them at once."


class KnownNames:
    """What the PBX has, as far as it was listed, and endpoints that callers came in on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._queues: set[str] = set()
        self._endpoints: set[str] = set()
        self._wrong: dict[str, tuple[base.PbxName, ...]] = {}
        "By list."
        self._strange: dict[str, base.PbxName] = {}
        "By endpoint, of callers whom no trunk group's endpoints explain."
        self._told: tuple[base.PbxName, ...] = ()

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
            named = [("queue", name, remedy) for name in self._desk.queues]
            self._wrong["queues"] = _missing(named, self._queues)
        elif event.kind == "endpoints":
            remedy = "correct `acd.trunk_groups[].endpoints`, or add it to pjsip.conf"
            self._wrong["endpoints"] = _missing(
                [
                    ("endpoint", endpoint, remedy)
                    for group in self._desk.trunks.values()
                    for endpoint in group.endpoints
                ],
                self._endpoints,
            )
        self._tell()

    def caller(self, channel: str, trunk_group: str) -> None:
        """A caller came in by this channel."""
        endpoint = endpoint_of(channel)
        strange = endpoint and not trunk_group and endpoint not in self._strange
        if not strange or len(self._strange) >= NAMES_MAX:
            return
        if any(agent.phone == endpoint for agent in self._desk.agents.values()):
            return
        self._strange[endpoint] = base.PbxName(
            name=f"endpoint {endpoint}",
            problem=f"a caller came in on endpoint {endpoint}, which no trunk group names: such"
            " callers are served here and never moved; add it to `acd.trunk_groups[].endpoints`",
        )
        self._tell()

    def _tell(self) -> None:
        lists = (one for names in self._wrong.values() for one in names)
        wrong = (*lists, *self._strange.values())[:NAMES_MAX]
        if wrong != self._told:
            self._told = wrong
            self._desk.tell(base.PbxNames(wrong=wrong))


def _missing(named: Iterable[tuple[str, str, str]], known: set[str]) -> tuple[base.PbxName, ...]:
    """Of (kind, name, remedy) those that the PBX does not have."""
    found = []
    for kind, name, remedy in named:
        if name not in known:
            near = nearest(name, known)
            meant = f"did you mean {near}?" if near else f"has {_some(known)}"
            problem = f"the PBX knows no {kind} {name} ({meant}): {remedy}"
            found.append(base.PbxName(name=f"{kind} {name}", problem=problem))
    return tuple(found)


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)[:NAMES_MAX]) or "none"
