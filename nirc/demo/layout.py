"""Decides how a whole network is laid out: sites, agents, trunk groups, hosts, ports.

Rule of this file: pure data. Every part is on this machine unless its `host` says otherwise. Ports
come from a callable, nothing is opened or written here; every generated file (`site_files`,
`node_files`, `documents`, `phones_file`) reads this one layout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

LOOPBACK = "127.0.0.1"
PUBLIC_ADDRESS = "127.0.0.8"
"Who calls an Asterisk from here hears ringing until an agent answers (its endpoint `public`)."
IVR_ADDRESS = "127.0.0.9"
"The demo's IVR calls from here: the one peer whose data headers the sites believe."


class SiteKind(Enum):
    """What serves the calls of a site."""

    SIP_ACD = "sip_acd"
    "The ACD that is built into the site agent."
    ASTERISK = "asterisk"
    "A real Asterisk beside its site agent."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkShape:
    """One trunk group as every site of the network has it."""

    name: str
    answer_after_s: float
    "How long a caller only hears ringing, in seconds; 0 answers at once, with media."
    redirect_302: bool
    "The site may move a ringing caller by 302."
    takes_refer: bool
    "The carrier follows a REFER; if not, it answers 405 and the call is bridged."
    load_share: float = 1.0
    "Weight of this trunk group among the generated callers; 0: nobody generated rings it."
    refusing_share: float = 0.0
    "Of its generated callers: those whose side refuses a REFER though the trunk group takes it."

    @property
    def asks_of_a_caller(self) -> str:
        """What a caller's own phone must be able to do, in words."""
        if self.redirect_302:
            return "a call may be moved while it rings: the phone must follow a 302"
        if self.takes_refer:
            return "a waiting call is answered, then moved: the phone must follow a REFER"
        if self.answer_after_s < 60.0:
            return "a waiting call is answered, then joined: the phone must take a re-INVITE"
        return "for any phone, stock sipp too: it rings until an agent answers, here or elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteShape:
    """How many agents a site has, and its share of the generated callers."""

    name: str
    agents: tuple[str, ...]
    load_share: float = 1.0
    is_pair: bool = False
    "Two site agents: one serves, the other stands by."
    kind: SiteKind = SiteKind.SIP_ACD


TRUNK_SHAPES = (
    TrunkShape(
        name="carrier", answer_after_s=8.0, redirect_302=True, takes_refer=True, load_share=0.42
    ),
    TrunkShape(
        name="pbx", answer_after_s=0.1, redirect_302=False, takes_refer=True, load_share=0.38
    ),
    TrunkShape(
        name="legacy", answer_after_s=0.1, redirect_302=False, takes_refer=False, load_share=0.2
    ),
)
"""`carrier` follows a 302 and a REFER; `pbx` may not be sent a 302, so its callers move by REFER
after the answer; `legacy` refuses the REFER, so its callers are bridged."""

HOLD_TRUNK_SHAPES = (
    TrunkShape(
        name="public", answer_after_s=60.0, redirect_302=False, takes_refer=False, load_share=0.0
    ),
    *(replace(shape, answer_after_s=max(shape.answer_after_s, 1.5)) for shape in TRUNK_SHAPES),
)
"""For callers of one's own: a ready agent answers before the media does, so that simple callers
(stock sipp), which take no re-INVITE, are served."""

ASTERISK_TRUNK_SHAPES = (
    TrunkShape(
        name="carrier",
        answer_after_s=0.0,
        redirect_302=False,
        takes_refer=True,
        refusing_share=0.25,
    ),
    TrunkShape(
        name="public", answer_after_s=60.0, redirect_302=False, takes_refer=False, load_share=0.0
    ),
)
"""Every trunk group of an Asterisk is its one SIP port: who calls is told by the address they call
from. Its callers are answered at once; its 302 has one Contact only, so none is sent."""

SITE_SHAPES = (
    SiteShape(name="lisbon", agents=("anna", "bruno", "carla"), load_share=0.62),
    SiteShape(
        name="porto",
        agents=("diogo", "elsa", "filipe", "gloria", "hugo", "ines", "joel"),
        load_share=0.23,
    ),
    SiteShape(
        name="faro",
        agents=("katia", "luis", "marta", "nuno", "olga", "paulo"),
        load_share=0.15,
    ),
)

