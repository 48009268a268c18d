"""The node's end of its links with sites, and the gRPC server that carries all links.

Rule of this file: a shell. Who is let in is judged by the greeting, what is said is judged by the
router; this keeps one stream for each site, and counts what was wrong.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import grpc
import grpc.aio

from nrcli.errors import LocalProtocolError, SettingsError
from nrcli.wire.codec import Speaker, codec_for
from nrcli.wire.link_attention import Attention
from nrcli.wire.link_greeting import Incarnations, NodeGreeting
from nrcli.wire.link_lanes import LaneCounts, Message
from nrcli.wire.link_pace import NODE_PACE, Pace
from nrcli.wire.link_session import LinkEnd, LinkSession, LinkSettings, LinkState
from nrcli.wire.link_stream import (
    SERVICE,
    STATUS,
    LinkStream,
    ServerPipe,
    StreamOwner,
    TransportSettings,
    boottime_s,
    hear_out,
)
from nrcli.wire.messages import Hello, LinkRefused, NodeMessage, SiteMessage
from nrcli.wire.tls import SITE, TlsFiles, TlsMaterial, peer_identity, read_tls

log = logging.getLogger(__name__)


class SiteLinkServer:
    """Accepts sites' streams. Callbacks are called on the loop and must return at once."""

    def __init__(
        self,
        *,
        node: str,
        listen: str,
        tls: TlsFiles | None,
        on_up: Callable[[str, Hello], None],
        on_down: Callable[[str, str], None],
        on_message: Callable[[str, SiteMessage], None],
        on_alive: Callable[[str], None] = lambda site: None,
        settings: TransportSettings | None = None,
        handlers: Sequence[grpc.GenericRpcHandler] = (),
        now: Callable[[], float] = boottime_s,
    ) -> None:
        """`listen` is `host:port`, port 0 for any; `handlers` serve on the same port, such as
        `PeerLink.handler`. Raises SettingsError if a TLS file is wrong."""
        self.port = 0
        "The port that is listened on, once started."
        self.counts: Counter[str] = Counter()
        "Streams ended, by code of LinkEnd; messages that found no stream under `unsent`."
        self._node = node
        self._listen = listen
        self._tls: TlsMaterial | None = read_tls(tls) if tls else None
        self._on_up = on_up
        self._on_down = on_down
        self._on_message = on_message
        self._on_alive = on_alive
        self._settings = settings or TransportSettings(link=LinkSettings(pace=NODE_PACE))
        self._pace = Pace(self._settings.link.pace)
        self._attention = Attention()
        self._handlers = handlers
        self._now = now
        self._codec = codec_for(self._settings.limits)
        self._incarnations = Incarnations(self._settings.sites_max)
        self._streams: dict[str, LinkStream] = {}
        "The one stream of each site that is up."
        self._open: Counter[str] = Counter()
        "Streams of each certificate, those in greeting included."
        self._server: grpc.aio.Server | None = None

    async def start(self) -> None:
        """Listen. Raises SettingsError if the address cannot be used."""
        server = grpc.aio.server(options=self._settings.server_options())
        method: grpc.RpcMethodHandler[Any, Any] = grpc.stream_stream_rpc_method_handler(self._serve)
        own = grpc.method_handlers_generic_handler(SERVICE, {"Site": method})
        server.add_generic_rpc_handlers((own, *self._handlers))
        try:
            if self._tls is None:
                self.port = server.add_insecure_port(self._listen)
            else:
                self.port = server.add_secure_port(self._listen, self._tls.server_credentials())
        except RuntimeError as error:
            remedy = "is it in use by another program? give another address"
            raise SettingsError(
                f"link.listen {self._listen}", "cannot be listened on", remedy
            ) from error
        await server.start()
        self._server = server

    async def stop(self, grace_s: float = 0.5) -> None:
        """Tell every site that this node drains, then end all streams."""
        for site in list(self._streams):
            self.close_site(site, "draining", f"node {self._node} is stopping")
        if self._server is not None:
            await self._server.stop(grace_s)
            self._server = None

    def send(self, site: str, message: NodeMessage, not_after_s: float | None = None) -> bool:
        """Queue `message` for `site`; dropped and counted if it has no stream here, or if it could
        not go out by `not_after_s` (CLOCK_BOOTTIME), or if it cannot be put into bytes."""
        stream = self._streams.get(site)
        try:
            if stream is not None and stream.send(message, not_after_s):
                return True
        except LocalProtocolError as error:
            log.error("to site %s: %s; not sent", site, error)
        self.counts["unsent"] += 1
        return False

    def close_site(self, site: str, code: str, reason: str) -> None:
        """End a site's stream; the site hears why. `on_down` follows."""
        if stream := self._streams.get(site):
            stream.close(code, reason, say=LinkRefused(code=code, reason=reason))

    def hellos(self) -> Mapping[str, Hello]:
        """What each site with a stream said first on it."""
        return {site: cast(Hello, one.session.other) for site, one in self._streams.items()}

    def lane_counts(self) -> Mapping[str, LaneCounts]:
        """What happened to the messages of each site's present stream."""
        return {site: stream.session.counts for site, stream in self._streams.items()}

    # ---- one stream ---------------------------------------------------------------------------

    async def _serve(self, _requests: object, context: Any) -> None:
        """gRPC calls this for each stream; it ends when the stream does."""
        identity, refused = self._identify(context)
        if refused is None:
            with self._counted(identity or context.peer()) as refused:
                end = refused or await self._run(context, identity)
        if refused is not None:
            await hear_out(context)
            end = refused
        self.counts[end.code] += 1
        if end.code not in ("closed", "draining"):
            log.warning("site link from %s: %s: %s", context.peer(), end.code, end.reason)
        context.set_code(STATUS.get(end.code, grpc.StatusCode.ABORTED))
        context.set_details(f"{end.code}: {end.reason}"[:1000])

    def _identify(self, context: Any) -> tuple[str | None, LinkEnd | None]:
        """The site that the certificate names; or why there is none."""
        if self._tls is None:
            return None, None
        identity = peer_identity(context.auth_context())
        if identity is None or identity.kind != SITE:
            reason = "the certificate does not name a site: it needs one URI name like "
            reason += f"spiffe://{self._tls.identity.network}/shared/site/<name>"
            return None, LinkEnd(code="identity", reason=reason, refused=True)
        if identity.network != self._tls.identity.network:
            reason = f"{identity} is of another network than node {self._node}"
            return None, LinkEnd(code="identity", reason=reason, refused=True)
        return identity.name, None

    @contextmanager
    def _counted(self, who: str) -> Iterator[LinkEnd | None]:
        """Counts a stream while it lives; yields why it is one too many, if it is."""
        settings = self._settings
        refused = None
        if self._open.total() >= settings.streams_max:
            reason = f"node {self._node} serves {settings.streams_max} streams already"
            refused = LinkEnd(code="overload", reason=reason)
        elif self._open[who] >= settings.streams_per_site_max:
            reason = f"{who} has {settings.streams_per_site_max} streams here already"
            refused = LinkEnd(code="overload", reason=reason)
        self._open[who] += 1
        try:
            yield refused
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]

    async def _run(self, context: Any, identity: str | None) -> LinkEnd:
        greeting = NodeGreeting(
            node=self._node,
            rhythm=self._settings.link.rhythm,
            identity=identity,
            incarnations=self._incarnations,
        )
        session = LinkSession(
            self._settings.link,
            greeting=greeting,
            encode=self._codec.encode,
            now_s=self._now(),
            pace=self._pace,
            attention=self._attention,
        )
        stream = LinkStream(
            session=session,
            pipe=ServerPipe(context),
            codec=self._codec,
            hears=Speaker.SITE,
            owner=StreamOwner(
                on_up=self._up,
                on_message=lambda message: self._said(session, message),
                on_alive=lambda: self._alive(session),
            ),
            now=self._now,
        )
        end = LinkEnd(code="closed", reason="the site ended the stream")
        try:
            end = await stream.run()
        finally:
            self._down(stream, end)
        return end

    def _up(self, stream: LinkStream) -> None:
        hello = cast(Hello, stream.session.other)
        if older := self._streams.get(hello.site):
            reason = "a newer stream of the same site took its place"
            older.close("incarnation", reason, say=LinkRefused(code="incarnation", reason=reason))
            self._down(older, LinkEnd(code="closed", reason=reason))
        self._streams[hello.site] = stream
        self._on_up(hello.site, hello)

    def _down(self, stream: LinkStream, end: LinkEnd) -> None:
        """Tells the owner once, and only about the stream that counts."""
        hello = stream.session.other
        if isinstance(hello, Hello) and self._streams.get(hello.site) is stream:
            del self._streams[hello.site]
            self._on_down(hello.site, f"{end.code}: {end.reason}")

    def _said(self, session: LinkSession, message: Message) -> None:
        if session.state is LinkState.UP:
            self._on_message(cast(Hello, session.other).site, cast(SiteMessage, message))

    def _alive(self, session: LinkSession) -> None:
        if session.state is LinkState.UP:
            self._on_alive(cast(Hello, session.other).site)
