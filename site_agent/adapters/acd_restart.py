"""What an ACD that lives in the site agent's own process keeps over a restart, and goes on with.

Rule of this file: plain frozen data; an ACD that outlives the site agent needs none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ALIVE_KIND = "alive"
"Of the record by which a process says that it lives: `at_s`, by its clock."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResumed:
    """A call that the ACD goes on with after the process was killed and started again.

    Only answered calls can be: an INVITE without a final answer ends with the process.
    """

    call_id: str
    interaction_id: str
    service: str
    queue: str
    trunk_group: str
    dialed_number: str = ""
    ani: str = ""
    priority: int = 0
    waited_s: float = 0.0
    agent: str = ""
    "Who talks with the caller; empty: nobody."
    bridged: bool = False
    "Joined with the target of a bridge."
    acknowledged: bool = True
    "The caller's ACK is known to have come; if not, `ArrivalAcknowledged` may follow."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepForRestart:
    """What the ACD itself must remember over a restart: for the shell's journal, not the daemon."""

    kind: str
    "acd_call | acd_phone | acd_ring | acd_invite"
    key: str
    value: dict[str, Any] | None
    "Plain values (text, numbers, lists, dicts); None: to be kept no longer."
