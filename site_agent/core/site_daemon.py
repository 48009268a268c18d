"""The core of a site agent: an event and the time in, actions out.

Rule of this file: it only dispatches. Which part an event belongs to stands here; what is decided
stands in that part's own file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from nrcli.sip.redirect_words import PreRouteAsked
from nrcli.wire import messages as wire
from routing_policies.document import SiteTable
from site_agent.adapters import base as acd
from site_agent.core import (
    answer_actions,
    arrival_data,
    callback_handlers,
    callback_parts,
    callbacks,
    cancels,
    local_fallback,
    move_desk,
    pre_routes,
    probes,
    queue_figures,
    report_builder,
    route_requests,
    taken_out,
    target_holds,
    tiers,
    transfer_execution,
    unsettled_arrivals,
)
from site_agent.core import events as ev
from site_agent.core.actions import Action
from site_agent.core.peer_plans import PlanTrust
from site_agent.core.record_parts import recorded_too
from site_agent.core.settings import SiteSettings
from site_agent.core.site_parts import SiteParts, join_parts
from site_agent.core.site_view import desks_of, view_of
from site_agent.core.tiers import Tier
from site_agent.core.transfer_table import Sign
from site_agent.core.view import SiteDaemonView

Handler = Callable[[Any, float], None]
"Takes an event (or the rest of a timer's name) and the time."


class SiteDaemon:
    """One site's decisions. Every event is one turn; its actions are carried out in order."""

    __slots__ = (
        "_incarnation",
        "_on_event",
        "_on_message",
        "_on_timer",
        "_parts",
        "_site",
        "desks",
    )

    def __init__(
        self,
        *,
        site: str,
        incarnation: int,
        settings: SiteSettings,
        epochs: Mapping[str, wire.Epoch],
        claimed_by: Mapping[str, str] | None = None,
        site_table: SiteTable | None,
        documents: bytes = b"",
        plan_trust: PlanTrust | None = None,
        new_token: Callable[[], str],
        new_id: Callable[[], str],
    ) -> None:
        self._site = site
        self._incarnation = incarnation
        self._parts = join_parts(
            site=site,
            incarnation=incarnation,
            settings=settings,
            epochs=epochs,
            claimed_by=claimed_by,
            site_table=site_table,
            plan_trust=plan_trust,
            new_token=new_token,
            new_id=new_id,
        )
        self.desks = partial(desks_of, self._parts)
        "Every agent as their desktop shows them."
        self._parts.documents.stored(documents)
        self._parts.plan.standing.lending = self._parts.rules.order.told
        self._on_event = recorded_too(
            self._parts.records, self._parts.calls, self._acd_events() | self._other_events()
        )
        self._parts.arrivals.numbers.join(self._on_event[acd.CallOffered])
        self._on_message = self._leader_messages() | self._call_messages()
        self._on_timer = self._timers()

    def handle(self, event: ev.Event, now_s: float) -> list[Action]:
        """Take one event; the actions of this turn, in order."""
        self._on_event[type(event)](event, now_s)
        self._parts.reports.turn_ends(now_s)
        return [*self._parts.journal.take(), *self._parts.out.take()]

    def view(self, now_s: float) -> SiteDaemonView:
        """Everything as it stands, for the status page."""
        return view_of(self._site, self._incarnation, self._parts, now_s)

    def knows_call(self, call_id: str) -> bool:
        """Is this call at the site now?"""
        return self._parts.calls.get(call_id) is not None

    # ---- which part gets what --------------------------------------------------------------

    def _acd_events(self) -> dict[type, Handler]:
        parts = self._parts
        return {
            acd.CallOffered: callback_handlers.offered(parts.callbacks, parts.desk.offered),
            acd.CallArriving: probes.first_for_probes(parts.probes, parts.arrivals.arriving),
            acd.CallAnswered: parts.desk.answered,
            acd.CallSilent: parts.desk.silent,
            acd.CallConnected: callback_handlers.connected(parts.callbacks, _connected_of(parts)),
            acd.CallEnded: callback_handlers.ended(parts.callbacks, parts.desk.ended),
            acd.CallBlocked: parts.records.legs.blocked,
            acd.AgentChanged: callback_handlers.agent_changed(parts.callbacks, _agent_of(parts)),
            acd.AgentGone: parts.opening.agent_gone,
            acd.QueueChanged: lambda event, _: parts.model.queue_changed(event),
            acd.TrunkChanged: lambda event, _: parts.model.trunk_changed(event),
            acd.HoldGranted: _granted_of(parts),
            acd.HoldRefused: callback_handlers.unless_own(parts.callbacks, parts.holds.refused),
            acd.HoldLost: callback_handlers.unless_own(parts.callbacks, parts.holds.lost),
            acd.ArrivalAcknowledged: lambda event, now_s: parts.arrivals.acknowledged(
                event.call_id, now_s
            ),
            acd.MoveProgress: probes.progress_or_trip(parts.probes, parts.moves.progress),
            acd.CallerProbed: _probed_of(parts),
            acd.AnnouncementOver: parts.actions.over,
            acd.CallerDialed: parts.callbacks.calls.dialed,
            acd.CallbackWanted: parts.callbacks.wanted,
            acd.ProbeEnded: parts.probes.ended,
            acd.TransferBegun: parts.transfers.begun,
            acd.TransferEnded: parts.transfers.ended,
            acd.TransferRefused: parts.transfers.refused,
            acd.TakeBackAsked: parts.transfers.wants_back,
            acd.PbxSeen: parts.plan.pbx.seen,
            acd.PbxNames: parts.plan.pbx.named,
            acd.AgentUnanswered: parts.transfers.words.unanswered,
        }

    def _other_events(self) -> dict[type, Handler]:
        return {
            ev.NodeLinkUp: self._link_up,
            ev.NodeLinkDown: self._link_down,
            ev.NodeSaid: self._node_said,
            ev.EpochSaved: self._epoch_saved,
            ev.DataHandedIn: lambda event, _: self._parts.desk.data_handed_in(event),
            ev.OverflowRulesRead: lambda event, _: self._parts.rules.read(event),
            ev.LendingRead: lambda event, _: self._parts.rules.order.read(event),
            ev.PeerPlanRead: self._parts.plan.plans.read,
            ev.WallTimeRead: self._second,
            ev.JournalRead: self._parts.restart.read,
            ev.JournalTold: lambda event, _: self._parts.restart.told(event.problem),
            ev.PairTold: lambda event, _: self._parts.restart.pair_told(event.code, event.problem),
            PreRouteAsked: self._parts.pre_routes.asked,
            ev.TimerFired: self._timer_fired,
        }

    def _leader_messages(self) -> dict[type, Callable[[str, Any, float], None]]:
        parts = self._parts
        return {
            wire.Leading: self._leading,
            wire.NotLeading: self._not_leading,
            wire.StateAck: lambda node, message, _: parts.reports.acknowledged(node, message),
            wire.StateResync: lambda node, message, now_s: parts.reports.resync(node, now_s),
            wire.SiteDocuments: _documents_of(parts),
            wire.Reserve: probes.reserve_or_probe(parts.probes, parts.holds.reserve),
            wire.Release: parts.holds.release,
            wire.RouteAnswer: probes.answer_or_order(
                parts.probes, _taken_out_of(parts).or_else(parts.requests.answered)
            ),
            wire.QueuePosition: parts.entries.told,
            wire.AgentTakenOver: parts.transfers.words.taken_over,
            wire.ShiftOrders: parts.desk.shifts.told,
        }

    def _call_messages(self) -> dict[type, Callable[[str, Any, float], None]]:
        parts = self._parts
        return {
            wire.CallTaken: probes.taken_or_probe(
                parts.probes, callback_handlers.of_token(parts.callbacks, parts.moves.told)
            ),
            wire.CallArrived: parts.moves.told,
            wire.CancelAnswer: callback_handlers.of_token(parts.callbacks, parts.moves.told),
            wire.Cancel: _cancel_of(parts),
            wire.MoveSettled: lambda node, message, _: parts.arrivals.unsettled.settled(
                message.token
            ),
            wire.DataAnswer: lambda node, message, _: parts.arrivals.data.came(message),
            wire.DataStored: lambda node, message, _: None,
            wire.PreRouteAnswer: parts.pre_routes.answered,
        }

    def _timers(self) -> dict[str, Handler]:
        parts = self._parts
        table: dict[str, Handler] = {
            tiers.TIMER: lambda name, now_s: self._look_at_tier(now_s),
            report_builder.FLUSH_TIMER: lambda name, now_s: parts.reports.flush(now_s),
            report_builder.AGAIN_TIMER: lambda name, now_s: parts.reports.again(now_s),
            report_builder.SNAPSHOT_TIMER: lambda name, now_s: parts.reports.snapshot_due(now_s),
            queue_figures.FIGURES_TIMER: lambda name, now_s: parts.figures.forget_due(now_s),
            target_holds.FORGET_TIMER: lambda name, now_s: parts.holds.forget_due(now_s),
            move_desk.FORGET_TIMER: lambda name, now_s: parts.moves.forget_due(now_s),
            target_holds.ANSWER_TIMER: parts.holds.unanswered,
            target_holds.EXPIRY_TIMER: parts.holds.expired,
            local_fallback.ASK_TIMER: parts.requests.ask_due,
            route_requests.DEADLINE_TIMER: parts.requests.deadline_passed,
            cancels.TIMER: parts.cancels.due,
            unsettled_arrivals.ARRIVED_TIMER: parts.arrivals.unsettled.due,
            arrival_data.DATA_TIMER: parts.arrivals.data.late,
            answer_actions.RELEASE_TIMER: parts.actions.late,
            probes.TIMER: parts.probes.late,
            callbacks.TIMER: parts.callbacks.origin.due,
            callback_parts.WISH_TIMER: parts.callbacks.waited,
            pre_routes.TIMER: parts.pre_routes.late,
        }
        for prefix in transfer_execution.TIMER_SIGNS:
            table[prefix] = self._move_timer(prefix)
        return table

    def _move_timer(self, prefix: str) -> Handler:
        return lambda token, now_s: self._parts.moves.timer(prefix + token, now_s)

    # ---- events that concern more than one part --------------------------------------------

    def _timer_fired(self, event: ev.TimerFired, now_s: float) -> None:
        prefix, colon, rest = event.name.partition(":")
        self._on_timer[prefix + colon](rest, now_s)

    def _node_said(self, event: ev.NodeSaid, now_s: float) -> None:
        handler = self._on_message.get(type(event.message))
        if handler is not None and event.node in self._parts.leaders.links:
            handler(event.node, event.message, now_s)

    def _link_up(self, event: ev.NodeLinkUp, now_s: float) -> None:
        self._parts.leaders.link_up(event.node)
        self._parts.pre_routes.node_up(event.node, takes=event.pre_routes)
        self._parts.reports.node_up(event.node, now_s)
        self._parts.restart.linked(event.node, now_s)
        self._look_at_tier(now_s)

    def _link_down(self, event: ev.NodeLinkDown, now_s: float) -> None:
        self._parts.leaders.link_down(event.node)
        self._parts.pre_routes.node_down(event.node, now_s)
        self._parts.reports.node_down(event.node)
        self._parts.requests.stands(event.node)
        self._look_at_tier(now_s)

    def _leading(self, node: str, message: wire.Leading, now_s: float) -> None:
        self._parts.leaders.heard(node, message)
        self._leader_may_be_new(message.domain, now_s)

    def _epoch_saved(self, event: ev.EpochSaved, now_s: float) -> None:
        self._parts.leaders.saved(event)
        self._leader_may_be_new(event.domain, now_s)

    def _not_leading(self, node: str, message: wire.NotLeading, now_s: float) -> None:
        self._parts.leaders.not_leading(node, message)
        self._parts.requests.stands(node)
        self._look_at_tier(now_s)

    def _leader_may_be_new(self, domain: str, now_s: float) -> None:
        self._parts.requests.resend(domain, now_s)
        self._look_at_tier(now_s)

    def _look_at_tier(self, now_s: float) -> None:
        tiers, before = self._parts.tiers, self._parts.tiers.tier
        tiers.update(now_s)
        if self._parts.plan.stands_anew(now_s):
            self._parts.reports.stands_anew()
        if tiers.tier is not before and tiers.tier is not Tier.LEADER_CHANGING:
            self._parts.requests.tier_changed(now_s)

    def _second(self, event: ev.WallTimeRead, now_s: float) -> None:
        """Each second: calendars, claims that nobody has, promises, the end of the peer plan."""
        self._parts.rules.order.look(event.unix_s)
        self._parts.opening.wall_time(event.unix_s, now_s)
        self._parts.stuck.look(now_s)
        self._parts.desk.shifts.look(now_s)
        if self._parts.numbers.look(now_s):
            self._parts.reports.stands_anew()
        self._parts.transfers.look(now_s)
        self._parts.callbacks.origin.wall_time(event.unix_s, now_s)
        self._parts.callbacks.calls.look(now_s)
        self._parts.plan.plans.wall_time(event.unix_s, now_s)
        self._parts.plan.pbx.look(now_s)
        self._look_at_tier(now_s)


