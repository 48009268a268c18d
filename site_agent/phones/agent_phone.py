"""One agent's phone: rings, answers after a while, talks, hangs up; writes down what it was sent.

Rule of this file: decisions only; every method returns what the user agent core returned, and
asks the switchboard for timers through `Timers`. A phone in a call that is rung again has found a
double booking.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from site_agent.phones.attached_data import DATA_HEADER, INTERACTION_HEADER, from_header
from site_agent.phones.sdp import AGENT, call_of, offer_or_answer, session_name
from site_agent.phones.second_call import SecondCall
from site_agent.sip.signals import (
    AckMissing,
    AckReceived,
    AnswerReceived,
    ByeReceived,
    CancelReceived,
    InviteReceived,
    LegLost,
    Output,
    Peer,
    ReferAnswered,
    ReferNotified,
    ReinviteReceived,
    UserAgentCore,
    UserAgentEvent,
)


class Behaviour(Enum):
    """What a phone does when it rings."""

    ANSWER = "answer"
    SILENT = "silent"
    "Rings, nobody answers."
    REFUSE = "refuse"
    "480 at once."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings:
    """One agent's phone."""

    name: str
    site: str
    listen: tuple[str, int]
    behaviour: Behaviour = Behaviour.ANSWER
    answer_after_s: tuple[float, float] = (0.1, 0.4)
    talk_s: tuple[float, float] = (1.0, 4.0)
    "The agent hangs up after so long, unless the caller does before."
    register_at: tuple[str, int] | None = None
    "The PBX where the phone logs in; None: it is called at its address without."
    password: str = field(default="", repr=False)


@dataclass(slots=True)
class TakenCall:
    """A call at an agent's phone, from its INVITE to its end."""

    leg: str
    agent: str
    site: str
    peer: Peer
    "Where it came from."
    talks_with: str = ""
    "What the far end says of itself."
    call: str = ""
    "Number of the caller, from the caller's SDP; empty for a caller who is none of ours."
    interaction_id: str = ""
    data: bytes | None = None
    answered: bool = False
    connected: bool = False
    connected_at_s: float = 0.0
    agent_hung_up: bool = False
    over: bool = False


