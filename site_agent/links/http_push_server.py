"""The HTTP door of a CTI that pushes: batches in, numbered commands out by stream or long poll.

Rule of this file: it reads, bounds and answers; what a body means is the `Door`'s business. A wrong
request gets words with the remedy and changes nothing.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from pydantic import JsonValue

from site_agent.adapters.http_push.http_push_protocol import ProtocolError
from site_agent.adapters.http_push.said_by_cti import Problem
from site_agent.adapters.http_push.wire_models import WireModel
from site_agent.http_socket import HttpSocket
from site_agent.links.local_http import is_allowed

PING_S = 10.0
BODY_S_MAX = 10.0
"A body that takes longer is not waited for."
POLL_S_DEFAULT, POLL_S_MAX = 20.0, 60.0
READER_COMMANDS_MAX = 10_000
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Reader:
    """Who takes the commands now: a stream, or a long poll."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue(READER_COMMANDS_MAX)

    def give(self, number: int, command: bytes) -> bool:
        """One command as JSON; False: this reader is too slow, and is let go."""
        if self._queue.full():
            self.close()
            return False
        self._queue.put_nowait((number, command))
        return True

    def close(self) -> None:
        """Another reader took over, or the session is over."""
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def next(self, wait_s: float) -> tuple[int, bytes] | None:
        """The next command, None when it is over. Raises TimeoutError."""
        return await asyncio.wait_for(self._queue.get(), wait_s)

    def rest(self) -> list[bytes]:
        """All further commands that are here already."""
        found = []
        while not self._queue.empty():
            item = self._queue.get_nowait()
            if item is not None:
                found.append(item[1])
        return found


class Door(Protocol):
    """What the server hands in, and where commands come from."""

    async def hello(self, body: bytes) -> WireModel:
        """A session begins. Raises ProtocolError."""

    async def take(self, body: bytes) -> WireModel:
        """A batch; `Taken` or `Problem`."""

    async def open_reader(self, session: str, after: int) -> Reader | Problem:
        """Commands with higher numbers go to this reader from now on."""

    def close_reader(self, reader: Reader) -> None:
        """It has gone."""

    def health(self) -> dict[str, JsonValue]:
        """For `/healthz`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLimits:
    """How much is taken at once."""

    body_bytes_max: int = 1_000_000
    requests_per_s: int = 200
    connections_max: int = 20


class HttpPushServer:
    """One HTTP server."""

    def __init__(
        self,
        door: Door,
        *,
        address: tuple[str, int],
        token: str,
        limits: ServerLimits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._door = door
        self._token = token.encode("utf-8")
        self._limits = limits or ServerLimits()
        self._socket = HttpSocket("acd.listen", address, tls=tls, shutdown_s=1.0)
        self._readers: set[Reader] = set()
        self._allowance = float(self._limits.requests_per_s)
        self._allowed_at_s = time.monotonic()

    async def start(self) -> tuple[str, int]:
        """Open the socket; the address really bound. Raises `StartError`."""
        app = web.Application(
            middlewares=[self._guard], client_max_size=self._limits.body_bytes_max
        )
        app.router.add_get("/healthz", self._healthz)
        app.router.add_post("/v1/hello", self._hello)
        app.router.add_post("/v1/events", self._events)
        app.router.add_get("/v1/commands", self._stream)
        app.router.add_get("/v1/commands/poll", self._poll)
        return await self._socket.open(app)

    async def stop(self) -> None:
        """Close the socket and every reader."""
        for reader in self._readers:
            reader.close()
        await self._socket.close()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == "/healthz":
            return await handler(request)
        if not is_allowed(request, self._token):
            return told(_problem(401, "give `Authorization: Bearer TOKEN` of the token file"))
        refusal = self._too_much()
        if refusal is not None:
            return refusal
        try:
            return await handler(request)
        except ProtocolError as error:
            return told(error.told())
        except web.HTTPRequestEntityTooLarge:
            most = self._limits.body_bytes_max
            return told(_problem(413, f"a body may have at most {most} bytes"))
        except TimeoutError:
            return told(_problem(408, "the body did not come whole in time"))
        except web.HTTPException as error:
            return told(_problem(error.status, error.reason))

    def _too_much(self) -> web.Response | None:
        if self._socket.connections_count > self._limits.connections_max:
            connections = self._limits.connections_max
            response = told(_problem(503, f"more than {connections} connections; keep one alive"))
            response.force_close()
            return response
        now_s, most = time.monotonic(), float(self._limits.requests_per_s)
        self._allowance = min(most, self._allowance + (now_s - self._allowed_at_s) * most)
        self._allowed_at_s = now_s
        if self._allowance < 1:
            response = told(_problem(429, f"more than {most:g} requests in a second"))
            response.headers["Retry-After"] = "1"
            return response
        self._allowance -= 1
        return None

    async def _healthz(self, request: web.Request) -> web.Response:
        return web.json_response(self._door.health())

    async def _hello(self, request: web.Request) -> web.Response:
        body = await asyncio.wait_for(request.read(), BODY_S_MAX)
        return told(await self._door.hello(body))

    async def _events(self, request: web.Request) -> web.Response:
        body = await asyncio.wait_for(request.read(), BODY_S_MAX)
        return told(await self._door.take(body))

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        after = whole_number(request.headers.get("Last-Event-ID", "0"), "Last-Event-ID")
        found = await self._door.open_reader(request.query.get("session", ""), after)
        if isinstance(found, Problem):
            return told(found)
        response = web.StreamResponse(headers={"Cache-Control": "no-store"})
        response.content_type = "text/event-stream"
        self._readers.add(found)
        try:
            await response.prepare(request)
            await response.write(b": commands of the site agent\nretry: 1000\n\n")
            while True:
                try:
                    item = await found.next(PING_S)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if item is None:
                    break
                await response.write(b"id: %d\nevent: command\ndata: %s\n\n" % item)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._gone(found)
        return response

    async def _poll(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        wait_ms = whole_number(query.get("wait_ms", str(round(POLL_S_DEFAULT * 1000))), "wait_ms")
        after = whole_number(query.get("after", "0"), "after")
        found = await self._door.open_reader(query.get("session", ""), after)
        if isinstance(found, Problem):
            return told(found)
        self._readers.add(found)
        commands: list[bytes] = []
        try:
            item = await found.next(min(wait_ms / 1000, POLL_S_MAX))
            if item is not None:
                commands = [item[1], *found.rest()]
        except TimeoutError:
            pass
        finally:
            self._gone(found)
        body = b'{"commands":[%s]}' % b",".join(commands)
        return web.Response(body=body, content_type="application/json")

    def _gone(self, reader: Reader) -> None:
        self._readers.discard(reader)
        self._door.close_reader(reader)


def whole_number(text: str, place: str) -> int:
    """A number of a command, or milliseconds. Raises ProtocolError."""
    if text.isascii() and text.isdigit() and len(text) <= 16:
        return int(text)
    remedy = "give a whole number, 0 for the beginning"
    raise ProtocolError(f'expected a number, got "{text[:40]}"', place=place, remedy=remedy)


def told(answer: WireModel) -> web.Response:
    """An answer as JSON; a `Problem` with its status."""
    body = answer.model_dump_json().encode("utf-8")
    if isinstance(answer, Problem):
        kind = "application/problem+json"
        return web.Response(body=body, status=answer.status, content_type=kind)
    return web.Response(body=body, content_type="application/json")


def _problem(status: int, detail: str | None) -> Problem:
    return Problem(status=status, detail=detail or "")
