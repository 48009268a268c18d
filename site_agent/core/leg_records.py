"""Writes the record of each leg: a caller's stay in one queue, and the part of each agent in it.

Rule of this file: it is told what happened and decides nothing for the call. Each stay ends by one
outcome and is told once; whom an agent passes on begins another. What is not known stays empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nrcli.wire.messages import CallLegRecord, LegOutcome, SiteRecord
from site_agent.adapters.base import CallEnded, LegFacts, TransferBegun, TransferEnded
from site_agent.core.agent_legs import AgentLegs, AgentPart
from site_agent.core.calls import Call, CallState
from site_agent.core.move_endings import TO_HANDLER
from site_agent.core.moves import Move
from site_agent.core.queue_figures import Expectation
from site_agent.core.site_documents import SiteDocuments

CALLBACK = "callback"
PASSED_ON, RETURNED = "passed_on", "returned"
NO_FACTS = LegFacts()


@dataclass(slots=True)
class _Stay:
    """A caller in one queue."""

    leg_id: str
    queued_at_s: float
    parent_id: str = ""
    continued: bool = False
    "Counts as a further part of what was offered before."
    answered_at_s: float = 0.0
    connected_at_s: float | None = None
    agent: str = ""
    expected: Expectation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a stay ended."""

    released_by: str
    sip_call_id: str = ""
    sip_status: int = 0
    reason: str = ""
    agent: str = ""
    waited_s: float = 0.0
    talked_s: float = 0.0
    facts: LegFacts = field(default=NO_FACTS)


class LegRecords:
    """The stays of all calls at this site."""

    __slots__ = ("_agents", "_documents", "_incarnation", "_legs_count", "_site", "_stays", "_tell")

    def __init__(
        self,
        *,
        site: str,
        incarnation: int,
        documents: SiteDocuments,
        agents: AgentLegs,
        tell: Callable[[SiteRecord], None],
    ) -> None:
        self._site = site
        self._incarnation = incarnation
        self._documents = documents
        self._agents = agents
        self._tell = tell
        self._legs_count = 0
        self._stays: dict[str, _Stay] = {}

    def entered(self, call: Call, expected: Expectation | None, now_s: float) -> None:
        """A caller entered a queue; what was expected of the wait."""
        self._stay(call, now_s).expected = expected

    def answered(self, call: Call, now_s: float) -> None:
        """The site answered the caller."""
        self._stay(call, now_s).answered_at_s = now_s

    def connected(self, call: Call, agent: str, now_s: float) -> None:
        """An agent talks with the caller."""
        stay = self._stay(call, now_s)
        if stay.agent == agent:
            return
        if stay.agent:
            self._agents.over(stay.agent, call.call_id, now_s)
        if stay.connected_at_s is None:
            stay.connected_at_s = now_s
        stay.answered_at_s = stay.answered_at_s or now_s
        stay.agent = agent
        self._agents.talks(self._part(call, stay, agent), now_s)

    def unanswered(self, call: Call, agent: str, now_s: float) -> None:
        """An agent was rung for the caller and did not answer."""
        self._agents.unanswered(self._part(call, self._stay(call, now_s), agent), now_s)

    def passed_on(self, call: Call, event: TransferBegun, now_s: float) -> None:
        """An agent passes the caller on: the next stay begins. Before the call changes."""
        stay = self._stay(call, now_s)
        self._write(call, stay, Ending(released_by="agent", reason=PASSED_ON), None, now_s)
        offered_anew = not event.number and not event.consult_call_id
        self._begin(call, now_s, parent=stay, continued=not offered_anew)

    def transfer_over(self, call: Call, event: TransferEnded, now_s: float) -> None:
        """Nobody took them: they are back. Before the call changes."""
        stay = self._stay(call, now_s)
        if event.outcome in ("back", "failed"):
            self._write(call, stay, Ending(released_by="site", reason=RETURNED), None, now_s)
            self._begin(call, now_s, parent=stay, continued=True)
        elif event.outcome in ("dialed", "joined"):
            stay.continued = True

    def ended(self, call: Call, event: CallEnded, move: Move | None, now_s: float) -> None:
        """The call's leg at this site is over; `move` is the one by which it left, if any."""
        stay = self._stays.pop(call.call_id, None) or self._made(call, now_s)
        handler = bool(call.left_by and call.left_by.handler)
        only = not stay.parent_id
        ending = Ending(
            released_by=event.released_by,
            sip_call_id=event.sip_call_id,
            sip_status=event.sip_status,
            reason=TO_HANDLER if handler else "",
            agent=event.agent if only else "",
            waited_s=event.waited_s if only else 0.0,
            talked_s=event.talked_s if only else 0.0,
            facts=event.facts,
        )
        self._write(call, stay, ending, move, now_s)

    # ---- inner -----------------------------------------------------------------------------

    def _stay(self, call: Call, now_s: float) -> _Stay:
        stay = self._stays.get(call.call_id)
        if stay is None:
            stay = self._stays[call.call_id] = self._made(call, now_s)
        return stay

    def _made(self, call: Call, now_s: float) -> _Stay:
        """Of a call that was here before this process, too."""
        stay = _Stay(leg_id=self._new_id(), queued_at_s=call.entered_at_s)
        if call.connected_at_s is not None and call.agent:
            stay.connected_at_s, stay.agent = call.connected_at_s, call.agent
        return stay

    def _begin(self, call: Call, now_s: float, *, parent: _Stay, continued: bool) -> None:
        self._stays[call.call_id] = _Stay(
            leg_id=self._new_id(),
            queued_at_s=now_s,
            parent_id=parent.leg_id,
            continued=continued,
            answered_at_s=parent.answered_at_s,
        )

    def _new_id(self) -> str:
        self._legs_count += 1
        return f"{self._site}/{self._incarnation}/{self._legs_count}"

    def _part(self, call: Call, stay: _Stay, agent: str) -> AgentPart:
        return AgentPart(
            leg_id=self._new_id(),
            parent_leg_id=stay.leg_id,
            agent=agent,
            interaction_id=call.interaction_id,
            call_id=call.call_id,
            queue=call.queue,
            service=call.service,
            tenant=self._tenant(),
            trunk_group=call.trunk_group,
        )

    def _tenant(self) -> str:
        site = self._documents.site
        return site.spec.tenant if site else ""

    def _write(
        self, call: Call, stay: _Stay, ending: Ending, move: Move | None, now_s: float
    ) -> None:
        if stay.agent:
            self._agents.over(stay.agent, call.call_id, now_s)
        outcome = outcome_of(call, stay, ending)
        left = outcome in (LegOutcome.MOVED_OUT, LegOutcome.REDIRECTED)
        self._tell(
            CallLegRecord(
                interaction_id=call.interaction_id,
                call_id=call.call_id,
                site=self._site,
                leg="consult" if call.consult_of else "caller",
                tenant=self._tenant(),
                leg_id=stay.leg_id,
                parent_leg_id=stay.parent_id,
                trunk_group=call.trunk_group,
                queue=call.queue,
                service=call.service,
                agent=ending.agent or stay.agent or call.agent,
                ani=call.ani,
                dialed_number=call.dialed_number,
                token=call.token,
                entry_site=_entry_site(call, self._site),
                released_by=ending.released_by,
                end_reason=ending.reason or call.rejected,
                outcome=outcome.value,
                moves_count=call.moves_count,
                threshold_s=self._documents.threshold_s(call.service) or 0.0,
                **self._times(call, stay, ending, now_s),
                **_way(call, move if left else None, left=left),
                **_sip(ending),
                **_expected(stay.expected),
            )
        )

    def _times(self, call: Call, stay: _Stay, ending: Ending, now_s: float) -> dict[str, Any]:
        wall, facts, connected_s = self._documents.unix_s, ending.facts, stay.connected_at_s
        until_s = now_s if connected_s is None else connected_s
        talked_s = 0.0 if connected_s is None else now_s - connected_s
        return {
            "started_unix_s": wall(call.entered_at_s),
            "waited_s": ending.waited_s or max(0.0, until_s - call.offered_at_s),
            "talked_s": ending.talked_s or talked_s,
            "held_s": facts.held_s,
            "setup_unix_s": wall(now_s - facts.set_up_ago_s) if facts.set_up_ago_s else 0.0,
            "offered_unix_s": wall(call.offered_at_s),
            "queued_unix_s": wall(stay.queued_at_s),
            "answered_unix_s": wall(stay.answered_at_s) if stay.answered_at_s else 0.0,
            "connected_unix_s": 0.0 if connected_s is None else wall(connected_s),
            "ended_unix_s": wall(now_s),
        }


