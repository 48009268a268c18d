"""The sockets of SIP: UDP and TCP on several listen points, with asyncio.

Rule of this file: it moves bytes and decides nothing. Whole messages go to `on_data`, a flow on
which nothing can be sent to `on_failed`; both are called on the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import cast

from nrcli.sip.errors import MessageError
from nrcli.sip.flow import Peer
from nrcli.sip.limits import MessageLimits
from nrcli.sip.stream_framer import StreamFramer

OnData = Callable[[bytes, Peer], None]
OnFailed = Callable[[Peer], None]

RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
"Of a UDP socket: enough for half a second of load while the process is busy elsewhere."
CONNECTIONS_MAX = 2_000
CONNECT_S_MAX = 5.0
PORT_TRIES_MAX = 20
"A port that the system picked for UDP may be taken for TCP: then another one is tried."
UNSENT_BYTES_MAX = 1_048_576
"A connection whose far end does not read is closed beyond this."
IDLE_S_MAX = 600.0
"A connection on which nothing was received for so long is closed."
PART_S_MAX = 32.0
"A connection that gave no message since it was accepted, or only a part, is closed after this."


class SipTransport:
    """All sockets of one process.

    `listen` opens listen points, `send` sends on a flow (a TCP connection is opened where none
    stands), `close` ends everything.
    """

    def __init__(
        self,
        on_data: OnData,
        on_failed: OnFailed,
        limits: MessageLimits = MessageLimits(),  # noqa: B008
        receive_buffer_bytes: int = RECEIVE_BUFFER_BYTES,
    ) -> None:
        self.on_data = on_data
        self.on_failed = on_failed
        self.limits = limits
        self._receive_buffer_bytes = receive_buffer_bytes
        self._datagrams: dict[tuple[str, int], asyncio.DatagramTransport] = {}
        self._servers: list[asyncio.Server] = []
        self._connections: dict[Peer, _Connection] = {}
        self._waiting: dict[Peer, list[bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(
        self, host: str, port: int, transports: tuple[str, ...] = ("udp", "tcp")
    ) -> tuple[str, int]:
        """Open a listen point and return its address; port 0 picks one that is free for all.

        Raises: OSError where the address cannot be bound.
        """
        for _ in range(PORT_TRIES_MAX if port == 0 else 0):
            with contextlib.suppress(OSError):
                return await self._open(host, port, transports)
        return await self._open(host, port, transports)

    async def _open(self, host: str, port: int, transports: tuple[str, ...]) -> tuple[str, int]:
        if "udp" in transports:
            port = await self._listen_udp(host, port)
        if "tcp" in transports:
            loop = asyncio.get_running_loop()
            try:
                server = await loop.create_server(lambda: _Connection(self), host, port)
            except OSError:
                datagram = self._datagrams.pop((host, port), None)
                if datagram is not None:
                    datagram.close()
                raise
            self._servers.append(server)
            port = int(server.sockets[0].getsockname()[1])
        return host, port

    def send(self, peer: Peer, data: bytes) -> None:
        """Send on a flow; what fails later comes as `on_failed`."""
        if peer.transport == "udp":
            datagram = self._datagrams.get(peer.local)
            if datagram is None or datagram.is_closing():
                self._fail_soon(peer)
            else:
                datagram.sendto(data, peer.remote)
            return
        connection = self._connections.get(peer)
        if connection is not None:
            connection.send(data)
        elif peer in self._waiting:
            self._waiting[peer].append(data)
        elif len(self._connections) + len(self._waiting) >= CONNECTIONS_MAX:
            self._fail_soon(peer)
        else:
            self._waiting[peer] = [data]
            task = asyncio.get_running_loop().create_task(self._connect(peer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Close every socket and connection."""
        for server in self._servers:
            server.close()
        for datagram in self._datagrams.values():
            datagram.close()
        for connection in list(self._connections.values()):
            connection.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._servers.clear()
        self._datagrams.clear()

    async def _listen_udp(self, host: str, port: int) -> int:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer_bytes)
            with contextlib.suppress(OSError):  # beyond rmem_max only with CAP_NET_ADMIN
                sock.setsockopt(socket.SOL_SOCKET, 33, self._receive_buffer_bytes)  # SO_RCVBUFFORCE
            sock.bind((host, port))
            port = int(sock.getsockname()[1])
            address = (host, port)
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self, address), sock=sock
            )
        except OSError:
            sock.close()
            raise
        self._datagrams[address] = transport
        return port

    async def _connect(self, peer: Peer) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_S_MAX):
                _, connection = await loop.create_connection(
                    lambda: _Connection(self, peer), *peer.remote, local_addr=(peer.local[0], 0)
                )
        except (OSError, TimeoutError):
            self._waiting.pop(peer, None)
            self.on_failed(peer)
            return
        for data in self._waiting.pop(peer, ()):
            connection.send(data)

    def _fail_soon(self, peer: Peer) -> None:
        asyncio.get_running_loop().call_soon(self.on_failed, peer)

    def _opened(self, connection: _Connection) -> None:
        """Take a connection; where there are too many, the least useful one makes room."""
        if connection.peer is None:
            connection.abort()
            return
        if len(self._connections) >= CONNECTIONS_MAX:
            least = min(self._connections.values(), key=_Connection.use)
            self._closed(least, was_error=True)
            least.abort()
        self._connections[connection.peer] = connection

    def _closed(self, connection: _Connection, *, was_error: bool) -> None:
        peer = connection.peer
        if peer is not None and self._connections.get(peer) is connection:
            del self._connections[peer]
            if was_error:
                self.on_failed(peer)


