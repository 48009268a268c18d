"""Decides whether a request is taken on, or sent back at once to be served at home.

Rule of this file: a bounded number of undecided requests, overall and per site, and a rate per
site, so that one site that floods costs the others nothing.
"""

from __future__ import annotations

from nirc.core.settings import RouterSettings


class Admission:
    """Open requests and token buckets per site."""

    __slots__ = ("_buckets", "_open", "_open_count", "_settings")

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._open: dict[str, int] = {}
        self._open_count = 0
        self._buckets: dict[str, tuple[float, float]] = {}
        "Per site: tokens left, and the instant they were counted at."

    def admit(self, site: str, now_s: float) -> str:
        """Empty when the request is taken on (then `done` must follow), else why it is not."""
        settings = self._settings
        if self._open_count >= settings.requests_open_max:
            return "overload: too many requests are open"
        if self._open.get(site, 0) >= settings.requests_open_per_site_max:
            return "overload: too many requests of this site are open"
        if not self._token(site, now_s):
            return "overload: this site asks too often"
        self._open[site] = self._open.get(site, 0) + 1
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

    def _token(self, site: str, now_s: float) -> bool:
        burst = self._settings.requests_per_site_burst
        left, at_s = self._buckets.get(site, (burst, now_s))
        grown = (now_s - at_s) * self._settings.requests_per_site_per_s
        left = min(burst, left + max(grown, 0.0))
        enough = left >= 1.0
        self._buckets[site] = (left - 1.0 if enough else left, now_s)
        return enough