SERVICES: Mapping[str, str] = {"sales": "+351210000001", "support": "+351210000002"}
"Network service and its dialed number; the queue of the same name serves it at every site."


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkShape:
    """What a caller of this package may choose about the network."""

    sites: tuple[SiteShape, ...] = SITE_SHAPES
    trunks: tuple[TrunkShape, ...] = TRUNK_SHAPES
    node_count: int = 3
    etcd_count: int = 1
    acw_s: float = 0.5
    ring_s: float = 6.0
    ask_after_s: float = 0.4
    "How long a caller waits at home before NIRC is asked; above `answer_after_s` of `pbx`."
    rona_rest_s: float = 5.0
    "How long an agent who did not answer is offered no call."
    requery_s: float = 1.0
    deadline_s: float = 3.0
    short_call_s: float = 0.5
    "A talk shorter than this counts as ended at once; the talks of the demo are short."
    plan_methods: tuple[str, ...] = ("bridge",)
    "How callers go to other sites by the peer plan."
    router: Mapping[str, float] = field(default_factory=dict)
    "Limits of the nodes that differ from their defaults."
    liveness_s: float = 75.0
    "How often the ends of an answered call are asked whether they are there, in seconds."
    places_max: int = 50
    services: Mapping[str, str] = field(default_factory=lambda: dict(SERVICES))
    peer_plan: bool = True
    "Sites have a signed plan by which they overflow to one another while no node leads."
    onward: bool = False
    "Callers who came from another site may be moved on, by REFER or a bridge."
    failsafe: bool = False
    "The leader may go on without etcd; the lease's time is 4 s then."
    keeps_records: bool = False
    "Records are kept in files, from which nodes answer reports."
    otlp: str = ""
    "Collector of OpenTelemetry to which every daemon sends all there is; empty: none."

    @property
    def telemetry(self) -> dict[str, Any]:
        """The section of a daemon's settings; empty without a collector."""
        sent = {"endpoint": self.otlp, "sample_share": 1.0, "send_every_s": 0.2, "logs": True}
        return {"telemetry": {"otlp": sent | {"metrics_every_s": 1.0}}} if self.otlp else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """A trunk group of one site, with its port."""

    shape: TrunkShape
    port: int
    host: str = LOOPBACK

    @property
    def address(self) -> str:
        """`host:port`, where callers ring."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMember:
    """One site agent of a site."""

    name: str
    "Of a pair: `a` or `b`; empty: it is alone."
    process: str
    http_address: str

    def file(self, name: str) -> str:
        """The name of a file that each member has for itself."""
        return f"{self.name}.{name}" if self.name == "b" else name


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLayout:
    """One site with all its addresses."""

    name: str
    agents: tuple[str, ...]
    load_share: float
    trunks: tuple[Trunk, ...]
    network_port: int
    "Where moved calls arrive."
    agents_port: int
    "Where agents' phones register and from where they are called."
    phones_port: int
    "Where the generated agents' phones listen."
    http_port: int
    host: str = LOOPBACK
    phones_host: str = LOOPBACK
    second_http_port: int = 0
    "Of the second site agent of a pair; 0: there is none."
    second_host: str = ""
    """Where the second one runs, should that be another machine: `host` is then an address that
    follows whoever serves."""
    kind: SiteKind = SiteKind.SIP_ACD
    ami_port: int = 0
    "An Asterisk's manager; 0: there is none."

    @property
    def is_asterisk(self) -> bool:
        """Does an Asterisk serve its calls?"""
        return self.kind is SiteKind.ASTERISK

    @property
    def arrives_on(self) -> str:
        """The trunk group that moved calls come in on; other sites call an Asterisk as carriers do,
        from this machine's own address."""
        return self.trunks[0].shape.name if self.is_asterisk else "network"

    @property
    def http_address(self) -> str:
        """`host:port` of the site agent's local HTTP API: loopback of its own host, always."""
        return f"{LOOPBACK}:{self.http_port}"

    @property
    def members(self) -> tuple[SiteMember, ...]:
        """Its site agents: one, or the two of a pair."""
        first = SiteMember(name="", process=self.name, http_address=self.http_address)
        if not self.second_http_port:
            return (first,)
        second = f"{LOOPBACK}:{self.second_http_port}"
        return (
            replace(first, name="a"),
            SiteMember(name="b", process=f"{self.name}-b", http_address=second),
        )

    def trunk(self, name: str) -> Trunk:
        """The trunk group of that name; KeyError if the site has none."""
        for trunk in self.trunks:
            if trunk.shape.name == name:
                return trunk
        raise KeyError(name)

    def agent_uri(self, agent: str) -> str:
        """Static contact of a generated agent's phone."""
        return f"sip:{agent}@{self.phones_host}:{self.phones_port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLayout:
    """One NIRC node with its addresses."""

    name: str
    link_port: int
    "Where sites and the other nodes reach it."
    http_port: int
    host: str = LOOPBACK

    @property
    def link_address(self) -> str:
        """`host:port` for sites and the other nodes."""
        return f"{self.host}:{self.link_port}"

    @property
    def http_address(self) -> str:
        """`host:port` of its HTTP API."""
        return f"{self.host}:{self.http_port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EtcdMember:
    """One member of the etcd cluster."""

    name: str
    client_port: int
    peer_port: int
    host: str = LOOPBACK

    @property
    def endpoint(self) -> str:
        """`host:port` for clients."""
        return f"{self.host}:{self.client_port}"

    @property
    def peer_endpoint(self) -> str:
        """`host:port` for the other members."""
        return f"{self.host}:{self.peer_port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The whole network."""

    shape: NetworkShape
    sites: tuple[SiteLayout, ...]
    nodes: tuple[NodeLayout, ...]
    etcd: tuple[EtcdMember, ...]
    phones_http_port: int
    caller_port: int
    "Where the generated callers listen, on `phones_host` and on `ivr_host`."
    phones_host: str = LOOPBACK
    "Where the generated callers and agents are."
    ivr_host: str = IVR_ADDRESS
    lan: str = "127.0.0.0/8"
    "Whom sites believe to be a peer."
    redis_address: str = ""
    "`host:port` of the store of attached data; empty: a Unix socket in its folder."

    @property
    def phones_http_address(self) -> str:
        """`host:port` of the phones' control server: loopback of their own host, always."""
        return f"{LOOPBACK}:{self.phones_http_port}"

    def site(self, name: str) -> SiteLayout:
        """The site of that name; KeyError if there is none."""
        for site in self.sites:
            if site.name == name:
                return site
        raise KeyError(name)


