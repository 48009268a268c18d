"""Decides what is left undone where there is too much to do, and which requests are taken on.

Rule of this file: work is shed in one order, the least needed first: records, rehearsals, asking
again, entries of the network queue, new requests. A site that floods has used up its own share
before anybody else loses anything.
"""

from __future__ import annotations

from enum import Enum

from nirc.core.settings import RouterSettings


class Work(Enum):
    """What may be left undone, in the order in which it is."""

    HISTORY = "history"
    "Records of decisions and of calls."
    STATISTICS = "statistics"
    "What shadows would have decided."
    AGAIN = "again"
    "Questions about calls that were asked about before, and stand somewhere."
    ENTRIES = "entries"
    "New entries of the network queue."
    REQUESTS = "requests"
    "New calls: they are served at home, at once."


class Admission:
    """Open requests and token buckets per site; how full the node is."""

    __slots__ = ("_buckets", "_filled", "_from", "_open", "_open_count", "_settings")

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._open: dict[str, int] = {}
        self._open_count = 0
        self._filled = 0.0
        self._buckets: dict[str, tuple[float, float]] = {}
        "Per site: tokens left, and the instant they were counted at."
        self._from = {
            Work.HISTORY: settings.shed_history_share,
            Work.STATISTICS: settings.shed_statistics_share,
            Work.AGAIN: settings.shed_again_share,
            Work.ENTRIES: settings.shed_entries_share,
            Work.REQUESTS: settings.shed_requests_share,
        }

    # ---- how full the node is

    def inbox_filled(self, share: float) -> None:
        """So much of the inbox is taken."""
        self._filled = share

    @property
    def pressure(self) -> float:
        """0 to 1: of the inbox, or of the undecided requests, whichever is fuller."""
        return max(self._filled, self._open_count / self._settings.requests_open_max)

    def sheds(self, work: Work) -> bool:
        """Is this kind of work left undone now."""
        return self.pressure >= self._from[work]

    # ---- requests

    def admit(self, site: str, now_s: float, *, again: bool = False) -> str:
        """Empty when the request is taken on (then `done` must follow), else why it is not.

        `again`: the call was asked about before.
        """
        settings, of_site = self._settings, self._open.get(site, 0)
        if self._open_count >= settings.requests_open_max:
            return "overload: too many requests are open"
        if of_site >= settings.requests_open_per_site_max:
            return "overload: too many requests of this site are open"
        if self.sheds(Work.REQUESTS):
            return "overload: this node has too much to do"
        if self.sheds(Work.AGAIN):
            if again:
                return "overload: calls asked about before wait until there is less to do"
            if of_site * (len(self._open) + 1) > settings.requests_open_max:
                return "overload: this site has more than its share of the open requests"
        if not self._token(site, now_s, again=again):
            return "overload: this site asks too often"
        self._open[site] = of_site + 1
        self._open_count += 1
        return ""

    def done(self, site: str) -> None:
        """A request that was taken on is decided or forgotten."""
        left = self._open[site] - 1
        self._open_count -= 1
        if left:
            self._open[site] = left
        else:
            del self._open[site]

    @property
    def open_count(self) -> int:
        """Requests taken on and not done."""
        return self._open_count

    def _token(self, site: str, now_s: float, *, again: bool) -> bool:
        """One of the site's own. New calls may use all of them, others leave the last ones."""
        burst = self._settings.requests_per_site_burst
        left, at_s = self._buckets.get(site, (burst, now_s))
        grown = (now_s - at_s) * self._settings.requests_per_site_per_s
        left = min(burst, left + max(grown, 0.0))
        kept = burst * (1.0 - self._from[Work.AGAIN]) if again else 0.0
        enough = left >= 1.0 + kept
        self._buckets[site] = (left - 1.0 if enough else left, now_s)
        return enough
