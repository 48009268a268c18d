"""A CTI that pushes, with its HTTP server around the adapter.

Rule of this file: requests become work of one turn of the site agent and wait for what it said;
commands go to the one reader that is there. It decides nothing.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterable
from typing import TypeVar

from pydantic import JsonValue

from nrcli.wire.messages import TransferMethod
from routing_policies.call_numbers import NumberReader
from site_agent.adapters.base import AcdEvent, HoldLevel, PbxSeen
from site_agent.adapters.http_push.adapter import HttpPushAcd
from site_agent.adapters.http_push.http_push_protocol import Bounds, ProtocolError
from site_agent.adapters.http_push.said_by_cti import Problem, Taken, Welcome
from site_agent.adapters.http_push.said_to_cti import ScreenPop, told_bytes
from site_agent.adapters.http_push.settings import HttpPushSettings, QueueLimits
from site_agent.config_parts import split_address
from site_agent.driver import Input
from site_agent.errors import ConfigError
from site_agent.foreign_pbx import ForeignPbx
from site_agent.http_push_config import HttpPushAcdConfig, HttpPushTlsConfig
from site_agent.links.http_push_server import HttpPushServer, Reader, ServerLimits
from site_agent.links.local_http import read_or_make_token
from site_agent.screen_pop import screen_pop_url

log = logging.getLogger(__name__)
TURN_S_MAX = 5.0
"A turn of the site agent that does not come in this time: the CTI is to try again."
ANSWER = TypeVar("ANSWER")


class HttpPushShell(ForeignPbx[AcdEvent]):
    """The HTTP door of one CTI."""

    def __init__(
        self,
        config: HttpPushAcdConfig,
        new_id: Callable[[], str],
        post: Callable[[Input], bool],
        *,
        site: str = "",
        screen_pop: str = "",
        may_act: Callable[[], bool] = lambda: True,
    ) -> None:
        self._site = site
        self._reader: Reader | None = None
        self._was_synced = False
        self._acd = HttpPushAcd(
            push_settings(config, site), new_id, lambda shown: _url_of(screen_pop, shown)
        )
        super().__init__(self._acd, post, may_act)
        self._listen = config.listen
        tls = config.server_tls
        self._server = HttpPushServer(
            self,
            address=split_address(config.listen),
            token=read_or_make_token(config.token_file, "acd"),
            limits=ServerLimits(
                body_bytes_max=config.limits.body_bytes_max,
                requests_per_s=config.limits.requests_per_s,
                connections_max=config.limits.connections_max,
            ),
            tls=_tls(tls) if tls is not None else None,
        )

    # ---- the shell of an ACD -----------------------------------------------------------------

    async def start(self) -> dict[str, tuple[str, int]]:
        """Open the door."""
        host, port = await self._server.start()
        self._post(lambda now_s: [self._seen("it has not said hello")])
        log.info("%s: a CTI may say hello at %s:%d", self._site, host, port)
        return {"http_push": (host, port)}

    async def stop(self) -> None:
        """Close it."""
        await self._server.stop()

    def use_numbers(self, numbers: NumberReader | None, unix_offset_s: float) -> None:
        """The CTI reads its own numbers; the time on the wall is of use."""
        self._acd.unix_offset_s = unix_offset_s

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next: for the adapter, or to tell a command again."""
        resend_s = self._acd.next_command_s() if self._reader is not None else None
        known = [at_s for at_s in (self._acd.next_timer_s(), resend_s) if at_s is not None]
        return min(known, default=None)

    def _carry_out(self, outcomes: Iterable[AcdEvent], now_s: float) -> list[AcdEvent]:
        events = [*outcomes, *self._told_sync()]
        self._deliver(now_s)
        return events

    # ---- the door ----------------------------------------------------------------------------

    async def hello(self, body: bytes) -> Welcome:
        """A session begins; who read before reads no more."""

        def work(now_s: float) -> tuple[list[AcdEvent], Welcome | ProtocolError]:
            try:
                events, welcome = self._acd.hello(body, now_s)
            except ProtocolError as error:
                return [], error
            self._read_by(None)
            return events, welcome

        answer = await self._in_turn(work)
        if isinstance(answer, ProtocolError):
            raise answer
        log.info("%s: the CTI said hello, session %s", self._site, answer.session)
        return answer

    async def take(self, body: bytes) -> Taken | Problem:
        """One batch."""
        return await self._in_turn(lambda now_s: self._acd.take(body, now_s))

    async def open_reader(self, session: str, after: int) -> Reader | Problem:
        """Commands go to this reader from now on, those first that it does not have."""

        def work(now_s: float) -> tuple[list[AcdEvent], Reader | Problem]:
            if not self._acd.session or session != self._acd.session:
                return [], _no_session()
            reader = Reader()
            self._read_by(reader)
            for number, command in self._acd.commands_after(after, now_s):
                reader.give(number, told_bytes(number, command))
            return [], reader

        return await self._in_turn(work)

    def close_reader(self, reader: Reader) -> None:
        """It has gone; what comes now waits for the next."""
        if self._reader is reader:
            self._reader = None

    def health(self) -> dict[str, JsonValue]:
        """For `/healthz`."""
        return {"ok": True, "site": self._site, "cti_heard": self._acd.is_synced}

    async def _in_turn(self, work: Callable[[float], tuple[list[AcdEvent], ANSWER]]) -> ANSWER:
        done: asyncio.Future[ANSWER] = asyncio.get_running_loop().create_future()

        def turn(now_s: float) -> list[AcdEvent]:
            events, answer = work(now_s)
            if not done.done():
                done.set_result(answer)
            return self._carry_out(events, now_s)

        if self._post(turn):
            try:
                return await asyncio.wait_for(done, TURN_S_MAX)
            except TimeoutError:
                pass
        remedy = "send the same again in a second"
        raise ProtocolError("the site agent is overloaded", remedy=remedy, status=503)

    def _read_by(self, reader: Reader | None) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = reader

    def _deliver(self, now_s: float) -> None:
        if self._reader is None or not self._may_act():
            return
        for number, command in self._acd.commands_due(now_s):
            if not self._reader.give(number, told_bytes(number, command)):
                self._reader = None
                return

    def _told_sync(self) -> list[AcdEvent]:
        if self._acd.is_synced == self._was_synced:
            return []
        self._was_synced = self._acd.is_synced
        word = "" if self._was_synced else "it is silent: its agents are not ready"
        level = logging.WARNING if word else logging.INFO
        log.log(level, "%s: the CTI: %s", self._site, word or "it is heard")
        return [self._seen(word)]

    def _seen(self, problem: str) -> PbxSeen:
        name = f"the CTI of {self._listen}"
        return PbxSeen(pbx=name, reached=not problem, problem=problem, is_cti=True)


