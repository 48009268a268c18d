"""What a traffic shift is: whose callers, where to, which share and when, and how it goes back.

Rule of this file: pure. The share follows from the time since the beginning alone, so that each
leader comes to the same; whether a caller is meant follows from their id, and stays so as it grows.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from routing_policies.call_features import shift_share_of

BUCKETS = 12
"Parts of the window in which the service level is measured."


@dataclass(frozen=True, slots=True, kw_only=True)
class RollBack:
    """When a shift is given up by itself: the callers it moved are served too late."""

    floor: float
    "Share answered in time, 0 to 1; below it the shift is in danger. 0: it is never given up."
    recovers: float = 0.05
    "The danger is over once the share is so far above the floor."
    after_s: float = 30.0
    "In danger for so long it is given up."
    window_s: float = 300.0
    "The newest callers that are looked at."
    calls_min: int = 10
    "Fewer of them say nothing."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficShift:
    """One shift of calls away from a site."""

    shift_id: str
    from_site: str
    to_site: str = ""
    "Empty: the site is drained. All its callers go wherever they are served, and none comes."
    service: str = ""
    "Of this service alone; empty: of every one."
    queue: str = ""
    "Who enters this queue of `from_site` alone; empty: any."
    steps: tuple[float, ...] = (1.0,)
    "Shares of the callers, in order; the last one stays. 0 to 1."
    step_s: float = 0.0
    "How long each step but the last lasts."
    roll_back: RollBack

    @property
    def drains(self) -> bool:
        """Is the site to get no calls of others either?"""
        return not self.to_site

    def share(self, since_s: float) -> float:
        """The share of callers meant so long after the beginning.

        >>> shift = TrafficShift(
        ...     shift_id="s", from_site="lisbon", to_site="porto", steps=(0.1, 0.5, 1.0),
        ...     step_s=60.0, roll_back=RollBack(floor=0.7)
        ... )
        >>> [shift.share(at_s) for at_s in (0.0, 59.9, 60.0, 119.0, 120.0, 9999.0)]
        [0.1, 0.1, 0.5, 0.5, 1.0, 1.0]
        """
        last = len(self.steps) - 1
        step = int(max(since_s, 0.0) / self.step_s) if self.step_s > 0 else last
        return self.steps[min(step, last)]

    def next_step_s(self, since_s: float) -> float | None:
        """Seconds until the share grows; None once it does not any more."""
        last = len(self.steps) - 1
        if self.step_s <= 0 or since_s >= last * self.step_s:
            return None
        return (int(max(since_s, 0.0) / self.step_s) + 1) * self.step_s - since_s

    def covers(self, site: str, service: str, queue: str) -> bool:
        """May callers be meant who are at this site for this service in this queue?"""
        return (
            site == self.from_site
            and self.service in ("", service)
            and (self.queue in ("", queue) or not queue)
        )

    def means(self, interaction_id: str, since_s: float) -> bool:
        """Is this caller one of those who are shifted?"""
        return shift_share_of(self.shift_id, interaction_id) < self.share(since_s)

    def goes_to(self, site: str) -> bool:
        """May the callers go to this site?"""
        return site != self.from_site and self.to_site in ("", site)


class LevelWatch:
    """Follows how many callers are answered in time where they are shifted to, and says when to
    give up. Invariant: `_left` and `_in_time` are the sums of the buckets kept."""

    __slots__ = ("_bad_since_s", "_buckets", "_in_time", "_left", "_rules")

    def __init__(self, rules: RollBack) -> None:
        self._rules = rules
        self._buckets: deque[tuple[int, int, int]] = deque()
        "(number, callers, of them in time), oldest first."
        self._left = self._in_time = 0
        self._bad_since_s: float | None = None

    def heard(self, left: int, in_time: int, now_s: float) -> None:
        """So many callers more left a queue, so many of them answered in time."""
        bucket = self._bucket(now_s)
        if self._buckets and self._buckets[-1][0] == bucket:
            _, before, before_in_time = self._buckets.pop()
            self._buckets.append((bucket, before + left, before_in_time + in_time))
        else:
            self._buckets.append((bucket, left, in_time))
        self._left += left
        self._in_time += in_time

    def level(self, now_s: float) -> float | None:
        """Share answered in time within the window; None where too few callers say so."""
        oldest = self._bucket(now_s) - BUCKETS
        while self._buckets and self._buckets[0][0] <= oldest:
            _, left, in_time = self._buckets.popleft()
            self._left -= left
            self._in_time -= in_time
        if self._left < max(self._rules.calls_min, 1):
            return None
        return self._in_time / self._left

    def fails(self, now_s: float) -> str:
        """Why the shift is to be given up now; empty: it goes on."""
        rules, level = self._rules, self.level(now_s)
        if rules.floor <= 0:
            return ""
        if level is None or level >= min(rules.floor + rules.recovers, 1.0):
            self._bad_since_s = None
        elif level < rules.floor and self._bad_since_s is None:
            self._bad_since_s = now_s
        if level is None or self._bad_since_s is None or now_s - self._bad_since_s < rules.after_s:
            return ""
        return (
            f"{level:.0%} of the last {self._left} callers there were answered in time, and"
            f" {rules.floor:.0%} is the least"
        )

    def _bucket(self, now_s: float) -> int:
        return int(now_s * BUCKETS // self._rules.window_s)
