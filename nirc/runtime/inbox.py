"""Keeps events until they are handled: what this node says itself first, then everybody in turn.

Rule of this file: events of one site, or of one node, keep their order; nobody waits behind
another's flood. What a site says finds no place beyond its own limit, or beyond that of all.
"""

from __future__ import annotations

from collections import deque

from nirc.core.events import Event, PeerDown, PeerSaid, PeerUp, SiteAlive, SiteSaid
from nrcli.sip.redirect_words import PreRouteAsked

OWN = ""
"Source of timers, of etcd's answers and of orders: little, and always first."
Waiting = tuple[float, Event]
"(when it was put in, event)"


class Inbox:
    """Events by source, and the sources in turn."""

    __slots__ = ("_count", "_events", "_of_site_max", "_own", "_sites_max", "_turns")

    def __init__(self, *, inbox_max: int, of_site_max: int) -> None:
        self._sites_max = inbox_max
        self._of_site_max = of_site_max
        self._own: deque[Waiting] = deque()
        self._events: dict[str, deque[Waiting]] = {}
        "By source; a source without events is not there."
        self._turns: deque[str] = deque()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def share(self) -> float:
        """How full it is: 0 to 1, and beyond by what is never refused."""
        return self._count / self._sites_max

    def put(self, event: Event, now_s: float) -> bool:
        """Keeps it; False for words of a site, or an edge, that find no place."""
        source = source_of(event)
        events = self._events.get(source)
        if isinstance(event, SiteSaid | SiteAlive | PreRouteAsked):
            of_site = len(events) if events else 0
            if self._count >= self._sites_max or of_site >= self._of_site_max:
                return False
        self._count += 1
        if source == OWN:
            self._own.append((now_s, event))
        elif events is None:
            self._events[source] = deque([(now_s, event)])
            self._turns.append(source)
        else:
            events.append((now_s, event))
        return True

    def pop(self) -> Waiting:
        """The next one. Raises IndexError if there is none."""
        if self._own:
            self._count -= 1
            return self._own.popleft()
        source = self._turns.popleft()
        events = self._events[source]
        self._count -= 1
        waiting = events.popleft()
        if events:
            self._turns.append(source)
        else:
            del self._events[source]
        return waiting


def source_of(event: Event) -> str:
    """Whose event it is: a site's, an edge's, another node's, or this node's own."""
    if isinstance(event, PreRouteAsked):
        return f"client {event.client}"
    if isinstance(event, PeerSaid | PeerUp | PeerDown):
        return f"node {event.node}"
    site = getattr(event, "site", "")
    return f"site {site}" if site else OWN
