"""FreeSWITCH's Event Socket as a connection: opened, read, and opened again when it is lost.

Rule of this file: it carries bytes between the socket and the adapter, waits longer after each
failure, and decides nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable

from routing_policies.call_numbers import NumberReader
from site_agent.adapters.base import AcdCommand, AcdEvent
from site_agent.adapters.freeswitch.adapter import FreeswitchAcd, Outcome
from site_agent.adapters.freeswitch.conversation import GiveUpLink, Say
from site_agent.adapters.freeswitch.esl_protocol import UnsafeCommandError, line_of
from site_agent.config_parts import split_address
from site_agent.core.events import JournalRead
from site_agent.driver import Input
from site_agent.errors import ConfigError
from site_agent.freeswitch_config import FreeswitchConfig
from site_agent.freeswitch_settings import freeswitch_settings

log = logging.getLogger(__name__)
CONNECT_S = 5.0
RETRY_S_MIN, RETRY_S_MAX = 0.2, 5.0
READ_BYTES = 65_536
WRITE_BYTES_MAX = 4_000_000
"Unsent bytes beyond which FreeSWITCH counts as gone."


class FreeswitchShell:
    """One connection, for as long as the site agent runs."""

    def __init__(
        self,
        config: FreeswitchConfig,
        new_id: Callable[[], str],
        post: Callable[[Input], bool],
        may_act: Callable[[], bool] = lambda: True,
    ) -> None:
        self._address = split_address(config.event_socket)
        self._acd = FreeswitchAcd(freeswitch_settings(config), _password(config), new_id)
        self._post = post
        self._may_act = may_act
        self._writer: asyncio.StreamWriter | None = None
        self._running: asyncio.Task[None] | None = None
        self._problem = ""

    async def start(self) -> dict[str, tuple[str, int]]:
        """Connect as soon as FreeSWITCH is there; trunk groups are its own."""
        self._running = asyncio.ensure_future(self._run())
        return {}

    async def stop(self) -> None:
        """Close the connection."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
        self._close()

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Queues, trunk groups and agents as far as they are known."""
        return self._acd.snapshot(now_s)

    def resume(self, kept: JournalRead, now_s: float) -> tuple[list[AcdEvent], JournalRead]:
        """FreeSWITCH outlives the site agent: its calls are read from it."""
        return [], kept

    def take_in_again(self, kept: JournalRead, now_s: float) -> list[AcdEvent]:
        """Callers who ring do so at FreeSWITCH."""
        return []

    def command(self, command: AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command of the daemon."""
        return self._split(self._acd.command(command, now_s))

    def use_numbers(self, numbers: NumberReader | None, unix_offset_s: float) -> None:
        """The dialplan says which service a number is."""

    def fire(self, now_s: float) -> list[AcdEvent]:
        """Run the adapter's timers."""
        next_s = self._acd.next_timer_s()
        if next_s is None or next_s > now_s:
            return []
        return self._split(self._acd.fire(now_s))

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""
        return self._acd.next_timer_s()

    async def _run(self) -> None:
        retry_s = RETRY_S_MIN
        while True:
            try:
                reader = await self._open()
            except (OSError, TimeoutError) as error:
                self._tell(f"cannot connect: {error or 'no answer'}; is mod_event_socket loaded?")
            else:
                if await self._read(reader):
                    retry_s = RETRY_S_MIN
            await asyncio.sleep(retry_s)
            retry_s = min(RETRY_S_MAX, 2.0 * retry_s)

    async def _open(self) -> asyncio.StreamReader:
        host, port = self._address
        async with asyncio.timeout(CONNECT_S):
            reader, self._writer = await asyncio.open_connection(host, port)
        return reader

    async def _read(self, reader: asyncio.StreamReader) -> bool:
        """Read until the connection ends; true if it was of use."""
        await self._must(lambda now_s: self._split(self._acd.link_up(now_s)))
        came = 0
        with contextlib.suppress(OSError):
            while data := await reader.read(READ_BYTES):
                came += len(data)
                if not self._take(data):
                    break
        self._close()
        self._tell("the connection is lost")
        await self._must(lambda now_s: self._split(self._acd.link_down(now_s)))
        return came > READ_BYTES // 64

    async def _must(self, item: Input) -> None:
        """The driver's inbox may be full for a moment."""
        taken = self._post(item)
        while not taken:
            await asyncio.sleep(RETRY_S_MIN)
            taken = self._post(item)

    def _take(self, data: bytes) -> bool:
        """What came; dropped, it would break the order of answers, so the connection ends."""
        return self._post(lambda now_s: self._split(self._acd.receive(data, now_s)))

    def _split(self, outcomes: Iterable[Outcome]) -> list[AcdEvent]:
        events: list[AcdEvent] = []
        for outcome in outcomes:
            if isinstance(outcome, Say):
                self._write(outcome.data)
            elif isinstance(outcome, GiveUpLink):
                self._tell(outcome.problem)
                self._close()
            else:
                events.append(outcome)
        return events

    def _write(self, data: bytes) -> None:
        writer = self._writer
        if writer is None or not self._may_act():
            return
        writer.write(data)
        if writer.transport.get_write_buffer_size() > WRITE_BYTES_MAX:
            self._tell("it takes no more commands")
            self._close()

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def _tell(self, problem: str) -> None:
        """Once for each new problem."""
        if problem != self._problem:
            self._problem = problem
            log.warning("FreeSWITCH at %s:%d: %s", *self._address, problem)


def _password(config: FreeswitchConfig) -> str:
    try:
        password = config.password_file.read_text(encoding="utf-8").strip()
        line_of("auth " + password)
    except (OSError, UnicodeDecodeError) as error:
        remedy = "write the password of event_socket.conf.xml into it, mode 0600"
        raise ConfigError(
            f"acd: password_file: {config.password_file}", f"cannot be read: {error}", remedy
        ) from error
    except UnsafeCommandError as error:
        raise ConfigError(
            f"acd: password_file: {config.password_file}", "holds more than one line of text"
        ) from error
    return password
