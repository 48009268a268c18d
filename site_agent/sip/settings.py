"""Every number of the SIP core that may be set, with its unit and default.

Rule of this file: frozen data, no logic but the check of bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nrcli.sip.limits import MessageLimits as MessageLimits  # noqa: PLC0414


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
    notify_answer_s: float = 1.0
    """Our BYE waits so long for the answer to a NOTIFY of ours that is on its way: a border that
    sends them on in another order would end the dialog first. 0: it does not wait."""
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
