"""The settings file of one node: typed, complete, refused with file, place and remedy.

Rule of this file: what a node can be told stands here, with unit and default; unknown keys are
errors, nothing is read from anywhere else. What routes calls is no setting: it lies in etcd.
"""

from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from nirc.core.settings import RouterSettings
from nirc.errors import SettingsError
from routing_policies.errors import DocumentError
from routing_policies.yaml_reader import read_yaml

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$")]
Address = Annotated[str, Field(pattern=r"^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$")]
SETTINGS_BYTES_MAX = 1 << 20
WRITTEN_BY_THE_NODE = ("data_dir", "token_file")


class _Part(BaseModel):
    """What every part of the file shares: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class TlsConfig(_Part):
    """PEM files."""

    ca: Path
    cert: Path
    key: Path


class LinkConfig(_Part):
    """Where sites and other nodes reach this one."""

    listen: Address
    tls: TlsConfig | None = None
    "None: no encryption, any site may say any name. Only for one machine."


class PeerConfig(_Part):
    """One other node."""

    name: Name
    address: Address


class EtcdTlsConfig(_Part):
    """TLS towards etcd; certificate and key only where etcd asks for them."""

    ca: Path
    cert: Path | None = None
    key: Path | None = None


class EtcdConfig(_Part):
    """The cluster that elects the leader and keeps the documents."""

    members: Annotated[tuple[Address, ...], Field(min_length=1)]
    ttl_s: Annotated[int, Field(ge=1, le=60)] = 2
    "Time to live of the leader's lease; above an etcd election and a keepalive."
    timeout_s: Annotated[float, Field(gt=0, le=10)] = 1.0
    relist_s: Annotated[float, Field(ge=1)] = 60.0
    notice_interval_s: Annotated[int, Field(ge=1)] = 60
    "At most one early end of a dead leader's lease in this time."
    tls: EtcdTlsConfig | None = None


class RedisConfig(_Part):
    """Where attached data and records lie."""

    url: Annotated[str, Field(pattern=r"^(redis|rediss|unix)://")]
    budget_s: Annotated[float, Field(gt=0, le=5)] = 0.05
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    records_waiting_max: Annotated[int, Field(ge=1)] = 20_000
    records_kept_max: Annotated[int, Field(ge=1)] = 200_000


class AdminTlsConfig(_Part):
    """The HTTP API's own certificate."""

    cert: Path
    key: Path


class AdminConfig(_Part):
    """The HTTP API that nrcli and the console use."""

    listen: Address
    token_file: Path | None = None
    "Made at start with a new token, mode 0600; `<data_dir>/admin.token` unless named."
    tls: AdminTlsConfig | None = None


class TelemetryConfig(_Part):
    """What the node says about itself."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_json: bool = False
    opentelemetry: bool = False
    "Give the counters to the meter provider that OTEL_* environment variables set up."


class InboxConfig(_Part):
    """Limits of the node's one inbox."""

    inbox_max: Annotated[int, Field(ge=100)] = 20_000
    turn_events_max: Annotated[int, Field(ge=1)] = 200


