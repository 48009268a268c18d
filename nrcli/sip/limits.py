"""The largest SIP message that is read, and the bounds of connections.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportLimits:
    """Bounds of connections."""

    connections_max: int = 2_000
    "Connections at once; beyond, the least useful one makes room for a new one."
    connections_per_source_max: int = 200
    "Connections at once that came from one address; more are closed."
    connect_s_max: float = 5.0
    "How long a connection of ours may take to stand, its handshake included."
    handshake_s_max: float = 5.0
    "How long the TLS handshake of one that came may take."
    part_s_max: float = 32.0
    "One that gave no message since it was accepted, or only a part, is closed after this."
    idle_s_max: float = 600.0
    "One on which nothing was received for so long is closed."
    unsent_bytes_max: int = 1_048_576
    "One whose far end does not read is closed beyond this."