def push_settings(config: HttpPushAcdConfig, site: str) -> HttpPushSettings:
    """The adapter's settings, from the file."""
    limits = config.limits
    return HttpPushSettings(
        queues={
            queue.name: QueueLimits(places_max=queue.places_max, aht_s=queue.aht_s)
            for queue in config.queues
        },
        trunks={group.name: group.channels_max for group in config.trunk_groups},
        site=site,
        hold_agent=HoldLevel(config.hold_agent),
        methods=tuple(TransferMethod(method) for method in config.methods),
        silence_s=config.silence_s,
        hold_answer_s=config.hold_answer_s,
        resend_s=config.resend_s,
        commands_max=limits.commands_max,
        agents_max=limits.agents_max,
        calls_max=limits.calls_max,
        bounds=Bounds(
            body_bytes_max=limits.body_bytes_max, batch_messages_max=limits.batch_messages_max
        ),
    )


def _url_of(template: str, shown: ScreenPop) -> str:
    known = {
        "agent": shown.agent,
        "ani": shown.ani,
        "call_id": shown.call_id,
        "interaction_id": shown.interaction_id,
        "queue": shown.queue,
    }
    return screen_pop_url(template, known, shown.data)


def _no_session() -> Problem:
    return Problem(
        status=409,
        detail="this session is not known here",
        place="session",
        remedy="say hello again, then send a snapshot",
        want="hello",
    )


def _tls(files: HttpPushTlsConfig) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(files.cert, files.key)
        if files.client_ca is not None:
            context.load_verify_locations(files.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        remedy = "give PEM files of a certificate and its key"
        raise ConfigError("acd.server_tls", f"{files.cert}: {error}", remedy) from error
    return context
