"""An Asterisk with its socket: the manager's line around the adapter's core.

Rule of this file: it connects, carries bytes, sorts what the core returns, and connects again with
growing pauses; it decides nothing about calls. What concerns a call is done in the driver's turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Callable, Iterable

from nrcli.errors import LocalProtocolError
from routing_policies.call_numbers import NumberReader
from site_agent.adapters.asterisk.adapter import AsteriskAcd
from site_agent.adapters.asterisk.ami_session import AmiSession, SessionState
from site_agent.adapters.asterisk.desk import Outcome, Say
from site_agent.adapters.base import AcdCommand, AcdEvent
from site_agent.asterisk_config import AsteriskConfig
from site_agent.asterisk_settings import asterisk_settings, session_settings
from site_agent.config_parts import split_address
from site_agent.core.events import JournalRead
from site_agent.driver import Input
from site_agent.errors import ConfigError

log = logging.getLogger(__name__)
PAUSE_S, PAUSE_S_MAX = 0.5, 10.0
"Between two attempts to connect: doubled each time, to the greater."
CONNECT_S = 5.0
READ_BYTES = 65_536
UNSENT_BYTES_MAX = 1_000_000
"A PBX that reads nothing: more waits to be written than this."


class AsteriskShell:
    """The line to one Asterisk."""

    def __init__(
        self,
        config: AsteriskConfig,
        new_id: Callable[[], str],
        post: Callable[[Input], bool],
        now: Callable[[], float],
        may_act: Callable[[], bool] = lambda: True,
    ) -> None:
        self._acd = AsteriskAcd(asterisk_settings(config), new_id)
        self._session_settings = session_settings(config.ami)
        self._address = split_address(config.ami.address)
        self._tls = _tls(config)
        self._post = post
        self._now = now
        self._may_act = may_act
        self._session: AmiSession | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._running: asyncio.Task[None] | None = None
        self._told_problem = ""

    async def start(self) -> dict[str, tuple[str, int]]:
        """Begin to connect; the site agent serves nobody before the PBX lets it in."""
        self._running = asyncio.ensure_future(self._run())
        return {}

    async def stop(self) -> None:
        """Close the line."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
        self._close()

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Agents, queues and trunks as they are known now."""
        return self._acd.snapshot(now_s)

    def resume(self, kept: JournalRead, now_s: float) -> tuple[list[AcdEvent], JournalRead]:
        """The PBX outlives the site agent: its calls are heard of when the line stands."""
        return [], kept

    def take_in_again(self, kept: JournalRead, now_s: float) -> list[AcdEvent]:
        """The PBX tells of its own callers."""
        return []

    def command(self, command: AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command of the daemon."""
        return self._split(self._acd.command(command, now_s))

    def use_numbers(self, numbers: NumberReader | None, unix_offset_s: float) -> None:
        """The dialplan says which number is which service."""

    def fire(self, now_s: float) -> list[AcdEvent]:
        """Run the adapter's timers."""
        next_s = self._acd.next_timer_s()
        if next_s is None or next_s > now_s:
            return []
        return self._split(self._acd.fire(now_s))

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""
        return self._acd.next_timer_s()

    # ---- the line ------------------------------------------------------------------------------

    async def _run(self) -> None:
        pause_s = PAUSE_S
        while True:
            stood = await self._once()
            pause_s = PAUSE_S if stood else min(PAUSE_S_MAX, 2 * pause_s)
            await asyncio.sleep(pause_s)

    async def _once(self) -> bool:
        """One connection, to its end. True: the log-in was done."""
        host, port = self._address
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, self._writer = await asyncio.open_connection(host, port, ssl=self._tls)
        except (OSError, TimeoutError) as error:
            self._tell(f"cannot connect: {error or 'no answer'}")
            return False
        session = self._session = AmiSession(self._session_settings, self._now())
        stood = False
        try:
            while session.state is not SessionState.BROKEN:
                data = await self._read(reader, session)
                if data is None:
                    session.fire(self._now())
                elif not data:
                    self._tell("it closed the connection")
                    break
                else:
                    stood = self._heard(session, data) or stood
                self._write(session)
        finally:
            if session.problem:
                self._tell(session.problem)
            self._session = None
            self._close()
            if stood:
                self._post(lambda now_s: self._split(self._acd.lost(now_s)))
        return stood

    async def _read(self, reader: asyncio.StreamReader, session: AmiSession) -> bytes | None:
        """Bytes; empty at the end of the line; None when the session's timer is due."""
        next_s = session.next_timer_s()
        wait_s = max(0.0, next_s - self._now()) if next_s is not None else None
        try:
            async with asyncio.timeout(wait_s):
                return await reader.read(READ_BYTES)
        except TimeoutError:
            return None
        except OSError:
            return b""

    def _heard(self, session: AmiSession, data: bytes) -> bool:
        """Hand on what the PBX said; True once the log-in is done."""
        was_up = session.state is SessionState.UP
        messages = session.feed(data, self._now())
        if session.state is SessionState.UP and not was_up:
            self._tell("")
            log.info("asterisk %s:%d: %s", *self._address, session.version)
            self._post(lambda now_s: self._split(self._acd.connected(now_s)))
        if messages:

            def received(now_s: float) -> list[AcdEvent]:
                events: list[AcdEvent] = []
                for message in messages:
                    events.extend(self._split(self._acd.receive(message, now_s)))
                return events

            self._post(received)
        return session.state is SessionState.UP

    def _split(self, outcomes: Iterable[Outcome]) -> list[AcdEvent]:
        events: list[AcdEvent] = []
        session = self._session
        for outcome in outcomes:
            if not isinstance(outcome, Say):
                events.append(outcome)
            elif session is not None and self._may_act():
                try:
                    session.send(outcome.action)
                except LocalProtocolError as error:
                    log.error("asterisk: an action was not sent: %s", error)
        if session is not None:
            self._write(session)
        return events

    def _write(self, session: AmiSession) -> None:
        data = session.take_bytes()
        if not data or self._writer is None:
            return
        self._writer.write(data)
        if self._writer.transport.get_write_buffer_size() > UNSENT_BYTES_MAX:
            self._tell("it does not read what it is sent")
            self._writer.transport.abort()

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def _tell(self, problem: str) -> None:
        """In the log, once for each problem."""
        if problem and problem != self._told_problem:
            host, port = self._address
            log.error("asterisk %s:%d: %s", host, port, problem)
        elif not problem and self._told_problem:
            log.warning("asterisk %s:%d: reached again", *self._address)
        self._told_problem = problem


def _tls(config: AsteriskConfig) -> ssl.SSLContext | None:
    ca = config.ami.tls_ca
    if ca is None:
        return None
    try:
        return ssl.create_default_context(cafile=str(ca))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            "acd.ami.tls_ca", f"{ca} cannot be used: {error}", "give a PEM file"
        ) from error
