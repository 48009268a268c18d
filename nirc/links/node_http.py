"""Joins the parts of a node's HTTP API: what it serves, started and ended in order.

Rule of this file: wiring only.
"""

from collections.abc import Callable, Mapping
from functools import partial

from nirc.config import NodeConfig
from nirc.core.events import Event
from nirc.links.admin_http import AdminHttp
from nirc.links.admin_tls import server_tls
from nirc.links.admin_token import make_token
from nirc.links.audit_http import AuditHttp
from nirc.links.dry_runs import DryRuns
from nirc.links.edges import Edges
from nirc.links.events_http import EventsHttp
from nirc.links.live_changes import picture_of
from nirc.links.node_report import NodeReport, ReportSources
from nirc.links.paths_http import PathsHttp
from nirc.links.policies_http import PoliciesHttp
from nirc.links.queue_http import QueueHttp
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
        dry_runs: DryRuns,
        queue: QueueHttp,
        edges: Edges,
    ) -> None:
        report = NodeReport(sources)
        self.families = report.families
        self.events = EventsHttp(
            picture=partial(picture_of, report, config.admin.events.decisions_max),
            run=new_id(),
            settings=config.admin.events,
            now_s=sources.now_s,
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
            peer_urls=sources.peer_urls,
            note=audit.note,
            more=[
                *PoliciesHttp(stores.policies, dry_runs, wall_unix_s, counters).routes(),
                *queue.routes(),
                *edges.routes(),
                *PathsHttp(post=post, view=report.view, new_id=new_id).routes(),
                *self.events.routes(),
                *audit.routes(),
            ],
        )

    @property
    def port(self) -> int:
        """Where it listens; 0 before `start`."""
        return self._admin.port

    async def start(self) -> None:
        """Listen. Raises SettingsError."""
        await self._admin.start()
        self.events.start()

    async def stop(self) -> None:
        """Send the readers of the live stream away, answer what is under way, end."""
        await self.events.stop()
        await self._admin.stop()
