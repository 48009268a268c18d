"""Keeps the answers given, so that a repeated request gets the same one.

Rule of this file: one answer per request id, for the site that asked; bounded in time and number.
"""

from __future__ import annotations

from dataclasses import dataclass

from nirc.core.settings import RouterSettings
from nrcli.wire.messages import RouteAnswer


@dataclass(slots=True)
class Answered:
    """What a request was answered."""

    site: str
    answer: RouteAnswer
    until_s: float


class Answers:
    """Answers by request id; they stand in the order of their end."""

    __slots__ = ("_kept", "_settings")

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._kept: dict[str, Answered] = {}

    def keep(self, site: str, answer: RouteAnswer, now_s: float) -> None:
        """This was answered. The first answer stands; over the bound the oldest is let go."""
        if answer.request_id in self._kept:
            return
        until_s = now_s + self._settings.answers_kept_s
        self._kept[answer.request_id] = Answered(site, answer, until_s)
        if len(self._kept) > self._settings.answers_kept_max:
            del self._kept[next(iter(self._kept))]

    def get(self, request_id: str) -> Answered | None:
        """What was answered, if it is kept."""
        return self._kept.get(request_id)

    def forget(self, domain: str) -> None:
        """This node leads the domain no more."""
        for request_id in [k for k, kept in self._kept.items() if kept.answer.domain == domain]:
            del self._kept[request_id]

    def sweep(self, now_s: float) -> None:
        """Lets go of old answers."""
        while self._kept:
            oldest = next(iter(self._kept))
            if self._kept[oldest].until_s > now_s:
                return
            del self._kept[oldest]

    def __len__(self) -> int:
        return len(self._kept)
