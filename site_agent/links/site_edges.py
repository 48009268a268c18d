"""What a site offers edges that ask before delivery: its redirect server, with the sockets.

Rule of this file: wiring only; a site agent whose file has no section `pre_route` offers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nrcli.errors import SettingsError
from nrcli.sip.redirect_sip import RedirectSip
from nrcli.sip.redirect_words import PreRouteAsked, PreRouteTold
from nrcli.sip.trace_ring import TraceRing
from site_agent.errors import ConfigError, StartError
from site_agent.pre_route_config import PreRouteConfig


class SiteEdges:
    """`start` before the first question, `stop` once."""

    def __init__(
        self,
        config: PreRouteConfig | None,
        *,
        post: Callable[[PreRouteAsked], bool],
        new_id: Callable[[], str],
        now_s: Callable[[], float],
        ring: TraceRing | None = None,
    ) -> None:
        """Raises ConfigError where a TLS file cannot be used."""
        self.sip: RedirectSip | None = None
        self.draining = False
        if config is None:
            return
        try:
            self.sip = RedirectSip(
                listen=config.redirect_sip or "",
                tls_listen=config.redirect_sips or "",
                tls=config.tls_files,
                settings=config.settings,
                post=post,
                new_id=new_id,
                now_s=now_s,
                ring=ring,
            )
        except SettingsError as error:
            raise ConfigError(error.place, error.problem, error.remedy) from error

    async def start(self) -> None:
        """Listen. Raises StartError."""
        if self.sip is not None:
            try:
                await self.sip.start()
            except SettingsError as error:
                raise StartError(str(error)) from error

    async def stop(self) -> None:
        """Close the sockets."""
        if self.sip is not None:
            await self.sip.stop()

    def told(self, action: PreRouteTold) -> None:
        """The daemon's word, for whoever asked."""
        if self.sip is not None:
            self.sip.told(action)

    def drain(self, draining: bool) -> bool:
        """Tell edges to ask another one, or to come again; False: no edge asks here."""
        self.draining = draining
        if self.sip is None:
            return False
        self.sip.drain(draining)
        return True

    def counts(self) -> Mapping[str, int]:
        """What was heard and answered."""
        return self.sip.counts() if self.sip is not None else {}
