"""What a site tells for the records, after the fact.

Rule of this file: frozen data only. A record alone may carry wall time (`_unix_s`): it is read by
people later, and nothing is decided by it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLegRecord:
    """One leg of a call, told once when it has ended."""

    interaction_id: str
    call_id: str
    sip_call_id: str
    site: str
    leg: str
    "caller | agent | bridge | callback (a promise to call back, which ended by `end_reason`)"
    trunk_group: str
    queue: str
    agent: str
    ani: str
    dialed_number: str
    method: str
    "Transfer method that ended this leg, or empty."
    token: str
    started_unix_s: float
    waited_s: float
    talked_s: float
    released_by: str
    "caller | agent | site | moved | redirected"
    sip_status: int
    end_reason: str = ""
