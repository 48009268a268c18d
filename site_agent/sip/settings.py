"""Every number of the SIP core that may be set, with its unit and default.

Rule of this file: frozen data, no logic but the check of bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SipSettings:
    """Timers of RFC 3261 table 4 (seconds) and the limits of what one user agent keeps."""

    t1_s: float = 0.5
    "Round trip estimate."
    t2_s: float = 4.0
    "Longest interval between retransmissions."
    t4_s: float = 5.0
    "How long a message may stay in the network."
    timer_d_s: float = 32.0
    "Wait for repeated finals to an INVITE over UDP; at least 32."
    trying_after_s: float = 0.2
    "An INVITE that nobody answered yet gets 100 after this."
    provisional_every_s: float = 60.0
    "A 1xx is sent again this often while a call rings (RFC 3261 13.3.1.1)."
    unanswered_s_max: float = 600.0
    "An incoming call without a final answer is refused with 480 after this."
    retry_after_s: int = 5
    "Retry-After of 503."
    shed_delay_s: float = 0.3
    "Inbox delay from which new calls are shed; below t1_s."
    resume_delay_s: float = 0.1
    "Inbox delay below which they are taken again."
    session_s_min: int = 90
    "Shortest session timer that is taken (RFC 4028 5); a shorter one gets 422."
    legs_max: int = 20_000
    "Legs at once; beyond, a new call gets 503."
    transactions_max: int = 200_000
    "Transactions at once; beyond, new requests get 503 without state."
    reinvite_tries_max: int = 6
    "How often a re-INVITE that met another one (491) is tried again."
    forks_max: int = 8
    "Answers of other branches of one forked INVITE that are acknowledged and ended."
    udp_bytes_max: int = 60_000
    "A larger request goes over TCP. RFC 3261 18.1.1 says 1300 where the path MTU is unknown."
    user_agent: str = "NIRC"
    "Value of User-Agent in requests and of Server in responses; empty leaves both out."
    limits: MessageLimits = field(default_factory=MessageLimits)

    def __post_init__(self) -> None:
        if not 0 < self.resume_delay_s <= self.shed_delay_s < self.t1_s:
            raise ValueError("expected 0 < resume_delay_s <= shed_delay_s < t1_s")
        if not 0 < self.t1_s <= self.t2_s <= self.t4_s:
            raise ValueError("expected 0 < t1_s <= t2_s <= t4_s")
