"""Decides how long a message may wait for company, so that a busy program writes fewer frames.

Rule of this file: pure. A frame costs much, a message in it little, and a program that wakes once
for twenty frames does less than one that wakes twenty times. So a busy program writes on beats that
all its links share, and the time between beats grows with the rate of all of them together. A quiet
program waits for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceSettings:
    """When messages wait, and how long at most."""

    busy_messages_per_s: float
    "Messages of the whole program: below this rate everything is sent at once."
    full_messages_per_s: float
    "At this rate, and above, beats are `beat_s` apart; at half of it half as far, and so on."
    beat_s: float = 0.008
    "Longest time between beats, so the longest wait of a message."
    reply_within_s: float = 0.002
    "What follows so soon on something heard on the same stream is its reply, and never waits: the "
    "other end has waited for company already."


SITE_PACE = PaceSettings(busy_messages_per_s=150.0, full_messages_per_s=400.0)
"A site has one stream that matters."
NODE_PACE = PaceSettings(busy_messages_per_s=800.0, full_messages_per_s=3_000.0, reply_within_s=0.0)
"A node has a stream for each site, and what it says to one site follows from what others said."


class Pace:
    """The rate of one program, judged by the last two spans of 100 ms."""

    SPAN_S = 0.1

    __slots__ = ("_before_count", "_count", "_settings", "_span_at_s")

    def __init__(self, settings: PaceSettings) -> None:
        self._settings = settings
        self._span_at_s = 0.0
        self._before_count = 0
        self._count = 0

    def note(self, now_s: float) -> None:
        """One message is to be sent."""
        if now_s >= self._span_at_s + self.SPAN_S:
            follows = now_s < self._span_at_s + 2 * self.SPAN_S
            self._before_count = self._count if follows else 0
            self._count, self._span_at_s = 0, now_s
        self._count += 1

    def write_at_s(self, heard_at_s: float, now_s: float) -> float:
        """When to write a message of now, on a stream that was last heard at `heard_at_s`."""
        settings = self._settings
        per_s = max(self._count, self._before_count) / self.SPAN_S
        if per_s <= settings.busy_messages_per_s or now_s - heard_at_s < settings.reply_within_s:
            return now_s
        beat_s, full_per_s = settings.beat_s, settings.full_messages_per_s
        while per_s < full_per_s:
            beat_s, full_per_s = beat_s / 2, full_per_s / 2
        return (now_s // beat_s + 1.0) * beat_s
