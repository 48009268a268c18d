"""What a site agent's file may say of edges that ask before any site has the call.

Rule of this file: typed, complete, bounded; who may ask is told by networks, not names.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from nrcli.sip.redirect_settings import RedirectClient, RedirectSettings
from nrcli.sip.tls_contexts import SipTlsFiles
from site_agent.config_parts import (
    Address,
    Listen,
    Name,
    Network,
    Part,
    only_once,
    split_address,
)
from site_agent.sip_config_parts import SipTlsConfig


class PreRouteClientConfig(Part):
    """One edge or carrier that may ask."""

    name: Name
    networks: Annotated[tuple[Network, ...], Field(min_length=1, max_length=100)]
    trunk_group: Name
    "On which its calls arrive at sites: names addresses in the site table, and number plans."
    home: Address | None = None
    """host:port at which this site's own telephone system takes its calls; None: as the site table
    says, else where the trunk group of this name listens."""
    home_transport: Literal["udp", "tcp", "tls"] = "udp"
    calls_per_s_max: Annotated[float, Field(ge=1, le=100_000)] = 1_000.0
    identity: bool = False
    contacts_max: Annotated[int, Field(ge=1, le=5)] = 2

    @property
    def setting(self) -> RedirectClient:
        """As the redirect server takes it."""
        return RedirectClient(
            name=self.name,
            networks=tuple(ip_network(one, strict=False) for one in self.networks),
            trunk_group=self.trunk_group,
            calls_per_s_max=self.calls_per_s_max,
            identity=self.identity,
            contacts_max=self.contacts_max,
        )


class PreRouteConfig(Part):
    """Where edges ask this site, and who may."""

    redirect_sip: Listen | None = None
    "UDP and TCP."
    redirect_sips: Listen | None = None
    "TLS, by `tls`."
    tls: SipTlsConfig | None = None
    clients: Annotated[tuple[PreRouteClientConfig, ...], Field(min_length=1, max_length=1_000)]
    emergency_numbers: tuple[Annotated[str, Field(pattern=r"^\+?[0-9*#]{2,20}$")], ...] = ()
    "As edges dial them; besides those of the number plans."
    deadline_s: Annotated[float, Field(ge=0.1, le=10)] = 1.0
    answers_kept_s: Annotated[float, Field(ge=1, le=60)] = 16.0
    answers_kept_max: Annotated[int, Field(ge=100, le=1_000_000)] = 50_000

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        only_once("clients[{}].name", [client.name for client in self.clients])
        if self.redirect_sip is None and self.redirect_sips is None:
            raise ValueError("redirect_sip: give an address at which edges ask, or redirect_sips")
        if (self.redirect_sips is None) != (self.tls is None):
            raise ValueError("redirect_sips: goes with the section tls (cert, key and ca)")
        return self

    @property
    def settings(self) -> RedirectSettings:
        """As the redirect server takes them."""
        return RedirectSettings(
            clients=tuple(client.setting for client in self.clients),
            deadline_s=self.deadline_s,
            answers_kept_s=self.answers_kept_s,
            answers_kept_max=self.answers_kept_max,
        )

    @property
    def tls_files(self) -> SipTlsFiles | None:
        """As SIP's sockets take them."""
        tls = self.tls
        return SipTlsFiles(ca=tls.ca, cert=tls.cert, key=tls.key, names=tls.names) if tls else None

    @property
    def homes(self) -> dict[str, tuple[str, int, str]]:
        """Where this site's own telephone system takes calls, by client, where the file says so."""
        return {
            one.name: (*split_address(one.home), one.home_transport)
            for one in self.clients
            if one.home is not None
        }
