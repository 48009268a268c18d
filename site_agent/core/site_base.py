"""What the larger parts of a site daemon are built on.

Rule of this file: data only; it is built once, in `site_parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from site_agent.core.addresses import Addresses
from site_agent.core.answer_actions import AnswerActions
from site_agent.core.asking import Asking
from site_agent.core.call_ageing import CallAgeing
from site_agent.core.calls import CallBook, Mark
from site_agent.core.cancels import Cancels
from site_agent.core.declined_answers import DeclinedAnswers
from site_agent.core.journal import Journal
from site_agent.core.leaders import Leaders
from site_agent.core.number_pools import NumberPools
from site_agent.core.outbox import Outbox
from site_agent.core.queue_entries import QueueEntries
from site_agent.core.queue_figures import QueueFigures
from site_agent.core.record_parts import RecordParts
from site_agent.core.report_builder import ReportBuilder
from site_agent.core.rules_in_force import RulesInForce
from site_agent.core.settings import SiteSettings
from site_agent.core.site_documents import SiteDocuments
from site_agent.core.site_model import SiteModel
from site_agent.core.tombstones import Tombstones


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBase:
    """The smaller parts of one site daemon."""

    site: str
    incarnation: int
    settings: SiteSettings
    out: Outbox
    journal: Journal
    mark: Mark
    leaders: Leaders
    reports: ReportBuilder
    calls: CallBook
    model: SiteModel
    numbers: NumberPools
    figures: QueueFigures
    cancels: Cancels
    declined: DeclinedAnswers
    addresses: Addresses
    new_token: Callable[[], str]
    new_id: Callable[[], str]
    tombstones: Tombstones
    rules: RulesInForce
    asking: Asking
    actions: AnswerActions
    entries: QueueEntries
    ageing: CallAgeing
    documents: SiteDocuments
    records: RecordParts

    def mark_queue(self, queue: str) -> None:
        """What is lent of a queue changed: its report, and those of its agents."""
        self.reports.mark("queue", queue)
        for agent in self.model.agents.values():
            if agent.serves(queue):
                self.reports.mark("agent", agent.agent)
