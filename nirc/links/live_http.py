"""The part of a node's HTTP API that tells what is going on: lists, in pages and with filters.

Rule of this file: it answers; what the answers say is made in the node's report.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from nirc.links.api_server import (
    Handler,
    asked,
    bound,
    cursor_name,
    cursor_of,
    kept,
    matching,
    page,
)
from nirc.links.problems import json_answer, problem
from nrcli.wire import query_models as q
from nrcli.wire.alarm_models import AcknowledgeAlarm, Alarm, Alarms
from nrcli.wire.api_models import (
    Calls,
    Decisions,
    Drained,
    QueueEntries,
    Sites,
    SiteStatus,
    Status,
)
from nrcli.wire.live_models import AgentOfSite, QueueOfSite
from nrcli.wire.resource_models import (
    Agents,
    Cluster,
    Queues,
    Reservation,
    Reservations,
    Statistics,
)

log = logging.getLogger(__name__)


class NodeReport(Protocol):
    """What the API can tell of its node."""

    def status(self) -> Status:
        """The node at a glance."""

    def cluster(self) -> Cluster:
        """All nodes, and who leads."""

    def statistics(self) -> Statistics:
        """What was counted."""

    def sites(self) -> Sites:
        """Every site."""

    def site(self, name: str) -> SiteStatus | None:
        """One site; None if it is unknown."""

    def queues(self) -> tuple[QueueOfSite, ...]:
        """Queues of all sites."""

    def agents(self) -> tuple[AgentOfSite, ...]:
        """Agents of all sites."""

    def reservations(self) -> tuple[Reservation, ...]:
        """What sites hold."""

    def queue(self) -> QueueEntries:
        """The network queue."""

    def calls(self) -> Calls:
        """Calls in motion."""

    async def decisions(
        self, call: str, limit: int, keep: Callable[[object], bool] = ..., before: str = ""
    ) -> Decisions:
        """Decisions about one call, or the newest of all."""

    def alarms(self) -> Alarms:
        """Alarms that stand."""

    def acknowledge(self, wanted: AcknowledgeAlarm) -> Alarm | None:
        """Somebody cares for an alarm; None where it does not stand."""

    def metrics_text(self) -> str:
        """Everything counted, for Prometheus."""

    def drain(self, draining: bool = True) -> None:
        """Take no more work, or take it again."""


class LiveHttp:
    """Handlers; `routes` are added to the node's API, whose guard is before them."""

    def __init__(self, report: NodeReport) -> None:
        self._report = report

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        report = self._report
        return bound(
            {
                "getStatus": _tells(report.status),
                "getCluster": _tells(report.cluster),
                "getStatistics": _tells(report.statistics),
                "listSites": self._sites,
                "getSite": self._site,
                "listQueues": self._queues,
                "listAgents": self._agents,
                "listReservations": self._reservations,
                "listCalls": self._calls,
                "listQueueEntries": self._entries,
                "listDecisions": self._decisions,
                "listAlarms": self._alarms,
                "acknowledgeAlarm": self._acknowledge,
                "drainNode": self._drains(True),
                "undrainNode": self._drains(False),
            }
        )

    async def _sites(self, request: web.Request) -> web.Response:
        query = asked(request, q.SitesQuery)
        found = kept(self._report.sites().sites, query)
        part, after = page(found, query, lambda one: one.site)
        return json_answer(Sites(sites=part, next=after))

    async def _site(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        found = self._report.site(name)
        if found is None:
            remedy = "`nrcli sites` lists those that the documents name"
            return problem(404, f"no site {name[:80]}", remedy=remedy)
        return json_answer(found)

    async def _queues(self, request: web.Request) -> web.Response:
        query = asked(request, q.QueuesQuery)
        found = kept(self._report.queues(), query)
        part, after = page(found, query, lambda one: f"{one.site}/{one.queue}")
        return json_answer(Queues(queues=part, next=after))

    async def _agents(self, request: web.Request) -> web.Response:
        query = asked(request, q.AgentsQuery)
        found = kept(self._report.agents(), query)
        part, after = page(found, query, lambda one: f"{one.site}/{one.agent}")
        return json_answer(Agents(agents=part, next=after))

    async def _reservations(self, request: web.Request) -> web.Response:
        query = asked(request, q.ReservationsQuery)
        found = kept(self._report.reservations(), query)
        part, after = page(found, query, lambda one: f"{one.site}/{one.request_id}")
        return json_answer(Reservations(reservations=part, next=after))

    async def _calls(self, request: web.Request) -> web.Response:
        query = asked(request, q.CallsQuery)
        found = kept(self._report.calls().calls, query)
        part, after = page(found, query, lambda one: one.request_id)
        return json_answer(Calls(calls=part, next=after))

    async def _entries(self, request: web.Request) -> web.Response:
        query = asked(request, q.EntriesQuery)
        found = kept(self._report.queue().entries, query)
        part, after = page(found, query, lambda one: one.entry_id)
        return json_answer(QueueEntries(entries_count=len(found), entries=part, next=after))

    async def _decisions(self, request: web.Request) -> web.Response:
        query = asked(request, q.DecisionsQuery)
        before = cursor_name(query.after)
        told = await self._report.decisions(query.call, query.limit, matching(query), before)
        older = len(told.decisions) == query.limit and not query.call
        after = cursor_of(0, told.decisions[0].decision_id) if older else ""
        return json_answer(told.model_copy(update={"next": after}))

    async def _alarms(self, request: web.Request) -> web.Response:
        query = asked(request, q.AlarmsQuery)
        found = kept(self._report.alarms().alarms, query)
        part, after = page(found, query, lambda one: f"{one.code}/{one.place}")
        return json_answer(Alarms(alarms=part, next=after))

    async def _acknowledge(self, request: web.Request) -> web.Response:
        wanted = AcknowledgeAlarm.model_validate_json(await request.read())
        found = self._report.acknowledge(wanted)
        if found is None:
            place = f"{wanted.code}/{wanted.place}"
            remedy = "`nrcli alarms` lists those that stand at this node; each node has its own"
            return problem(404, "no such alarm stands", place=place, remedy=remedy)
        return json_answer(found)

    def _drains(self, draining: bool) -> Handler:
        async def drain(_request: web.Request) -> web.Response:
            self._report.drain(draining)
            return json_answer(Drained(draining=draining), 202)

        return drain


def _tells(ask: Callable[[], BaseModel]) -> Handler:
    """Answers with what the report says."""

    async def tell(_request: web.Request) -> web.Response:
        return json_answer(ask())

    return tell
