"""An in-memory wire with a fake clock: real user agents on both sides of the ACD, no sockets.

`Wire` delivers datagrams in order and jumps its clock from timer to timer. `Phone` is a caller or
agent on a real `UserAgent`, scripted by a few settings. `AcdOnWire` is a `SipAcd` with its events
recorded.
"""

from __future__ import annotations

import itertools
import json
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from nrcli.errors import LocalProtocolError
from nrcli.sip.message import SipUri
from site_agent.adapters.acd_restart import ALIVE_KIND
from site_agent.adapters.base import AcdCommand, AcdEvent, CallEnded, CallResumed, KeepForRestart
from site_agent.adapters.sip_acd.adapter import SipAcd
from site_agent.adapters.sip_acd.kept_invites import INVITE_KIND
from site_agent.adapters.sip_acd.media import PlayMedia, StopMedia
from site_agent.adapters.sip_acd.settings import SipAcdSettings
from site_agent.sip import signals as s
from site_agent.sip.settings import SipSettings
from site_agent.sip.user_agent import UserAgent

Address = tuple[str, int]


class Node(Protocol):
    def receive(self, data: bytes, peer: s.Peer) -> None: ...
    def fire(self) -> None: ...
    def next_timer_s(self) -> float | None: ...


class Wire:
    """Datagrams in order, one fake clock. `lose` may drop one; `before` runs before each."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.nodes: dict[Address, Node] = {}
        self.queue: deque[tuple[s.Peer, bytes]] = deque()
        self.delivered_count = 0
        self.log: list[str] = []
        self.lose: Callable[[s.Peer, bytes], bool] = lambda peer, data: False
        self.quiet: Callable[[], None] = lambda: None
        "Runs whenever no datagram waits."
        self.before: Callable[[int], None] = lambda count: None
        self._ids = itertools.count(1)

    def new_id(self) -> str:
        return f"x{next(self._ids):07d}"

    def send(self, peer: s.Peer, data: bytes) -> None:
        self.queue.append((peer, data))

    def step(self) -> bool:
        """Deliver one datagram. False: none waits."""
        if not self.queue:
            return False
        self.before(self.delivered_count)
        peer, data = self.queue.popleft()
        self.delivered_count += 1
        first = data.split(b"\r\n", 1)[0].decode()
        lost = self.lose(peer, data)
        self.log.append(
            f"{self.now_s:9.3f} {peer.local[1]} > {peer.remote[1]} {first}{' LOST' * lost}"
        )
        node = self.nodes.get(peer.remote)
        if node is not None and not lost:
            node.receive(data, s.Peer(peer.transport, peer.remote, peer.local))
        return True

    def settle(self) -> None:
        """Deliver everything that can be delivered without time passing."""
        for _ in range(5000):
            if not self.step():
                self.quiet()
                return
        raise AssertionError("messages go round for ever:\n" + "\n".join(self.log[-40:]))

    def advance(self, seconds: float) -> None:
        """Let time pass, timer by timer."""
        until_s = self.now_s + seconds
        self.settle()
        while True:
            due = [at for node in self._unique() if (at := node.next_timer_s()) is not None]
            next_s = min(due, default=None)
            if next_s is None or next_s > until_s:
                break
            self.now_s = max(self.now_s, next_s)
            for node in self._unique():
                at = node.next_timer_s()
                if at is not None and at <= self.now_s:
                    node.fire()
            self.settle()
        self.now_s = until_s

    def _unique(self) -> Iterable[Node]:
        return {id(node): node for node in self.nodes.values()}.values()


def sdp_of(port: int, direction: str = "sendrecv") -> bytes:
    return (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 0 8\r\na={direction}\r\n"
    ).encode()


def port_of(body: bytes) -> int:
    """The audio port of a session description; 0 if there is none."""
    for line in body.decode("utf-8", "replace").splitlines():
        words = line.split()
        if words[:1] == ["m=audio"] and len(words) > 1 and words[1].isascii():
            return int(words[1]) if words[1].isdigit() else 0
    return 0


class Phone:
    """A caller's or agent's phone.

    `answer_after_s` None: rings for ever; `refuse` a final status; `silent`: says nothing at all;
    `on_refer` answers REFERs: a status, 202 then follows the target by itself.
    """

    def __init__(self, wire: Wire, address: Address, media_port: int, **script: Any) -> None:
        self.wire = wire
        self.address = address
        self.media_port = media_port
        self.answer_after_s: float | None = script.pop("answer_after_s", 0.0)
        self.refuse: int = script.pop("refuse", 0)
        self.silent: bool = script.pop("silent", False)
        self.rings: bool = script.pop("rings", True)
        self.reinvite_status: int = script.pop("reinvite_status", 200)
        self.refer_status: int = script.pop("refer_status", 202)
        self.takes_offerless: bool = script.pop("takes_offerless", False)
        self.on_refer: Callable[[Phone, s.ReferReceived], None] | None = script.pop(
            "on_refer", None
        )
        assert not script, script
        self.ua = UserAgent(SipSettings(), wire.new_id)
        self.events: list[s.UserAgentEvent] = []
        self.got: list[bytes] = []
        self.legs: dict[str, str] = {}
        "Leg to state: calling, ringing, up."
        self.heard: dict[str, int] = {}
        "Leg to the port that the far end told last: where we send to, whom we hear."
        self.finals: list[int] = []
        self.invites: list[s.InviteReceived] = []
        self.offerless: set[str] = set()
        self._timers: list[tuple[float, str]] = []
        wire.nodes[address] = self

    # ---- as a node -----------------------------------------------------------------------------

    def receive(self, data: bytes, peer: s.Peer) -> None:
        self.got.append(data)
        if not self.silent:
            self.take(self.ua.receive(data, peer, self.wire.now_s))

    def fire(self) -> None:
        self.take(self.ua.fire(self.wire.now_s))
        due = [leg for at_s, leg in self._timers if at_s <= self.wire.now_s]
        self._timers = [(at_s, leg) for at_s, leg in self._timers if at_s > self.wire.now_s]
        for leg in due:
            if self.legs.get(leg) == "ringing":
                self.answer(leg)

    def next_timer_s(self) -> float | None:
        times = [at_s for at_s, _ in self._timers]
        next_s = self.ua.next_timer_s()
        return min([*times, *([] if next_s is None else [next_s])], default=None)

    def take(self, outputs: list[s.Output]) -> None:
        for output in outputs:
            if isinstance(output, s.SendBytes):
                self.wire.send(output.peer, output.data)
            else:
                self.events.append(output)
                self.react(output)

    # ---- what it does --------------------------------------------------------------------------

    def call(
        self,
        uri: str,
        *,
        offerless: bool = False,
        headers: Iterable[s.Header] = (),
        from_: str = "<sip:+351911111111@caller>",
    ) -> str:
        leg = f"out-{self.wire.new_id()}"
        target = SipUri.parse(uri)
        peer = s.Peer("udp", self.address, (target.host, target.port or 5060))
        self.legs[leg] = "calling"
        if offerless:
            self.offerless.add(leg)
        self.take(
            self.ua.invite(
                leg,
                target,
                peer,
                self.wire.now_s,
                from_=from_,
                to=f"<{uri}>",
                body=b"" if offerless else sdp_of(self.media_port),
                headers=list(headers),
            )
        )
        return leg

    def answer(self, leg: str) -> None:
        self.legs[leg] = "answered"
        self.take(self.ua.answer(leg, sdp_of(self.media_port), self.wire.now_s))

    def hang_up(self, leg: str) -> None:
        """CANCEL or BYE, whichever the state allows; nothing if it is over."""
        state = self.legs.pop(leg, "")
        now_s = self.wire.now_s
        try:
            if state in ("calling", "early"):
                self.take(self.ua.cancel(leg, now_s))
            elif state:
                self.take(self.ua.bye(leg, now_s))
        except LocalProtocolError:
            pass

    def hears(self) -> int:
        """The port of the far end of the only call."""
        assert len(self.legs) == 1, self.legs
        return self.heard.get(next(iter(self.legs)), 0)

    @property
    def is_idle(self) -> bool:
        return not self.legs

    def told(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    # ---- how it reacts -------------------------------------------------------------------------

    def react(self, event: s.UserAgentEvent) -> None:
        method = getattr(self, f"_on_{type(event).__name__}", None)
        if method is not None:
            method(event)

    def _on_InviteReceived(self, event: s.InviteReceived) -> None:
        self.invites.append(event)
        if self.refuse:
            self.take(self.ua.reject(event.leg, self.refuse, self.wire.now_s))
            return
        self.legs[event.leg] = "ringing"
        self.heard[event.leg] = port_of(event.request.body)
        if self.rings:
            self.take(self.ua.ring(event.leg, 180, self.wire.now_s))
        if self.answer_after_s == 0:
            self.answer(event.leg)
        elif self.answer_after_s is not None:
            self._timers.append((self.wire.now_s + self.answer_after_s, event.leg))

    def _on_CancelReceived(self, event: s.CancelReceived) -> None:
        self.legs.pop(event.leg, None)

    def _on_AckReceived(self, event: s.AckReceived) -> None:
        if event.leg in self.legs:
            self.legs[event.leg] = "up"
        if event.body:
            self.heard[event.leg] = port_of(event.body)

    def _on_AckMissing(self, event: s.AckMissing) -> None:
        self.hang_up(event.leg)

    def _on_ProvisionalReceived(self, event: s.ProvisionalReceived) -> None:
        if self.legs.get(event.leg) == "calling":
            self.legs[event.leg] = "early"

    def _on_AnswerReceived(self, event: s.AnswerReceived) -> None:
        body = sdp_of(self.media_port) if event.leg in self.offerless else b""
        self.take(self.ua.ack(event.leg, self.wire.now_s, body=body))
        if event.leg in self.legs:
            self.legs[event.leg] = "up"
            self.finals.append(200)
        self.heard[event.leg] = port_of(event.response.body)

    def _on_InviteFailed(self, event: s.InviteFailed) -> None:
        if not event.is_reinvite:
            self.legs.pop(event.leg, None)
            self.finals.append(event.status)

    def _on_ByeReceived(self, event: s.ByeReceived) -> None:
        self.legs.pop(event.leg, None)

    def _on_LegLost(self, event: s.LegLost) -> None:
        self.legs.pop(event.leg, None)

    def _on_ReinviteReceived(self, event: s.ReinviteReceived) -> None:
        if self.reinvite_status != 200:
            self.take(self.ua.refuse_reinvite(event.leg, self.reinvite_status, self.wire.now_s))
            return
        assert event.request.body or self.takes_offerless, (
            "a trunk must never get a re-INVITE without an offer"
        )
        if event.request.body:
            self.heard[event.leg] = port_of(event.request.body)
        self.take(self.ua.accept_reinvite(event.leg, sdp_of(self.media_port), self.wire.now_s))

    def _on_RequestReceived(self, event: s.RequestReceived) -> None:
        if event.request.method == "OPTIONS":
            self.take(self.ua.respond(event.transaction, 200, self.wire.now_s))

    def _on_ReferReceived(self, event: s.ReferReceived) -> None:
        if self.refer_status != 202:
            self.take(self.ua.refuse_refer(event.leg, self.refer_status, self.wire.now_s))
            return
        self.take(self.ua.accept_refer(event.leg, self.wire.now_s))
        if self.on_refer is not None:
            self.on_refer(self, event)


class AcdOnWire:
    """A `SipAcd` on the wire; `decide` answers events with commands in the same turn."""

    def __init__(self, wire: Wire, settings: SipAcdSettings) -> None:
        self.wire = wire
        self.settings = settings
        self.kept: dict[tuple[str, str], str] = {}
        "What the journal would say."
        self.events: list[AcdEvent] = []
        self.playing: dict[str, Address] = {}
        self.sources: dict[str, str] = {}
        self.decide: Callable[[AcdEvent], list[AcdCommand]] = lambda event: []
        self.ua = UserAgent(SipSettings(), wire.new_id)
        self.acd = SipAcd(settings, self.ua, wire.new_id, keeps=True)
        self.listen()

    def listen(self) -> None:
        for group in self.settings.trunk_groups:
            self.wire.nodes[group.listen] = self
        self.wire.nodes[self.settings.agents_listen] = self

    def kill(self) -> None:
        """The process is gone: nobody hears what comes, its timers and its player stop."""
        for address in [at for at, node in self.wire.nodes.items() if node is self]:
            del self.wire.nodes[address]
        self.playing.clear()

    def restart(self, settings: SipAcdSettings | None = None) -> list[CallResumed]:
        """A new process with what was kept; the calls that it goes on with."""
        self.settings = settings or self.settings
        self.ua = UserAgent(SipSettings(), self.wire.new_id)
        self.acd = SipAcd(self.settings, self.ua, self.wire.new_id, keeps=True)
        self.listen()
        mine = [
            KeepForRestart(kind=kind, key=key, value=json.loads(text))
            for (kind, key), text in self.kept.items()
        ]
        answered = [one for one in mine if one.kind != INVITE_KIND]
        resumed, outcomes = self.acd.resume(answered, 0.0, self.wire.now_s)
        self.take(outcomes)
        rang = [one for one in mine if one.kind in (INVITE_KIND, ALIVE_KIND)]
        self.take(self.acd.take_in_again(rang, 0.0, self.wire.now_s))
        return resumed

    def receive(self, data: bytes, peer: s.Peer) -> None:
        self.take(self.acd.receive(data, peer, self.wire.now_s))

    def fire(self) -> None:
        self.take(self.acd.fire(self.wire.now_s))

    def next_timer_s(self) -> float | None:
        return self.acd.next_timer_s()

    def command(self, command: AcdCommand) -> None:
        self.take(self.acd.command(command, self.wire.now_s))

    def take(self, outcomes: list[Any]) -> None:
        for outcome in [one for one in outcomes if isinstance(one, KeepForRestart)]:
            self._keep(outcome)
        for outcome in [one for one in outcomes if not isinstance(one, KeepForRestart)]:
            if isinstance(outcome, s.SendBytes):
                self.wire.send(outcome.peer, outcome.data)
            elif isinstance(outcome, PlayMedia):
                self.playing[outcome.session] = outcome.remote
                self.sources[outcome.session] = outcome.source
            elif isinstance(outcome, StopMedia):
                self.playing.pop(outcome.session, None)
            else:
                self.events.append(outcome)
                for command in self.decide(outcome):
                    self.command(command)

    def _keep(self, one: KeepForRestart) -> None:
        self.kept.pop((one.kind, one.key), None)
        if one.value is not None:
            self.kept[(one.kind, one.key)] = json.dumps(one.value)

    def told(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def remembered(self) -> list[object]:
        """What the moves and the pass-through still remember."""
        parts = self.acd._b2b
        return [
            *parts.moves._aborting.values(),
            *parts._passing._infos.values(),
            *parts.ending._leaving.values(),
            *parts.ending._talked.values(),
        ]

    def ended(self) -> list[str]:
        return [event.released_by for event in self.told(CallEnded)]
