"""One listening HTTP socket of a site agent: opened with a clear refusal, closed with its requests.

Rule of this file: it serves whatever application it is given; which setting named the address is
told by the caller, so that a refusal names the place.
"""

from __future__ import annotations

import ssl

from aiohttp import web

from site_agent.errors import StartError


class HttpSocket:
    """May be opened and closed again and again."""

    def __init__(
        self,
        setting: str,
        address: tuple[str, int],
        *,
        tls: ssl.SSLContext | None = None,
        shutdown_s: float = 0.1,
        keepalive_s: float = 75.0,
    ) -> None:
        """`setting`: what a refusal names; `shutdown_s`: for requests under way at the end."""
        self._setting = setting
        self._address = address
        self._tls = tls
        self._shutdown_s = shutdown_s
        self._keepalive_s = keepalive_s
        self._runner: web.AppRunner | None = None

    @property
    def connections_count(self) -> int:
        """Of clients, open now."""
        server = self._runner.server if self._runner is not None else None
        return len(server.connections) if server is not None else 0

    async def open(self, app: web.Application) -> tuple[str, int]:
        """Listen; the address really bound. Raises `StartError`."""
        self._runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=self._shutdown_s,
            keepalive_timeout=self._keepalive_s,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, *self._address, ssl_context=self._tls)
        try:
            await site.start()
        except OSError as error:
            await self.close()
            host, port = self._address
            raise StartError(
                f"{self._setting} {host}:{port}: {error.strerror or error};"
                " is another program using this address, or is it not this host's?"
            ) from error
        bound = self._runner.addresses[0]
        return str(bound[0]), int(bound[1])

    async def close(self) -> None:
        """Answer what is under way, then end."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
