"""One TCP or TLS connection of SIP: whole messages cut from it, and when it is ended.

Rule of this file: it ends what is late, half open, idle, or unread by the far end, and decides
nothing else. A TLS connection is one once its handshake is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

from nrcli.sip.errors import MessageError
from nrcli.sip.flow import Peer
from nrcli.sip.limits import MessageLimits, TransportLimits
from nrcli.sip.stream_framer import StreamFramer


class Owner(Protocol):
    """What a connection asks of the transport that it belongs to."""

    on_data: Callable[[bytes, Peer], None]
    limits: MessageLimits
    bounds: TransportLimits

    def opened(self, connection: Connection) -> bool:
        """Take it in; False: it may not stand."""

    def closed(self, connection: Connection, *, was_error: bool) -> None:
        """It is gone."""

    def trusts(self, connection: Connection) -> bool:
        """Is the certificate that it showed the right one?"""


class Connection(asyncio.Protocol):
    """A connection, accepted (`peer` None until it stands) or opened by us."""

    def __init__(self, owner: Owner, peer: Peer | None = None, *, transport: str = "tcp") -> None:
        self.peer = peer
        self.is_ours = peer is not None
        self._kind = transport
        self._owner = owner
        self._framer = StreamFramer(owner.limits)
        self._transport: asyncio.Transport | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._heard_at = 0.0
        self._whole_at = 0.0
        self._has_spoken = False

    def use(self) -> tuple[bool, float]:
        """The larger, the more it is worth: who gave a message, then who was heard last."""
        return self._has_spoken or self.is_ours, self._heard_at

    @property
    def certificate(self) -> dict[str, object] | None:
        """What the far end showed; None: nothing."""
        told = self._transport.get_extra_info("peercert") if self._transport else None
        return cast("dict[str, object] | None", told) or None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        loop = asyncio.get_running_loop()
        self._heard_at = self._whole_at = loop.time()
        if self.peer is None:
            local, remote = (
                transport.get_extra_info("sockname"),
                transport.get_extra_info("peername"),
            )
            if remote is None:
                self.abort()
                return
            self.peer = Peer(self._kind, (local[0], local[1]), (remote[0], remote[1]))
        if not self._owner.opened(self):
            self.abort()
            return
        if self.peer.transport == "tls" and not self._owner.trusts(self):
            self.abort()
            return
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
        self._owner.closed(self, was_error=exc is not None)

    def send(self, data: bytes) -> None:
        if self._transport is None:
            return
        if self._transport.get_write_buffer_size() > self._owner.bounds.unsent_bytes_max:
            self.abort()
        else:
            self._transport.write(data)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _look_if_idle(self) -> None:
        loop, bounds = asyncio.get_running_loop(), self._owner.bounds
        now_s = loop.time()
        is_waited_for = self._framer.is_within or not (self._has_spoken or self.is_ours)
        is_late = is_waited_for and now_s - self._whole_at >= bounds.part_s_max
        if is_late or now_s - self._heard_at > bounds.idle_s_max:
            self.abort()
            return
        self._idle = loop.call_later(bounds.part_s_max / 2, self._look_if_idle)