@dataclass(slots=True)
class AgentPhone:
    """State of one phone."""

    settings: AgentSettings
    user_agent: UserAgentCore
    draw: random.Random
    rtp: tuple[str, int]
    start_timer: Callable[[float, Callable[[float], list[Output]]], None]
    "(at_s, what to do then)"
    told: Callable[[TakenCall], None]
    "Called whenever something became known about a call at this phone."
    new_leg: Callable[[], str]
    "A leg of a call that this phone makes."
    behaviour: Behaviour = field(init=False)
    talk_s: tuple[float, float] = field(init=False)
    second: SecondCall = field(init=False)
    current: TakenCall | None = None
    rung_count: int = 0
    taken_count: int = 0
    double_booked_count: int = 0
    refer_statuses: list[int] = field(default_factory=list)
    "What was said of this phone's last transfer: the answer to its REFER, then the NOTIFYs."

    def __post_init__(self) -> None:
        self.behaviour = self.settings.behaviour
        self.talk_s = self.settings.talk_s
        self.second = SecondCall(
            self.user_agent, self.settings.name, self._name(), self.rtp, self.new_leg
        )

    def on(self, event: UserAgentEvent, now_s: float) -> list[Output]:
        """One event of a leg at this phone."""
        if self.second.leg and getattr(event, "leg", "") == self.second.leg:
            return self.second.on(event, now_s)
        match event:
            case InviteReceived():
                return self._rung(event, now_s)
            case AckReceived():
                return self._connected(event.body, now_s)
            case ReinviteReceived():
                self._learn_caller(event.request.body)
                return self.user_agent.accept_reinvite(event.leg, self._sdp(event.leg), now_s)
            case AnswerReceived():
                self._learn_caller(event.response.body)
                return self.user_agent.ack(event.leg, now_s)
            case ReferAnswered() | ReferNotified():
                self.refer_statuses.append(event.status)
            case AckMissing():
                return self.user_agent.bye(event.leg, now_s)
            case CancelReceived() | ByeReceived() | LegLost():
                self._over(event.leg)
        return []

    def transfer(self, to: str, now_s: float) -> list[Output]:
        """Pass the caller on by REFER; ValueError where there is none. `to`: a URI's user part."""
        call = self._caller()
        self.refer_statuses.clear()
        return self.user_agent.refer(call.leg, f"<sip:{to}@site>", now_s)

    def order(self, do: str, to: str, now_s: float) -> list[Output]:
        """What an agent does with a caller at hand: `hold`, `resume`, `transfer`, `consult` and
        `join` (with a URI's user part), `hold_second`, `resume_second`, `drop_second`, `hang_up`.

        Raises ValueError where there is no such call.
        """
        call, second = self._caller(), self.second
        if do == "transfer":
            return self.transfer(to, now_s)
        if do in ("join", "hold_second", "resume_second", "drop_second") and not second.leg:
            raise ValueError(f"{self.settings.name} has no second call")
        if do == "consult":
            return second.dial(to, call.peer, now_s)
        if do == "join":
            self.refer_statuses.clear()
            return second.join(call.leg, to, now_s)
        if do == "drop_second":
            return second.drop(now_s)
        if do == "hang_up":
            return self._hang_up(call.leg, now_s)
        change = second.hold if do.startswith("hold") else second.resume
        return change(second.leg if do.endswith("_second") else call.leg, now_s)

    def shown(self) -> dict[str, object]:
        """The call at this phone, for whoever watches it."""
        call = self.current
        data = call.data if call is not None else None
        return {
            "in_call": call is not None,
            "talks_with": call.talks_with if call is not None else "",
            "interaction": call.interaction_id if call is not None else "",
            "data": data.decode("utf-8", "replace") if data else "",
            "second": self.second.as_json(),
        }

    def _caller(self) -> TakenCall:
        if self.current is None or not self.current.connected:
            raise ValueError(f"{self.settings.name} talks with nobody")
        return self.current

    def _rung(self, event: InviteReceived, now_s: float) -> list[Output]:
        self.rung_count += 1
        if self.current is not None:
            self.double_booked_count += 1
            return self.user_agent.reject(event.leg, 486, now_s)
        if self.behaviour is Behaviour.REFUSE:
            return self.user_agent.reject(event.leg, 480, now_s)
        headers = event.request.headers
        data = headers.get(DATA_HEADER)
        self.current = TakenCall(
            leg=event.leg,
            agent=self.settings.name,
            site=self.settings.site,
            peer=event.peer,
            talks_with=session_name(event.request.body),
            call=call_of(event.request.body),
            interaction_id=headers.get(INTERACTION_HEADER) or "",
            data=from_header(data) if data else None,
        )
        if self.behaviour is Behaviour.ANSWER:
            at_s = now_s + self.draw.uniform(*self.settings.answer_after_s)
            self.start_timer(at_s, lambda then_s: self._answer(event.leg, then_s))
        return self.user_agent.ring(event.leg, 180, now_s)

    def _answer(self, leg: str, now_s: float) -> list[Output]:
        if self.current is None or self.current.leg != leg:
            return []
        self.current.answered = True
        return self.user_agent.answer(leg, self._sdp(leg), now_s)

    def _connected(self, body: bytes, now_s: float) -> list[Output]:
        call = self.current
        if call is None or call.over:
            return []
        self._learn_caller(body)
        if not call.connected:
            call.connected, call.connected_at_s = True, now_s
            self.taken_count += 1
            at_s = now_s + self.draw.uniform(*self.talk_s)
            self.start_timer(at_s, lambda then_s: self._hang_up(call.leg, then_s))
        self.told(call)
        return []

    def _hang_up(self, leg: str, now_s: float) -> list[Output]:
        call = self.current
        if call is None or call.leg != leg or call.over:
            return []
        call.agent_hung_up = True
        self._over(leg)
        return self.user_agent.bye(leg, now_s)

    def _learn_caller(self, body: bytes) -> None:
        if self.current is not None:
            self.current.call = call_of(body) or self.current.call
            self.current.talks_with = session_name(body) or self.current.talks_with

    def _over(self, leg: str) -> None:
        self.second.over(leg)
        if self.current is not None and self.current.leg == leg:
            call, self.current = self.current, None
            call.over = True
            self.told(call)

    def _name(self) -> str:
        return f"{AGENT}{self.settings.name}@{self.settings.site}"

    def _sdp(self, leg: str) -> bytes:
        direction = self.second.held.get(leg, "sendrecv")
        return offer_or_answer(self._name(), *self.rtp, direction=direction)
