"""The settings file of one node: typed, complete, refused with file, place and remedy.

Rule of this file: what a node can be told stands here, with unit and default; unknown keys are
errors, nothing is read from anywhere else. What routes calls is no setting: it lies in etcd.
"""

import re
from collections.abc import Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from nirc.alarm_config import AlarmsConfig
from nirc.core.settings import RouterSettings
from nirc.errors import SettingsError
from nirc.pre_route_config import PreRouteConfig
from nirc.trace_config import TraceConfig
from nrcli.telemetry.otlp_config import OtlpConfig
from routing_policies.errors import DocumentError, Fault, where
from routing_policies.settings_faults import settings_faults, told_after_the_first
from routing_policies.shapes import HOST_PORT, LISTEN, NAME, shape
from routing_policies.yaml_reader import Positioned, place_of, read_yaml

Name = Annotated[str, NAME]
Address = Annotated[str, HOST_PORT]
Listen = Annotated[str, LISTEN]
RedisUrl = Annotated[
    str,
    shape(
        "a URL such as redis://10.0.0.1:6379/0, rediss://... or unix:///run/redis.sock",
        re.compile(r"(redis|rediss|unix)://\S+").fullmatch,
    ),
]
HttpUrl = Annotated[
    str,
    shape(
        "a URL without a path, such as https://n2.example.net:8443",
        re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+").fullmatch,
    ),
]
SETTINGS_BYTES_MAX = 1 << 20
FAILSAFE_TTL_S_MIN = 4
WRITTEN_BY_THE_NODE = ("data_dir", "token_file", "folder")


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

    listen: Listen
    tls: TlsConfig | None = None
    "None: no encryption, any site may say any name. Only for one machine."


class PeerConfig(_Part):
    """One other node."""

    name: Name
    address: Address
    admin: HttpUrl | None = None
    "Of its HTTP API, for people who are sent there; None: they are told its name only."


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

    url: RedisUrl
    budget_s: Annotated[float, Field(gt=0, le=5)] = 0.05
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    records_waiting_max: Annotated[int, Field(ge=1)] = 20_000
    records_kept_max: Annotated[int, Field(ge=1)] = 200_000
    records_spool_bytes_max: Annotated[int, Field(ge=0)] = 1024 * 1024 * 1024
    "Records on disk while Redis is away, in `<data_dir>/records`; 0: none."


class RecordsConfig(_Part):
    """Files of records, which `nirc records keep` writes."""

    folder: Path
    "Of this keeper's own, or shared by all; Parquet files lie in it by table and day."
    file_s: Annotated[float, Field(ge=1, le=86_400)] = 300.0
    file_rows_max: Annotated[int, Field(ge=100, le=1_000_000)] = 50_000
    days_max: Annotated[int, Field(ge=1)] = 400
    bytes_max: Annotated[int, Field(ge=1_000_000)] = 100 * 1024**3
    alarm_after_s: Annotated[float, Field(ge=5)] = 60.0
    "Nobody has kept records for so long: an alarm."
    answer_s_max: Annotated[float, Field(ge=1, le=600)] = 30.0
    "Reports and rows that the HTTP API is asked for: reading that takes longer is given up."
    answer_bytes_max: Annotated[int, Field(ge=10_000)] = 8 << 20
    questions_max: Annotated[int, Field(ge=1, le=100)] = 5
    "That wait or are answered; they are answered one by one."


class AdminTlsConfig(_Part):
    """The HTTP API's own certificate."""

    cert: Path
    key: Path
    ca: Path | None = None
    "Signed the other nodes' certificates; None: whom the system trusts."


class EventsConfig(_Part):
    """Limits of the live stream, `GET /api/v1/events`."""

    readers_max: Annotated[int, Field(ge=0, le=10_000)] = 250
    "Who comes when so many read is told to come again."
    sample_s: Annotated[float, Field(ge=0.1, le=60)] = 0.5
    "The node is looked at this often at most, while anybody reads."
    share_max: Annotated[float, Field(gt=0, le=1)] = 0.05
    "Of the node's time may go into looking; in a large network looks come later for it."
    kept_max: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    "Events kept for readers that come back, or are behind."
    kept_bytes_max: Annotated[int, Field(ge=100_000)] = 16 << 20
    decisions_max: Annotated[int, Field(ge=1, le=1_000)] = 20
    "Of one look; of more the newest are told, and how many were left out."
    write_s_max: Annotated[float, Field(gt=0, le=60)] = 5.0
    "A reader that takes nothing for so long is dropped."
    heartbeat_s: Annotated[float, Field(ge=0.1, le=60)] = 10.0
    "After so long without an event an empty line says that the stream lives."


class SessionsConfig(_Part):
    """Sessions, whose tokens every node takes."""

    life_s: Annotated[int, Field(ge=60, le=604_800)] = 43_200
    "A session that this node begins ends after so long."
    ended_max: Annotated[int, Field(ge=10, le=100_000)] = 1_000
    "Sessions ended before their time are listed until it; a full list ends all sessions."


class HistoryConfig(_Part):
    """The last hours, `GET /api/v1/history`, in the node's memory."""

    interval_s: Annotated[float, Field(ge=1, le=3_600)] = 900.0
    intervals_max: Annotated[int, Field(ge=2, le=1_000)] = 96
    sample_s: Annotated[float, Field(ge=0.5, le=60)] = 10.0
    places_max: Annotated[int, Field(ge=10, le=20_000)] = 2_000
    "Queues and sites; of more nothing is kept."


