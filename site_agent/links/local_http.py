"""The site's own HTTP API for its CTI: attached data in, status and events out.

Rule of this file: loopback only and behind a bearer token; it hands in and shows, it decides
nothing. A wrong request gets a clear 4xx and changes nothing.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import os
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web

from site_agent.adapters.base import SetAgentState
from site_agent.core.actions import TellCti
from site_agent.core.attached_data import DataRefusedError, canonical
from site_agent.core.pair_view import PairView
from site_agent.core.view import SiteDaemonView
from site_agent.errors import ConfigError, StartError
from site_agent.http_socket import HttpSocket
from site_agent.links.agent_orders import agent_order
from site_agent.links.desk_http import DeskHttp
from site_agent.screen_pop import screen_pop_url

LISTENERS_MAX = 100
LISTENER_QUEUE_MAX = 1000
PING_S = 15.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def read_or_make_token(path: Path, section: str = "local_http") -> str:
    """The bearer token of `path`; made, readable by the owner only, if the file is not there."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
        token = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise StartError(f"{section}.token_file {path}: {error}") from error
    if len(token) < 16:
        raise ConfigError(f"{section}.token_file {path}", "the token is shorter than 16 letters")
    return token


class LocalHttp:
    """One HTTP server of one site agent."""

    def __init__(
        self,
        *,
        address: tuple[str, int],
        token: str,
        view: Callable[[], SiteDaemonView],
        knows_call: Callable[[str], bool],
        hand_in: Callable[[str, bytes], bool],
        data_bytes_max: int,
        pair: Callable[[], PairView | None] = lambda: None,
        screen_pop: str = "",
        set_agent: Callable[[SetAgentState], int] = lambda command: 404,
        more: Sequence[web.RouteDef] = (),
        shown: Callable[[], dict[str, object]] = dict,
        desks: DeskHttp | None = None,
    ) -> None:
        """`set_agent` hands on what an agent wants to be; 202, or the status of a refusal. `more`
        is served too, and what `shown` says stands on the status page. `desks` shows each agent's
        own view."""
        host = address[0]
        if host != "localhost" and not ip_address(host).is_loopback:
            raise ConfigError("local_http.listen", f"{host} is not a loopback address", "127.0.0.1")
        self._token = token.encode("utf-8")
        self._view = view
        self._pair = pair
        self._screen_pop = screen_pop
        self._set_agent = set_agent
        self._more, self._shown = more, shown
        self._desks = desks
        self._knows_call = knows_call
        self._hand_in = hand_in
        self._bytes_max = data_bytes_max
        self._listeners: set[asyncio.Queue[bytes]] = set()
        self._socket = HttpSocket("local_http.listen", address, shutdown_s=1.0)

    async def start(self) -> tuple[str, int]:
        """Open the socket; the address really bound. Raises `StartError`."""
        app = web.Application(middlewares=[self._guard], client_max_size=self._bytes_max + 4096)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/v1/status", self._status)
        app.router.add_get("/v1/events", self._events)
        app.router.add_post("/v1/calls/{call_id}/data", self._data)
        app.router.add_put("/v1/agents/{agent}", self._agent)
        app.router.add_routes(self._more)
        if self._desks is not None:
            self._desks.add_to(app)
        return await self._socket.open(app)

    async def stop(self) -> None:
        """Close the socket and every listener."""
        if self._desks is not None:
            self._desks.stop()
        for queue in self._listeners:
            queue.put_nowait(b"")
        await self._socket.close()

    def tell(self, event: TellCti) -> None:
        """Give every listener an event; one that does not read loses its oldest."""
        line = (
            b"event: "
            + event.kind.encode()
            + b"\ndata: "
            + _as_json(event, self._screen_pop)
            + b"\n\n"
        )
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(line)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path != "/healthz" and not is_allowed(request, self._token):
            return problem(401, "give `Authorization: Bearer TOKEN` of the token file")
        try:
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            return problem(413, f"data may have at most {self._bytes_max} bytes")
        except web.HTTPException as error:
            return problem(error.status, error.reason)

    async def _healthz(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "site": self._view().site} | _role(self._pair()))

    async def _status(self, request: web.Request) -> web.Response:
        pair = self._pair()
        shown = asdict(self._view()) | self._shown()
        return web.json_response(shown if pair is None else shown | {"pair": asdict(pair)})

    async def _data(self, request: web.Request) -> web.Response:
        call_id = request.match_info["call_id"]
        if not self._knows_call(call_id):
            return problem(404, f"there is no call {call_id} at this site now")
        body = await request.read()
        if len(body) > self._bytes_max:
            return problem(413, f"data may have at most {self._bytes_max} bytes")
        try:
            data = canonical(body, self._bytes_max)
        except DataRefusedError as error:
            return problem(422, f"attached data {error}")
        if not self._hand_in(call_id, data):
            return problem(503, "the site agent is overloaded; try again")
        return web.json_response({"call_id": call_id, "bytes": len(data)}, status=202)

    async def _agent(self, request: web.Request) -> web.Response:
        agent = request.match_info["agent"]
        try:
            command = agent_order(agent, await request.json())
        except ValueError as error:
            return problem(422, str(error))
        status = self._set_agent(command)
        if status != 202:
            known = "there is no such agent here" if status == 404 else "overloaded; try again"
            return problem(status, f"{agent}: {known}")
        return web.json_response({"agent": agent, "state": command.state}, status=202)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if len(self._listeners) >= LISTENERS_MAX:
            return problem(503, f"more than {LISTENERS_MAX} listeners")
        response = web.StreamResponse(headers={"Cache-Control": "no-store"})
        response.content_type = "text/event-stream"
        queue: asyncio.Queue[bytes] = asyncio.Queue(LISTENER_QUEUE_MAX)
        self._listeners.add(queue)
        try:
            await response.prepare(request)
            await response.write(b": nirc site events\n\n")
            while line := await _next(queue):
                await response.write(line)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._listeners.discard(queue)
        return response


async def _next(queue: asyncio.Queue[bytes]) -> bytes:
    try:
        return await asyncio.wait_for(queue.get(), PING_S)
    except TimeoutError:
        return b": still here\n\n"


def _role(pair: PairView | None) -> dict[str, str]:
    return {} if pair is None else {"role": pair.role}


def _as_json(event: TellCti, screen_pop: str) -> bytes:
    data: object = None
    if event.data:
        try:
            data = json.loads(event.data)
        except ValueError:
            data = {"base64": base64.b64encode(event.data).decode("ascii")}
    names = {
        "call_id": event.call_id,
        "agent": event.agent,
        "interaction_id": event.interaction_id,
    }
    told = {"kind": event.kind, **names, "data": data, "reason": event.reason}
    if screen_pop:
        known = {**names, "ani": event.ani, "queue": event.queue}
        told["url"] = screen_pop_url(screen_pop, known, event.data)
    return json.dumps(told, separators=(",", ":")).encode("utf-8")


def is_allowed(request: web.Request, token: bytes) -> bool:
    """Does it carry this bearer token?"""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    good = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token)
    return scheme.lower() == "bearer" and good


def problem(status: int, detail: str | None) -> web.Response:
    """An error in words (RFC 9457)."""
    return web.json_response(
        {"status": status, "detail": detail or ""},
        status=status,
        content_type="application/problem+json",
    )
