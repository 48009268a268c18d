"""Which events and commands of the adapter contract a CTI takes part in.

Rule of this file: one list of what is left out. Lent numbers and transfers that an agent begins by
SIP are the built-in ACD's; a CTI tells of callers who wait, and is not asked to hold back who comes
while agents are ready. Commands for them are answered here and not told.
"""

from __future__ import annotations

import typing

from site_agent.adapters import acd_commands as commands
from site_agent.adapters import acd_events as events

LEFT_OUT: frozenset[type] = frozenset(
    {
        commands.JoinConsult,
        commands.ReturnToAgent,
        commands.SetAgentState,
        commands.SetQueueShifted,
        commands.WatchNumbers,
        events.AgentUnanswered,
        events.PbxNames,
        events.PbxSeen,
        events.TakeBackAsked,
        events.TransferBegun,
        events.TransferEnded,
        events.TransferRefused,
    }
)
COMMANDS: tuple[type, ...] = tuple(
    kind for kind in typing.get_args(commands.AcdCommand) if kind not in LEFT_OUT
)
EVENTS: tuple[type, ...] = tuple(
    kind for kind in typing.get_args(events.AcdEvent) if kind not in LEFT_OUT
)
