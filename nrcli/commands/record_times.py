"""Reads an instant of a command line: a day, a time of a day, or how long ago.

Rule of this file: text in, seconds since 1970 out.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from nrcli.commands.clock import unix_s
from nrcli.errors import SettingsError

_AGO = re.compile(r"(\d{1,5})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def instant_unix_s(text: str, zone: tzinfo) -> float:
    """The instant; now for an empty text. Raises SettingsError."""
    now_s = unix_s()
    if not text:
        return now_s
    if ago := _AGO.fullmatch(text):
        return now_s - int(ago[1]) * _SECONDS[ago[2]]
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        remedy = "write 2026-11-23, 2026-11-23T08:00, or 24h for a day ago"
        raise SettingsError(f"`{text[:40]}`", "is no instant", remedy) from error
    return (read if read.tzinfo else read.replace(tzinfo=zone)).timestamp()
