"""Decides how a PBX that runs by itself is kept in touch with: what it is handed, when it is lost.

Rule of this file: nothing here knows which PBX it is. Whoever opens a line hears of its loss once,
however full the driver's inbox is and before anything of the next line; bytes that the driver does
not take end the line, for what is missing would make the rest wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from routing_policies.call_numbers import NumberReader
from site_agent.adapters.base import AcdCommand, AcdEvent, PbxSeen
from site_agent.core.events import JournalRead
from site_agent.driver import Input
from site_agent.errors import SiteAgentError

log = logging.getLogger(__name__)
PAUSE_S, PAUSE_S_MAX = 0.5, 10.0
"Between two attempts to connect: doubled each time, to the greater."
CONNECT_S = 5.0
FULL_S = 0.1
"The driver's inbox is full: the loss of a line is offered again after this."
READ_BYTES = 65_536
UNTRIED = "it was not tried yet"
UNSENT_BYTES_MAX = 1_000_000
"A PBX that reads nothing: more waits to be written than this."
NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNEXPECTED_MESSAGE")
"What OpenSSL says of bytes that are none of TLS."
OUTCOME_co = TypeVar("OUTCOME_co", covariant=True)
"What an adapter returns: events of the site, and what is to be said to its PBX."


class ForeignAdapter(Protocol[OUTCOME_co]):
    """The pure part of a foreign PBX, as far as all have it."""

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Agents, queues and trunks as they are known."""

    def command(self, command: AcdCommand, now_s: float) -> Sequence[OUTCOME_co]:
        """Carry out one command of the daemon."""

    def fire(self, now_s: float) -> Sequence[OUTCOME_co]:
        """Run every timer that is due."""

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""


SAID = TypeVar("SAID")


class ForeignPbx(ABC, Generic[SAID]):
    """The part of a shell that hands commands and timers on, and does not restart any calls."""

    def __init__(
        self,
        adapter: ForeignAdapter[SAID],
        post: Callable[[Input], bool],
        may_act: Callable[[], bool],
    ) -> None:
        self._adapter = adapter
        self._post = post
        self._may_act = may_act

    @abstractmethod
    def _carry_out(self, outcomes: Iterable[SAID], now_s: float) -> list[AcdEvent]:
        """Say what is to be said, if this process may act; the events are left."""

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Agents, queues and trunks as they are known now."""
        return self._adapter.snapshot(now_s)

    def resume(self, kept: JournalRead, now_s: float) -> tuple[list[AcdEvent], JournalRead]:
        """The PBX outlives the site agent: its calls are heard of when it is reached."""
        return [], kept

    def take_in_again(self, kept: JournalRead, now_s: float) -> list[AcdEvent]:
        """The PBX tells of its own callers."""
        return []

    def use_numbers(self, numbers: NumberReader | None, unix_offset_s: float) -> None:
        """The PBX knows by itself which number is which service."""

    def command(self, command: AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command of the daemon."""
        return self._carry_out(self._adapter.command(command, now_s), now_s)

    def fire(self, now_s: float) -> list[AcdEvent]:
        """Run the adapter's timers."""
        next_s = self.next_timer_s()
        if next_s is None or next_s > now_s:
            return []
        return self._carry_out(self._adapter.fire(now_s), now_s)

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""
        return self._adapter.next_timer_s()


