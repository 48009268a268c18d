"""The streams between nodes: each node connects to every other, and is connected to by each.

Rule of this file: a shell. What a node says goes over the stream that it opened itself; the stream
that the other opened carries the other's words. A peer whose host answers "connection refused" is
told apart from one that is silent: the first is certainly not running, the second may be.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import grpc
import grpc.aio

from nrcli.errors import LocalProtocolError
from nrcli.wire.backoff import Backoff, BackoffSettings
from nrcli.wire.codec import Speaker, codec_for
from nrcli.wire.link_attention import Attention
from nrcli.wire.link_dialer import DialerOwner, DialerStatus, LinkDialer, Target
from nrcli.wire.link_greeting import PeerGreeting
from nrcli.wire.link_lanes import Message
from nrcli.wire.link_pace import NODE_PACE, Pace
from nrcli.wire.link_probe import nothing_listens
from nrcli.wire.link_session import LinkEnd, LinkSession, LinkSettings
from nrcli.wire.link_stream import (
    PEER_METHOD,
    SERVICE,
    STATUS,
    LinkStream,
    ServerPipe,
    StreamOwner,
    TransportSettings,
    boottime_s,
    hear_out,
)
from nrcli.wire.messages import PeerHello, PeerMessage
from nrcli.wire.tls import NODE, TlsFiles, TlsMaterial, peer_identity, read_tls

log = logging.getLogger(__name__)


class PeerLink:
    """Links with every other node. Callbacks are called on the loop and must return at once.

    `on_down(node, refused)` is also called for a node that was never up, and again when `refused`
    changes: a silent peer whose process turns out to be gone.
    """

    def __init__(
        self,
        *,
        node: str,
        peers: Mapping[str, str],
        tls: TlsFiles | None,
        on_up: Callable[[str], None],
        on_down: Callable[[str, bool], None],
        on_message: Callable[[str, PeerMessage], None],
        settings: TransportSettings | None = None,
        backoff: BackoffSettings | None = None,
        now: Callable[[], float] = boottime_s,
        dice: Callable[[], float] = random.random,
    ) -> None:
        """`peers`: the other nodes, name to `host:port`. Raises SettingsError on a bad TLS file."""
        self.counts: Counter[str] = Counter()
        "Streams of other nodes ended, by code of LinkEnd."
        self._node = node
        self._peers = {name: address for name, address in peers.items() if name != node}
        self._tls: TlsMaterial | None = read_tls(tls) if tls else None
        self._on_up = on_up
        self._on_down = on_down
        self._on_message = on_message
        self._settings = settings or TransportSettings(link=LinkSettings(pace=NODE_PACE))
        self._pace = Pace(self._settings.link.pace)
        self._attention = Attention()
        self._now = now
        self._codec = codec_for(self._settings.limits)
        self._told: dict[str, bool | None] = {}
        "Last word about each node: None for up, else whether it was refused."
        self._incoming: dict[str, LinkStream] = {}
        self._dialers = {
            name: self._dialer(name, Backoff(backoff or BackoffSettings()), dice)
            for name in self._peers
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    def _dialer(self, name: str, backoff: Backoff, dice: Callable[[], float]) -> LinkDialer:
        target = Target(
            name=f"node {name}",
            address=self._peers[name],
            method=PEER_METHOD,
            hears=Speaker.PEER,
            greeting=lambda: PeerGreeting(node=self._node, expected=name, connects=True),
        )
        owner = DialerOwner(
            on_up=lambda greeting: self._up(name),
            on_end=partial(self._ended, name),
            on_message=partial(self._said, name),
        )
        return LinkDialer(
            target,
            owner,
            credentials=self._tls.channel_credentials() if self._tls else None,
            settings=self._settings,
            codec=self._codec,
            backoff=backoff,
            pace=self._pace,
            attention=self._attention,
            now=self._now,
            dice=dice,
        )

    @property
    def handler(self) -> grpc.GenericRpcHandler:
        """Serves the other nodes' streams: give it to the server of the node's links."""
        method: grpc.RpcMethodHandler[Any, Any] = grpc.stream_stream_rpc_method_handler(self._serve)
        return grpc.method_handlers_generic_handler(SERVICE, {"Peer": method})

    async def start(self) -> None:
        """Begin to connect; returns at once."""
        self._is_stopping = False
        for dialer in self._dialers.values():
            self._begin(dialer.run())

    async def stop(self) -> None:
        """End the streams that this node opened."""
        self._is_stopping = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for stream in list(self._incoming.values()):
            stream.close("draining", f"node {self._node} is stopping")

    def send(self, node: str, message: PeerMessage) -> bool:
        """Queue `message` for `node`; False, and dropped, if its stream is down or if the message
        cannot be put into bytes."""
        try:
            return node in self._dialers and self._dialers[node].send(message)
        except LocalProtocolError as error:
            log.error("to node %s: %s; not sent", node, error)
            return False

    def status(self) -> Mapping[str, DialerStatus]:
        """How the link to each other node stands."""
        return {name: dialer.status for name, dialer in self._dialers.items()}

    # ---- the streams that this node opened ----------------------------------------------------

    def _up(self, name: str) -> None:
        if self._told.get(name, True) is None:
            self._on_down(name, False)
        self._told[name] = None
        self._on_up(name)

    def _ended(self, name: str, _end: LinkEnd, _was_up: bool) -> None:
        if not self._is_stopping:
            self._begin(self._tell_down(name))

    async def _tell_down(self, name: str) -> None:
        refused = await nothing_listens(self._peers[name])
        is_up = self._dialers[name].status.is_up
        if not is_up and self._told.get(name) is not refused:
            self._told[name] = refused
            self._on_down(name, refused)

    def _said(self, name: str, message: Message) -> None:
        self._on_message(name, cast(PeerMessage, message))

    def _begin(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---- the streams that other nodes opened --------------------------------------------------

    async def _serve(self, _requests: object, context: Any) -> None:
        name, problem = self._identify(context)
        if problem is not None:
            await hear_out(context)
        end = problem or await self._run(context, name)
        self.counts[end.code] += 1
        if end.code not in ("closed", "draining"):
            log.warning("peer link from %s: %s: %s", context.peer(), end.code, end.reason)
        context.set_code(STATUS.get(end.code, grpc.StatusCode.ABORTED))
        context.set_details(f"{end.code}: {end.reason}"[:1000])

    def _identify(self, context: Any) -> tuple[str | None, LinkEnd | None]:
        if self._tls is None:
            return None, None
        identity = peer_identity(context.auth_context())
        network = self._tls.identity.network
        if identity is None or identity.kind != NODE or identity.network != network:
            reason = f"the certificate does not name a node of network {network}"
            return None, LinkEnd(code="identity", reason=reason, refused=True)
        return identity.name, None

    async def _run(self, context: Any, identity: str | None) -> LinkEnd:
        session = LinkSession(
            self._settings.link,
            greeting=PeerGreeting(node=self._node, expected=identity, connects=False),
            encode=self._codec.encode,
            now_s=self._now(),
            pace=self._pace,
            attention=self._attention,
        )
        stream = LinkStream(
            session=session,
            pipe=ServerPipe(context),
            codec=self._codec,
            hears=Speaker.PEER,
            owner=StreamOwner(
                on_up=self._came_in,
                on_message=lambda message: self._said(_node_of(session), message),
            ),
            now=self._now,
        )
        try:
            return await stream.run()
        finally:
            if session.other is not None and self._incoming.get(_node_of(session)) is stream:
                del self._incoming[_node_of(session)]

    def _came_in(self, stream: LinkStream) -> None:
        name = _node_of(stream.session)
        if name not in self._peers:
            stream.close("identity", f"node {name} is not among the nodes of {self._node}")
            return
        if older := self._incoming.get(name):
            older.close("closed", "a newer stream of the same node took its place")
        self._incoming[name] = stream


def _node_of(session: LinkSession) -> str:
    return cast(PeerHello, session.other).node
