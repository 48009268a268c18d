"""Decides how long to wait before the next attempt to connect.

Rule of this file: pure; the dice come from outside. Waits grow and are drawn from the whole span
("full jitter"), so that many sites do not come back in step after a node was away.
Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BackoffSettings:
    """Spans that waits are drawn from."""

    first_s: float = 0.1
    "Longest wait before the first new attempt."
    most_s: float = 2.0
    refused_s: float = 5.0
    "Longest wait after the other end would not have us; half of it is always waited."
    absent_s: float = 1.0
    """Longest wait after the other end's host said that nothing listens; half of the span is always
    waited. Asking costs little, and a node that was started anew is found soon."""
    stable_s: float = 5.0
    "A link that stood this long starts the next row of waits at `first_s` again."


class Backoff:
    """The waits towards one other end."""

    def __init__(self, settings: BackoffSettings) -> None:
        self._settings = settings
        self._failures_count = 0

    def next_wait_s(
        self, dice: float, *, stood_s: float = 0.0, refused: bool = False, absent: bool = False
    ) -> float:
        """Wait after an attempt that ended; `dice` lies between 0 and 1, `stood_s` is how long the
        link was up, `refused` whether the other end refused it, `absent` whether its host said that
        nothing listens there."""
        settings = self._settings
        if stood_s >= settings.stable_s:
            self._failures_count = 0
        span_s = min(settings.most_s, settings.first_s * 2.0 ** min(self._failures_count, 30))
        self._failures_count += 1
        if refused:
            return settings.refused_s * (0.5 + 0.5 * dice)
        if absent:
            return min(span_s, settings.absent_s) * (0.5 + 0.5 * dice)
        return span_s * dice
