"""Judges the newest outcomes of one place: are so many of them bad that chance does not explain it?

Rule of this file: arithmetic on what was seen. Whoever is judged is compared with what is usual
elsewhere, so that a service whose calls are short by nature, and a bad day of everybody, harm none.
"""

from __future__ import annotations

from collections import Counter, deque
from math import exp, log

from nirc.core.settings import RouterSettings

LASTED = "lasted"
SHORT = "short"
UNANSWERED = "unanswered"
ARRIVED = "arrived"
FAILED = "failed"
GRANTED = "granted"
REFUSED = "refused"
BAD = frozenset({SHORT, UNANSWERED, FAILED, REFUSED})
Seen = tuple[int, int]
"(bad ones, of how many)"


class OutcomeWindow:
    """The newest outcomes of one kind at one place, bounded in number and age."""

    __slots__ = ("_outcomes", "_settings")

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._outcomes: deque[tuple[float, str]] = deque(maxlen=settings.hole_outcomes_max)

    def __len__(self) -> int:
        return len(self._outcomes)

    def add(self, what: str, now_s: float) -> None:
        """One more."""
        self._outcomes.append((now_s, what))
        self.forget(now_s)

    def forget(self, now_s: float) -> None:
        """Lets go of what is too old."""
        from_s = now_s - self._settings.hole_window_s
        while self._outcomes and self._outcomes[0][0] < from_s:
            self._outcomes.popleft()

    def clear(self) -> None:
        """What was seen is dealt with."""
        self._outcomes.clear()

    def take_off(self, bad: int) -> None:
        """So many of the newest bad ones are somebody else's doing."""
        kept = []
        for one in reversed(self._outcomes):
            if bad and one[1] in BAD:
                bad -= 1
            else:
                kept.append(one)
        self._outcomes.clear()
        self._outcomes.extend(reversed(kept))

    def counts(self) -> Counter[str]:
        """How many of each."""
        return Counter(what for _, what in self._outcomes)

    def harmful(self, usual: float) -> Seen | None:
        """The newest outcomes that are too bad, for any number of them that is large enough."""
        settings, bad = self._settings, 0
        for count, (_, what) in enumerate(reversed(self._outcomes), start=1):
            bad += what in BAD
            if count < settings.hole_outcomes_min or bad < threshold(usual, settings) * count:
                continue
            if chance_at_most(bad, count, usual) <= settings.hole_chance_max:
                return bad, count
        return None

    def relapsed(self, usual: float) -> Seen | None:
        """The same of a place that was suspended a short while ago: less evidence is enough."""
        settings, counts = self._settings, self.counts()
        bad, count = sum(counts[what] for what in BAD), len(self._outcomes)
        if count < settings.hole_relapse_min or bad < threshold(usual, settings) * count:
            return None
        return bad, count


def threshold(usual: float, settings: RouterSettings) -> float:
    """The share of bad outcomes from which a place is suspected: so far from usual to all.

    >>> round(threshold(0.1, RouterSettings()), 3)
    0.55
    """
    return usual + (1.0 - usual) * settings.hole_suspend_share


def chance_at_most(bad: int, count: int, usual: float) -> float:
    """Upper bound of the chance of so many bad ones where `usual` is their share (Chernoff 1952).

    >>> f"{chance_at_most(6, 6, 0.1):.1e} {chance_at_most(12, 20, 0.1):.1e}"
    '1.0e-06 3.0e-07'
    """
    share, good = bad / count, count - bad
    if share <= usual:
        return 1.0
    exponent = bad * log(usual / share)
    if good:
        exponent += good * log((1.0 - usual) / (1.0 - share))
    return exp(exponent)


class UsualOutcomes:
    """Good and bad outcomes by group and member, over the window: what is usual, and for whom."""

    __slots__ = ("_members", "_settings")

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._members: dict[tuple[str, str], dict[str, deque[list[float]]]] = {}
        "By group and member: instant a bucket began, good ones, bad ones."

    def add(self, group: tuple[str, str], member: str, seen: tuple[int, int], now_s: float) -> None:
        """(good, bad) outcomes of one member of a group."""
        buckets = self._members.setdefault(group, {}).setdefault(member, deque())
        bucket_s = self._settings.hole_window_s / 10
        if not buckets or now_s - buckets[-1][0] >= bucket_s:
            buckets.append([now_s, 0, 0])
        buckets[-1][1] += seen[0]
        buckets[-1][2] += seen[1]

    def elsewhere(self, group: tuple[str, str], member: str, now_s: float) -> tuple[int, int]:
        """(good, bad) of all other members."""
        good = bad = 0.0
        from_s = now_s - self._settings.hole_window_s
        for name, buckets in self._members.get(group, {}).items():
            while buckets and buckets[0][0] < from_s:
                buckets.popleft()
            if name != member:
                good += sum(bucket[1] for bucket in buckets)
                bad += sum(bucket[2] for bucket in buckets)
        return int(good), int(bad)

    def share(self, found: tuple[int, int], at_least: float) -> float:
        """Which share of bad ones is usual by (good, bad); the fewer, the nearer to `at_least`."""
        weight = self._settings.hole_usual_weight
        return max((found[1] + weight * at_least) / (sum(found) + weight), at_least)
