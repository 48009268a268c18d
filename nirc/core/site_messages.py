"""Hands each message of a site, or about a call from another node, to the part it concerns.

Rule of this file: a site speaks only for itself: what it says of others is dropped and alarmed.
What a site may not say on an open stream is counted and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nirc.core import site_alarms
from nirc.core.actions import Action, MoveRecord, RecordMove, RecordOfSite, SendToSite
from nirc.core.match import Match
from nirc.core.overload import Work
from nirc.core.parts import Parts
from nirc.core.pre_routes import PreRoutes
from nirc.core.probes import Probes
from nirc.core.reservations import Reservations
from nirc.core.traffic_shift_orders import ShiftsOrdered
from nirc.core.transfer import MoveSign
from nrcli.wire import messages as msg
from routing_policies.handler_kinds import PLACE

Handler = Callable[[str, Any, float, list[Action]], None]


class SiteMessages:
    """A table from message to handler."""

    __slots__ = (
        *("_handlers", "_parts", "_reservations"),
        *("match", "pre_routes", "probes", "shifts"),
    )

    def __init__(
        self,
        parts: Parts,
        reservations: Reservations,
        match: Match,
        pre_routes: PreRoutes,
        shifts: ShiftsOrdered,
    ) -> None:
        self._parts = parts
        self.shifts = shifts
        self.pre_routes = pre_routes
        self.match = match
        self._reservations = reservations
        self.probes = Probes(parts)
        self._handlers: dict[type[Any], Handler] = {
            msg.StateSnapshot: self._state,
            msg.StateDelta: self._state,
            msg.RouteRequest: self._request,
            msg.RouteRequestCancel: self._request_cancel,
            msg.ReserveGranted: self._granted,
            msg.ReserveRefused: self._refused,
            msg.TransferOutcome: self._outcome,
            msg.CallTaken: self._site_to_site,
            msg.CallArrived: self._site_to_site,
            msg.MoveSettled: self._site_to_site,
            msg.Cancel: self._site_to_site,
            msg.CancelAnswer: self._site_to_site,
            msg.DataPut: parts.data.put,
            msg.DataGet: parts.data.get,
            msg.CallLegRecord: self._record,
            msg.AgentStateRecord: self._record,
            msg.TrunkBusyRecord: self._record,
            msg.LeadingAck: self._leading_ack,
            msg.EpochRefused: self._epoch_refused,
            msg.PreRouteAsk: pre_routes.site_asked,
        }

    def said(self, site: str, message: msg.SiteMessage, now_s: float, out: list[Action]) -> None:
        """A site said `message` on its stream."""
        handler = self._handlers.get(type(message))
        if handler is None:
            self._parts.statistics.count("messages.unexpected")
            return
        handler(site, message, now_s, out)

    def peer_said(
        self, node: str, message: msg.PeerMessage, now_s: float, out: list[Action]
    ) -> None:
        """Another node says something about a call."""
        if isinstance(message, msg.PeerRelay):
            self.relayed(message.message, now_s, out)
        elif isinstance(message, msg.PreRouteAsk):
            self.pre_routes.peer_asked(node, message, now_s, out)
        elif isinstance(message, msg.PreRouteAnswer):
            self.pre_routes.answered(message, now_s, out)

    def relayed(self, message: msg.SiteToSite, now_s: float, out: list[Action]) -> None:
        """Another node hands on what one of its sites said to another site."""
        self._parts.relay.from_peer(message, now_s, out)
        self._follow(message, now_s, out)

    def _state(
        self,
        site: str,
        message: msg.StateSnapshot | msg.StateDelta,
        now_s: float,
        out: list[Action],
    ) -> None:
        parts = self._parts
        judgement = parts.network.apply(site, message, now_s)
        parts.holes.reported(site, judgement.changes, now_s, out)
        self.shifts.reported(site, judgement.changes, now_s)
        if judgement.fault:
            parts.statistics.count("state.refused")
            parts.alarms.raise_("state_refused", site, judgement.fault, out)
        elif judgement.changes:
            parts.alarms.clear("state_refused", site, out)
        if isinstance(judgement.reply, msg.StateAck) and not judgement.fault:
            for standing in message.standing:
                site_alarms.told(parts.alarms, site, standing.alarms, out)
        if isinstance(judgement.reply, msg.StateResync):
            parts.statistics.count(f"state.resync.{judgement.reply.reason}")
        if judgement.reply is not None:
            out.append(SendToSite(site=site, message=judgement.reply))
        taken_over, parts.network.taken_over = parts.network.taken_over, []
        for (place, agent), network_id, by_site in taken_over:
            parts.statistics.count("agents.taken_over")
            told = msg.AgentTakenOver(agent=agent, network_id=network_id, by_site=by_site)
            out.append(SendToSite(site=place, message=told))
        if judgement.changes:
            self.match.reported(site, judgement.changes, now_s, out)

    def _request(
        self, site: str, message: msg.RouteRequest, now_s: float, out: list[Action]
    ) -> None:
        if message.entry_id:
            self.match.asked_about(site, message.entry_id, now_s, out)
        self._reservations.request(site, message, now_s, out)

    def _request_cancel(
        self, site: str, message: msg.RouteRequestCancel, now_s: float, out: list[Action]
    ) -> None:
        self._reservations.drop(site, message.request_id, now_s, out)
        self.match.cancelled(site, message.request_id, message.reason, now_s, out)

    def _granted(
        self, site: str, message: msg.ReserveGranted, now_s: float, out: list[Action]
    ) -> None:
        if not self.probes.granted(site, message, now_s, out):
            self._reservations.granted(site, message, now_s, out)

    def _refused(
        self, site: str, message: msg.ReserveRefused, now_s: float, out: list[Action]
    ) -> None:
        if not self.probes.refused(site, message, now_s, out):
            self._reservations.refused(site, message, now_s, out)

    def _site_to_site(
        self, site: str, message: msg.SiteToSite, now_s: float, out: list[Action]
    ) -> None:
        if self._parts.relay.from_site(site, message, now_s, out):
            self._follow(message, now_s, out)

    def _follow(self, message: msg.SiteToSite, now_s: float, out: list[Action]) -> None:
        """What the leader learns from a message that passes."""
        parts = self._parts
        if isinstance(message, msg.Cancel):
            self._reservations.drop(message.from_site, message.request_id, now_s, out)
        elif isinstance(message, msg.CallTaken | msg.CallArrived):
            move = parts.transfers.get(message.token)
            if move is None or move.target != message.from_site:
                return
            arrived = isinstance(message, msg.CallArrived)
            parts.transfers.sign(
                message.token, MoveSign.ARRIVED if arrived else MoveSign.TAKEN, now_s
            )
            if arrived:
                parts.network.settle(move.request_id, move.target)
                row = parts.network.table.find(move.target, move.queue)
                self.match.notes.rest(row, now_s)

    def _outcome(
        self, site: str, message: msg.TransferOutcome, now_s: float, out: list[Action]
    ) -> None:
        if self.probes.outcome(site, message, now_s, out):
            return
        parts = self._parts
        move = parts.transfers.get(message.token)
        if move is not None and move.origin != site:
            text = f"told the outcome of a move of site {move.origin}; dropped"
            parts.alarms.raise_event("site_speaks_for_another", site, text, now_s, out)
            return
        self._move_ended(site, message, out)
        if message.target_site.startswith(PLACE):
            parts.active.handlers.ended(message, now_s)
            method = message.method.value if message.method else "none"
            parts.statistics.count(f"to_handler.{message.outcome.value}.{method}")
            return
        parts.holes.transferred(message, now_s, out)
        parts.transfers.outcomes.ended(
            site, message.target_site, message.outcome, message.sip_status
        )
        method = message.method.value if message.method else "none"
        parts.statistics.count(f"outcome.{message.outcome.value}.{method}")
        if message.outcome is msg.MoveOutcome.UNRESOLVED:
            text = f"call moved to {message.target_site} with no word from there; ask the site"
            parts.alarms.raise_event("unresolved_move", site, text, now_s, out)
        if move is not None:
            parts.transfers.sign(message.token, MoveSign.OUTCOME, now_s)
            self.match.notes.outcome(move, message.outcome, now_s)
            parts.network.settle(move.request_id, move.target)

    def _move_ended(self, site: str, message: msg.TransferOutcome, out: list[Action]) -> None:
        if self._parts.admission.sheds(Work.HISTORY):
            self._parts.statistics.count("shed.history")
            return
        record = MoveRecord(
            request_id=message.request_id,
            origin_site=site,
            target_site=message.target_site,
            method=message.method.value if message.method else "",
            outcome=message.outcome.value,
            sip_status=message.sip_status,
            took_s=message.took_s,
        )
        out.append(RecordMove(record=record))

    def _record(self, site: str, message: msg.SiteRecord, now_s: float, out: list[Action]) -> None:
        if message.site == site:
            if isinstance(message, msg.CallLegRecord):
                self._parts.last_agents.ended(message, now_s)
            if self._parts.admission.sheds(Work.HISTORY):
                self._parts.statistics.count("shed.history")
            else:
                out.append(RecordOfSite(record=message))
            return
        text = f"told a record of site {message.site}; dropped"
        self._parts.alarms.raise_event("site_speaks_for_another", site, text, now_s, out)

    def _leading_ack(
        self, site: str, message: msg.LeadingAck, now_s: float, out: list[Action]
    ) -> None:
        if self._parts.leadership.acked(site, message.domain, message.epoch, out):
            self._reservations.forget(message.domain, out)

    def _epoch_refused(
        self, site: str, message: msg.EpochRefused, now_s: float, out: list[Action]
    ) -> None:
        self._parts.statistics.count("commands.epoch_refused")
        if self._parts.leadership.heard(
            site, message.domain, message.highest, out, claimed_by=message.claimed_by
        ):
            self._reservations.forget(message.domain, out)
