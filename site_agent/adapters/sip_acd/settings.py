"""What the built-in ACD is told once, at its start.

Rule of this file: frozen data with units and bounds; nothing is read and nothing is decided here.
`check` names the first setting that cannot work, with its place and the remedy.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from nrcli.sip.limits import TransportLimits
from site_agent.sip.digest_server import DigestSettings
from site_agent.sip.source_shares import StrangerLimits

PRIVATE_NETWORKS = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
)
"Loopback, RFC 1918 and RFC 4193: what no stranger on the Internet has."
BROADCAST = "broadcast"
DISTRIBUTIONS = ("longest_ready", BROADCAST)
Address = tuple[str, int]
"Host (an IP literal) and port."


class SettingsError(ValueError):
    """A setting cannot work: `place` names it, `problem` says why and what to do."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkGroupSettings:
    """One trunk group: the local listen address names it."""

    name: str
    listen: Address
    transports: tuple[str, ...] = ("udp", "tcp")
    kind: str = "carrier"
    "carrier | network (where moved calls arrive)."
    peers: tuple[str, ...] = ("0.0.0.0/0", "::/0")
    "Networks (CIDR) that may send calls here; others get 403."
    ivr_peers: tuple[str, ...] = ()
    "Networks of the site's own IVRs: attached data is read from their headers only."
    identity_peers: tuple[str, ...] = ()
    "Networks whose P-Asserted-Identity and verstat are believed."
    channels_max: int = 200
    calls_per_s_per_source: float = 500.0
    "New calls from one address; more get 503, so that one peer cannot drown the others."
    min_free: int = 0
    "Channels kept for own callers. The site daemon reads this, not the ACD."
    answer_after_s: float | None = 10.0
    "A caller who has no agent by then is answered with media, 0 to 60; None: never, they ring."
    unanswered_s_max: float = 55.0
    "Longest time a call may ring in all: public trunks end it after 60 to 180 s."
    queued_182: bool = False
    "The trunk understands 182 Queued (stock sipp and some trunks fail on it)."
    numbers: Mapping[str, str] = field(default_factory=dict)
    "Dialed number to service; `*` is the rest."
    emergency_numbers: tuple[str, ...] = ()
    allow_redirect_302: bool = True
    allow_refer: bool = True
    refer_credentials: tuple[str, str] | None = None
    "User and password for a 401/407 to our REFER on this trunk."
    responses: Mapping[int, int] = field(default_factory=dict)
    "Status that a call is refused with, to the one that this trunk is told instead; never 503."
    bridge_identity: str = "from"
    "How a caller is named to the target of a bridge: from | asserted | signed."
    dial_to: str = ""
    "host:port that callers are called back by, e.g. the carrier's; empty: this group dials nobody."
    dial_from: str = ""
    "The number that they see."


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsPaths:
    """Files of SIP over TLS; the shell reads them."""

    ca: str
    cert: str
    key: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """Where a service's calls wait."""

    queue: str
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """One queue of the ACD."""

    name: str
    places_max: int = 50
    "Waiting calls and held places together."
    acw_s: float = 0.0
    "After-call work that follows each call, in seconds."
    ring_s: float = 15.0
    "How long an agent's phone rings before the call goes back (RONA); 1 to 20."
    aht_s: float = 180.0
    "Mean handle time reported until the ACD has measured one."
    open: bool = True
    distribution: str = "longest_ready"
    "longest_ready | broadcast (all ready agents are rung, the first to answer has the call)."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings:
    """One agent. Without a contact the agent must REGISTER."""

    name: str
    queues: Mapping[str, int]
    "Queue to level, 1 to 10; a higher level is a better skill."
    password: str = field(default="", repr=False)
    "What the phone registers with; empty: it is not asked."
    contact: str = ""
    "SIP URI of the phone, e.g. `sip:anna@127.0.0.1:6001`; empty: by REGISTER."
    network_id: str = ""
    "Who it is in the whole network; empty: this agent of this site."
    ready: bool = True
    "State at the start (of a registered phone: at its first REGISTER)."


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSettings:
    """What waiting callers hear."""

    rtp_listen: Address = ("127.0.0.1", 0)
    "Where the built-in player sends from, shared by all sessions. Port 0: the shell picks one."
    rtp_address: str = ""
    "IP address that the player's session descriptions name; empty: that of `rtp_listen`."
    announcement_uri: str = ""
    "SIP URI of an announcement server; the built-in player steps in when it fails. Empty: player."
    announcement_s: float = 2.0
    "How long the announcement server may take before the player steps in."
    wav_file: str = ""
    "8 kHz mono 16-bit WAV for the player; empty: a built-in melody."
    announcements_folder: str = ""
    "Folder of announcements: NAME.wav is the announcement NAME; empty: there are none."
    sessions_max: int = 0
    "Most answered callers for whom the player stands by; more go on ringing. 0: `calls_max`."


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings:
    """Bounds and waiting times of the ACD."""

    calls_max: int = 5000
    "Calls at the same time in all; more get 503 with Retry-After."
    retry_after_s: int = 5
    arrival_verdict_s: float = 2.0
    "How long an arriving call waits for the site daemon's word before 480."
    answer_arrival_s: float = 0.8
    "An answered caller who arrives gets media after this, if no agent has answered; under 1."
    rona_rest_s: float = 30.0
    "An agent who did not answer is not ready for so long; 0: until they say ready."
    held_back_s_max: float = 30.0
    "A new caller of a closed queue is offered to own agents after this, should nobody say so."
    hold_s_max: float = 90.0
    "A hold that nobody used or released ends after this."
    call_s_max: float = 4 * 3600.0
    "Longest call in all."
    liveness_s: float = 75.0
    """How often the ends of an answered call are asked by OPTIONS in the dialog whether they are
    there; 40 to 3600, 0: never. One that is silent for 32 s more has hung up."""
    aht_window_s: float = 900.0
    aht_calls_max: int = 500
    "Most calls that the mean handle time looks back on."
    ring_after_s: float = 0.05
    """A caller for whom no agent is ready hears ringing after this: one who is answered or moved
    elsewhere before costs no message more."""
    redirect_options_s: float = 1.0
    """Before a 302 the target's SIP port is asked by OPTIONS, and so long waited for, if it was not
    heard lately; 0: never asked, for targets that only the carrier can reach."""
    target_fresh_s: float = 5.0
    "A target's SIP port that answered so recently is not asked again."
    media_retry_s: float = 0.5
    "Pause before a failed try to give a caller media is repeated."
    media_tries_max: int = 3
    register_s_min: int = 30
    register_s_max: int = 3600
    data_bytes_max: int = 65536
    agent_data_bytes_max: int = 1024
    "Most bytes of attached data (canonical JSON) in the agent's header."
    sdp_bytes_max: int = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferClass:
    """Where some agents may send callers: whoever is named, or serves a queue that is."""

    name: str
    agents: tuple[str, ...] = ()
    "Names; `*` is everybody."
    queues: tuple[str, ...] = ()
    "Members of these queues."
    services: tuple[str, ...] = ()
    "Network services; `*` is all."
    numbers: tuple[str, ...] = ()
    "Outside numbers, whole or as a prefix with `*` behind, e.g. `+351*`; none: none."


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSettings:
    """Transfers and consult calls that agents begin from their phones."""

    short_numbers: Mapping[str, str] = field(default_factory=dict)
    "Digits that an agent dials to service."
    classes: tuple[TransferClass, ...] = ()
    "None: every agent to every service, nobody to an outside number."
    search_s_max: float = 60.0
    "An agent who waits for the outcome has the caller again after this."
    notify_answer_s: float = 1.0
    "The phone is told the outcome, and hung up when it has said that it knows, or after this."