def with_kinds(shape: NetworkShape, kinds: Sequence[SiteKind]) -> NetworkShape:
    """The same network, whose first sites are of these kinds."""
    first = (replace(site, kind=kind) for site, kind in zip(shape.sites, kinds, strict=False))
    return replace(shape, sites=(*first, *shape.sites[len(kinds) :]))


def build_layout(shape: NetworkShape, take_port: Callable[[], int]) -> Layout:
    """Give every listener of the network a port. `take_port` never returns a port twice."""
    return Layout(
        shape=shape,
        sites=tuple(_site(site, shape, take_port) for site in shape.sites),
        nodes=tuple(
            NodeLayout(
                name=f"n{number}",
                link_port=take_port(),
                http_port=take_port(),
            )
            for number in range(1, shape.node_count + 1)
        ),
        etcd=tuple(
            EtcdMember(name=f"etcd{number}", client_port=take_port(), peer_port=take_port())
            for number in range(1, shape.etcd_count + 1)
        ),
        phones_http_port=take_port(),
        caller_port=take_port(),
    )


def _site(site: SiteShape, shape: NetworkShape, take_port: Callable[[], int]) -> SiteLayout:
    if site.kind is SiteKind.ASTERISK:
        return _asterisk_site(site, take_port)
    return SiteLayout(
        name=site.name,
        agents=site.agents,
        load_share=site.load_share,
        trunks=tuple(Trunk(shape=trunk, port=take_port()) for trunk in shape.trunks),
        network_port=take_port(),
        agents_port=take_port(),
        phones_port=take_port(),
        http_port=take_port(),
        second_http_port=take_port() if site.is_pair else 0,
    )


def _asterisk_site(site: SiteShape, take_port: Callable[[], int]) -> SiteLayout:
    """All its trunk groups and whoever is moved there come to one port; so do agents' phones."""
    sip_port = take_port()
    return SiteLayout(
        name=site.name,
        agents=site.agents,
        load_share=site.load_share,
        trunks=tuple(Trunk(shape=trunk, port=sip_port) for trunk in ASTERISK_TRUNK_SHAPES),
        network_port=sip_port,
        agents_port=sip_port,
        phones_port=take_port(),
        http_port=take_port(),
        kind=site.kind,
        ami_port=take_port(),
    )
