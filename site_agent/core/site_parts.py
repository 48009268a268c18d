"""Joins the parts of one site daemon; the only file that knows how they hang together.

Rule of this file: it builds and connects, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nrcli.wire.messages import AgentState, Epoch
from routing_policies.document import SiteTable
from site_agent.core.addresses import Addresses
from site_agent.core.arrival_data import ArrivalData
from site_agent.core.arrivals import Arrivals
from site_agent.core.call_desk import CallDesk
from site_agent.core.calls import CallBook
from site_agent.core.cancels import Cancels
from site_agent.core.leaders import Leaders
from site_agent.core.move_desk import MoveDesk
from site_agent.core.outbox import Outbox
from site_agent.core.report_builder import ReportBuilder
from site_agent.core.route_requests import RouteRequests
from site_agent.core.settings import SiteSettings
from site_agent.core.site_documents import SiteDocuments
from site_agent.core.site_model import SiteModel
from site_agent.core.target_holds import TargetHolds
from site_agent.core.tiers import Tiers
from site_agent.core.transfer_execution import TransferExecution


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteParts:
    """The parts, each with its own file."""

    out: Outbox
    leaders: Leaders
    tiers: Tiers
    reports: ReportBuilder
    model: SiteModel
    calls: CallBook
    addresses: Addresses
    documents: SiteDocuments
    cancels: Cancels
    requests: RouteRequests
    moves: TransferExecution
    holds: TargetHolds
    arrivals: Arrivals
    desk: CallDesk


def join_parts(
    *,
    site: str,
    incarnation: int,
    settings: SiteSettings,
    epochs: Mapping[str, Epoch],
    site_table: SiteTable | None,
    new_token: Callable[[], str],
    new_id: Callable[[], str],
) -> SiteParts:
    """Build the parts and hand them to one another."""
    out = Outbox()
    leaders = Leaders(epochs, out)
    reports = ReportBuilder(incarnation, settings, out)
    calls = CallBook(reports.mark)
    base = _Base(
        site=site,
        settings=settings,
        out=out,
        leaders=leaders,
        reports=reports,
        calls=calls,
        model=SiteModel(settings, reports.mark, lambda: calls.loans),
        cancels=Cancels(site, settings, leaders, out),
        addresses=Addresses(site, settings, site_table, out),
        new_token=new_token,
        new_id=new_id,
    )
    requests = _requests(base)
    moves = _moves(base, requests)
    requests.join(moves.begin, moves.knows)
    holds = _holds(base)
    arrivals = _arrivals(base, holds, moves, requests)
    reports.join(
        {
            "queue": base.model.queue_report,
            "agent": base.model.agent_report,
            "trunk": base.model.trunk_report,
            "reservation": holds.report,
            "waiting": calls.report,
        }
    )
    return SiteParts(
        out=out,
        leaders=leaders,
        tiers=Tiers(site, settings, leaders, out),
        reports=reports,
        model=base.model,
        calls=calls,
        addresses=base.addresses,
        documents=SiteDocuments(site, out, settings.unix_offset_s),
        cancels=base.cancels,
        requests=requests,
        moves=moves,
        holds=holds,
        arrivals=arrivals,
        desk=_desk(base, requests, moves, arrivals),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What the larger parts are built on."""

    site: str
    settings: SiteSettings
    out: Outbox
    leaders: Leaders
    reports: ReportBuilder
    calls: CallBook
    model: SiteModel
    cancels: Cancels
    addresses: Addresses
    new_token: Callable[[], str]
    new_id: Callable[[], str]


def _requests(base: _Base) -> RouteRequests:
    return RouteRequests(
        site=base.site,
        settings=base.settings,
        leaders=base.leaders,
        calls=base.calls,
        cancels=base.cancels,
        out=base.out,
        new_id=base.new_id,
        ready_count=lambda queue: base.model.count(queue, AgentState.READY),
    )


def _moves(base: _Base, requests: RouteRequests) -> TransferExecution:
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
        decline=requests.decline,
    )
    return TransferExecution(desk)


def _holds(base: _Base) -> TargetHolds:
    return TargetHolds(
        site=base.site,
        settings=base.settings,
        model=base.model,
        leaders=base.leaders,
        out=base.out,
        mark=base.reports.mark,
        new_id=base.new_id,
        new_token=base.new_token,
    )


def _arrivals(
    base: _Base, holds: TargetHolds, moves: TransferExecution, requests: RouteRequests
) -> Arrivals:
    data = ArrivalData(
        site=base.site, holds=holds, calls=base.calls, leaders=base.leaders, out=base.out
    )
    return Arrivals(
        site=base.site,
        settings=base.settings,
        holds=holds,
        moves=moves,
        calls=base.calls,
        leaders=base.leaders,
        out=base.out,
        data=data,
        entered=requests.arrived,
    )


def _desk(
    base: _Base, requests: RouteRequests, moves: TransferExecution, arrivals: Arrivals
) -> CallDesk:
    return CallDesk(
        site=base.site,
        settings=base.settings,
        calls=base.calls,
        leaders=base.leaders,
        requests=requests,
        moves=moves,
        arrivals=arrivals,
        out=base.out,
    )
