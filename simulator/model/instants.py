"""Simulated time: whole microseconds since the start of a run.

Rule of this file: engines count in these alone; seconds appear where cores and people read them.
"""

from __future__ import annotations

US = 1_000_000
"Microseconds in a second."
NEVER_US = 1 << 62
"An instant, or a time, that does not come."
START_S = 1000.0
"What a core's clock shows at instant 0: `now_s = START_S + us / US`."


def to_us(seconds: float) -> int:
    """Seconds as the nearest microsecond, halves up.

    >>> to_us(0.1), to_us(float("inf")) == NEVER_US
    (100000, True)
    """
    if seconds >= NEVER_US / US:
        return NEVER_US
    return int(seconds * US + 0.5)


def now_s(at_us: int) -> float:
    """An instant as a core's clock shows it; both engines compute it by this one expression."""
    return START_S + at_us / US
