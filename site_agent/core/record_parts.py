"""Joins what writes records to the rest, and lets it hear events that belong to other parts.

Rule of this file: it hands on, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from site_agent.adapters import base as acd
from site_agent.core import events as ev
from site_agent.core.agent_legs import AgentLegs
from site_agent.core.calls import CallBook
from site_agent.core.leaders import Leaders
from site_agent.core.leg_records import LegRecords
from site_agent.core.outbox import Outbox
from site_agent.core.record_outbox import RecordOutbox
from site_agent.core.settings import SiteSettings
from site_agent.core.site_documents import SiteDocuments
from site_agent.core.trunk_records import TrunkRecords

Handler = Callable[[Any, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordParts:
    """Everything that writes records."""

    outbox: RecordOutbox
    agents: AgentLegs
    trunks: TrunkRecords
    legs: LegRecords


def record_parts(
    site: str,
    incarnation: int,
    settings: SiteSettings,
    *,
    leaders: Leaders,
    documents: SiteDocuments,
    out: Outbox,
) -> RecordParts:
    """The parts, joined with one another."""
    outbox = RecordOutbox(leaders, out, incarnation, settings.records_waiting_max)
    piece_s, wall = settings.record_piece_s, documents.unix_s
    agents = AgentLegs(site, piece_s, wall, outbox.tell)
    return RecordParts(
        outbox=outbox,
        agents=agents,
        trunks=TrunkRecords(site, piece_s, wall, outbox.tell),
        legs=LegRecords(
            site=site,
            incarnation=incarnation,
            documents=documents,
            agents=agents,
            tell=outbox.tell,
        ),
    )


def recorded_too(
    records: RecordParts, calls: CallBook, handlers: dict[type, Handler]
) -> dict[type, Handler]:
    """The same handlers; some are preceded, links followed, by those of the records."""
    first = _of_calls(records, calls) | {
        acd.AgentChanged: records.agents.changed,
        acd.AgentGone: lambda event, now_s: records.agents.gone(event.agent, now_s),
        acd.TrunkChanged: records.trunks.changed,
        ev.WallTimeRead: lambda event, now_s: _second(records, now_s),
    }
    after: dict[type, Handler] = {
        ev.NodeLinkUp: lambda event, _: records.outbox.node_up(event.node, takes=event.records),
        ev.NodeLinkDown: lambda event, _: records.outbox.node_down(event.node),
    }
    both = {kind: _in_turn(told, handlers[kind]) for kind, told in first.items()}
    both |= {kind: _in_turn(handlers[kind], told) for kind, told in after.items()}
    return handlers | both


def _of_calls(records: RecordParts, calls: CallBook) -> dict[type, Handler]:
    """What agents do with a caller, before the call changes by it."""

    def begun(event: acd.TransferBegun, now_s: float) -> None:
        call = calls.get(event.call_id)
        if call is not None and not call.passed_by:
            records.legs.passed_on(call, event, now_s)

    def over(event: acd.TransferEnded, now_s: float) -> None:
        call = calls.get(event.call_id)
        if call is not None and call.passed_by:
            records.legs.transfer_over(call, event, now_s)

    def unanswered(event: acd.AgentUnanswered, now_s: float) -> None:
        call = calls.get(event.call_id)
        if call is not None:
            records.legs.unanswered(call, event.agent, now_s)

    return {
        acd.TransferBegun: begun,
        acd.TransferEnded: over,
        acd.AgentUnanswered: unanswered,
    }


def _second(records: RecordParts, now_s: float) -> None:
    records.agents.look(now_s)
    records.trunks.look(now_s)
    records.outbox.send()


def _in_turn(first: Handler, second: Handler) -> Handler:
    def both(event: Any, now_s: float) -> None:
        first(event, now_s)
        second(event, now_s)

    return both
