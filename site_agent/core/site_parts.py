"""Joins the parts of one site daemon; the only file that knows how they hang together.

Rule of this file: it builds and connects, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nrcli.wire.messages import AgentState, Epoch
from routing_policies.document import SiteTable
from site_agent.core.addresses import Addresses
from site_agent.core.agent_transfers import AgentTransfers, transfers_of
from site_agent.core.answer_actions import AnswerActions
from site_agent.core.arrival_data import ArrivalData
from site_agent.core.arrivals import Arrivals, Entered, entering
from site_agent.core.asking import Asking
from site_agent.core.call_ageing import CallAgeing
from site_agent.core.call_desk import CallDesk
from site_agent.core.callback_parts import CallbackParts, callback_parts
from site_agent.core.calls import CallBook
from site_agent.core.cancels import Cancels
from site_agent.core.closing import Closing
from site_agent.core.consult_arrivals import consult_arrivals
from site_agent.core.declined_answers import DeclinedAnswers
from site_agent.core.handler_moves import HandlerMoves
from site_agent.core.hold_parts import number_arrivals, probes_of, target_holds
from site_agent.core.journal import Journal
from site_agent.core.leaders import Leaders
from site_agent.core.move_desk import MoveDesk
from site_agent.core.number_pools import NumberPools
from site_agent.core.opening import Opening
from site_agent.core.outbox import Outbox
from site_agent.core.peer_plans import PlanTrust
from site_agent.core.plan_parts import PlanParts, plan_arrivals, plan_of
from site_agent.core.pre_route_parts import pre_routes_of
from site_agent.core.pre_routes import PreRoutes
from site_agent.core.probes import Probes
from site_agent.core.queue_entries import QueueEntries
from site_agent.core.queue_figures import QueueFigures
from site_agent.core.queue_limits import QueueLimits
from site_agent.core.record_parts import RecordParts, record_parts
from site_agent.core.report_builder import ReportBuilder
from site_agent.core.restart import Restart
from site_agent.core.restart_parts import join_journal, restart_of
from site_agent.core.route_requests import RouteRequests
from site_agent.core.rules_in_force import RulesInForce
from site_agent.core.settings import SiteSettings
from site_agent.core.shifted_calls import ShiftedCalls
from site_agent.core.site_base import SiteBase
from site_agent.core.site_documents import SiteDocuments
from site_agent.core.site_model import SiteModel
from site_agent.core.stuck_claims import StuckClaims
from site_agent.core.target_holds import TargetHolds
from site_agent.core.tiers import Tiers
from site_agent.core.tombstones import Tombstones
from site_agent.core.transfer_execution import TransferExecution
from site_agent.core.unsettled_arrivals import UnsettledArrivals


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteParts:
    """The parts, each with its own file."""

    out: Outbox
    journal: Journal
    restart: Restart
    stuck: StuckClaims
    leaders: Leaders
    tiers: Tiers
    reports: ReportBuilder
    model: SiteModel
    numbers: NumberPools
    probes: Probes
    figures: QueueFigures
    calls: CallBook
    addresses: Addresses
    documents: SiteDocuments
    cancels: Cancels
    requests: RouteRequests
    entries: QueueEntries
    plan: PlanParts
    moves: TransferExecution
    holds: TargetHolds
    arrivals: Arrivals
    desk: CallDesk
    transfers: AgentTransfers
    asking: Asking
    declined: DeclinedAnswers
    rules: RulesInForce
    opening: Opening
    actions: AnswerActions
    callbacks: CallbackParts
    pre_routes: PreRoutes
    records: RecordParts


def join_parts(
    *,
    site: str,
    incarnation: int,
    settings: SiteSettings,
    epochs: Mapping[str, Epoch],
    claimed_by: Mapping[str, str] | None = None,
    site_table: SiteTable | None,
    plan_trust: PlanTrust | None,
    new_token: Callable[[], str],
    new_id: Callable[[], str],
) -> SiteParts:
    """Build the parts and hand them to one another."""
    out, journal = Outbox(), Journal()
    leaders, reports = Leaders(epochs, out, claimed_by), ReportBuilder(incarnation, settings, out)

    def mark(kind: str, name: str) -> None:
        reports.mark(kind, name)
        journal.mark(kind, name)

    cancels = Cancels(site, settings, leaders, out, journal.mark)
    calls = CallBook(mark, journal.mark)
    documents = SiteDocuments(site, out, settings.unix_offset_s)
    figures = QueueFigures(settings, reports.mark, out)
    rules = RulesInForce(site, settings, out, lambda queue: SiteBase.mark_queue(base, queue))
    model = SiteModel(
        settings, reports.mark, lambda: calls.loans, QueueLimits(rules.lending), figures.measured
    )
    base = SiteBase(
        site=site,
        incarnation=incarnation,
        settings=settings,
        out=out,
        journal=journal,
        mark=mark,
        leaders=leaders,
        reports=reports,
        calls=calls,
        model=model,
        numbers=NumberPools(site, out, journal.mark),
        figures=figures,
        cancels=cancels,
        declined=DeclinedAnswers(cancels, leaders, out),
        addresses=Addresses(site, settings, site_table, out),
        new_token=new_token,
        new_id=new_id,
        tombstones=_tombstones(settings, journal),
        rules=rules,
        asking=Asking(
            site=site, rules=rules, limits=model.limits, model=model, documents=documents
        ),
        actions=AnswerActions(calls, out),
        entries=QueueEntries(calls, leaders, out),
        ageing=CallAgeing(documents, out),
        documents=documents,
        records=record_parts(
            site, incarnation, settings, leaders=leaders, documents=documents, out=out
        ),
    )
    return _joined(base, plan_of(base, plan_trust))


def _tombstones(settings: SiteSettings, journal: Journal) -> Tombstones:
    return Tombstones(
        count_max=settings.tombstones_max,
        life_s=settings.tombstone_s,
        mark=lambda token: journal.mark("tombstone", token),
    )


def _joined(base: SiteBase, plan: PlanParts) -> SiteParts:
    base.figures.join(base.model.queue_report, base.documents.threshold_s)
    handlers = HandlerMoves(base)
    requests = _requests(base, plan, handlers)
    moves = _moves(base, plan, requests, handlers)
    plan.overflow.join(moves.fits, moves.begin, base.calls.knows)
    handlers.join(moves.fits, moves.begin, base.addresses)
    base.declined.is_ours = moves.knows
    holds = target_holds(base)
    entered = entering(base.figures, base.model.fates, base.ageing, requests)
    arrivals = _arrivals(base, plan, holds, moves, entered)
    closing = Closing(base.calls, base.actions, requests.consider, base.out)
    opening = _opening(base, closing)
    callbacks = callback_parts(
        base, holds=holds, requests=requests, opening=opening, closing=closing, entered=entered
    )
    requests.join(moves.begin, callbacks.origin)
    _join_state(base, plan, holds, moves, callbacks)
    base.asking.join(opening)
    base.figures.on_moved = opening.look_at_guard
    base.documents.join(opening.documents_changed, plan.plans.told, base.numbers.use)
    desk = _desk(base, requests, moves, arrivals)
    return SiteParts(
        out=base.out,
        journal=base.journal,
        restart=_restart(base, desk, holds, arrivals, moves, requests, callbacks),
        stuck=StuckClaims(base.settings, base.model, holds.book, base.out),
        leaders=base.leaders,
        tiers=plan.tiers,
        reports=base.reports,
        model=base.model,
        numbers=base.numbers,
        probes=probes_of(base),
        figures=base.figures,
        calls=base.calls,
        addresses=base.addresses,
        documents=base.documents,
        cancels=base.cancels,
        requests=requests,
        entries=base.entries,
        plan=plan,
        moves=moves,
        holds=holds,
        arrivals=arrivals,
        desk=desk,
        transfers=transfers_of(base, requests, moves),
        rules=base.rules,
        asking=base.asking,
        declined=base.declined,
        opening=opening,
        actions=base.actions,
        callbacks=callbacks,
        pre_routes=pre_routes_of(base, plan),
        records=base.records,
    )


def _join_state(
    base: SiteBase,
    plan: PlanParts,
    holds: TargetHolds,
    moves: TransferExecution,
    callbacks: CallbackParts,
) -> None:
    """Name where what is kept, and what nodes are told, comes from."""
    join_journal(
        base.journal,
        holds=holds,
        calls=base.calls,
        moves=moves,
        cancels=base.cancels,
        tombstones=base.tombstones,
        callbacks=callbacks.book,
        numbers=base.numbers,
    )
    plan.standing.pools = base.numbers.shown
    base.reports.join(
        {
            "queue": base.model.queue_report,
            "agent": base.model.agent_report,
            "trunk": base.model.trunk_report,
            "reservation": holds.report,
            "waiting": callbacks.report,
        },
        plan.standing,
    )


def _opening(base: SiteBase, closing: Closing) -> Opening:
    return Opening(
        documents=base.documents,
        model=base.model,
        limits=base.model.limits,
        rules=base.rules,
        asking=base.asking,
        closing=closing,
        out=base.out,
        mark=base.reports.mark,
        unix_offset_s=base.settings.unix_offset_s,
    )


def _requests(base: SiteBase, plan: PlanParts, handlers: HandlerMoves) -> RouteRequests:
    return RouteRequests(
        site=base.site,
        settings=base.settings,
        leaders=base.leaders,
        calls=base.calls,
        declined=base.declined,
        out=base.out,
        new_id=base.new_id,
        ready_count=lambda queue: base.model.count(queue, AgentState.READY),
        asking=base.asking,
        actions=base.actions,
        entries=base.entries,
        plan=plan.overflow,
        handlers=handlers,
    )


def _moves(
    base: SiteBase, plan: PlanParts, requests: RouteRequests, handlers: HandlerMoves
) -> TransferExecution:
    desk = MoveDesk(
        site=base.site,
        settings=base.settings,
        addresses=base.addresses,
        leaders=base.leaders,
        calls=base.calls,
        cancels=base.cancels,
        out=base.out,
        new_id=base.new_id,
        new_token=base.new_token,
        free_channels=base.model.free_channels,
        requery=requests.consider,
        decline=base.declined.decline,
        plan_ended=plan.overflow.ended,
        handlers=handlers,
        numbers=base.numbers,
        mark=base.journal.mark,
    )
    return TransferExecution(desk)


def _arrivals(
    base: SiteBase,
    plan: PlanParts,
    holds: TargetHolds,
    moves: TransferExecution,
    entered: Entered,
) -> Arrivals:
    leaders, out = base.leaders, base.out
    data = ArrivalData(site=base.site, holds=holds, calls=base.calls, leaders=leaders, out=out)
    return Arrivals(
        site=base.site,
        settings=base.settings,
        holds=holds,
        moves=moves,
        calls=base.calls,
        leaders=base.leaders,
        out=base.out,
        data=data,
        unsettled=UnsettledArrivals(
            base.site, base.settings, base.leaders, base.out, base.journal.mark
        ),
        entered=entered,
        plan=plan_arrivals(
            plan,
            site=base.site,
            settings=base.settings,
            model=base.model,
            holds=holds,
            calls=base.calls,
            out=base.out,
        ),
        tombstones=base.tombstones,
        numbers=number_arrivals(base, holds),
        consults=consult_arrivals(base, holds),
    )


def _desk(
    base: SiteBase, requests: RouteRequests, moves: TransferExecution, arrivals: Arrivals
) -> CallDesk:
    return CallDesk(
        site=base.site,
        settings=base.settings,
        calls=base.calls,
        leaders=base.leaders,
        requests=requests,
        moves=moves,
        arrivals=arrivals,
        figures=base.figures,
        took_call=base.model.took_call,
        actions=base.actions,
        ageing=base.ageing,
        requery_s=base.rules.requery_s,
        fates=base.model.fates,
        legs=base.records.legs,
        shifts=ShiftedCalls(base.model.limits, base.leaders, base.out),
        out=base.out,
    )


def _restart(  # noqa: PLR0917 - what a restart takes up
    base: SiteBase,
    desk: CallDesk,
    holds: TargetHolds,
    arrivals: Arrivals,
    moves: TransferExecution,
    requests: RouteRequests,
    callbacks: CallbackParts,
) -> Restart:
    return restart_of(
        site=base.site,
        incarnation=base.incarnation,
        settings=base.settings,
        out=base.out,
        journal=base.journal,
        calls=base.calls,
        figures=base.figures,
        ageing=base.ageing,
        desk=desk,
        requests=requests,
        holds=holds,
        arrivals=arrivals,
        tombstones=base.tombstones,
        moves=moves,
        cancels=base.cancels,
        callbacks=callbacks.calls,
        numbers=base.numbers,
    )