def tls_problem(error: ssl.SSLError) -> str:
    """Why TLS did not come about, for a person."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return f"cannot connect: its certificate is refused: {why}; see `tls_ca` and `tls_name`"
    if error.reason in NO_TLS:
        return "cannot connect: it speaks no TLS here; is this the port of `tlsbindaddr`?"
    return f"cannot connect: TLS: {error.reason or error}"


class Talk(Protocol):
    """What is said on a line, by whoever knows the PBX; called between turns of the driver."""

    def opened(self) -> Input | None:
        """A line was opened: what a turn makes of it."""

    def heard(self, data: bytes) -> Input | None:
        """Bytes came: what a turn makes of them."""

    def lost(self) -> Input | None:
        """The line is gone: what a turn makes of it."""

    def tick(self) -> None:
        """The instant of `due_in_s` has come."""

    def due_in_s(self) -> float | None:
        """Seconds until `tick` is wanted; None: not at all."""

    def is_over(self) -> bool:
        """Is there nothing more to say on this line?"""

    def was_good(self) -> bool:
        """Was the PBX reached by it? The next attempt comes sooner then."""


class PbxLine:
    """One TCP connection at a time to one PBX, for as long as the site agent runs."""

    def __init__(
        self,
        name: str,
        address: tuple[str, int],
        talk: Talk,
        post: Callable[[Input], bool],
        *,
        tls: Callable[[], ssl.SSLContext] | None = None,
        server_name: str = "",
        hint: str = "",
    ) -> None:
        """`tls` is asked anew for each connection, as its files may change; `server_name` stands in
        the certificate, where that is not the address's host; `hint` ends a line of the log that
        says it cannot be connected."""
        self.name = f"{name} {address[0]}:{address[1]}"
        self._address = address
        self._talk = talk
        self._post = post
        self._tls = tls
        self._server_name = server_name or None
        self._hint = hint
        self._writer: asyncio.StreamWriter | None = None
        self._running: asyncio.Task[None] | None = None
        self._problem = UNTRIED
        self._seen: PbxSeen | None = None
        "What the driver took of us last."

    def start(self) -> None:
        """Begin to connect."""
        self._report()
        self._running = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """Close the line, for good."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
        self.close()

    def write(self, data: bytes) -> None:
        """To the PBX; nothing while there is no line."""
        if not data or self._writer is None:
            return
        self._writer.write(data)
        if self._writer.transport.get_write_buffer_size() > UNSENT_BYTES_MAX:
            self.tell("it does not read what it is sent")
            self._writer.transport.abort()

    def close(self) -> None:
        """End this connection; the next one is opened after a pause."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def tell(self, problem: str) -> None:
        """In the log, once for each problem; empty: it is reached."""
        if problem and problem != self._problem:
            log.error("%s: %s", self.name, problem)
        elif not problem and self._problem not in ("", UNTRIED):
            log.warning("%s: reached again", self.name)
        self._problem = problem
        self._report()

    def _report(self) -> None:
        """To the driver, until it has taken it."""
        seen = PbxSeen(pbx=self.name, reached=not self._problem, problem=self._problem)
        if seen != self._seen and self._post(lambda now_s: [seen]):
            self._seen = seen

    # ---- the line ------------------------------------------------------------------------------

    async def _run(self) -> None:
        pause_s = PAUSE_S
        while True:
            if await self._once():
                pause_s = PAUSE_S
            self._report()
            await asyncio.sleep(pause_s)
            pause_s = min(PAUSE_S_MAX, 2 * pause_s)

    async def _once(self) -> bool:
        """One connection, to its end. True: the PBX was reached by it."""
        reader = await self._open()
        if reader is None:
            return False
        await self._must(self._talk.opened())
        await self._read_all(reader)
        self.close()
        good = self._talk.was_good()
        await self._must(self._talk.lost())
        return good

    async def _open(self) -> asyncio.StreamReader | None:
        host, port = self._address
        try:
            tls = self._tls() if self._tls is not None else None
            async with asyncio.timeout(CONNECT_S):
                reader, self._writer = await asyncio.open_connection(
                    host, port, ssl=tls, server_hostname=self._server_name
                )
        except SiteAgentError as error:
            self.tell(str(error))
        except ssl.SSLError as error:
            self.tell(tls_problem(error))
        except (OSError, TimeoutError) as error:
            self.tell(f"cannot connect: {error or 'no answer'}{self._hint}")
        else:
            return reader
        return None

    async def _read_all(self, reader: asyncio.StreamReader) -> None:
        while not self._talk.is_over():
            self._report()
            data = await self._read(reader)
            if data is None:
                self._talk.tick()
            elif not data:
                if not self._talk.is_over():
                    self.tell("it closed the connection")
                return
            elif (item := self._talk.heard(data)) is not None and not self._post(item):
                self.tell("the site agent is overloaded: what it said is read anew")
                return

    async def _read(self, reader: asyncio.StreamReader) -> bytes | None:
        """Bytes; empty at the end of the line; None when `tick` is due."""
        try:
            async with asyncio.timeout(self._talk.due_in_s()):
                return await reader.read(READ_BYTES)
        except TimeoutError:
            return None
        except OSError:
            return b""

    async def _must(self, item: Input | None) -> None:
        """The driver's inbox may be full for a moment: nothing else is done on the line then."""
        taken = item is None or self._post(item)
        while item is not None and not taken:
            await asyncio.sleep(FULL_S)
            taken = self._post(item)
