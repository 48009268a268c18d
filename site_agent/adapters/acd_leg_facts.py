"""What an ACD may tell of a caller's leg for its record, besides what happened to it.

Rule of this file: plain frozen data; nothing is decided by it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFacts:
    """What an ACD knows of a caller's leg besides, for its record; empty or 0: not known."""

    from_tag: str = ""
    to_tag: str = ""
    session_id: str = ""
    "Session-ID of RFC 7989."
    icid: str = ""
    "icid-value of P-Charging-Vector, RFC 7315 section 5.6."
    ani_received: str = ""
    dialed_received: str = ""
    set_up_ago_s: float = 0.0
    "How long ago the INVITE came."
    held_s: float = 0.0
    "How long agents had the caller on hold."
    q850_cause: int = 0


NO_FACTS = LegFacts()
