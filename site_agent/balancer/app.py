"""The process of a balancer: sockets, clock, file and status around one core.

Rule of this file: it carries bytes, time and settings and decides nothing. Members are changed by
changing the file, which is read again when it changed and on SIGHUP; a file that is wrong changes
nothing and is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
from pathlib import Path

from aiohttp import web

from nrcli.sip.flow import Peer
from nrcli.sip.sip_transport import SipTransport
from site_agent.balancer.config import BalancerConfig, load_balancer
from site_agent.balancer.core import Balancer, Sends
from site_agent.clock import boottime_s
from site_agent.config_parts import split_address
from site_agent.errors import ConfigError, StartError
from site_agent.http_socket import HttpSocket
from site_agent.rules_file import PlainFile

log = logging.getLogger(__name__)
LOOK_S = 1.0
"How often the file is looked at."


class BalancerApp:
    """One balancer; `start`, then `stop`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = PlainFile(path)
        self._file.read()
        self._config = load_balancer(path)
        self._balancer = Balancer(
            self._config.settings(), self._config.member_settings(), lambda: secrets.token_hex(8)
        )
        self._transport = SipTransport(on_data=self._on_data, on_failed=self._balancer.failed)
        self._tasks: list[asyncio.Task[None]] = []
        self._http: HttpSocket | None = None
        self.addresses: dict[str, tuple[str, int]] = {}
        "Of each door, once open."

    async def start(self) -> None:
        """Open every socket. Raises StartError."""
        for door in self._config.settings().doors:
            try:
                bound = await self._transport.listen(*door.listen, door.transports)
            except OSError as error:
                at = f"{door.listen[0]}:{door.listen[1]}"
                problem = f"door {door.name}: cannot listen on {at}: {error.strerror or error}"
                raise StartError(problem) from error
            self._balancer.bound(door, bound)
            self.addresses[door.name] = bound
        await self._start_http()
        self._tasks = [
            asyncio.ensure_future(self._keep_probing()),
            asyncio.ensure_future(self._keep_looking()),
        ]
        log.info("%s: balances over %d members", self._config.balancer, len(self._config.members))

    async def stop(self) -> None:
        """Close every socket."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
        await self._transport.close()

    def read_again(self) -> None:
        """Use the members that the file names now."""
        self._file.read()
        try:
            config = load_balancer(self._path)
        except ConfigError as error:
            log.error("%s: not used, nothing is changed: %s", self._path, error)
            return
        if config.model_copy(update={"members": self._config.members}) != self._config:
            log.warning(
                "%s: only members change while it runs; the rest at its next start", self._path
            )
        gone = self._balancer.use(config.member_settings())
        self._config = self._config.model_copy(update={"members": config.members})
        names = ", ".join(
            one.name + (" (draining)" if one.draining else "") for one in config.members
        )
        log.info("members are now: %s%s", names, f"; gone: {', '.join(gone)}" if gone else "")

    async def _start_http(self) -> None:
        if self._config.status_http is None:
            return
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/v1/status", self._status)
        self._http = HttpSocket(
            "status_http.listen", split_address(self._config.status_http.listen)
        )
        await self._http.open(app)

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "balancer": self._config.balancer})

    async def _status(self, _request: web.Request) -> web.Response:
        return web.json_response(self._balancer.status())

    async def _keep_probing(self) -> None:
        while True:
            self._send(self._balancer.fire(boottime_s()))
            await asyncio.sleep(max(0.01, self._balancer.next_timer_s() - boottime_s()))

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            if self._file.differs():
                self.read_again()

    def _on_data(self, data: bytes, peer: Peer) -> None:
        self._send(self._balancer.receive(data, peer, boottime_s()))

    def _send(self, sends: Sends) -> None:
        for peer, data in sends:
            self._transport.send(peer, data)


async def serve(path: Path) -> None:
    """Run until SIGTERM or SIGINT. Raises ConfigError and StartError."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    app = BalancerApp(path)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    loop.add_signal_handler(signal.SIGHUP, app.read_again)
    try:
        await app.start()
        await stopping.wait()
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await app.stop()


__all__ = ["BalancerApp", "BalancerConfig", "serve"]
