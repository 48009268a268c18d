"""Reads the phones' settings file (YAML) and turns it into the settings of their cores.

Rule of this file: unknown keys are errors, a bad value is refused with its place. Nothing is
opened here but the file itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from site_agent.errors import ConfigError
from site_agent.phones.agent_phone import AgentSettings, Behaviour
from site_agent.phones.plan import Door, LoadSettings, ReferMode

Range = tuple[float, float]


def address_of(text: str) -> tuple[str, int]:
    """`host:port` as a pair. Raises ValueError."""
    host, separator, port = text.rpartition(":")
    if not separator or not host or not port.isdigit():
        raise ValueError(f"expected host:port, got {text!r}")
    return host, int(port)


def _checked(text: str) -> str:
    address_of(text)
    return text


HostPort = Annotated[str, AfterValidator(_checked)]


class Strict(BaseModel):
    """Nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RegisterEntry(Strict):
    """Where a phone logs in, by its agent's name."""

    address: HostPort
    password: str = Field(min_length=1, repr=False)


class AgentEntry(Strict):
    """One agent's phone; many may share a listen address, their names tell them apart."""

    name: str
    site: str
    listen: HostPort
    behaviour: Behaviour = Behaviour.ANSWER
    answer_after_s: Range = (0.1, 0.4)
    talk_s: Range = (1.0, 4.0)
    register_: RegisterEntry | None = Field(default=None, alias="register")


class DoorEntry(Strict):
    """A trunk group that callers ring."""

    site: str
    trunk_group: str
    address: HostPort
    refer: ReferMode = ReferMode.ACCEPT
    weight: float = Field(default=1.0, ge=0)


class LoadEntry(Strict):
    """The generated calls."""

    calls: int = Field(default=0, ge=0, le=1_000_000)
    over_s: float = Field(default=45.0, gt=0)
    dialed: dict[str, float] = Field(default_factory=lambda: {"+351210000001": 1.0})
    ivr_share: float = Field(default=0.5, ge=0, le=1)
    talk_s: Range = (1.0, 4.0)
    patience_s: Range = (25.0, 60.0)
    impatient_share: float = Field(default=0.03, ge=0, le=1)
    caller_ends_share: float = Field(default=0.3, ge=0, le=1)


class PhonesConfig(Strict):
    """The whole file."""

    callers_listen: HostPort
    ivr_listen: HostPort
    control_listen: HostPort
    seed: int = 1
    agents: tuple[AgentEntry, ...] = ()
    doors: tuple[DoorEntry, ...] = ()
    load: LoadEntry = LoadEntry()

    def agent_settings(self) -> tuple[AgentSettings, ...]:
        """Settings of the agents' phones."""
        return tuple(
            AgentSettings(
                name=one.name,
                site=one.site,
                listen=address_of(one.listen),
                behaviour=one.behaviour,
                answer_after_s=one.answer_after_s,
                talk_s=one.talk_s,
                register_at=address_of(one.register_.address) if one.register_ else None,
                password=one.register_.password if one.register_ else "",
            )
            for one in self.agents
        )

    def all_doors(self) -> tuple[Door, ...]:
        """The trunk groups that callers ring."""
        return tuple(
            Door(
                site=one.site,
                trunk_group=one.trunk_group,
                address=address_of(one.address),
                refer=one.refer,
                weight=one.weight,
            )
            for one in self.doors
        )

    def load_settings(self) -> LoadSettings:
        """Settings of the generated load."""
        load = self.load
        return LoadSettings(
            calls=load.calls,
            over_s=load.over_s,
            doors=self.all_doors(),
            dialed=tuple(load.dialed.items()),
            ivr_share=load.ivr_share,
            talk_s=load.talk_s,
            patience_s=load.patience_s,
            impatient_share=load.impatient_share,
            caller_ends_share=load.caller_ends_share,
        )


def load_config(path: Path) -> PhonesConfig:
    """Read and check a file. Raises `ConfigError` with its place."""
    try:
        return PhonesConfig.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", "name a file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), "is not YAML", str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: {place}", first["msg"], "") from error
