"""What an agent's desktop is shown: the agent's state, and the caller who is theirs or on the way.

Rule of this file: it reads and changes nothing. One agent has one call at most: the caller they
talk with wins over one who arrives, and that over one for whom they are only held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from site_agent.core.calls import Call, CallBook
from site_agent.core.hold import Hold, HoldState
from site_agent.core.hold_book import HoldBook
from site_agent.core.site_model import Agent

RESERVED, ARRIVING, TALKING = "reserved", "arriving", "talking"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCall:
    """One caller, as far as the agent is concerned."""

    phase: str
    "reserved (on the way from another site) | arriving (here, the phone is rung) | talking"
    interaction_id: str
    call_id: str = ""
    "Empty as long as the caller is not here."
    service: str
    queue: str
    ani: str
    from_site: str = ""
    until_s: float = 0.0
    "Boot time at which what is held is given up; 0: there is no such time."
    data: bytes = b""
    "Attached data, canonical JSON; empty: none, or not here yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDesk:
    """One agent, as their desktop shows it."""

    agent: str
    state: str
    reason: str
    pending: bool
    since_s: float
    "Boot time since when they are in this state."
    call: DeskCall | None = None


def agent_desks(
    agents: Iterable[Agent], *, pending: Mapping[str, bool], holds: HoldBook, calls: CallBook
) -> dict[str, AgentDesk]:
    """Every agent of the site. One look at each hold and call, however many agents there are."""
    found = {hold.message.agent: _reserved(hold) for hold in holds.by_hold_id.values() if _on(hold)}
    came = [call for call in calls.all() if call.held_agent and not call.agent]
    found |= {call.held_agent: _here(call, ARRIVING, holds) for call in came}
    found |= {call.agent: _here(call, TALKING, holds) for call in calls.all() if call.agent}
    return {
        one.agent: AgentDesk(
            agent=one.agent,
            state=one.state.value,
            reason=one.reason,
            pending=pending.get(one.agent, False),
            since_s=one.since_s,
            call=found.get(one.agent),
        )
        for one in agents
    }


def _on(hold: Hold) -> bool:
    return hold.state is HoldState.LIVE and bool(hold.message.agent)


def _reserved(hold: Hold) -> DeskCall:
    message = hold.message
    return DeskCall(
        phase=RESERVED,
        interaction_id=message.interaction_id,
        service=message.service,
        queue=message.queue,
        ani=message.ani,
        from_site=message.origin_site,
        until_s=hold.expires_at_s,
        data=hold.data,
    )


def _here(call: Call, phase: str, holds: HoldBook) -> DeskCall:
    hold = holds.by_token.get(call.token) if call.token else None
    return DeskCall(
        phase=phase,
        interaction_id=call.interaction_id,
        call_id=call.call_id,
        service=call.service,
        queue=call.queue,
        ani="" if call.withheld else call.ani,
        from_site=hold.message.origin_site if hold is not None else "",
        data=call.data.data if call.data is not None else b"",
    )
