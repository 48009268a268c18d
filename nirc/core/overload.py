"""Decides what is left undone where there is too much to do, and which requests are taken on.

Rule of this file: work is shed in one order, the least needed first: records, rehearsals, asking
again, entries of the network queue, new requests. A site that floods has used up its own share
before anybody else loses anything, and so has a tenant whose document sets it a limit.
"""

from __future__ import annotations

from dataclasses import dataclass
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


OF_TENANT = "overload: this tenant"
"How the reason of a refusal begins that is a tenant's own."


@dataclass(frozen=True, slots=True)
class Budget:
    """What one tenant may ask of the leader; None: as much as its sites may."""

    tenant: str = ""
    open_max: int | None = None
    per_s: float | None = None
    "Requests per second, with a second's worth at once."


NO_BUDGET = Budget()


class Admission:
    """Open requests and token buckets per site and tenant; how full the node is."""

    __slots__ = (
        "_buckets",
        "_filled",
        "_from",
        "_of_tenant",
        "_open",
        "_open_count",
        "_settings",
    )

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._open: dict[str, int] = {}
        self._of_tenant: dict[str, int] = {}
        "Open requests of tenants that have a limit."
        self._open_count = 0
        self._filled = 0.0
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        "Per site and tenant: tokens left, and the instant they were counted at."
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

    def admit(
        self, site: str, now_s: float, *, again: bool = False, budget: Budget = NO_BUDGET
    ) -> str:
        """Empty when the request is taken on (then `done` must follow), else why it is not.

        `again`: the call was asked about before. `budget`: that of its tenant.
        """
        refusal = self._refusal(site, now_s, again=again) or self._of_budget(
            budget, now_s, again=again
        )
        if refusal:
            return refusal
        self._open[site] = self._open.get(site, 0) + 1
        self._open_count += 1
        if budget.open_max is not None:
            self._of_tenant[budget.tenant] = self._of_tenant.get(budget.tenant, 0) + 1
        return ""

    def refuses_at_once(self, budget: Budget, now_s: float) -> str:
        """Of a question that is decided as soon as it is taken on: empty, or why it is not."""
        if self.sheds(Work.REQUESTS):
            return "overload: this node has too much to do"
        return self._of_budget(budget, now_s, again=False)

    def done(self, site: str, budget: Budget = NO_BUDGET) -> None:
        """A request that was taken on, with this budget, is decided or forgotten."""
        self._open_count -= 1
        _one_less(self._open, site)
        if budget.open_max is not None:
            _one_less(self._of_tenant, budget.tenant)

    @property
    def open_count(self) -> int:
        """Requests taken on and not done."""
        return self._open_count

    def _refusal(self, site: str, now_s: float, *, again: bool) -> str:
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
        of_site_per_s = settings.requests_per_site_per_s
        burst = settings.requests_per_site_burst
        if not self._token(("site", site), now_s, of_site_per_s, burst, again=again):
            return "overload: this site asks too often"
        return ""

    def _of_budget(self, budget: Budget, now_s: float, *, again: bool) -> str:
        tenant, open_max, per_s = budget.tenant, budget.open_max, budget.per_s
        if open_max is not None and self._of_tenant.get(tenant, 0) >= open_max:
            return f"{OF_TENANT} ({tenant}) has too many open requests"
        if per_s is None:
            return ""
        burst = max(per_s, 1.0)
        if not self._token(("tenant", tenant), now_s, per_s, burst, again=again):
            return f"{OF_TENANT} ({tenant}) asks too often"
        return ""

    def _token(
        self, whose: tuple[str, str], now_s: float, per_s: float, burst: float, *, again: bool
    ) -> bool:
        """One of their own. New calls may use all of them, others leave the last ones."""
        left, at_s = self._buckets.get(whose, (burst, now_s))
        left = min(burst, left + max((now_s - at_s) * per_s, 0.0))
        kept = min(burst - 1.0, burst * (1.0 - self._from[Work.AGAIN])) if again else 0.0
        enough = left >= 1.0 + kept
        self._buckets[whose] = (left - 1.0 if enough else left, now_s)
        return enough


def _one_less(counts: dict[str, int], name: str) -> None:
    left = counts[name] - 1
    if left:
        counts[name] = left
    else:
        del counts[name]