class AdminConfig(_Part):
    """The HTTP API that nrcli and the console use."""

    listen: Listen
    token_file: Path | None = None
    "Made at start with a new token, mode 0600; `<data_dir>/admin.token` unless named."
    tls: AdminTlsConfig | None = None
    url: HttpUrl | None = None
    """Where browsers and other nodes reach it; None: as `listen` says, or, where that is every
    address, this machine's name."""
    requests_per_s_max: Annotated[float, Field(ge=1, le=100_000)] = 300.0
    "Of one address, in the long run; edges, who ask for each call, are not counted."
    requests_burst_max: Annotated[int, Field(ge=10, le=100_000)] = 1_000
    events: EventsConfig = EventsConfig()
    sessions: SessionsConfig = SessionsConfig()
    history: HistoryConfig = HistoryConfig()


class TelemetryConfig(_Part):
    """What the node says about itself."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_json: bool = False
    queues_max: Annotated[int, Field(ge=0, le=100_000)] = 1_000
    "Whose figures `/metrics` tells; a site agent tells those of its own in any case."
    otlp: OtlpConfig | None = None
    "None: nothing is sent to a collector of OpenTelemetry."


class InboxConfig(_Part):
    """Limits of the node's one inbox."""

    inbox_max: Annotated[int, Field(ge=100)] = 20_000
    inbox_of_site_max: Annotated[int, Field(ge=10)] = 5_000
    turn_events_max: Annotated[int, Field(ge=1)] = 200


class PoliciesConfig(_Part):
    """What is kept of routing policies, and how often their schedule is looked at."""

    versions_kept_max: Annotated[int, Field(ge=10, le=10_000)] = 1_000
    "Of each policy; versions in use are kept beyond it, and twice as many lines of history."
    schedule_look_s: Annotated[float, Field(ge=0.1, le=60)] = 1.0
    "How often the leading node looks whether a scheduled version is due."


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
    records: RecordsConfig | None = None
    "None: records stay in Redis, the newest `redis.records_kept_max` of each kind."
    admin: AdminConfig
    domains: Annotated[tuple[Name, ...], Field(min_length=1)] = ("default",)
    failsafe: bool = False
    "The leader goes on without etcd as long as every node agrees; `etcd.ttl_s` at least 4."
    telemetry: TelemetryConfig = TelemetryConfig()
    inbox: InboxConfig = InboxConfig()
    policies: PoliciesConfig = PoliciesConfig()
    alarms: AlarmsConfig = AlarmsConfig()
    trace: TraceConfig = TraceConfig()
    pre_route: PreRouteConfig | None = None
    "None: no edge asks this node."
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
        known = sorted(field.name for field in fields(RouterSettings))
        for name, number in value.items():
            if name not in known:
                close = get_close_matches(name, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
                raise ValueError(f"{name}: unknown limit ({hint})")
            if number < 0:
                raise ValueError(f"{name}: is below 0")
        return value

    @model_validator(mode="after")
    def _failsafe_has_time(self) -> "NodeConfig":
        if self.failsafe and self.etcd.ttl_s < FAILSAFE_TTL_S_MIN:
            told = f"etcd.ttl_s is {self.etcd.ttl_s}: all nodes must be asked within it"
            raise ValueError(f"failsafe: {told}; at least {FAILSAFE_TTL_S_MIN}")
        return self

    @model_validator(mode="after")
    def _names_differ(self) -> "NodeConfig":
        names = [self.node]
        for number, peer in enumerate(self.peers):
            if peer.name in names:
                told = f"{peer.name} stands twice: the other nodes only, each with its own name"
                raise ValueError(f"peers[{number}].name: {told}")
            names.append(peer.name)
        return self


def load_config(path: Path) -> NodeConfig:
    """Read a settings file. Raises SettingsError naming file, place and remedy.

    Relative paths inside the file are taken from the folder that the file is in.
    """
    return parse_config(_text_of(path), source=str(path), folder=path.parent.absolute())


def parse_config(text: str, *, source: str, folder: Path) -> NodeConfig:
    """Check the text of a settings file. Raises SettingsError."""
    try:
        read = read_yaml(text, source=source)
    except DocumentError as error:
        raise _refused(error.faults) from error
    if not isinstance(read.value, dict):
        raise SettingsError(source, "holds no settings", "begin with `node: <name>`")
    try:
        config = NodeConfig.model_validate(read.value)
    except ValidationError as error:
        raise _refused(
            settings_faults(error, read=read, model=NodeConfig, source=source)
        ) from error
    absolute: NodeConfig = _with_absolute_paths(config, folder)
    _check_files(absolute, source, read, ())
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


def _refused(faults: Sequence[Fault]) -> SettingsError:
    """All that is wrong as one error, the first mistake first."""
    first, more = faults[0], told_after_the_first(faults)
    place = where(first.source, first.line, first.place)
    return SettingsError(place, first.problem, first.remedy, more)


def _check_files(part: BaseModel, source: str, read: Positioned, outer: tuple[str, ...]) -> None:
    """Files that must be there at start are there. Raises SettingsError."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        inside = (*outer, name)
        if isinstance(value, BaseModel):
            _check_files(value, source, read, inside)
        elif isinstance(value, Path) and name not in WRITTEN_BY_THE_NODE and not value.is_file():
            remedy = "give the path of a file in PEM form that this user may read"
            place = where(source, read.line_of(inside), place_of(inside))
            raise SettingsError(place, f"there is no file {value}", remedy)


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