@dataclass(frozen=True, slots=True, kw_only=True)
class SipAcdSettings:
    """The whole ACD of one site."""

    trunk_groups: tuple[TrunkGroupSettings, ...]
    queues: tuple[QueueSettings, ...]
    agents: tuple[AgentSettings, ...] = ()
    agents_listen: Address = ("127.0.0.1", 0)
    digest: DigestSettings = field(default_factory=DigestSettings)
    strangers: StrangerLimits = field(default_factory=StrangerLimits)
    bounds: TransportLimits = field(default_factory=TransportLimits)
    tls: TlsPaths | None = None
    agents_transports: tuple[str, ...] = ("udp", "tcp")
    agents_peers: tuple[str, ...] = PRIVATE_NETWORKS
    "Networks (CIDR) whose phones may REGISTER; others get 403."
    services: Mapping[str, ServiceSettings] = field(default_factory=dict)
    "A service that is not listed waits in the queue of its own name with priority 0."
    transfers: TransferSettings = field(default_factory=TransferSettings)
    media: MediaSettings = field(default_factory=MediaSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    agent_codes: Mapping[str, str] = field(default_factory=dict)
    "Digits that an agent dials to what it says: a state, with the reason behind a blank."
    agent_data_keys: tuple[str, ...] = ()
    "Keys of the attached data shown to agents in the header, in order; empty: all if they fit."

    @property
    def sessions_max(self) -> int:
        """Most callers who may hear the player at once: as many as there may be calls."""
        return self.media.sessions_max or self.limits.calls_max


def check(settings: SipAcdSettings) -> None:
    """Raise `SettingsError` for the first setting that cannot work."""
    _check_names("trunk_groups", [group.name for group in settings.trunk_groups])
    _check_names("queues", [queue.name for queue in settings.queues])
    _check_names("agents", [agent.name for agent in settings.agents])
    queues = {queue.name for queue in settings.queues}
    for index, queue in enumerate(settings.queues):
        _between(f"queues[{index}].ring_s", queue.ring_s, 1.0, 20.0)
        _between(f"queues[{index}].places_max", queue.places_max, 0, 100000)
        if queue.distribution not in DISTRIBUTIONS:
            problem = f'expected one of {", ".join(DISTRIBUTIONS)}, got "{queue.distribution}"'
            raise SettingsError(f"queues[{index}].distribution", problem)
    for name, service in settings.services.items():
        _known(f"services.{name}.queue", service.queue, queues)
    for index, agent in enumerate(settings.agents):
        for queue_name, level in agent.queues.items():
            _known(f"agents[{index}].queues", queue_name, queues)
            _between(f"agents[{index}].queues.{queue_name}", level, 1, 10)
    for index, group in enumerate(settings.trunk_groups):
        _check_trunk_group(f"trunk_groups[{index}]", group, settings, queues)
    _check_networks("agents_peers", settings.agents_peers)
    if settings.limits.liveness_s:
        _between("limits.liveness_s", settings.limits.liveness_s, 40.0, 3600.0)
    _between("limits.answer_arrival_s", settings.limits.answer_arrival_s, 0.0, 0.95)


def _check_trunk_group(
    place: str, group: TrunkGroupSettings, settings: SipAcdSettings, queues: set[str]
) -> None:
    if group.answer_after_s is not None:
        _between(f"{place}.answer_after_s", group.answer_after_s, 0.0, 60.0)
    _between(f"{place}.channels_max", group.channels_max, 0, 100000)
    _check_networks(f"{place}.peers", (*group.peers, *group.ivr_peers, *group.identity_peers))
    for status, told in group.responses.items():
        _between(f"{place}.responses", status, 400, 699)
        _between(f"{place}.responses.{status}", told, 400, 699)
        if 503 in {status, told}:
            problem = "503 says that this server takes no calls, and nothing else: leave it out"
            raise SettingsError(f"{place}.responses", problem)
    for service in group.numbers.values():
        if service not in settings.services:
            _known(f"{place}.numbers", service, queues)


def _check_networks(place: str, networks: tuple[str, ...]) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise SettingsError(place, f"{error}; write it as 10.0.0.0/8") from None


def _check_names(place: str, names: list[str]) -> None:
    for name in names:
        if not name or names.count(name) > 1:
            raise SettingsError(place, f'name "{name}" is empty or used twice; make it unique')


def _known(place: str, queue: str, queues: set[str]) -> None:
    if queue not in queues:
        listed = ", ".join(sorted(queues))
        raise SettingsError(place, f'there is no queue "{queue}"; queues are: {listed}')


def _between(place: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise SettingsError(place, f"expected a number from {low:g} to {high:g}, got {value:g}")
