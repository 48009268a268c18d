"""Joins the journal, and what a restarted daemon does with it, to the other parts.

Rule of this file: it builds and connects, nothing else.
"""

from __future__ import annotations

from site_agent.core.arrivals import Arrivals
from site_agent.core.call_ageing import CallAgeing
from site_agent.core.call_desk import CallDesk
from site_agent.core.callback import callback_value
from site_agent.core.callback_book import CallbackBook
from site_agent.core.callback_calls import CallbackCalls
from site_agent.core.calls import CallBook
from site_agent.core.cancels import Cancels
from site_agent.core.journal import Journal
from site_agent.core.journal_records import call_value, hold_value, move_value
from site_agent.core.number_pools import NumberPools
from site_agent.core.outbox import Outbox
from site_agent.core.queue_figures import QueueFigures
from site_agent.core.restart import Restart
from site_agent.core.restarted_calls import RestartedCalls
from site_agent.core.restarted_holds import RestartedHolds
from site_agent.core.route_requests import RouteRequests
from site_agent.core.settings import SiteSettings
from site_agent.core.target_holds import TargetHolds
from site_agent.core.tombstones import Tombstones
from site_agent.core.transfer_execution import TransferExecution


def join_journal(
    journal: Journal,
    *,
    holds: TargetHolds,
    calls: CallBook,
    moves: TransferExecution,
    cancels: Cancels,
    tombstones: Tombstones,
    callbacks: CallbackBook,
    numbers: NumberPools,
) -> None:
    """Tell the journal where its values come from."""
    journal.join(
        {
            "hold": lambda token: hold_value(holds.by_token(token)),
            "call": lambda call_id: call_value(calls.get(call_id)),
            "move": lambda token: move_value(moves.by_token(token)),
            "cancel": cancels.kept,
            "callback": lambda entry_id: callback_value(callbacks.get(entry_id)),
            "number": numbers.value,
            "tombstone": lambda token: {} if token in tombstones else None,
        }
    )


def restart_of(
    *,
    site: str,
    incarnation: int,
    settings: SiteSettings,
    out: Outbox,
    journal: Journal,
    calls: CallBook,
    figures: QueueFigures,
    ageing: CallAgeing,
    desk: CallDesk,
    requests: RouteRequests,
    holds: TargetHolds,
    arrivals: Arrivals,
    tombstones: Tombstones,
    moves: TransferExecution,
    cancels: Cancels,
    callbacks: CallbackCalls,
    numbers: NumberPools,
) -> Restart:
    """What reads the journal."""
    return Restart(
        site=site,
        incarnation=incarnation,
        journal=journal,
        calls=RestartedCalls(
            calls=calls, desk=desk, figures=figures, ageing=ageing, requests=requests, out=out
        ),
        holds=RestartedHolds(
            settings=settings,
            holds=holds,
            arrivals=arrivals,
            calls=calls,
            tombstones=tombstones,
            numbers=numbers,
        ),
        moves=moves,
        cancels=cancels,
        callbacks=callbacks,
        out=out,
    )
