"""Reads a site agent's file once and types it once; a bad file is refused with place and remedy.

Rule of this file: nothing here opens a socket. Unknown keys are errors; what an ACD's own section
may say stands in a file of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from routing_policies.errors import DocumentError, Fault, where
from routing_policies.settings_faults import settings_faults, told_after_the_first
from routing_policies.yaml_reader import read_yaml
from site_agent.asterisk_config import AsteriskConfig, plain_ami
from site_agent.callback_config import CallbacksConfig
from site_agent.config_parts import Address, Listen, Name, Part, only_once
from site_agent.errors import ConfigError
from site_agent.freeswitch_config import FreeswitchConfig
from site_agent.http_push_config import HttpPushAcdConfig
from site_agent.in_memory_config import InMemoryAcdConfig
from site_agent.journal_config import JournalConfig
from site_agent.late_match_config import LateMatchConfig
from site_agent.pair_config import PairConfig
from site_agent.peer_plan_config import BlindShareConfig, PeerPlanConfig
from site_agent.pre_route_config import PreRouteConfig
from site_agent.screen_pop import ScreenPopUrl
from site_agent.sip_acd_config import SipAcdConfig, transfers_to_nowhere
from site_agent.telemetry_config import TelemetryConfig
from site_agent.trace_config import TraceConfig

CONFIG_BYTES_MAX = 1_000_000
Model = TypeVar("Model", bound=BaseModel)


class NodeConfig(Part):
    """One NIRC node."""

    name: Name
    address: Address


class TlsConfig(Part):
    """Files of mutual TLS; all three or the section is left out."""

    ca: Path
    cert: Path
    key: Path


class LocalHttpConfig(Part):
    """The site's own HTTP API for its CTI: loopback, behind a bearer token."""

    listen: Listen
    token_file: Path


class OverflowConfig(Part):
    """When NIRC is asked, and how long an answer is waited for; seconds."""

    ask_after_s: float = Field(default=0.0, ge=0, le=3600)
    requery_s: float = Field(default=5.0, ge=0.1, le=3600)
    deadline_s: float = Field(default=3.0, ge=0.05, le=30)
    short_call_s: float = Field(default=10.0, ge=0.1, le=60)


AcdConfig = Annotated[
    SipAcdConfig | InMemoryAcdConfig | AsteriskConfig | FreeswitchConfig | HttpPushAcdConfig,
    Field(discriminator="kind"),
]


class SiteConfig(Part):
    """One site agent's whole file."""

    site: Name
    incarnation_file: Path
    nodes: tuple[NodeConfig, ...] = ()
    tls: TlsConfig | None = None
    history_file: Path | None = None
    local_http: LocalHttpConfig | None = None
    journal: JournalConfig = JournalConfig()
    pair: PairConfig | None = None
    "None: this site agent is alone."
    screen_pop_url: ScreenPopUrl = ""
    "What an agent's screen opens for a caller, with {ani}, {data.KEY} and others; empty: nothing."
    overflow: OverflowConfig = OverflowConfig()
    callbacks: CallbacksConfig = CallbacksConfig()
    late_match: LateMatchConfig = LateMatchConfig()
    peer_plan: PeerPlanConfig | None = None
    blind_shares: tuple[BlindShareConfig, ...] = ()
    pre_route: PreRouteConfig | None = None
    "None: no edge asks here before delivery."
    trace: TraceConfig = TraceConfig()
    overflow_rules: Path | None = None
    "The site's own OverflowRules; read at the start, when the file changes, and on SIGHUP."
    telemetry: TelemetryConfig = TelemetryConfig()
    acd: AcdConfig

    @field_validator("nodes")
    @classmethod
    def _nodes_once(cls, nodes: tuple[NodeConfig, ...]) -> tuple[NodeConfig, ...]:
        only_once("[{}].name", [node.name for node in nodes])
        return nodes

    @model_validator(mode="after")
    def _edges_ask_elsewhere(self) -> Self:
        listened = _listened(self.acd) if isinstance(self.acd, SipAcdConfig) else {}
        for name in ("redirect_sip", "redirect_sips") if self.pre_route else ():
            address = getattr(self.pre_route, name)
            if address in listened and not address.endswith(":0"):
                raise ValueError(
                    f"pre_route.{name}: {address} is {listened[address]} already: give another"
                )
        return self


def load_config(path: Path) -> SiteConfig:
    """Read and check a site agent's file.

    Raises `ConfigError` with the file, the place in it and the remedy.
    """
    return parse_config(read_config(path, "a site agent's file"), source=str(path))


def warnings_of(config: SiteConfig) -> tuple[str, ...]:
    """What a good file says that its writer may not have meant."""
    if isinstance(config.acd, SipAcdConfig):
        return transfers_to_nowhere(config.acd)
    found = plain_ami(config.acd) if isinstance(config.acd, AsteriskConfig) else ""
    return (found,) if found else ()


def read_config(path: Path, what: str) -> str:
    """The text of `what`. Raises `ConfigError`."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        remedy = f"give the path of {what}"
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", remedy) from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "is not UTF-8 text", "save it as UTF-8") from error


def parse_config(text: str, *, source: str) -> SiteConfig:
    """`text` as a checked `SiteConfig`; `source` names it in errors. Raises `ConfigError`."""
    return typed(text, SiteConfig, source=source, first_line="site: NAME")


def typed(text: str, model: type[Model], *, source: str, first_line: str) -> Model:
    """`text` as a checked file of this kind; it begins with `first_line`. Raises ConfigError."""
    if len(text) > CONFIG_BYTES_MAX:
        raise ConfigError(source, f"larger than {CONFIG_BYTES_MAX} bytes", "is it the right file?")
    try:
        read = read_yaml(text, source=source)
    except DocumentError as error:
        raise _refused(error.faults) from error
    if not isinstance(read.value, dict):
        raise ConfigError(source, "holds no settings", f"start it with `{first_line}`")
    try:
        return model.model_validate(read.value)
    except ValidationError as error:
        raise _refused(settings_faults(error, read=read, model=model, source=source)) from error


def _listened(acd: SipAcdConfig) -> dict[str, str]:
    """Where the built-in ACD listens, and for whom."""
    found = {group.listen: f"trunk group {group.name}'s" for group in acd.trunk_groups}
    return found | ({acd.agents_listen: "the agents'"} if acd.agents_listen else {})


def _refused(faults: Sequence[Fault]) -> ConfigError:
    """All that is wrong as one error, the first mistake first."""
    first, more = faults[0], told_after_the_first(faults)
    place = where(first.source, first.line, first.place)
    return ConfigError(place, first.problem, first.remedy, more)
