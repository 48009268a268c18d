"""The only place of nrcli where a clock is read.

Rule of this file: wall time, for questions about "now" that a person asks.
"""

import time


def unix_s() -> float:
    """Seconds since 1970, UTC."""
    return time.time()
