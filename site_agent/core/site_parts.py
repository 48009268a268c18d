"""Joins the parts of one site daemon; the only file that knows how they hang together.

Rule of this file: it builds and connects, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nrcli.wire.messages import AgentState, Epoch
from routing_policies.document import SiteTable
from site_agent.core.addresses import Addresses
from site_agent.core.arrivals import Arrivals
from site_agent.core.call_desk import CallDesk
from site_agent.core.calls import CallBook
from site_agent.core.cancels import Cancels
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.report_builder import ReportBuilder
from site_agent.core.route_requests import RouteRequests
from site_agent.core.settings import SiteSettings
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
    model = SiteModel(settings, reports.mark, lambda: calls.loans)
    addresses = Addresses(site, settings, site_table, out)
    cancels = Cancels(site, settings, leaders, out)
    requests = RouteRequests(
        site=site,
        settings=settings,
        leaders=leaders,
        calls=calls,
        cancels=cancels,
        out=out,
        new_id=new_id,
        ready_count=lambda queue: model.count(queue, AgentState.READY),
    )
    moves = TransferExecution(
        site=site,
        settings=settings,
        addresses=addresses,
        leaders=leaders,
        calls=calls,
        cancels=cancels,
        out=out,
        new_id=new_id,
        new_token=new_token,
        free_channels=model.free_channels,
        requery=requests.consider,
        decline=requests.decline,
    )
    requests.join(moves.begin)
    holds = TargetHolds(
        site=site,
        settings=settings,
        model=model,
        leaders=leaders,
        out=out,
        mark=reports.mark,
        new_id=new_id,
        new_token=new_token,
    )
    arrivals = Arrivals(
        site=site,
        settings=settings,
        holds=holds,
        moves=moves,
        calls=calls,
        leaders=leaders,
        out=out,
        entered=requests.arrived,
    )
    reports.join(
        {
            "queue": model.queue_report,
            "agent": model.agent_report,
            "trunk": model.trunk_report,
            "reservation": holds.report,
            "waiting": calls.report,
        }
    )
    desk = CallDesk(
        site=site,
        settings=settings,
        calls=calls,
        leaders=leaders,
        requests=requests,
        moves=moves,
        arrivals=arrivals,
        out=out,
    )
    return SiteParts(
        out=out,
        leaders=leaders,
        tiers=Tiers(site, settings, leaders, out),
        reports=reports,
        model=model,
        calls=calls,
        addresses=addresses,
        cancels=cancels,
        requests=requests,
        moves=moves,
        holds=holds,
        arrivals=arrivals,
        desk=desk,
    )
