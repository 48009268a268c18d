"""What the PBX lists beside channels and members: its queues, its endpoints, and the ends of lists.

Rule of this file: as in `ami_events`, which reads all else: text to values, nothing decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from site_agent.adapters.asterisk.asterisk_protocol import AmiMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSeen:
    """`QueueParams`: a queue of the PBX."""

    queue: str
    places_max: int
    "0: without a limit."


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSeen:
    """`EndpointList`: an endpoint of PJSIP that the PBX has."""

    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOver:
    """The last event of an answer in several parts."""

    kind: str
    "queues | channels | endpoints"
    action_id: str


def _queue(message: AmiMessage) -> QueueSeen | None:
    queue = message.get("queue")
    return QueueSeen(queue=queue, places_max=message.number("max")) if queue else None


def _endpoint(message: AmiMessage) -> EndpointSeen | None:
    endpoint = message.get("objectname")
    return EndpointSeen(endpoint=endpoint) if endpoint else None


def _queues_over(message: AmiMessage) -> ListOver:
    return ListOver(kind="queues", action_id=message.action_id)


def _channels_over(message: AmiMessage) -> ListOver:
    return ListOver(kind="channels", action_id=message.action_id)


def _endpoints_over(message: AmiMessage) -> ListOver:
    return ListOver(kind="endpoints", action_id=message.action_id)


LIST_READERS: dict[str, Callable[[AmiMessage], QueueSeen | EndpointSeen | ListOver | None]] = {
    "QueueParams": _queue,
    "QueueStatusComplete": _queues_over,
    "CoreShowChannelsComplete": _channels_over,
    "EndpointList": _endpoint,
    "EndpointListComplete": _endpoints_over,
}
