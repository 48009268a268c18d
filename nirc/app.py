"""Joins the parts of one node: the only place where they are made and know of one another.

Rule of this file: wiring only. The order of the end matters: leadership is given back first, then
the links are closed, so that no site ever waits for a node that is gone.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from nirc.alarm_work.alarm_work import AlarmWork
from nirc.config import NodeConfig, TlsConfig
from nirc.core.actions import DecisionRecord, MoveRecord
from nirc.core.choice import SHADOW
from nirc.core.events import (
    DrainAsked,
    Event,
    LeaderObserved,
    LoopWoke,
    PeerDown,
    PeerSaid,
    PeerUp,
    SiteAlive,
    SiteLinkDown,
    SiteLinkUp,
    SiteSaid,
    TimerFired,
    WallTimeRead,
)
from nirc.core.router import SWEEP_TIMER, Router
from nirc.core.view import RouterView
from nirc.errors import SettingsError
from nirc.links.edges import Edges
from nirc.links.node_asks import NodeAsks
from nirc.links.node_http import NodeHttp
from nirc.links.node_report import ReportSources, decision_of
from nirc.links.peer_link import PeerLink
from nirc.links.site_link_server import SiteLinkServer
from nirc.links.site_traces import SiteTraces
from nirc.runtime.action_table import action_table
from nirc.runtime.clock import now_s, wall_unix_s
from nirc.runtime.driver import Driver, DriverSettings
from nirc.runtime.processor_wait import ProcessorWait
from nirc.stores.leader_notice import NoticeSettings
from nirc.stores.leader_notices import LeaderNotices
from nirc.stores.node_stores import NodeStores
from nirc.stores.publish_checks import seen_sites
from nirc.telemetry.alarm_board import AlarmBoard
from nirc.telemetry.decision_log import DecisionLog, LoggedDecision
from nirc.telemetry.exporting import export_decision, exporter_of
from nirc.telemetry.node_metrics import NodeMetrics
from nrcli.sip.redirect_words import PreRouteAsked
from nrcli.wire.api_models import Decision
from nrcli.wire.messages import SiteMessage, SiteRecord
from nrcli.wire.tls import TlsFiles

log = logging.getLogger(__name__)

FIRST_DOCUMENTS_S_MAX = 2.0
WALL_TIME_EVERY_S = 1.0
ALIVE_EVERY_S = 0.1
"Signs of life of one site reach the router at most this often; silence is judged in seconds."


class Node:
    """One node. `start`, then `stop`; both once. Raises SettingsError when it cannot start."""

    def __init__(self, config: NodeConfig) -> None:
        self._config = config
        self._draining = False
        self._tasks: list[asyncio.Task[object]] = []
        self._started_at_s = now_s()
        self._alive_at_s: dict[str, float] = {}
        self._alarms = AlarmBoard(wall_unix_s)
        self._decisions = DecisionLog()
        self._router = _router_of(config)
        self._stores = NodeStores(
            config,
            post=self._post,
            alarms=self._alarms,
            sees=lambda: seen_sites(self._router.view(now_s())),
            leads=lambda: _leads(self._router.view(now_s())),
        )
        self._alarm_work = AlarmWork(config, self._stores, self._alarms, self._router.view)
        self._links(_tls_files(config.link.tls))
        self._metrics = NodeMetrics(
            counters=self._counters,
            redirects=self._edges.counts,
            inbox_count=lambda: self._driver.inbox_count,
            alarms_count=lambda: len(self._alarms.standing()),
            records_shed_count=lambda: self._stores.records.lost_count,
            readers=lambda: self._http.events.counts if self._http else (0, 0),
        )
        self._driver = Driver(
            core=self._router,
            carry_out=action_table(
                sites=self._site_links,
                peers=self._peer_link,
                data=self._stores.data,
                leaderships=self._stores,
                recorder=self,
                alarms=self._alarms,
                dry_runs=self._asks.dry_runs,
                entries=self._asks.queue,
                edges=self._edges,
                proofs=self._stores.proofs,
                controls=self._stores.controls,
                weighers=self._asks.controls,
            ),
            now_s=now_s,
            settings=DriverSettings(
                inbox_max=config.inbox.inbox_max,
                inbox_of_site_max=config.inbox.inbox_of_site_max,
                turn_events_max=config.inbox.turn_events_max,
            ),
            on_refused=self._refused,
            observe_delay=self._metrics.inbox_delay.observe,
            on_fault=self._fault,
        )
        self._exporter = exporter_of(config, self._metrics.registry)
        self._http: NodeHttp | None = None

    async def start(self) -> None:
        """Serve. Services that are away are waited for in the background."""
        config = self._config
        _make_folder(config.data_dir)
        self._http = NodeHttp(
            config,
            sources=self._sources(),
            stores=self._stores,
            post=self._post,
            new_id=_ids(),
            counters=self._counters,
            asks=self._asks,
            edges=self._edges,
            more=(*self._alarm_work.http.routes(), *self._traces.routes()),
        )
        await self._http.start()
        self._exporter.start(self._http.families)
        self._driver.start()
        self._post(TimerFired(name=SWEEP_TIMER))  # looks from now on, whether anybody speaks or not
        self._begin(_tell_wall_time(self._post))
        for work in (*self._stores.work(), self._alarm_work.run()):
            self._begin(work)
        await self._stores.wait_for_documents(FIRST_DOCUMENTS_S_MAX)
        await self._site_links.start()
        await self._peer_link.start()
        await self._edges.start()
        for campaign in self._stores.campaigns():
            self._begin(campaign)
        log.info(
            "node %s serves sites on port %d and HTTP on port %d; its token is in %s",
            *(config.node, self._site_links.port, self._http.port, config.token_file),
        )

    async def stop(self) -> None:
        """Hand over, close the links, write what is left, end."""
        log.info("node %s stops", self._config.node)
        await self._stores.resign("the node stops")
        await asyncio.sleep(0)
        await self._edges.stop()
        await self._site_links.stop()
        await self._peer_link.stop()
        if self._http is not None:
            await self._http.stop()
        self._driver.stop()
        await self._stores.flush()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stores.close()
        await self._exporter.stop()
        log.info("node %s has ended", self._config.node)

    def drain(self, draining: bool = True) -> None:
        """Hand over leadership and take no more work, or take work again; links stay."""
        log.warning("node %s %s", self._config.node, "drains" if draining else "drains no more")
        self._draining = draining
        self._edges.drain(draining)
        self._stores.stand_aside(draining)
        if draining:
            self._post(DrainAsked())

    # ---- records -------------------------------------------------------------------------------

    def decision(self, record: DecisionRecord) -> None:
        """Keep one decision here, and for all nodes."""
        logged = self._decisions.add(record, wall_unix_s())
        if record.mode == SHADOW:
            self._metrics.decisions.add(1, SHADOW)
        else:
            self._metrics.decision_took.observe(record.took_s)
            self._metrics.decisions.add(1, record.outcome)
        self._stores.recorder.decision(logged)
        export_decision(self._exporter, logged)

    def of_site(self, record: SiteRecord | MoveRecord) -> None:
        """Keep what a site tells for the records."""
        self._stores.recorder.of_site(record)

    def _counters(self) -> Mapping[str, int]:
        return self._router.view(now_s()).counters

    # ---- making parts --------------------------------------------------------------------------

    def _links(self, tls: TlsFiles | None) -> None:
        config = self._config
        self._notices = LeaderNotices(
            client=self._stores.etcd,
            node=config.node,
            peers=[peer.name for peer in config.peers],
            elections=self._stores.elections,
            settings=NoticeSettings(interval_s=config.etcd.notice_interval_s),
            begin=self._begin,
        )
        self._peer_link = PeerLink(
            node=config.node,
            peers={peer.name: peer.address for peer in config.peers},
            tls=tls,
            on_up=self._peer_up,
            on_down=self._peer_down,
            on_message=lambda node, message: self._post(PeerSaid(node=node, message=message)),
        )
        self._site_links = SiteLinkServer(
            node=config.node,
            listen=config.link.listen,
            tls=tls,
            on_up=lambda site, hello: self._post(SiteLinkUp(site=site, hello=hello)),
            on_down=lambda site, reason: self._post(SiteLinkDown(site=site, reason=reason)),
            on_message=self._site_said,
            on_alive=self._alive,
            handlers=(self._peer_link.handler,),
        )
        self._traces = SiteTraces(
            node=config.node,
            config=config.trace,
            hellos=self._site_links.hellos,
            send=self._site_links.send,
            new_id=_ids(),
            now_s=now_s,
            unix_s=wall_unix_s,
        )
        self._edges = Edges(
            config.pre_route,
            data_dir=config.data_dir,
            post=self._ask,
            new_id=_ids(),
            now_s=now_s,
            ring=self._traces.ring,
        )
        self._asks = NodeAsks(
            post=self._post,
            new_id=_ids(),
            tell=partial(_in_words, config.node),
            view=lambda: self._router.view(now_s()),
            controls=self._stores.controls,
        )

    def _sources(self) -> ReportSources:
        return ReportSources(
            node=self._config.node,
            view=self._router.view,
            now_s=now_s,
            alarms=self._alarms,
            decisions=self._decisions,
            search=self._stores.search_decisions,
            documents=self._stores.documents.status,
            etcd_problem=self._stores.etcd_problem,
            redis=self._stores.redis_status,
            records=self._stores.kept.status,
            inbox_count=lambda: self._driver.inbox_count,
            registry=self._metrics.registry,
            queues_max=self._config.telemetry.queues_max,
            drain=self.drain,
            draining=lambda: self._draining,
            started_at_s=self._started_at_s,
            node_urls=self._stores.node_urls,
        )

    # ---- what the parts say --------------------------------------------------------------------

    def _post(self, event: Event) -> None:
        self._driver.post(event)
        if isinstance(event, LeaderObserved):
            self._notices.took_office(event.domain, event.node)

    def _ask(self, asked: PreRouteAsked) -> bool:
        return self._driver.post(asked)

    def _alive(self, site: str) -> None:
        """A frame came from a site; the router is told now and then, not of every frame."""
        at_s = now_s()
        if at_s - self._alive_at_s.get(site, 0.0) >= ALIVE_EVERY_S:
            self._alive_at_s[site] = at_s
            self._post(SiteAlive(site=site))

    def _peer_up(self, node: str) -> None:
        self._notices.peer_up(node)
        self._post(PeerUp(node=node))

    def _peer_down(self, node: str, refused: bool) -> None:
        self._post(PeerDown(node=node, refused=refused))
        self._notices.peer_down(node, refused)

    def _site_said(self, site: str, message: SiteMessage) -> None:
        if not self._traces.told(site, message):
            self._post(SiteSaid(site=site, message=message))

    def _refused(self, event: SiteSaid) -> None:
        self._metrics.refused.add()
        self._site_links.close_site(
            event.site, "overload", "this node's inbox has no place for more words of this site"
        )

    def _fault(self, event: Event, error: Exception) -> None:
        name = type(event).__name__
        self._metrics.faults.add(1, name)
        self._alarms.raise_alarm("fault", name, f"{type(error).__name__}: see the node's log")

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks = [one for one in self._tasks if not one.done()]
        self._tasks.append(task)
        task.add_done_callback(_tell_fault)


async def run_node(
    config: NodeConfig, wait_for_end: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Run a node until `wait_for_end` returns."""
    node = Node(config)
    try:
        await node.start()
        await wait_for_end()
    finally:
        await node.stop()


