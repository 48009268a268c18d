"""The only place of the site agent where a clock is read.

Rule of this file: boot time for everything that is decided; wall time for records and calendars.
"""

from __future__ import annotations

import time


def boottime_s() -> float:
    """Seconds since boot, suspend included: what every core calls `now_s`."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def unix_s() -> float:
    """Wall time, for records and logs."""
    return time.time()
