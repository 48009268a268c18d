"""Joins a site agent: daemon, links to the nodes, ACD, files, local HTTP.

Rule of this file: objects are built here and handed to one another; what is to be done is decided
in `core/`, and how, in the files that own sockets and files.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import count

from nrcli.client import SiteClient
from nrcli.errors import LocalProtocolError, SettingsError
from nrcli.sip.redirect_words import PreRouteTold
from nrcli.sip.trace_ring import TraceRing
from nrcli.tls import TlsFiles
from nrcli.wire.messages import Hello, KnownEpoch
from routing_policies.document import DocumentError, SiteTable, load_site_table
from site_agent.acd_shells import make_shell, new_id, new_token, tools_of
from site_agent.adapters.base import SetAgentState
from site_agent.clock import boottime_s, unix_s
from site_agent.config import SiteConfig
from site_agent.config_parts import split_address
from site_agent.core.actions import (
    Action,
    ClearAlarm,
    JournalDrop,
    JournalPut,
    RaiseAlarm,
    SaveEpoch,
    SavePeerPlan,
    SaveSiteDocuments,
    SaveSiteTable,
    SendToNode,
    StartTimer,
    StopTimer,
    TellCti,
    UseNumbers,
    WriteHistory,
)
from site_agent.core.events import (
    DataHandedIn,
    EpochSaved,
    Event,
    JournalRead,
    NodeLinkDown,
    NodeLinkUp,
    NodeSaid,
    PairTold,
    WallTimeRead,
)
from site_agent.core.pair_view import PairView
from site_agent.core.site_daemon import SiteDaemon
from site_agent.core.view import SiteDaemonView
from site_agent.core_settings import site_settings
from site_agent.driver import Driver
from site_agent.errors import ConfigError
from site_agent.exporting import SiteExporter
from site_agent.fence import Fence
from site_agent.history_file import HistoryFile
from site_agent.idle_collector import IdleCollector
from site_agent.journal_file import JournalFile, boot_id
from site_agent.journal_gate import JournalGate, Leaving
from site_agent.journal_lines import Head
from site_agent.journal_lock import JournalLock, lock_of
from site_agent.lending_file import lending_file
from site_agent.links.desk_http import DeskHttp
from site_agent.links.local_http import LocalHttp, read_or_make_token
from site_agent.links.site_edges import SiteEdges
from site_agent.links.site_http import SiteHttp
from site_agent.links.trace_http import TraceHttp
from site_agent.peer_plan_file import PeerPlanFile, plan_trust
from site_agent.rules_file import RulesFile
from site_agent.state_file import StateFile
from site_agent.telemetry import log, tell_alarm

TICK_S = 1.0
ALIVE_EVERY = 5
"Ticks from one word in the journal that this process lives to the next."


class SiteApp:
    """One site agent; it is also the driver's carrier of actions."""

    def __init__(
        self,
        config: SiteConfig,
        fence: Fence | None = None,
        pair_view: Callable[[], PairView | None] = lambda: None,
    ) -> None:
        """With a `fence` it acts for as long as that holds; `pair_view` shows the pair."""
        self._config = config
        self._fence = fence or Fence()
        self._pair_view = pair_view
        kept_in = config.journal.path(config.incarnation_file)
        self._lock = JournalLock(kept_in)
        lock_of(self._lock, config.pair)
        self._state = StateFile(config.incarnation_file, self._fence)
        incarnation = self._state.begin(int(unix_s()))
        settings = replace(site_settings(config), unix_offset_s=unix_s() - boottime_s())
        self._daemon = SiteDaemon(
            site=config.site,
            incarnation=incarnation,
            settings=settings,
            epochs=self._state.epochs,
            claimed_by=self._state.claimed_by,
            site_table=_stored_table(self._state),
            documents=self._state.documents,
            plan_trust=plan_trust(config.peer_plan) if config.peer_plan else None,
            new_token=new_token,
            new_id=new_id,
        )
        self._history = HistoryFile(config.history_file, config.site)
        self._driver = Driver(self._daemon, self, boottime_s, waits=True, may_act=self._fence.holds)
        head = Head(site=config.site, boot_id=boot_id(), unix_offset_s=settings.unix_offset_s)
        self._journal = JournalFile(kept_in, head, config.journal.bytes_max, self._fence)
        self._gate = JournalGate(
            self._journal,
            sync_s_max=config.journal.sync_s_max,
            carry=self._leaves,
            before=self._history.flush,
            post_first=self._driver.post_first,
        )
        self._collector = IdleCollector(lambda: self._driver.taken_count)
        self._collecting: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._rules = RulesFile(config.overflow_rules) if config.overflow_rules else None
        self._plan, self._lending = _plan_file(config), lending_file(config.incarnation_file)
        self._ring = TraceRing(config.trace.limits)
        tools = tools_of(config, self._driver, self._gate, self._fence, self._ring)
        self._acd = make_shell(config.acd, tools)
        self._edges = _edges_of(config, self._driver, self._ring)
        self._trace = TraceHttp(config.site, self._ring, config.trace, boottime_s, unix_s)
        self._exporter = SiteExporter(config)
        self._client = self._make_client(incarnation)
        self._http = self._make_http(settings.data_bytes_max)
        self.http_address: tuple[str, int] | None = None

    async def start(self) -> None:
        """Open everything; callers are served from now on, with NIRC or without."""
        kept = self._journal.read()
        self._gate.start()
        await self._acd.start()
        self._driver.post_first(lambda now_s: self._acd.take_in_again(kept, now_s))
        self._driver.post_first(lambda now_s: [self._lending.read()])
        self._driver.begin(lambda now_s: self._begin(kept, now_s))
        self.read_rules()
        if self._plan is not None:
            for read in self._plan.at_start():
                self._driver.post(read)
        if self._http is not None:
            self.http_address = await self._http.start()
        await self._client.start()
        await self._edges.start()
        self._exporter.start(self._site_http.families)
        self._collecting = asyncio.ensure_future(self._collector.run())
        self._ticking = asyncio.ensure_future(self._tick())
        log.info("%s: serving", self._config.site)

    def _begin(self, kept: JournalRead, now_s: float) -> list[Event]:
        resumed, kept = self._acd.resume(kept, now_s)
        return [*resumed, *self._acd.snapshot(now_s), kept]

    async def stop(self, let_go: Callable[[], None] = lambda: None) -> None:
        """Close everything; what was decided is written. `let_go`: another may serve from here."""
        for task in (self._collecting, self._ticking):
            if task is not None:
                task.cancel()
        self._driver.stop()
        with contextlib.suppress(Exception):
            self._driver.settle(boottime_s())
        self._gate.stop()
        await self._edges.stop()
        await self._acd.stop()
        self._lock.release()
        let_go()
        await self._client.stop()
        if self._http is not None:
            await self._http.stop()
        self._history.close()
        await self._exporter.stop()
        log.info("%s: stopped", self._config.site)

    async def abandon(self) -> None:
        """Close everything and say nothing more: another process may serve this site."""
        self._fence.drop()
        await self.stop()

    def told(self, code: str, problem: str) -> None:
        """Something that people should know of the pair; an empty problem: it is over."""
        self._driver.post(PairTold(code=code, problem=problem))

    def read_rules(self) -> None:
        """Read the site's own OverflowRules again, whether or not the file has changed."""
        if self._rules is not None:
            self._driver.post(self._rules.read())

    async def _tick(self) -> None:
        """Each second: the time on the wall, and the rules if their file has changed."""
        for second in count():
            if second % ALIVE_EVERY == 0:
                self._gate.alive(boottime_s())
            self._driver.post(WallTimeRead(unix_s=unix_s()))
            changed = self._rules.changed() if self._rules is not None else None
            if changed is not None:
                self._driver.post(changed)
            lending = self._lending.changed()
            if lending is not None:
                self._driver.post(lending)
            plan = self._plan.changed() if self._plan is not None else None
            if plan is not None:
                self._driver.post(plan)
            await asyncio.sleep(TICK_S)

    # ---- carrier of the driver's actions ---------------------------------------------------

    def carry_out(self, action: Action, now_s: float) -> Iterable[Event]:
        """Do one action; the events that happened at once."""
        match action:
            case JournalPut() | JournalDrop():
                self._gate.keep(action)
            case WriteHistory():
                self._history.write(action, now_s)
                self._exporter.history(action, now_s)
            case SaveEpoch():
                return self._save_epoch(action)
            case SaveSiteTable():
                self._state.save_site_table(action.revision, action.site_table)
            case SaveSiteDocuments():
                self._state.save_documents(action.documents)
            case SavePeerPlan():
                _save_plan(self._plan, action, self._config.site)
            case UseNumbers():
                self._acd.use_numbers(action.numbers, action.unix_offset_s)
            case RaiseAlarm() | ClearAlarm():
                tell_alarm(self._config.site, action)
            case PreRouteTold():
                if self._fence.holds():
                    self._edges.told(action)
            case StartTimer() | StopTimer():
                raise AssertionError("timers are the driver's")
            case _:
                return self._gate.carry_out(action, now_s)
        return ()

    def _leaves(self, action: Leaving, now_s: float) -> Iterable[Event]:
        """Do an action that others see; the journal has what it is about."""
        if not self._fence.holds():
            return ()
        match action:
            case SendToNode():
                self._send(action)
            case TellCti():
                if self._http is not None:
                    self._http.tell(action)
            case _:
                return self._acd.command(action, now_s)
        return ()

    def fire(self, now_s: float) -> Iterable[Event]:
        """Run the ACD's timers."""
        return self._acd.fire(now_s)

    def next_timer_s(self) -> float | None:
        """When the ACD needs `fire` next."""
        return self._acd.next_timer_s()

    def turn_ends(self) -> None:
        """Write the turn's history, and what is to be kept."""
        self._gate.turn_ends()
        self._history.flush()

    def _send(self, action: SendToNode) -> None:
        try:
            self._client.send(action.node, action.message)
        except LocalProtocolError:
            log.exception("%s: a message was not sent to %s", self._config.site, action.node)

    def _save_epoch(self, action: SaveEpoch) -> Iterable[Event]:
        try:
            self._state.save_epoch(action.domain, action.epoch, action.node)
        except OSError as error:
            text = f"cannot write {self._config.incarnation_file}: {error}; free the disk"
            tell_alarm(self._config.site, RaiseAlarm(code="state_file", place="disk", text=text))
            return ()
        return (EpochSaved(domain=action.domain, epoch=action.epoch, node=action.node),)

    # ---- building --------------------------------------------------------------------------

    def _make_client(self, incarnation: int) -> SiteClient:
        config = self._config
        tls = config.tls
        try:
            return SiteClient(
                nodes={node.name: node.address for node in config.nodes},
                hello=lambda: Hello(
                    handlers=True,
                    traces=True,
                    shifts=True,
                    site=config.site,
                    incarnation=incarnation,
                    epochs=tuple(
                        KnownEpoch(domain=domain, epoch=epoch)
                        for domain, epoch in self._state.epochs.items()
                    ),
                ),
                tls=TlsFiles(ca=tls.ca, cert=tls.cert, key=tls.key) if tls else None,
                on_up=lambda node, welcome: self._driver.post(
                    NodeLinkUp(node=node, pre_routes=welcome.pre_routes, records=welcome.records)
                ),
                on_down=lambda node, reason: self._driver.post(
                    NodeLinkDown(node=node, reason=reason)
                ),
                on_message=lambda node, said: (
                    self._trace.asked(said, partial(self._client.send, node))
                    or self._driver.post(NodeSaid(node=node, message=said))
                ),
            )
        except SettingsError as error:
            raise ConfigError(f"tls: {error.place}", error.problem, error.remedy) from error

    def _make_http(self, data_bytes_max: int) -> LocalHttp | None:
        http = self._config.local_http

        def view() -> SiteDaemonView:
            return self._daemon.view(boottime_s())

        self._site_http = more = SiteHttp(view, self._edges, self._exporter.families)
        if http is None:
            return None
        return LocalHttp(
            address=split_address(http.listen),
            token=read_or_make_token(http.token_file),
            view=view,
            knows_call=self._daemon.knows_call,
            hand_in=self._hand_in,
            data_bytes_max=data_bytes_max,
            pair=self._pair_view,
            screen_pop=self._config.screen_pop_url,
            set_agent=self._set_agent,
            more=(*more.routes(), *self._trace.routes()),
            shown=more.shown,
            desks=DeskHttp(
                self._daemon.desks,
                boottime_s,
                screen_pop=self._config.screen_pop_url,
                data_keys=tuple(getattr(self._config.acd, "agent_data_keys", ())),
            ),
        )

    def _set_agent(self, command: SetAgentState) -> int:
        if all(agent.agent != command.agent for agent in self._daemon.view(boottime_s()).agents):
            return 404
        taken = self._driver.post(lambda now_s: self._acd.command(command, now_s))
        return 202 if taken else 503

    def _hand_in(self, call_id: str, data: bytes) -> bool:
        return self._driver.post(DataHandedIn(call_id=call_id, data=data))


def _edges_of(config: SiteConfig, driver: Driver, ring: TraceRing) -> SiteEdges:
    return SiteEdges(config.pre_route, post=driver.post, new_id=new_id, now_s=boottime_s, ring=ring)


def _plan_file(config: SiteConfig) -> PeerPlanFile | None:
    plan = config.peer_plan
    return PeerPlanFile(plan.path(config.incarnation_file)) if plan is not None else None


def _save_plan(file: PeerPlanFile | None, action: SavePeerPlan, site: str) -> None:
    try:
        if file is not None:
            file.save(action.text, by_hand=action.by_hand)
    except OSError as error:
        text = f"the peer plan was not kept: {error}; free the disk"
        tell_alarm(site, RaiseAlarm(code="state_file", place="plan", text=text))


def _stored_table(state: StateFile) -> SiteTable | None:
    if not state.site_table:
        return None
    try:
        return load_site_table(state.site_table, source="stored site table")
    except DocumentError as error:
        log.warning("the stored site table is not used: %s", error)
        return None