class NodeConfig(_Part):
    """One node."""

    node: Name
    data_dir: Path
    "A folder of this node's own."
    link: LinkConfig
    peers: tuple[PeerConfig, ...] = ()
    etcd: EtcdConfig
    redis: RedisConfig | None = None
    "None: calls move without attached data, records stay in memory."
    admin: AdminConfig
    domains: Annotated[tuple[Name, ...], Field(min_length=1)] = ("default",)
    failsafe: bool = False
    "Wait one lease's time after start before campaigning."
    telemetry: TelemetryConfig = TelemetryConfig()
    inbox: InboxConfig = InboxConfig()
    router: dict[str, float | int] = {}
    "Limits of the router that differ from their defaults, by name."

    @property
    def token_file(self) -> Path:
        """Where the HTTP API's token is written."""
        return self.admin.token_file or self.data_dir / "admin.token"

    @property
    def router_settings(self) -> RouterSettings:
        """The router's limits."""
        return RouterSettings(**self.router)  # type: ignore[arg-type]

    @field_validator("router")
    @classmethod
    def _known_limits(cls, value: dict[str, float | int]) -> dict[str, float | int]:
        known = {field.name for field in fields(RouterSettings)}
        for name, number in value.items():
            if name not in known:
                raise ValueError(f"unknown limit {name}; known are {', '.join(sorted(known))}")
            if number < 0:
                raise ValueError(f"{name} is below 0")
        return value

    @model_validator(mode="after")
    def _names_differ(self) -> "NodeConfig":
        names = [self.node, *(peer.name for peer in self.peers)]
        if len(set(names)) != len(names):
            raise ValueError("peers: each node's name must differ, and not be this node's own")
        return self


def load_config(path: Path) -> NodeConfig:
    """Read a settings file. Raises SettingsError naming file, place and remedy.

    Relative paths inside the file are taken from the folder that the file is in.
    """
    return parse_config(_text_of(path), source=str(path), folder=path.parent.absolute())


def parse_config(text: str, *, source: str, folder: Path) -> NodeConfig:
    """Check the text of a settings file. Raises SettingsError."""
    try:
        read = read_yaml(text, source=source).value
    except DocumentError as error:
        place = f"{source}:{error.line}" if error.line else source
        place += f": {error.place}" if error.place else ""
        raise SettingsError(place, error.problem, error.remedy) from error
    if not isinstance(read, dict):
        raise SettingsError(source, "holds no settings", "begin with `node: <name>`")
    try:
        config = NodeConfig.model_validate(read)
    except ValidationError as error:
        raise _refused(error, source) from error
    absolute: NodeConfig = _with_absolute_paths(config, folder)
    _check_files(absolute, source, "")
    return absolute


def _text_of(path: Path) -> str:
    try:
        data = path.read_bytes()
        if len(data) > SETTINGS_BYTES_MAX:
            raise SettingsError(str(path), f"is {len(data)} bytes", "a settings file is small")
        return data.decode("utf-8")
    except OSError as error:
        remedy = "give the path of a node's settings file"
        raise SettingsError(str(path), f"cannot be read: {error.strerror}", remedy) from error
    except UnicodeDecodeError as error:
        raise SettingsError(str(path), "is not UTF-8 text", "save it as UTF-8") from error


def _refused(error: ValidationError, source: str) -> SettingsError:
    """Pydantic's first finding as ours, and how many more there are."""
    first, *others = error.errors()
    place = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]
    ).lstrip(".")
    problem = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        problem, remedy = "unknown setting", "check its spelling, or remove it"
    elif first["type"] == "missing":
        problem, remedy = "is missing", "add it"
    else:
        remedy = f"got {str(first['input'])[:80]!r}"
    if others:
        remedy += f"; {len(others)} more after this one"
    return SettingsError(f"{source}: {place}" if place else source, problem, remedy)


def _check_files(part: BaseModel, source: str, place: str) -> None:
    """Files that must be there at start are there. Raises SettingsError."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        inside = f"{place}.{name}".lstrip(".")
        if isinstance(value, BaseModel):
            _check_files(value, source, inside)
        elif isinstance(value, Path) and name not in WRITTEN_BY_THE_NODE and not value.is_file():
            remedy = "give the path of a file in PEM form that this user may read"
            raise SettingsError(f"{source}: {inside}", f"there is no file {value}", remedy)


def _with_absolute_paths(part: Any, folder: Path) -> Any:
    """The same settings with relative paths taken from `folder`."""
    if isinstance(part, Path):
        return folder / part
    if isinstance(part, BaseModel):
        changed = {
            name: _with_absolute_paths(getattr(part, name), folder)
            for name in type(part).model_fields
        }
        return part.model_copy(update=changed)
    return part
