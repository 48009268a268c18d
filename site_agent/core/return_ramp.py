"""When a site that was without NIRC asks again: each call at its own instant, not all at once.

Rule of this file: no dice: a site's delay follows from its name and incarnation, a call's place on
the ramp from its interaction. The ramp is never longer than the time that the site was away. Calls
at home wait for nothing of this.
"""

from __future__ import annotations

from hashlib import blake2b

from site_agent.core.settings import SiteSettings


def fraction_of(text: str) -> float:
    """A number from 0 to 1, below 1, that is always the same for one text.

    >>> fraction_of("lisbon/3") == fraction_of("lisbon/3") < 1.0
    True
    """
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=6).digest(), "big") / 2**48


class ReturnRamp:
    """The ramp that began when a leader was there again."""

    __slots__ = ("_delay", "_from_s", "_length_s", "_settings")

    def __init__(self, site: str, incarnation: int, settings: SiteSettings) -> None:
        self._settings = settings
        self._delay = fraction_of(f"{site}/{incarnation}")
        self._from_s = 0.0
        self._length_s = 0.0

    def begin(self, now_s: float, away_s: float) -> None:
        """A leader is known again, after this time without."""
        settings = self._settings
        self._from_s = now_s + self._delay * min(settings.return_jitter_s, away_s)
        self._length_s = min(settings.return_ramp_s, away_s)

    def asks_from_s(self, interaction_id: str) -> float:
        """From this instant on NIRC is asked about the call."""
        if not self._length_s:
            return self._from_s
        return self._from_s + self._length_s * fraction_of(interaction_id)

    def over(self, now_s: float) -> bool:
        """Is every call asked about again?"""
        return now_s >= self._from_s + self._length_s
