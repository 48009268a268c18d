"""One ACD with phones around it on the in-memory wire; `finish` asks what was left over."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

from acd_wire import AcdOnWire, Phone, Wire

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import AgentChanged, CallArriving, CallEnded, CallOffered
from site_agent.adapters.sip_acd.settings import (
    AgentSettings,
    LimitSettings,
    MediaSettings,
    QueueSettings,
    ServiceSettings,
    SipAcdSettings,
    TrunkGroupSettings,
)

CARRIER = ("127.0.0.1", 5061)
NETWORK = ("127.0.0.1", 5062)
AGENTS = ("127.0.0.1", 5063)
PLAYER = ("127.0.0.1", 9000)
CALLER = ("127.0.0.9", 7000)
TOKEN = "nirc-" + "a" * 26

SETTINGS = SipAcdSettings(
    trunk_groups=(
        TrunkGroupSettings(
            name="carrier",
            listen=CARRIER,
            peers=("127.0.0.0/8",),
            ivr_peers=("127.0.0.9/32",),
            answer_after_s=1.0,
            channels_max=20,
            numbers={"+351210000001": "vip", "sales": "sales"},
        ),
        TrunkGroupSettings(name="network", listen=NETWORK, kind="network", answer_after_s=10.0),
    ),
    queues=(QueueSettings(name="sales", ring_s=15.0, acw_s=1.0),),
    services={"vip": ServiceSettings(queue="sales", priority=5)},
    agents=(
        AgentSettings(name="anna", queues={"sales": 5}, contact="sip:anna@127.0.0.1:6001"),
        AgentSettings(name="rita", queues={"sales": 5}),
    ),
    agents_listen=AGENTS,
    media=MediaSettings(rtp_listen=PLAYER),
    limits=LimitSettings(rona_rest_s=5.0),
)


class Bench:
    """Caller, agent anna, a target site's phone, and the ACD between them."""

    def __init__(self, *, anna_ready: bool = True, **changes: Any) -> None:
        self.wire = Wire()
        self.acd = AcdOnWire(self.wire, dataclasses.replace(SETTINGS, **changes))
        self.caller = Phone(self.wire, CALLER, 4001)
        self.anna = Phone(self.wire, ("127.0.0.1", 6001), 4002, takes_offerless=True)
        self.target = Phone(self.wire, ("127.0.0.1", 6100), 4003)
        self.leg = ""
        self.silent_since_s: float | None = None
        self.wire.quiet = self.check_sound
        if not anna_ready:
            self.ready(False)

    def ready(self, ready: bool) -> None:
        self.acd.take(self.acd.acd.set_agent_state("anna", ready, self.wire.now_s))

    def call(self, user: str = "sales", trunk: tuple[str, int] = CARRIER, **how: Any) -> str:
        """The caller rings; returns the call id the ACD gave, after all that happens at once."""
        before = len(self.offered())
        self.leg = self.caller.call(f"sip:{user}@{trunk[0]}:{trunk[1]}", **how)
        self.wire.settle()
        calls = self.offered()
        return calls[-1].call_id if len(calls) > before else ""

    def offered(self) -> list[Any]:
        return [e for e in self.acd.events if isinstance(e, CallOffered | CallArriving)]

    def told(self, *kinds: type) -> list[Any]:
        return [event for event in self.acd.events if isinstance(event, kinds)]

    def names(self) -> list[str]:
        """Names of the call events so far, in order."""
        skip = {"AgentChanged", "QueueChanged", "TrunkChanged"}
        return [n for event in self.acd.events if (n := type(event).__name__) not in skip]

    def agent_state(self, name: str = "anna") -> AgentState:
        return [e.state for e in self.told(AgentChanged) if e.agent == name][-1]

    def check_sound(self) -> None:
        """No answered caller hears more than 2 s of silence."""
        heard = [self.caller.heard.get(leg) for leg, at in self.caller.legs.items() if at == "up"]
        alive = {
            9000: bool(self.acd.playing),
            4002: not self.anna.is_idle,
            4003: not self.target.is_idle,
            4004: True,
        }
        if all(alive.get(port or 0, False) for port in heard):
            self.silent_since_s = None
        elif self.silent_since_s is None:
            self.silent_since_s = self.wire.now_s
        assert self.silent_since_s is None or self.wire.now_s - self.silent_since_s <= 2.0, (
            f"silence since {self.silent_since_s}:\n" + "\n".join(self.wire.log[-30:])
        )

    def finish(self) -> None:
        """Hang up, let every timer run out; nothing may be left, every end was told once."""
        self.caller.hang_up(self.leg)
        self.wire.advance(200.0)
        assert self.caller.is_idle, (self.caller.legs, self.wire.log)
        assert self.anna.is_idle, (self.anna.legs, self.wire.log)
        assert self.target.is_idle, (self.target.legs, self.wire.log)
        self.check_clean()

    def check_clean(self) -> None:
        desk = self.acd.acd._desk
        log = "\n".join(self.wire.log[-60:])
        assert not desk.calls, log
        assert not desk.legs, (desk.legs, log)
        assert not desk.events and not desk.out
        assert len(desk.timers) == 0, (desk.timers._at, log)
        assert len(desk.queueing.holds) == 0
        assert desk.queueing.next_timer_s() is None
        assert not desk.queueing._calls
        for line in desk.queueing.lines.values():
            assert line.waiting_count == line.places_held_count == 0
        for group in desk.trunks.all():
            assert group.used_count == 0, (group.settings.name, log)
        assert not self.acd.playing
        assert not self.acd.remembered(), log
        offered = Counter(event.call_id for event in self.offered())
        ended = Counter(event.call_id for event in self.told(CallEnded))
        assert offered == ended and set(ended.values()) <= {1}, (offered, ended, log)
        assert self.agent_state() in (AgentState.READY, AgentState.NOT_READY)
        assert not self.acd.ua._legs, (self.acd.ua._legs, log)
