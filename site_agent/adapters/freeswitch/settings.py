"""What the adapter for FreeSWITCH is told once, at its start.

Rule of this file: data only, and how a name of the site and a name of the PBX become one another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """One queue of mod_callcenter that the site shows to NIRC."""

    name: str
    places_max: int = 50
    aht_s: float = 180.0
    open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkSettings:
    """One trunk group: a Sofia profile, or what the dialplan's `nirc_trunk` says."""

    name: str
    profile: str
    channels_max: int
    dial: str
    "What a bridge's dial string begins with: `sofia/external/`, `sofia/gateway/carrier/`."


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeswitchSettings:
    """One FreeSWITCH."""

    queues: tuple[QueueSettings, ...]
    trunks: tuple[TrunkSettings, ...]
    other_queues: tuple[str, ...] = ()
    "Queues of the PBX that are none of NIRC's, whole or as a beginning with `*` behind."
    domain: str = "default"
    "What queue and agent names end in after `@`; empty: nothing."
    context: str = "nirc"
    "Dialplan context of the extensions that the documentation gives."
    moh: str = "local_stream://moh"
    hold_by: str = "break"
    "break: status `On Break`; ready_time: not rung before then, and nothing is shown."
    hold_guard_s: float = 60.0
    "After this FreeSWITCH itself gives a held agent back."
    move_guard_s: float = 90.0
    "After this FreeSWITCH itself takes a caller who is being moved back into the queue."
    ring_s: float = 15.0
    "How long a held agent's phone is rung."
    queue_after_s: float = 3.0
    "A caller who rings is put into the queue, and so answered, at the latest after this."
    ack_settle_s: float = 0.5
    "A caller counts as arrived when the answered channel still stands after this."
    answer_s: float = 10.0
    "FreeSWITCH is silent for longer than this to a command: the connection is given up."
    ping_every_s: float = 5.0
    resync_every_s: float = 60.0
    "Agents and tiers are read anew: mod_callcenter does not tell of all that changes."
    refer: bool = False
    "This FreeSWITCH was seen to keep a caller whose REFER failed."
    time_base: str = "queue"
    "`time-base-score` of the queues: system counts the time since the answer by itself."
    data_bytes_max: int = 1024
    data_keys: tuple[str, ...] = ()
    calls_max: int = 20_000

    def pbx_name(self, name: str) -> str:
        """A queue's or agent's name in mod_callcenter."""
        return f"{name}@{self.domain}" if self.domain and "@" not in name else name

    def site_name(self, pbx_name: str) -> str:
        """Its name at NIRC; empty if it can have none."""
        name, _, domain = pbx_name.partition("@")
        if domain and domain != self.domain:
            return ""
        return name if _NAME.fullmatch(name) else ""
