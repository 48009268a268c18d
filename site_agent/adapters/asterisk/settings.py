"""What the Asterisk adapter works by.

Rule of this file: data only; the site agent's file is turned into it elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

HOLD_REASON = "nirc"
"Reason of a pause that is a hold; no agent may use it."
UNANSWERED_REASON = "Auto-Pause"
"Reason of a pause after a call that was not answered: what app_queue's own `autopause` writes."


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """One queue of the PBX that NIRC may see."""

    name: str
    places_max: int = 50
    "Waiting calls and held places together; `maxlen` of queues.conf wins if it is smaller."
    acw_s: float = 0.0
    "After-call work, in seconds: `wrapuptime` of queues.conf."
    ring_s: float = 15.0
    "How long a held agent's phone rings; under 20."
    aht_s: float = 180.0
    open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkSettings:
    """One trunk group: the PJSIP endpoints whose channels count in it."""

    name: str
    endpoints: tuple[str, ...]
    channels_max: int
    redirect_302: bool = False
    refer: bool = True
    bridge: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskSettings:
    """Queues, trunks, and the bounds of waiting for the PBX."""

    queues: tuple[QueueSettings, ...]
    trunk_groups: tuple[TrunkSettings, ...]
    other_queues: tuple[str, ...] = ()
    "Queues of the PBX that are none of NIRC's, whole or as a beginning with `*` behind."
    agent_data_keys: tuple[str, ...] = ()
    "Keys of the attached data that the agent's header carries; empty: all that fit."
    agent_data_bytes_max: int = 1000
    "Most bytes of attached data in the agent's header, before base64."
    refer_s_max: float = 20.0
    "A REFER that nobody answers ends the caller's dialog after 32 s: it is given up before."
    answer_s: float = 2.0
    "How long the PBX may take to answer an action."
    hold_s_max: float = 90.0
    "A hold that nobody used or released ends after this, here and by a timer in the PBX."
    arrival_s: float = 1.5
    "How long an arriving call waits for the daemon's word; the dialplan's own limit is 2 s."
    data_within_s_max: float = 0.5
    "An arriving caller waits at most so long for data before the agent is rung."
    left_s: float = 3.0
    "A caller who left a queue and appears nowhere within this time is the dialplan's."
    sync_every_s: float = 300.0
    "The whole state is asked for again; events say the rest."
    calls_max: int = 5000
