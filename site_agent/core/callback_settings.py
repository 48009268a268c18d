"""How callers may be called back: how often, when, whom, and how many at once.

Rule of this file: data only, with units and defaults; the site agent's file sets it (`callbacks`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSettings:
    """Bounds and times of callbacks."""

    entries_max: int = 200
    "Callers who may be waiting to be called back at once; 0: nobody is promised to be."
    attempts_max: int = 3
    "Calls made to one caller before the promise ends; 1 to 10."
    pause_s: float = 600.0
    "Time between two calls to one caller who was busy or did not answer."
    ring_s: float = 30.0
    "How long the caller's telephone rings; an agent is held meanwhile."
    keep_s: float = 14_400.0
    "A caller who could not be reached for so long is not called any more."
    unresolved_s: float = 120.0
    "A site that dials and is not heard of for so long: the call counts as one made in vain."
    allowed_list: str = ""
    "Number list of the tenant whose callers may be called back though nobody vouches for them."
    calendar: str = ""
    "Calendar that says when people may be called; empty: at any time."
    denied: tuple[str, ...] = ()
    "Numbers (E.164, or the beginning of one) that are never dialed."