async def _tell_wall_time(post: Callable[[Event], None]) -> None:
    """Calendars follow the clock on the wall, which may be set. How late this comes is told too,
    and how much of the time this thread waited for a processor."""
    processor = ProcessorWait(now_s())
    while True:
        post(WallTimeRead(unix_s=wall_unix_s()))
        planned_s = now_s() + WALL_TIME_EVERY_S
        await asyncio.sleep(WALL_TIME_EVERY_S)
        late_s = max(0.0, now_s() - planned_s)
        post(LoopWoke(late_s=late_s, waited_share=processor.share(now_s())))


def _tell_fault(task: "asyncio.Task[object]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a task of the node failed: %r", error, exc_info=error)


def _router_of(config: NodeConfig) -> Router:
    return Router(
        node=config.node,
        settings=config.router_settings,
        peers=[peer.name for peer in config.peers],
        domains=config.domains,
        failsafe_ttl_s=float(config.etcd.ttl_s) if config.failsafe else 0.0,
        new_id=_ids(),
    )


def _leads(view: RouterView) -> bool:
    return any(domain.leading_here for domain in view.domains)


def _in_words(node: str, record: DecisionRecord) -> Decision:
    return decision_of(LoggedDecision(record=record, at_unix_s=wall_unix_s()), node)


def _ids() -> Callable[[], str]:
    """New ids, of a stream of its own."""
    return partial(_new_id, random.Random(secrets.randbits(128)))


def _new_id(source: random.Random) -> str:
    """An id of a decision: unlike all others, not secret; a system call for each costs too much."""
    return f"{source.getrandbits(64):016x}"


def _tls_files(tls: TlsConfig | None) -> TlsFiles | None:
    return None if tls is None else TlsFiles(ca=tls.ca, cert=tls.cert, key=tls.key)


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"cannot be made: {error.strerror}"
        remedy = "set data_dir to a folder this user may write"
        raise SettingsError(str(path), problem, remedy) from error
