"""One process of a pair: watches the lease, and serves while it has it.

Rule of this file: what the lease means is decided in `core/pair_lease.py`. Work in the folder is
done beside the loop, one piece at a time; a disk that hangs delays no deadline.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import inf

from nrcli.wire.codec import codec_for
from nrcli.wire.link_stream import TransportSettings
from site_agent.acd_shells import new_id
from site_agent.app import SiteApp
from site_agent.clock import boottime_s
from site_agent.config import SiteConfig
from site_agent.config_parts import split_address
from site_agent.core.actions import ClearAlarm, RaiseAlarm
from site_agent.core.pair_lease import PairLease, Role
from site_agent.core.pair_view import PairView
from site_agent.core.pair_words import (
    BecomeActive,
    FolderJob,
    PairAction,
    PairEvent,
    Prolong,
    ServingEnded,
    StandBy,
    StopAsked,
    TellPair,
    Woke,
)
from site_agent.errors import SiteAgentError
from site_agent.fence import Fence
from site_agent.links.local_http import read_or_make_token
from site_agent.links.standby_http import StandbyHttp
from site_agent.pair_folder import PairFolder
from site_agent.pair_processes import this_process
from site_agent.sip_acd_config import SipAcdConfig
from site_agent.telemetry import tell_alarm

log = logging.getLogger(__name__)
GIVE_BACK_S_MAX = 2.0
"How long a planned stop waits for the folder."


def _load_ahead(config: SiteConfig) -> None:
    """Load and build once what takes long: whoever begins to serve finds it done. Raises
    `SiteAgentError` where it would fail then."""
    codec_for(TransportSettings().limits)
    if isinstance(config.acd, SipAcdConfig):
        from site_agent.sip_acd_settings import sip_acd_settings
        from site_agent.sip_acd_shell import SipAcdShell

        SipAcdShell(sip_acd_settings(config.acd), new_id, lambda _: False, boottime_s)


class PairApp:
    """Runs until `stop`; what serves is a `SiteApp` of its own for each time it has the lease."""

    def __init__(self, config: SiteConfig, serving: Callable[[], None] = lambda: None) -> None:
        """`serving` is called each time this process begins to serve. Raises `SiteAgentError`."""
        assert config.pair is not None, "without `pair:` there is no pair"
        self._config = config
        self._name = config.pair.name
        self._serving = serving
        me = this_process(self._name, new_id())
        journal = config.journal.path(config.incarnation_file)
        self._folder = PairFolder(config.pair.folder, me, journal)
        self._lease = PairLease(me, config.pair.settings, boottime_s())
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="pair")
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._fence = Fence(number=0, until_s=0.0)
        self._app: SiteApp | None = None
        self._changing = asyncio.Lock()
        self._problems: dict[str, str] = {}
        self._http = self._make_http()
        self._given_back = asyncio.Event()

    async def start(self) -> None:
        """Stand by; everything that serving needs is loaded. Raises `SiteAgentError`."""
        _load_ahead(self._config)
        if self._http is not None:
            await self._http.start()
        log.info("%s: %s stands by", self._config.site, self._name)
        self._take(Woke())

    async def stop(self) -> None:
        """Serve no longer, and let the other one go on at once."""
        async with self._changing:
            if self._app is not None:
                app, self._app = self._app, None
                await app.stop(lambda: self._take(StopAsked()))
            else:
                self._take(StopAsked())
        try:
            async with asyncio.timeout(GIVE_BACK_S_MAX):
                await self._given_back.wait()
        except TimeoutError:
            log.warning("%s: the lease was not given back in time", self._config.site)
        if self._timer is not None:
            self._timer.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._http is not None:
            await self._http.stop()

    def read_rules(self) -> None:
        """Read the site's own OverflowRules again, if this process serves."""
        if self._app is not None:
            self._app.read_rules()

    def view(self) -> PairView:
        """The pair as it stands."""
        lease, now_s = self._lease, boottime_s()
        record = lease.record
        holder = record.holder if record is not None else None
        has_deadline = lease.role is Role.ACTIVE and lease.until_s != inf
        return PairView(
            name=self._name,
            role=lease.role.value,
            since_s=round(now_s - lease.since_s, 3),
            fence=record.fence if record is not None else 0,
            holder=holder.name if holder else "",
            holder_host=holder.host if holder else "",
            lease_left_s=round(lease.until_s - now_s, 3) if has_deadline else 0.0,
            problems=dict(self._problems),
        )

    # ---- events and actions ----------------------------------------------------------------

    def _take(self, event: PairEvent) -> None:
        for action in self._lease.handle(event, boottime_s()):
            self._carry_out(action)
        self._plan()

    def _plan(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._lease.is_done:
            self._given_back.set()
            return
        wait_s = max(0.0, self._lease.next_s() - boottime_s())
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._take, Woke())

    def _carry_out(self, action: PairAction) -> None:
        match action:
            case BecomeActive():
                self._fence = Fence(action.fence, action.until_s)
                self._begin(self._serve(self._fence))
            case Prolong():
                self._fence.prolong(action.until_s)
            case StandBy():
                log.warning("%s: serves no longer: %s", self._config.site, action.reason)
                self._fence.drop()
                self._begin(self._leave())
            case TellPair():
                self._tell(action)
            case _:
                self._begin(self._job(action))

    async def _job(self, job: FolderJob) -> None:
        loop = asyncio.get_running_loop()
        self._take(await loop.run_in_executor(self._threads, self._folder.do, job))

    async def _serve(self, fence: Fence) -> None:
        async with self._changing:
            if self._lease.role is not Role.ACTIVE or self._app is not None:
                return
            log.info(
                "%s: %s serves from now on, fence %d", self._config.site, self._name, fence.number
            )
            if self._http is not None:
                await self._http.stop()
            problem = await self._start_app(fence)
            if not problem:
                self._serving()
                for code, told in self._problems.items():
                    self._told(code, told)
                return
            log.error("%s: cannot serve: %s", self._config.site, problem)
            await self._stand_by_again()
        self._take(ServingEnded(problem=problem))

    async def _start_app(self, fence: Fence) -> str:
        app = None
        try:
            app = SiteApp(self._config, fence, self.view)
            await app.start()
        except SiteAgentError as error:
            if app is not None:
                await app.abandon()
            return str(error)
        self._app = app
        return ""

    async def _leave(self) -> None:
        async with self._changing:
            app, self._app = self._app, None
            if app is not None:
                await app.abandon()
            await self._stand_by_again()
        self._take(ServingEnded())

    async def _stand_by_again(self) -> None:
        gc.unfreeze()
        if self._http is not None and self._lease.role is not Role.STOPPED:
            try:
                await self._http.start()
            except SiteAgentError as error:
                log.error("%s: %s", self._config.site, error)

    def _tell(self, action: TellPair) -> None:
        self._problems.pop(action.code, None)
        if action.problem:
            self._problems[action.code] = action.problem
        if self._app is not None:
            self._told(action.code, action.problem)
            return
        site = self._config.site
        if action.problem:
            tell_alarm(site, RaiseAlarm(code=action.code, place=site, text=action.problem))
        else:
            tell_alarm(site, ClearAlarm(code=action.code, place=site))

    def _told(self, code: str, problem: str) -> None:
        assert self._app is not None, "who serves has an app"
        self._app.told(code, problem)

    def _begin(self, work: object) -> None:
        assert asyncio.iscoroutine(work), "a coroutine to run"
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _make_http(self) -> StandbyHttp | None:
        http = self._config.local_http
        if http is None:
            return None
        return StandbyHttp(
            address=split_address(http.listen),
            token=read_or_make_token(http.token_file),
            site=self._config.site,
            view=self.view,
        )
