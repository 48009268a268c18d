"""The only file of a node that reads a clock.

Rule of this file: everything that decides counts in CLOCK_BOOTTIME, which runs on while the host
sleeps; wall time is for records and logs alone and is named `..._unix_s`.
"""

import time


def now_s() -> float:
    """CLOCK_BOOTTIME in seconds."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def wall_unix_s() -> float:
    """Wall time in seconds since 1970, for records that people read."""
    return time.time()