class _Datagrams(asyncio.DatagramProtocol):
    """One UDP socket."""

    def __init__(self, owner: SipTransport, local: tuple[str, int]) -> None:
        self._owner = owner
        self._local = local
        self._peers: dict[tuple[str, int], Peer] = {}

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        remote = cast("tuple[str, int]", addr)
        peer = self._peers.get(remote)
        if peer is None:
            if len(self._peers) >= 10_000:
                self._peers.clear()
            peer = self._peers[remote] = Peer("udp", self._local, (remote[0], remote[1]))
        self._owner.on_data(data, peer)

    def error_received(self, exc: Exception) -> None:
        """ICMP told of an earlier datagram; which one is not known, so timers find out."""


class _Connection(asyncio.Protocol):
    """One TCP connection, accepted (`peer` None until it stands) or opened by us."""

    def __init__(self, owner: SipTransport, peer: Peer | None = None) -> None:
        self.peer = peer
        self._owner = owner
        self._framer = StreamFramer(owner.limits)
        self._transport: asyncio.Transport | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._heard_at = 0.0
        self._whole_at = 0.0
        self._is_ours = peer is not None
        self._has_spoken = False

    def use(self) -> tuple[bool, float]:
        """The larger, the more it is worth: who gave a message, then who was heard last."""
        return self._has_spoken or self._is_ours, self._heard_at

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if self.peer is None:
            local, remote = (
                transport.get_extra_info("sockname"),
                transport.get_extra_info("peername"),
            )
            if remote is not None:
                self.peer = Peer("tcp", (local[0], local[1]), (remote[0], remote[1]))
        self._owner._opened(self)
        self._look_if_idle()

    def data_received(self, data: bytes) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        try:
            messages = self._framer.feed(data)
        except MessageError:
            self.abort()
            return
        if messages or not self._framer.is_within:
            self._whole_at = self._heard_at
        if self.peer is not None:
            for message in messages:
                self._has_spoken = True
                self._owner.on_data(message, self.peer)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._owner._closed(self, was_error=exc is not None)

    def send(self, data: bytes) -> None:
        if self._transport is None:
            return
        if self._transport.get_write_buffer_size() > UNSENT_BYTES_MAX:
            self.abort()
        else:
            self._transport.write(data)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _look_if_idle(self) -> None:
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        if self._idle is None:
            self._heard_at = self._whole_at = now_s
        is_waited_for = self._framer.is_within or not (self._has_spoken or self._is_ours)
        is_late = is_waited_for and now_s - self._whole_at >= PART_S_MAX
        if is_late or now_s - self._heard_at > IDLE_S_MAX:
            self.abort()
            return
        self._idle = loop.call_later(PART_S_MAX / 2, self._look_if_idle)
