"""Times, as sentences say them.

Rule of this file: UTC, and no more digits than anybody needs.
"""

from __future__ import annotations

from datetime import UTC, datetime


def clock_told(unix_s: float) -> str:
    """A time of day.

    >>> clock_told(1_700_000_000.25)
    '22:13:20 UTC'
    """
    return datetime.fromtimestamp(unix_s, UTC).strftime("%H:%M:%S UTC")


def span_told(seconds: float) -> str:
    """How long something lasted.

    >>> span_told(0.004), span_told(1.24), span_told(75.0), span_told(7260.0)
    ('4 ms', '1.2 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < 0.1:
        return f"{max(0.0, seconds) * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
