"""Callers whom agents pass on: they wait again, for another service, and the agent waits with them.

Rule of this file: NIRC is asked as about any waiting call, with the sites visited, the moves made
and the data; nobody is moved whom the agent has again. A caller whom nobody takes is the agent's.
Refusals are counted, and told where one agent meets them again and again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nrcli.wire.messages import RequeryReason
from site_agent.adapters.base import (
    ReturnToAgent,
    TakeBackAsked,
    TransferBegun,
    TransferEnded,
    TransferRefused,
)
from site_agent.core.agent_words import AgentWords
from site_agent.core.call_ageing import CallAgeing
from site_agent.core.calls import Call, CallBook, CallState
from site_agent.core.consult_tokens import completion_of
from site_agent.core.local_fallback import let_in
from site_agent.core.move_ladder import REFERS
from site_agent.core.outbox import Outbox
from site_agent.core.queue_figures import QueueFigures
from site_agent.core.route_requests import RouteRequests
from site_agent.core.site_base import SiteBase
from site_agent.core.transfer_execution import TransferExecution
from site_agent.core.transfer_table import Sign

REFUSALS_ALARM = 3
"So many refusals of one agent within `REFUSALS_S` are told."
REFUSALS_S = 600.0
COMPLETION_S = 10.0
"A caller follows to whom their agent consulted within this, or is joined with them here."
ALARM = "transfers_refused"
AGENTS_MAX = 1000
"Agents whose refusals are remembered."


class AgentTransfers:
    """Every transfer that an agent of this site began, and what was refused."""

    __slots__ = (
        "_ageing",
        "_calls",
        "_consider",
        "_figures",
        "_moves",
        "_out",
        "_refusals",
        "_withdraw",
        "words",
    )

    def __init__(
        self,
        *,
        calls: CallBook,
        figures: QueueFigures,
        ageing: CallAgeing,
        consider: Callable[[Call, float, RequeryReason | None], None],
        withdraw: Callable[[str, str], None],
        moves: TransferExecution,
        out: Outbox,
    ) -> None:
        self._calls = calls
        self._figures = figures
        self._ageing = ageing
        self._consider = consider
        self._withdraw = withdraw
        self._moves = moves
        self._out = out
        self._refusals: dict[str, list[float]] = {}
        self.words = AgentWords(out)

    def begun(self, event: TransferBegun, now_s: float) -> None:
        """An agent passes a caller on: from now on the call waits like any other."""
        call = self._calls.get(event.call_id)
        if call is None or call.passed_by:
            return
        self._out.count("transfers_begun")
        self._out.write(
            "transfer_begun",
            call=call.call_id,
            interaction=call.interaction_id,
            agent=event.agent,
            service=event.service,
            number=event.number,
        )
        call.passed_by, call.passed_from = event.agent, (call.service, call.queue)
        call.agent = ""
        call.back_status = 0
        call.refused_targets = ()
        call.asked_after_s = call.not_before_s = 0.0
        call.kept_home = call.blind_tried = False
        call.held_back = event.away
        call.consult_id = event.consult_call_id
        if event.consult_call_id:
            self._calls.put(call, CallState.WAITING)
            self._join(call, now_s)
            return
        if event.number:
            call.kept_home = True
            self._calls.put(call, CallState.WAITING)
            return
        self._wait(call, event, now_s)

    def _join(self, call: Call, now_s: float) -> None:
        """The agent has consulted somebody: the caller follows by their own way, if there is one,
        with a token that names the consult leg; else they are joined here."""
        consult = self._calls.get(call.consult_id)
        answer = consult.left_by if consult is not None else None
        if answer is not None:
            answer = replace(
                answer,
                token=completion_of(answer.token),
                expires_s=COMPLETION_S,
                rungs=tuple(rung for rung in answer.rungs if rung.method in REFERS),
            )
        if answer is not None and self._moves.fits(call, answer):
            self._moves.begin(call, answer, now_s)
        else:
            let_in(self._out, call)

    def _wait(self, call: Call, event: TransferBegun, now_s: float) -> None:
        self._calls.serve(call, event.service, event.queue)
        call.priority = event.priority
        call.offered_at_s = now_s - event.waited_s
        self._calls.put(call, CallState.WAITING)
        if not event.away:
            self._figures.entered(call, now_s, at_once=event.agent_ready)
            self._ageing.entered(call)
        self._consider(call, now_s, None)

    def wants_back(self, event: TakeBackAsked, now_s: float) -> None:
        """The agent wants the caller back, or has waited long enough: as soon as they are here."""
        call = self._calls.get(event.call_id)
        if call is None or not call.passed_by or call.agent:
            return
        call.back_status = event.sip_status
        if call.state is CallState.WAITING:
            self._out.do(ReturnToAgent(call_id=call.call_id, sip_status=event.sip_status))
        elif call.state is CallState.MOVING:
            self._moves.on_call(call.call_id, Sign.RECALLED, now_s)

    def ended(self, event: TransferEnded, now_s: float) -> None:
        """A transfer has its outcome, or its agent waits for it no longer."""
        call = self._calls.get(event.call_id)
        if call is None or not call.passed_by:
            return
        agent = call.passed_by
        if event.outcome == "agent_left":
            self._out.write("agent_free", agent=agent, call=call.call_id)
            call.back_status = 0
            return
        self._out.count(f"transfers_{event.outcome}")
        self._out.write(
            "transfer_ended",
            call=call.call_id,
            interaction=call.interaction_id,
            agent=agent,
            outcome=event.outcome,
            sip_status=event.sip_status,
        )
        if event.outcome in ("back", "failed"):
            self._here_again(call, now_s)
        else:
            self._out.write("agent_free", agent=agent, call=call.call_id)
        call.passed_by = call.consult_id = ""
        if event.outcome == "dialed":
            self._figures.ended(call, "agent", now_s)
            self._calls.put(call, CallState.LEFT)

    def refused(self, event: TransferRefused, now_s: float) -> None:
        """An agent may not send a caller there: counted, and told where it happens again."""
        self._out.count("transfers_refused")
        self._out.write(
            "transfer_refused",
            agent=event.agent,
            call=event.call_id,
            to=event.to,
            reason=event.reason,
        )
        if event.reason not in ("not_allowed", "unknown"):
            return
        if event.agent not in self._refusals and len(self._refusals) >= AGENTS_MAX:
            self._refusals.pop(next(iter(self._refusals)))
        lately = [at for at in self._refusals.get(event.agent, ()) if at > now_s - REFUSALS_S]
        self._refusals[event.agent] = [*lately, now_s][-REFUSALS_ALARM:]
        if len(lately) + 1 >= REFUSALS_ALARM:
            text = (
                f"{event.agent} tried {REFUSALS_ALARM} times to send callers where they may not,"
                f" last to {event.to}; look at `acd.transfers.classes`"
            )
            self._out.alarm(ALARM, event.agent, text)

    def look(self, now_s: float) -> None:
        """Each second: an agent who has met no refusal for long is no alarm."""
        for agent, at in list(self._refusals.items()):
            if at[-1] <= now_s - REFUSALS_S:
                del self._refusals[agent]
                self._out.clear(ALARM, agent)

    def _here_again(self, call: Call, now_s: float) -> None:
        """Nothing is asked about the caller any more; they are back in what they came for."""
        self._withdraw(call.call_id, "back with the agent")
        self._figures.ended(call, "agent", now_s)
        self._calls.serve(call, *call.passed_from)
        call.held_back = call.kept_home = False
        self._calls.changed(call)


def transfers_of(
    base: SiteBase, requests: RouteRequests, moves: TransferExecution
) -> AgentTransfers:
    """The part, joined with those it needs."""
    return AgentTransfers(
        calls=base.calls,
        figures=base.figures,
        ageing=base.ageing,
        consider=requests.consider,
        withdraw=requests.withdraw,
        moves=moves,
        out=base.out,
    )