def _documents_of(parts: SiteParts) -> Callable[[str, wire.SiteDocuments, float], None]:
    """One message carries what two parts keep."""

    def told(node: str, message: wire.SiteDocuments, now_s: float) -> None:
        parts.addresses.told(message.revision, message.site_table)
        parts.documents.told(message.revision, message.documents, now_s)

    return told


def _taken_out_of(parts: SiteParts) -> taken_out.TakenOut:
    return taken_out.TakenOut(
        entries=parts.entries,
        callbacks=parts.callbacks.origin,
        requests=parts.requests,
        actions=parts.actions,
        leaders=parts.leaders,
        out=parts.out,
    )


def _cancel_of(parts: SiteParts) -> Callable[[str, wire.Cancel, float], None]:
    """An origin asks about a token: the verdict, and the arrival that it has not heard of."""

    def told(node: str, message: wire.Cancel, now_s: float) -> None:
        if message.dial:
            parts.callbacks.calls.asked(node, message, now_s)
            return
        parts.holds.cancelled(node, message, now_s)
        parts.arrivals.asked(message.token, now_s)

    return told


def _granted_of(parts: SiteParts) -> Callable[[acd.HoldGranted, float], None]:
    """Something is held: its data is fetched, and a call that waits for it at the door let in."""

    def granted(event: acd.HoldGranted, now_s: float) -> None:
        if parts.callbacks.calls.granted(event, now_s):
            return
        hold = parts.holds.granted(event, now_s)
        if hold is not None:
            parts.arrivals.data.fetch(hold)
            parts.arrivals.plan.decided(hold.token, hold, now_s)

    return granted


def _agent_of(parts: SiteParts) -> Callable[[acd.AgentChanged, float], None]:
    """An agent's state; one who is ready, and whom no waiting caller took, recalls one who asks."""

    def changed(event: acd.AgentChanged, now_s: float) -> None:
        parts.transfers.words.changed(event)
        parts.opening.agent_changed(event, now_s)
        if event.state is wire.AgentState.READY and parts.moves.open_count:
            for member in event.queues:
                parts.moves.agent_ready(member.queue, now_s)

    return changed


def _connected_of(parts: SiteParts) -> Callable[[acd.CallConnected, float], None]:
    """An agent talks: what was told of them is over."""

    def connected(event: acd.CallConnected, now_s: float) -> None:
        parts.transfers.words.connected(event)
        parts.desk.connected(event, now_s)

    return connected


def _probed_of(parts: SiteParts) -> Callable[[acd.CallerProbed, float], None]:
    """The caller's own device answered, or did not."""

    def probed(event: acd.CallerProbed, now_s: float) -> None:
        parts.moves.on_call(event.call_id, Sign.ALIVE if event.alive else Sign.GONE, now_s)

    return probed
