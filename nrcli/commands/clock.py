"""The only place of nrcli where a clock is read.

Rule of this file: wall time, for questions about "now" that a person asks.
"""

import time
from datetime import UTC, datetime, timedelta


def unix_s() -> float:
    """Seconds since 1970, UTC."""
    return time.time()


def time_told(unix_s: float) -> str:
    """A wall time, in UTC and to the second."""
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M:%S")


def utc_after(days: int) -> str:
    """The moment so many days from now, as documents write it."""
    moment = datetime.fromtimestamp(unix_s(), tz=UTC) + timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
