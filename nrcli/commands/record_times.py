"""Reads an instant of a command line: a day, a time of a day, or how long ago.

Rule of this file: text in, seconds since 1970 out.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from nrcli.commands.clock import unix_s
from nrcli.errors import SettingsError

_SPAN = re.compile(r"(\d{1,7})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def span_s(text: str) -> int | None:
    """A time such as 90s, 30m, 2h or 1d, in seconds; None for any other text."""
    found = _SPAN.fullmatch(text)
    return None if found is None else int(found[1]) * _SECONDS[found[2]]


def instant_unix_s(text: str, zone: tzinfo) -> float:
    """The instant; now for an empty text. Raises SettingsError."""
    now_s = unix_s()
    if not text:
        return now_s
    if (ago_s := span_s(text)) is not None:
        return now_s - ago_s
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        remedy = "write 2026-11-23, 2026-11-23T08:00, or 24h for a day ago"
        raise SettingsError(f"`{text[:40]}`", "is no instant", remedy) from error
    return (read if read.tzinfo else read.replace(tzinfo=zone)).timestamp()
