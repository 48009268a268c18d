"""What all parts of the back-to-back user agent share: calls, legs, timers, the SIP core.

Rule of this file: bookkeeping only. Every command to the core goes through `sip`, so that its
outputs are kept in order: bytes go out, events wait until the part at work has finished.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from typing import ParamSpec

from nrcli.errors import LocalProtocolError
from routing_policies.call_numbers import NumberReader
from routing_policies.network_kinds import Ageing
from site_agent.adapters.base import AcdEvent, KeepForRestart
from site_agent.adapters.sip_acd.calls import Call, Leg, Role
from site_agent.adapters.sip_acd.media import MediaAction
from site_agent.adapters.sip_acd.queueing import Queueing
from site_agent.adapters.sip_acd.registrar import Registrar
from site_agent.adapters.sip_acd.settings import Address, SipAcdSettings
from site_agent.adapters.sip_acd.timers import Timers
from site_agent.adapters.sip_acd.trunks import Trunks
from site_agent.sip.signals import Output, Peer, SendBytes, UserAgentCore, UserAgentEvent

Outcome = AcdEvent | SendBytes | MediaAction | KeepForRestart
P = ParamSpec("P")


class Desk:
    """The shared state. `now_s` is set at the beginning of each turn."""

    __slots__ = (
        "announcements",
        "calls",
        "counts",
        "dialed",
        "draining",
        "events",
        "legs",
        "media_address",
        "new_id",
        "now_s",
        "numbers",
        "out",
        "pooled",
        "queueing",
        "registrar",
        "settings",
        "timers",
        "touched",
        "touched_phones",
        "trunks",
        "ua",
        "unix_offset_s",
    )

    def __init__(
        self, settings: SipAcdSettings, ua: UserAgentCore, new_id: Callable[[], str]
    ) -> None:
        self.settings = settings
        self.ua = ua
        self.new_id = new_id
        self.now_s = 0.0
        self.draining = False
        self.numbers: NumberReader | None = None
        "How numbers of new calls are read; None: by the settings alone."
        self.unix_offset_s = 0.0
        self.pooled: frozenset[str] = frozenset()
        "Numbers that are lent to moved calls."
        self.calls: dict[str, Call] = {}
        self.dialed: dict[str, Call] = {}
        "People whose telephones ring; not among `calls` before they answer."
        self.legs: dict[str, Leg] = {}
        self.timers: Timers[tuple[str, str]] = Timers()
        self.queueing = Queueing(settings)
        self.trunks = Trunks(settings.trunk_groups)
        self.registrar = Registrar(settings, new_id)
        self.announcements: dict[str, float] = {}
        self.media_address = settings.media.rtp_listen
        self.media_bound(self.media_address)
        self.events: deque[UserAgentEvent] = deque()
        self.out: list[Outcome] = []
        self.counts: Counter[str] = Counter()
        self.touched: set[str] = set()
        "Calls that something happened to in this turn: what is kept of them may have changed."
        self.touched_phones: set[str] = set()
        "Agents whose phones registered in this turn, or do no longer."

    def media_bound(
        self, address: Address, announcements: Mapping[str, float] | None = None
    ) -> None:
        """Where the player listens (callers are told `rtp_address`, where it is set), and the
        announcements that it has, with their lengths in seconds."""
        self.announcements = dict(announcements or {})
        self.media_address = (self.settings.media.rtp_address or address[0], address[1])

    def use_numbers(self, numbers: NumberReader | None, unix_offset_s: float) -> None:
        """Read the numbers of new calls so; None: by the settings alone.

        `unix_offset_s` is wall time minus boot time: calendars follow the clock on the wall.
        """
        self.numbers, self.unix_offset_s = numbers, unix_offset_s

    def is_listed(self, peer: Peer) -> bool:
        """Do the settings name the address that this came from, for where it came to?"""
        trunk = self.trunks.at(peer.local)
        if trunk is None:
            return self.registrar.is_listed(peer.remote[0])
        return trunk.may_call(peer.remote[0])

    def admits(self, peer: Peer, now_s: float) -> bool:
        """May one more new call come from there now?"""
        trunk = self.trunks.at(peer.local)
        return trunk is None or trunk.share.take(peer.remote[0], now_s)

    def tell(self, *outcomes: Outcome) -> None:
        """Hand something to the site daemon or the shell."""
        self.out.extend(outcomes)

    def take_out(self) -> list[Outcome]:
        """Everything told since the last time."""
        out, self.out = self.out, []
        return out

    def take(self, outputs: Sequence[Output]) -> None:
        """Keep what the SIP core returned."""
        for output in outputs:
            if isinstance(output, SendBytes):
                self.out.append(output)
            else:
                self.events.append(output)

    def sip(self, method: Callable[P, list[Output]], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Ask the SIP core for something. False: the leg's state does not allow it any more.

        That happens when the event that ended the leg still waits in the same turn.
        """
        try:
            self.take(method(*args, **kwargs))
        except LocalProtocolError:
            self.counts["sip_not_allowed"] += 1
            return False
        return True

    def sip_call_id(self, call_id: str) -> str:
        """Call-ID of the leg that brought a caller; empty: there is no such call."""
        call = self.calls.get(call_id)
        return (call.invite.headers.get("Call-ID") or "") if call is not None else ""

    def enter_queue(self, call: Call, *, head: bool = False, free: bool = True) -> None:
        """Put a call into its queue, with all that its rank follows from."""
        self.queueing.enter(
            call.call_id,
            call.queue,
            call.offered_at_s,
            priority=call.priority,
            head=head,
            emergency=call.emergency,
            ageing=call.ageing,
            broadcast=call.broadcast,
            free=free,
        )

    def age(self, call_id: str, ageing: Ageing) -> None:
        """Let a call's priority grow while it waits."""
        call, waiting = self.calls.get(call_id), self.queueing.waiting(call_id)
        if call is not None:
            call.ageing = ageing
        if waiting is not None:
            self.queueing.lines[waiting.queue].age(waiting, ageing)

    def new_leg(self, role: Role, call: Call, *, offerless: bool) -> Leg:
        """A leg that we are about to invite."""
        leg = Leg(f"{role.value}-{self.new_id()}", role, call, offerless=offerless)
        self.legs[leg.leg_id] = leg
        return leg

    def forget_leg(self, leg: Leg) -> None:
        """What the core still says about this leg is of no interest any more."""
        self.legs.pop(leg.leg_id, None)

    def timer(self, kind: str, call: Call, after_s: float) -> None:
        """Start a timer of a call."""
        self.timers.start((kind, call.call_id), self.now_s + after_s)

    def stop_timer(self, kind: str, call: Call) -> None:
        """Stop a timer of a call."""
        self.timers.stop((kind, call.call_id))

    def stop_timers(self, kinds: Sequence[str], call: Call) -> None:
        """Stop several timers of a call."""
        self.timers.stop_all([(kind, call.call_id) for kind in kinds])
