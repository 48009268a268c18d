"""The largest SIP message that is read.

Rule of this file: frozen data only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLimits:
    """The largest message that is read; beyond it the answer is 400 or 513, or silence."""

    message_bytes_max: int = 65_535
    "Whole message, start line to body."
    head_bytes_max: int = 32_768
    "Start line and headers."
    body_bytes_max: int = 32_768
    line_chars_max: int = 8_192
    "One unfolded header line."
    header_count_max: int = 200
    "Header lines of one message."
