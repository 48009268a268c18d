"""What the settings file of a node may say of edges that ask before any site has the call.

Rule of this file: typed, complete, bounded; addresses are networks, not names.
"""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from nrcli.sip.redirect_settings import RedirectClient, RedirectSettings
from nrcli.sip.tls_contexts import SipTlsFiles
from routing_policies.shapes import LISTEN, NAME, shape

Name = Annotated[str, NAME]


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


Network = Annotated[str, shape("a network such as 192.0.2.0/24 or an address", _is_network)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class PreRouteClientConfig(_Part):
    """One edge or carrier that may ask."""

    name: Name
    networks: Annotated[tuple[Network, ...], Field(min_length=1, max_length=100)]
    trunk_group: Name
    calls_per_s_max: Annotated[float, Field(ge=1, le=100_000)] = 1_000.0
    identity: bool = False
    contacts_max: Annotated[int, Field(ge=1, le=5)] = 2


class PreRouteTlsConfig(_Part):
    """Files of SIP over TLS, all PEM, and whose certificates are taken."""

    cert: Path
    key: Path
    ca: Path
    "Authorities that sign the certificates of edges: who has none of them is not heard."
    names: tuple[str, ...] = ()
    """Subject alternative names, one of which an edge's certificate must have; none: any that the
    authorities vouch for, from a listed network."""

    @property
    def files(self) -> SipTlsFiles:
        """As SIP's sockets take them."""
        return SipTlsFiles(ca=self.ca, cert=self.cert, key=self.key, names=self.names)


class PreRouteConfig(_Part):
    """Where edges ask this node, and who may."""

    redirect_sip: Annotated[str, LISTEN] | None = None
    "UDP and TCP."
    redirect_sips: Annotated[str, LISTEN] | None = None
    "TLS, by `tls`. Without both addresses edges ask over HTTP alone."
    tls: PreRouteTlsConfig | None = None
    clients: Annotated[tuple[PreRouteClientConfig, ...], Field(min_length=1, max_length=1_000)]
    deadline_s: Annotated[float, Field(ge=0.1, le=10)] = 1.0
    answers_kept_s: Annotated[float, Field(ge=1, le=60)] = 16.0
    answers_kept_max: Annotated[int, Field(ge=100, le=1_000_000)] = 50_000

    @model_validator(mode="after")
    def _names_differ(self) -> "PreRouteConfig":
        names = [client.name for client in self.clients]
        for number, name in enumerate(names):
            if name in names[:number]:
                raise ValueError(f"clients[{number}].name: {name} stands twice")
        return self

    @model_validator(mode="after")
    def _tls_has_its_files(self) -> "PreRouteConfig":
        if self.redirect_sips is not None and self.tls is None:
            raise ValueError("redirect_sips: needs the section tls with cert, key and ca")
        if self.tls is not None and self.redirect_sips is None:
            raise ValueError("tls: is of no use without redirect_sips, an address for SIP over TLS")
        return self

    @property
    def settings(self) -> RedirectSettings:
        """As the redirect server takes them."""
        return RedirectSettings(
            clients=tuple(
                RedirectClient(
                    name=client.name,
                    networks=tuple(ip_network(one) for one in client.networks),
                    trunk_group=client.trunk_group,
                    calls_per_s_max=client.calls_per_s_max,
                    identity=client.identity,
                    contacts_max=client.contacts_max,
                )
                for client in self.clients
            ),
            deadline_s=self.deadline_s,
            answers_kept_s=self.answers_kept_s,
            answers_kept_max=self.answers_kept_max,
        )
