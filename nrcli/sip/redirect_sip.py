"""SIP for edges that ask where to deliver a call: sockets around the redirect server.

Rule of this file: it moves bytes and events; what is answered stands in `redirect_server`.
"""

from collections.abc import Callable, Iterable, Mapping

from nrcli.errors import SettingsError
from nrcli.sip.flow import Peer
from nrcli.sip.redirect_server import RedirectServer, Sent
from nrcli.sip.redirect_settings import RedirectSettings
from nrcli.sip.redirect_words import PreRouteAsked, PreRouteTold
from nrcli.sip.sip_transport import SipTransport
from nrcli.sip.tls_contexts import SipTls, SipTlsFiles
from nrcli.sip.trace_ring import TraceLimits, TraceRing

RECEIVE_BUFFER_BYTES = 512 * 1024
"""Of the UDP socket: a fraction of a second of load. What waits longer than T1 (0.5 s) was sent
again by then, and answering it in vain would delay all others; it is dropped instead."""
PLAIN, SECURE = ("udp", "tcp"), ("tls",)


class RedirectSip:
    """One listen point for UDP and TCP, one for TLS, or both; an address is empty where there is
    none. `post` puts a question before whoever knows: False if full."""

    def __init__(
        self,
        *,
        listen: str,
        settings: RedirectSettings,
        post: Callable[[PreRouteAsked], bool],
        new_id: Callable[[], str],
        now_s: Callable[[], float],
        tls_listen: str = "",
        tls: SipTlsFiles | None = None,
        ring: TraceRing | None = None,
    ) -> None:
        """`ring` keeps what is said for a trace. Raises SettingsError: a TLS file is unusable."""
        self._listen, self._tls_listen = listen, tls_listen
        self._now_s = now_s
        self._ring = ring or TraceRing(TraceLimits(messages_max=0))
        self._server = RedirectServer(settings, ask=post, new_id=new_id)
        self._transport = SipTransport(
            self._heard,
            lambda _peer: None,
            settings.limits,
            tls=_tls(tls) if tls_listen and tls else None,
            receive_buffer_bytes=RECEIVE_BUFFER_BYTES,
        )
        self.port = self.tls_port = 0

    async def start(self) -> None:
        """Listen. Raises SettingsError."""
        if self._listen:
            self.port = await self._open("redirect_sip", self._listen, PLAIN)
        if self._tls_listen:
            self.tls_port = await self._open("redirect_sips", self._tls_listen, SECURE)

    async def stop(self) -> None:
        """Close every socket."""
        await self._transport.close()

    def drain(self, draining: bool = True) -> None:
        """Tell edges, by OPTIONS, to ask another one, or to come again."""
        self._server.draining = draining

    def told(self, action: PreRouteTold) -> None:
        """The word of whoever was asked."""
        self._send(self._server.told(action))

    def counts(self) -> Mapping[str, int]:
        """What was heard and answered, by name."""
        return {**self._server.counts, "open": self._server.open_count}

    async def _open(self, key: str, address: str, transports: tuple[str, ...]) -> int:
        host, _, port = address.rpartition(":")
        try:
            _, bound = await self._transport.listen(host.strip("[]"), int(port), transports)
        except OSError as error:
            remedy = "is another program listening there? name a free address of this host"
            place = f"pre_route.{key} {address}"
            raise SettingsError(place, f"cannot listen: {error.strerror}", remedy) from error
        return bound

    def _heard(self, data: bytes, peer: Peer) -> None:
        now_s = self._now_s()
        self._ring.put(now_s, False, peer, data)
        self._send(self._server.heard(data, peer, now_s))

    def _send(self, sent: Iterable[Sent]) -> None:
        for peer, data in sent:
            self._ring.put(self._now_s(), True, peer, data)
            self._transport.send(peer, data)


def _tls(files: SipTlsFiles) -> SipTls:
    try:
        return SipTls(files)
    except OSError as error:
        remedy = "give PEM files that belong together, readable by this user"
        raise SettingsError("pre_route.tls", f"{files.cert}: {error}", remedy) from error