def _way(call: Call, move: Move | None, *, left: bool) -> dict[str, Any]:
    """By what, and where to, the caller left."""
    answer = call.left_by or (move.answer if move else None)
    return {
        "method": move.method.value if move and move.method else "",
        "path": move.rung.path if move and move.rung else "",
        "left_token": move.token if move else "",
        "target_site": (answer.handler or answer.target_site) if left and answer else "",
        "target_queue": answer.queue if left and answer else "",
    }


def _sip(ending: Ending) -> dict[str, Any]:
    facts = ending.facts
    return {
        "sip_call_id": ending.sip_call_id,
        "sip_status": ending.sip_status,
        "sip_from_tag": facts.from_tag,
        "sip_to_tag": facts.to_tag,
        "session_id": facts.session_id,
        "icid": facts.icid,
        "ani_received": facts.ani_received,
        "dialed_received": facts.dialed_received,
        "q850_cause": facts.q850_cause,
    }


def _expected(expected: Expectation | None) -> dict[str, Any]:
    if expected is None or expected.wait_s < 0:
        return {}
    return {
        "ewt_known": True,
        "ewt_s": expected.wait_s,
        "ewt_low_s": expected.low_s,
        "ewt_high_s": expected.high_s,
    }


def outcome_of(call: Call, stay: _Stay, ending: Ending) -> LegOutcome:
    """What became of a stay: what an agent had counts as answered, wherever they went then."""
    if stay.continued:
        return LegOutcome.CONTINUED
    if stay.connected_at_s is not None:
        return LegOutcome.ANSWERED
    if call.left_by is not None and call.left_by.handler:
        return LegOutcome.REDIRECTED
    if call.state is CallState.LEFT or ending.released_by in ("moved", "redirected"):
        return LegOutcome.MOVED_OUT
    if call.rejected == CALLBACK:
        return LegOutcome.CALLBACK
    if call.rejected and ending.released_by != "caller":
        return LegOutcome.REFUSED
    return LegOutcome.ABANDONED if ending.released_by == "caller" else LegOutcome.FAILED


def _entry_site(call: Call, site: str) -> str:
    """The first of those the caller was at; a person's answer forgets them."""
    if not call.token:
        return site
    return call.visited_sites[0] if call.visited_sites else ""
