"""SIP for edges that ask where to deliver a call: sockets around the redirect server.

Rule of this file: it moves bytes and events; what is answered stands in `redirect_server`.
"""

from collections.abc import Callable, Iterable, Mapping

from nirc.core.actions import PreRouteTold
from nirc.core.events import PreRouteAsked
from nirc.core.redirect_server import RedirectServer, Sent
from nirc.core.redirect_settings import RedirectSettings
from nirc.errors import SettingsError
from nrcli.sip.flow import Peer
from nrcli.sip.sip_transport import SipTransport


class RedirectSip:
    """One listen point, UDP and TCP. `post` puts a question before the router: False if full."""

    def __init__(
        self,
        *,
        listen: str,
        settings: RedirectSettings,
        post: Callable[[PreRouteAsked], bool],
        new_id: Callable[[], str],
        now_s: Callable[[], float],
    ) -> None:
        self._listen = listen
        self._now_s = now_s
        self._server = RedirectServer(settings, ask=post, new_id=new_id)
        self._transport = SipTransport(self._heard, lambda _peer: None, settings.limits)
        self.port = 0

    async def start(self) -> None:
        """Listen. Raises SettingsError."""
        host, _, port = self._listen.rpartition(":")
        try:
            _, self.port = await self._transport.listen(host.strip("[]"), int(port))
        except OSError as error:
            remedy = "is another program listening there? name a free address of this host"
            place = f"pre_route.redirect_sip {self._listen}"
            raise SettingsError(place, f"cannot listen: {error.strerror}", remedy) from error

    async def stop(self) -> None:
        """Close every socket."""
        await self._transport.close()

    def drain(self) -> None:
        """Tell edges, by OPTIONS, to ask another node."""
        self._server.draining = True

    def told(self, action: PreRouteTold) -> None:
        """The router's word."""
        self._send(self._server.told(action))

    def counts(self) -> Mapping[str, int]:
        """What was heard and answered, by name."""
        return {**self._server.counts, "open": self._server.open_count}

    def _heard(self, data: bytes, peer: Peer) -> None:
        self._send(self._server.heard(data, peer, self._now_s()))

    def _send(self, sent: Iterable[Sent]) -> None:
        for peer, data in sent:
            self._transport.send(peer, data)
