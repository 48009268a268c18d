"""Joins the parts of a node's HTTP API: what it serves, started and ended in order.

Rule of this file: wiring only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from aiohttp import web

from nirc.config import NodeConfig
from nirc.core.events import Event
from nirc.links.admin_http import AdminHttp
from nirc.links.admin_tls import server_tls
from nirc.links.admin_token import make_token
from nirc.links.api_url import api_url
from nirc.links.audit_http import AuditHttp
from nirc.links.console_http import ConsoleHttp
from nirc.links.edges import Edges
from nirc.links.events_http import EventsHttp
from nirc.links.explanation_http import ExplanationHttp
from nirc.links.history_http import HistoryHttp
from nirc.links.kept_http import KeptHttp
from nirc.links.leader_reads import LeaderReads
from nirc.links.live_changes import picture_of
from nirc.links.node_asks import NodeAsks
from nirc.links.node_report import NodeReport, ReportSources
from nirc.links.paths_http import PathsHttp
from nirc.links.policies_http import PoliciesHttp
from nirc.links.request_pace import RequestPace
from nirc.links.session_http import SessionHttp
from nirc.links.shifts_http import ShiftsHttp
from nirc.links.who_may import WhoMay
from nirc.runtime.clock import wall_unix_s
from nirc.stores.node_stores import NodeStores


class NodeHttp:
    """The HTTP API of one node. `start` and `stop`, both once."""

    def __init__(
        self,
        config: NodeConfig,
        *,
        sources: ReportSources,
        stores: NodeStores,
        post: Callable[[Event], object],
        new_id: Callable[[], str],
        counters: Callable[[], Mapping[str, int]],
        asks: NodeAsks,
        edges: Edges,
        more: Sequence[web.RouteDef] = (),
    ) -> None:
        report = NodeReport(sources)
        self.families = report.families
        self._settings, self._members = config.admin, stores.members
        self.events = EventsHttp(
            picture=partial(picture_of, report, config.admin.events.decisions_max),
            run=new_id(),
            settings=config.admin.events,
            now_s=sources.now_s,
        )
        self._history = HistoryHttp(
            node=config.node,
            view=report.view,
            settings=config.admin.history,
            wall_unix_s=wall_unix_s,
        )
        self._reads = LeaderReads(
            node=config.node,
            status=report.status,
            urls=sources.node_urls,
            keyring=stores.sessions,
            wall_unix_s=wall_unix_s,
            ca=config.admin.tls.ca if config.admin.tls else None,
        )
        audit = AuditHttp(
            node=config.node,
            record=stores.recorder.act,
            search=partial(stores.records.find, "audit", ""),
            wall_unix_s=wall_unix_s,
        )
        self._admin = AdminHttp(
            listen=config.admin.listen,
            make_token=partial(make_token, config.token_file),
            report=report,
            documents=stores.documents,
            tls=server_tls(tls.cert, tls.key) if (tls := config.admin.tls) else None,
            own_tokens=edges.tokens(),
            node_urls=sources.node_urls,
            note=audit.note,
            who_may=WhoMay(stores.sessions, wall_unix_s),
            reads=self._reads,
            pace=RequestPace(
                per_s=config.admin.requests_per_s_max, burst=config.admin.requests_burst_max
            ),
            more=[
                *PoliciesHttp(stores.policies, asks.dry_runs, wall_unix_s, counters).routes(),
                *ExplanationHttp(report, stores.records.find, stores.policies).routes(),
                *asks.queue.routes(),
                *asks.controls.routes(),
                *ShiftsHttp(report.view).routes(),
                *edges.routes(),
                *PathsHttp(post=post, view=report.view, new_id=new_id).routes(),
                *self.events.routes(),
                *audit.routes(),
                *self._history.routes(),
                *_for_console(config, sources.node_urls, stores),
                *more,
            ],
        )

    @property
    def port(self) -> int:
        """Where it listens; 0 before `start`."""
        return self._admin.port

    async def start(self) -> None:
        """Listen. Raises SettingsError."""
        await self._admin.start()
        self._members.own_url = api_url(self._settings, self.port)
        self.events.start()
        self._history.start()

    async def stop(self) -> None:
        """Send the readers of the live stream away, answer what is under way, end."""
        await self._history.stop()
        await self.events.stop()
        await self._admin.stop()
        await self._reads.stop()


def _for_console(
    config: NodeConfig, node_urls: Mapping[str, str], stores: NodeStores
) -> Iterator[web.RouteDef]:
    """The console's files, its sessions, and what it shows of files of records."""
    yield from ConsoleHttp(node_urls).routes()
    yield from KeptHttp(config.records, wall_unix_s).routes()
    yield from SessionHttp(
        node=config.node,
        keyring=stores.sessions,
        life_s=config.admin.sessions.life_s,
        wall_unix_s=wall_unix_s,
    ).routes()
