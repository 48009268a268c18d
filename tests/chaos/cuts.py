"""Wires between sites and nodes that can be cut: one small TCP relay for each pair.

Rule of this file: what is held is delivered later and in order, as TCP does after a cut of its
network; nothing is changed or lost. All relays live in one thread of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field, replace

from nirc.demo.layout import LOOPBACK, Layout
from nirc.demo.network import Network

READ_BYTES = 65_536


@dataclass(slots=True)
class Wire:
    """One relay's state; `may_pass` by direction."""

    target_port: int
    port: int = 0
    may_pass: dict[str, asyncio.Event] = field(default_factory=dict)

    async def serve(self) -> None:
        """Listen on a free port."""
        for way in ("up", "down"):
            self.may_pass[way] = asyncio.Event()
            self.may_pass[way].set()
        server = await asyncio.start_server(self._came, LOOPBACK, 0)
        self.port = server.sockets[0].getsockname()[1]

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self.target_port)
        except OSError:
            writer.close()
            return
        ways = (
            asyncio.ensure_future(self._carry(reader, far_writer, "up")),
            asyncio.ensure_future(self._carry(far_reader, writer, "down")),
        )
        await asyncio.wait(ways, return_when=asyncio.ALL_COMPLETED)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(READ_BYTES):
                await self.may_pass[way].wait()
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()


class Wires:
    """The relays of all pairs of site and node."""

    def __init__(self, layout: Layout) -> None:
        self._loop = asyncio.new_event_loop()
        self.wires = {
            (site.name, node.name): Wire(node.link_port)
            for site in layout.sites
            for node in layout.nodes
        }
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        for wire in self.wires.values():
            asyncio.run_coroutine_threadsafe(wire.serve(), self._loop).result()

    def seen_from(self, site: str, layout: Layout) -> Layout:
        """The layout as this site knows it: every node behind its wire."""
        nodes = (replace(one, link_port=self.wires[site, one.name].port) for one in layout.nodes)
        return replace(layout, nodes=tuple(nodes))

    def set(self, pairs: list[tuple[str, str]], ways: tuple[str, ...], *, whole: bool) -> None:
        """Cut these wires in these directions, or make them whole."""
        for pair in pairs:
            for way in ways:
                passing = self.wires[pair].may_pass[way]
                self._loop.call_soon_threadsafe(passing.set if whole else passing.clear)

    def stop(self) -> None:
        """End all relays."""
        self._loop.call_soon_threadsafe(self._loop.stop)


class WiredNetwork(Network):
    """A network whose sites reach the nodes through wires."""

    wires: Wires | None = None

    def start_sites(self) -> None:
        """Start each with the addresses of its own wires."""
        whole, self.wires = self.layout, Wires(self.layout)
        try:
            for site in whole.sites:
                seen = self.wires.seen_from(site.name, whole)
                self.layout = replace(seen, sites=(site,))
                super().start_sites()
        finally:
            self.layout = whole
