"""What a node offers edges that ask before any site has the call: SIP redirects and HTTP.

Rule of this file: wiring only; a node without the section `pre_route` offers nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from aiohttp import web

from nirc.links.admin_token import make_token
from nirc.links.pre_route_http import PATH, PreRouteHttp
from nirc.pre_route_config import PreRouteConfig
from nrcli.sip.redirect_sip import RedirectSip
from nrcli.sip.redirect_words import PreRouteAsked, PreRouteTold
from nrcli.sip.trace_ring import TraceRing


class Edges:
    """Both ways of asking. `start` before the first question, `stop` once."""

    def __init__(
        self,
        config: PreRouteConfig | None,
        *,
        data_dir: Path,
        post: Callable[[PreRouteAsked], bool],
        new_id: Callable[[], str],
        now_s: Callable[[], float],
        ring: TraceRing | None = None,
    ) -> None:
        self._token_file = data_dir / "edge.token"
        self.sip: RedirectSip | None = None
        self._http: PreRouteHttp | None = None
        if config is None:
            return
        settings = config.settings
        self._http = PreRouteHttp(settings=settings, post=post, new_id=new_id, now_s=now_s)
        if config.redirect_sip is not None or config.redirect_sips is not None:
            self.sip = RedirectSip(
                listen=config.redirect_sip or "",
                tls_listen=config.redirect_sips or "",
                tls=config.tls.files if config.tls else None,
                settings=settings,
                post=post,
                new_id=new_id,
                now_s=now_s,
                ring=ring,
            )

    async def start(self) -> None:
        """Listen. Raises SettingsError."""
        if self.sip is not None:
            await self.sip.start()

    async def stop(self) -> None:
        """Close the sockets."""
        if self.sip is not None:
            await self.sip.stop()

    def drain(self, draining: bool = True) -> None:
        """Edges shall ask another node, or this one again."""
        if self.sip is not None:
            self.sip.drain(draining)

    def told(self, action: PreRouteTold) -> None:
        """The router's word, for whoever asked."""
        if self.sip is not None:
            self.sip.told(action)
        if self._http is not None:
            self._http.told(action)

    def routes(self) -> Sequence[web.RouteDef]:
        """What the HTTP API serves of it."""
        return self._http.routes() if self._http is not None else ()

    def tokens(self) -> Mapping[str, Callable[[], str]]:
        """The path that has a token of its own, and what makes that."""
        return {PATH: partial(make_token, self._token_file)} if self._http is not None else {}

    def counts(self) -> Mapping[str, int]:
        """What was heard and answered over SIP."""
        return self.sip.counts() if self.sip is not None else {}
