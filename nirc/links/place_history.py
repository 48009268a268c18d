"""Keeps what queues and sites were like through the last hours, for curves on a screen.

Rule of this file: pure, and bounded by places and intervals. It is no record: figures to be relied
on come from records (docs/kpis.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nrcli.wire.history_models import PlaceHistory

Place = tuple[str, str]
"(site, queue); an empty queue: the whole site; both empty: the network."


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A place at one moment. Those that end in `_count` only grow, until who counts starts anew;
    sites and the network have none of their own, but what their queues' have grown by."""

    place: Place
    waiting: int
    ready: int
    busy: int
    answered_count: int = 0
    abandoned_count: int = 0
    moved_count: int | None = None
    service_level: float | None = None


@dataclass(slots=True)
class _Point:
    """One place in one interval."""

    looks: int = 0
    waiting_sum: float = 0.0
    waiting_max: float = 0.0
    ready_sum: float = 0.0
    busy_sum: float = 0.0
    answered: float = 0.0
    abandoned: float = 0.0
    moved: float | None = None
    service_level: float | None = None

    def add(self, look: Look) -> None:
        """Take one look."""
        self.looks += 1
        self.waiting_sum += look.waiting
        self.waiting_max = max(self.waiting_max, look.waiting)
        self.ready_sum += look.ready
        self.busy_sum += look.busy
        self.service_level = look.service_level

    def told(self) -> dict[str, float | None]:
        """As `PlaceHistory` names them."""
        return {
            "waiting_max": self.waiting_max,
            "waiting_mean": round(self.waiting_sum / self.looks, 2),
            "ready_mean": round(self.ready_sum / self.looks, 2),
            "busy_mean": round(self.busy_sum / self.looks, 2),
            "answered": self.answered,
            "abandoned": self.abandoned,
            "service_level": self.service_level,
            "moved": self.moved,
        }


_VALUES = [name for name in PlaceHistory.model_fields if name not in ("site", "queue")]


class KeptHistory:
    """A ring of intervals, each with its places."""

    def __init__(self, *, interval_s: float, intervals_max: int, places_max: int) -> None:
        self.interval_s = interval_s
        self._intervals_max = intervals_max
        self._places_max = places_max
        self._points: dict[float, dict[Place, _Point]] = {}
        "By the begin of the interval, in seconds since 1970."
        self._before: dict[Place, Look] = {}

    def add(self, looks: Iterable[Look], now_unix_s: float) -> None:
        """Take a look into the interval that goes on; beyond `places_max` places are left out."""
        begin_unix_s = now_unix_s // self.interval_s * self.interval_s
        points = self._points.setdefault(begin_unix_s, {})
        seen: dict[Place, Look] = {}
        for look in looks:
            known = look.place in points
            if len(seen) >= self._places_max or (not known and len(points) >= self._places_max):
                continue
            seen[look.place] = look
            points.setdefault(look.place, _Point()).add(look)
            self._grow(points, look, self._before.get(look.place))
        self._before = seen
        # The clock on the wall may be set back: the oldest by their own time go.
        while len(self._points) > self._intervals_max:
            del self._points[min(self._points)]

    @staticmethod
    def _grow(points: dict[Place, _Point], look: Look, before: Look | None) -> None:
        """What a queue's counts have grown by is its site's and the network's too."""
        point, site = points[look.place], look.place[0]
        if look.moved_count is not None:
            moved = _grown(look.moved_count, before.moved_count) if before else 0.0
            point.moved = (point.moved or 0.0) + moved
        if before is None:
            return
        answered = _grown(look.answered_count, before.answered_count)
        abandoned = _grown(look.abandoned_count, before.abandoned_count)
        for place in {look.place, (site, ""), ("", "")} & points.keys():
            points[place].answered += answered
            points[place].abandoned += abandoned

    def begins(self) -> tuple[float, ...]:
        """Begin of each interval, oldest first."""
        return tuple(sorted(self._points))

    def places(self) -> list[Place]:
        """All places that were seen, the network first, each site before its queues."""
        return sorted({place for points in self._points.values() for place in points})

    def of(self, place: Place) -> PlaceHistory:
        """One place through all intervals."""
        told = [
            point.told() if (point := self._points[begin].get(place)) else {}
            for begin in self.begins()
        ]
        values = {name: tuple(one.get(name) for one in told) for name in _VALUES}
        return PlaceHistory(site=place[0], queue=place[1], **values)


def _grown(now: int, before: int | None) -> float:
    """By how much a count has grown; one that fell was begun anew."""
    if before is None:
        return 0.0
    return float(now - before if now >= before else now)
