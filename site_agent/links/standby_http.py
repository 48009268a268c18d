"""What a standby shows over HTTP until it serves: that it is there, and how the pair stands.

Rule of this file: the same address and token as the site agent's own HTTP API, read-only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from aiohttp import web

from site_agent.core.pair_view import PairView
from site_agent.http_socket import HttpSocket
from site_agent.links.local_http import is_allowed, problem


class StandbyHttp:
    """May be started and stopped again and again."""

    def __init__(
        self, *, address: tuple[str, int], token: str, site: str, view: Callable[[], PairView]
    ) -> None:
        self._token = token.encode("utf-8")
        self._site = site
        self._view = view
        self._socket = HttpSocket("local_http.listen", address)

    async def start(self) -> None:
        """Open the socket. Raises `StartError`."""
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/v1/status", self._status)
        await self._socket.open(app)

    async def stop(self) -> None:
        """Close the socket."""
        await self._socket.close()

    async def _healthz(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "site": self._site, "role": self._view().role})

    async def _status(self, request: web.Request) -> web.Response:
        if not is_allowed(request, self._token):
            return problem(401, "give `Authorization: Bearer TOKEN` of the token file")
        return web.json_response({"site": self._site, "pair": asdict(self._view())})
