"""The sockets of SIP: UDP, TCP and TLS on several listen points, with asyncio.

Rule of this file: it moves bytes, keeps to its bounds, and decides nothing. Whole messages go to
`on_data`, a flow on which nothing can be sent to `on_failed`; both are called on the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, cast

from nrcli.sip.flow import Peer
from nrcli.sip.limits import MessageLimits, TransportLimits
from nrcli.sip.stream_connection import Connection
from nrcli.sip.tls_contexts import SipTls

log = logging.getLogger(__name__)

OnData = Callable[[bytes, Peer], None]
OnFailed = Callable[[Peer], None]

RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
"Of a UDP socket: enough for half a second of load while the process is busy elsewhere."
BACKLOG = 512
ACCEPT_PAUSE_S = 0.5
"After an accept that failed."
PORT_TRIES_MAX = 20
"A port that the system picked for UDP may be taken for TCP: then another one is tried."


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
        *,
        bounds: TransportLimits = TransportLimits(),  # noqa: B008
        tls: SipTls | None = None,
        receive_buffer_bytes: int = RECEIVE_BUFFER_BYTES,
    ) -> None:
        self.bounds = bounds
        self._tls = tls
        self._from: Counter[str] = Counter()
        "Connections that came from each address."
        self.on_data = on_data
        self.on_failed = on_failed
        self.limits = limits
        self._receive_buffer_bytes = receive_buffer_bytes
        self._datagrams: dict[tuple[str, int], asyncio.DatagramTransport] = {}
        self._servers: list[asyncio.Server] = []
        self._connections: dict[Peer, Connection] = {}
        self._waiting: dict[Peer, list[bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(
        self,
        host: str,
        port: int,
        transports: tuple[str, ...] = ("udp", "tcp"),
        *,
        asks_certificate: bool = True,
    ) -> tuple[str, int]:
        """Open a listen point and return its address; port 0 picks one that is free for all.

        tcp and tls share no port: they are two listen points. `asks_certificate`: who connects by
        TLS must show one. Raises: OSError where the address cannot be bound.
        """
        for _ in range(PORT_TRIES_MAX if port == 0 else 0):
            with contextlib.suppress(OSError):
                return await self._open(host, port, transports, asks_certificate)
        return await self._open(host, port, transports, asks_certificate)

    async def _open(
        self, host: str, port: int, transports: tuple[str, ...], asks: bool
    ) -> tuple[str, int]:
        tls = self._tls if "tls" in transports else None
        if "udp" in transports:
            port = await self._listen_udp(host, port)
        if "tcp" in transports or tls is not None:
            try:
                port = await self._listen_stream(host, port, tls, asks)
            except OSError:
                datagram = self._datagrams.pop((host, port), None)
                if datagram is not None:
                    datagram.close()
                raise
        return host, port

    async def _listen_stream(self, host: str, port: int, tls: SipTls | None, asks: bool) -> int:
        loop = asyncio.get_running_loop()
        if tls is None:
            server = await loop.create_server(lambda: Connection(self), host, port)
            self._servers.append(server)
            return int(server.sockets[0].getsockname()[1])
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.create_server((host, port), family=family, backlog=BACKLOG)
        sock.setblocking(False)
        self._spawn(self._accept_tls(sock, tls, asks))
        return int(sock.getsockname()[1])

    async def _accept_tls(self, listening: socket.socket, tls: SipTls, asks: bool) -> None:
        """A connection counts from here on, before its handshake."""
        loop = asyncio.get_running_loop()
        with listening:
            while True:
                try:
                    sock, remote = await loop.sock_accept(listening)
                except OSError as error:  # too many open files, or gone again
                    log.warning("SIP over TLS: %s", error)
                    await asyncio.sleep(ACCEPT_PAUSE_S)
                    continue
                if self._may_come(remote[0]):
                    self._from[remote[0]] += 1
                    self._spawn(self._shake_hands(sock, remote[0], tls, asks))
                else:
                    sock.close()

    async def _shake_hands(self, sock: socket.socket, host: str, tls: SipTls, asks: bool) -> None:
        connection = Connection(self, transport="tls")
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: connection,
                sock,
                ssl=tls.server(asks=asks),
                ssl_handshake_timeout=self.bounds.handshake_s_max,
            )
        except (OSError, TimeoutError):
            sock.close()
        if connection.peer is None:
            self._left(host)

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
        elif not self._may_connect(peer):
            self._fail_soon(peer)
        else:
            self._waiting[peer] = [data]
            self._spawn(self._connect(peer))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
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
            secure = self._tls.client() if self._tls and peer.transport == "tls" else None
            async with asyncio.timeout(self.bounds.connect_s_max):
                _, connection = await loop.create_connection(
                    lambda: Connection(self, peer),
                    *peer.remote,
                    local_addr=(peer.local[0], 0),
                    ssl=secure,
                )
        except (OSError, TimeoutError):
            self._waiting.pop(peer, None)
            self.on_failed(peer)
            return
        if self._connections.get(peer) is not connection:
            self._waiting.pop(peer, None)
            self.on_failed(peer)
        for data in self._waiting.pop(peer, ()):
            connection.send(data)

    def _may_connect(self, peer: Peer) -> bool:
        if peer.transport == "tls" and self._tls is None:
            return False
        return len(self._connections) + len(self._waiting) < self.bounds.connections_max

    def _fail_soon(self, peer: Peer) -> None:
        asyncio.get_running_loop().call_soon(self.on_failed, peer)

    # ---- for connections -----------------------------------------------------------------------

    def opened(self, connection: Connection) -> bool:
        """Take a connection; where there are too many, the least useful one makes room."""
        peer, bounds = connection.peer, self.bounds
        if peer is None:
            return False
        if not connection.is_ours and peer.transport == "tcp":
            if not self._may_come(peer.remote[0]):
                return False
            self._from[peer.remote[0]] += 1
        if len(self._connections) >= bounds.connections_max:
            least = min(self._connections.values(), key=Connection.use)
            self.closed(least, was_error=True)
            least.abort()
        self._connections[peer] = connection
        return True

    def closed(self, connection: Connection, *, was_error: bool) -> None:
        """Forget a connection, once."""
        peer = connection.peer
        if peer is None or self._connections.get(peer) is not connection:
            return
        del self._connections[peer]
        if not connection.is_ours:
            self._left(peer.remote[0])
        if was_error:
            self.on_failed(peer)

    def _may_come(self, host: str) -> bool:
        return self._from[host] < self.bounds.connections_per_source_max

    def _left(self, host: str) -> None:
        self._from[host] -= 1
        if self._from[host] <= 0:
            del self._from[host]

    def trusts(self, connection: Connection) -> bool:
        """Is a connection's certificate that of whom we speak with?"""
        peer = connection.peer
        if peer is None or self._tls is None:
            return False
        dialed = connection.is_ours
        if self._tls.is_right(connection.certificate, peer.remote[0], dialed=dialed):
            return True
        log.warning("the certificate of %s:%d names somebody else", *peer.remote)
        self.closed(connection, was_error=False)
        return False


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
