"""Decides everything about one stream between two ends, apart from moving its bytes.

Rule of this file: pure; `now_s` is given. Both ends of a link, site or node, are this one machine
with different greetings. Whatever breaks the protocol ends the link, and of the frame that broke it
nothing is believed. How a link's life goes stands in MOVES and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from nrcli.errors import LocalProtocolError, RemoteProtocolError
from nrcli.wire.link_attention import Attention
from nrcli.wire.link_greeting import Greeting, Rhythm
from nrcli.wire.link_lanes import LaneCounts, Lanes, LaneSettings, Message, is_patient
from nrcli.wire.link_pace import SITE_PACE, Pace, PaceSettings
from nrcli.wire.messages import Heartbeat, Hello, LinkRefused, PeerHello, Welcome

AT_ONCE_S = 0.0
"An instant that is always past."
_GREETING_MESSAGES = (Hello, Welcome, LinkRefused, PeerHello)


class LinkState(Enum):
    """Where a link is in its life."""

    OPENING = "opening"
    "The stream stands; the other end's greeting has not come."
    UP = "up"
    ENDED = "ended"


class Sign(Enum):
    """What can happen to a link."""

    GREETED = "greeted"
    "The other end's greeting came and is accepted."
    REFUSED = "refused"
    "One end will not have the other."
    HEARD = "heard"
    "A frame in order, without a greeting."
    BROKEN = "broken"
    "The other end broke the protocol."
    SILENT = "silent"
    OVERFLOWED = "overflowed"
    "A decision found no room."
    CLOSED = "closed"
    "The stream ended, or its owner wants it ended."


MOVES: dict[tuple[LinkState, Sign], LinkState] = {
    (LinkState.OPENING, Sign.GREETED): LinkState.UP,
    (LinkState.OPENING, Sign.REFUSED): LinkState.ENDED,
    (LinkState.OPENING, Sign.HEARD): LinkState.OPENING,
    (LinkState.OPENING, Sign.BROKEN): LinkState.ENDED,
    (LinkState.OPENING, Sign.SILENT): LinkState.ENDED,
    (LinkState.OPENING, Sign.OVERFLOWED): LinkState.ENDED,
    (LinkState.OPENING, Sign.CLOSED): LinkState.ENDED,
    (LinkState.UP, Sign.GREETED): LinkState.ENDED,
    (LinkState.UP, Sign.REFUSED): LinkState.ENDED,
    (LinkState.UP, Sign.HEARD): LinkState.UP,
    (LinkState.UP, Sign.BROKEN): LinkState.ENDED,
    (LinkState.UP, Sign.SILENT): LinkState.ENDED,
    (LinkState.UP, Sign.OVERFLOWED): LinkState.ENDED,
    (LinkState.UP, Sign.CLOSED): LinkState.ENDED,
    (LinkState.ENDED, Sign.GREETED): LinkState.ENDED,
    (LinkState.ENDED, Sign.REFUSED): LinkState.ENDED,
    (LinkState.ENDED, Sign.HEARD): LinkState.ENDED,
    (LinkState.ENDED, Sign.BROKEN): LinkState.ENDED,
    (LinkState.ENDED, Sign.SILENT): LinkState.ENDED,
    (LinkState.ENDED, Sign.OVERFLOWED): LinkState.ENDED,
    (LinkState.ENDED, Sign.CLOSED): LinkState.ENDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """Limits and times of one link."""

    rhythm: Rhythm = field(default_factory=Rhythm)
    "Ours; a site takes over the rhythm of the node's welcome."
    greeting_s_max: float = 5.0
    "Time for the other end's greeting, that for connecting included."
    greeting_s_longest: float = 20.0
    """An end that had no time to greet gets twice as long at the next attempt, up to this: where
    hundreds come back at once, attempts that are given up too soon only make more work."""
    pace: PaceSettings = SITE_PACE
    patience_s: float = 0.02
    "How long a message may wait that nobody waits for; any frame takes it along."
    ack_after_frames: int = 32
    "After so many frames unacknowledged by us, an empty frame acknowledges them."
    unacked_frames_max: int = 1024
    "Frames sent but not acknowledged, above which nothing more is sent."
    lanes: LaneSettings = field(default_factory=LaneSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnd:
    """Why a link ended. `code` is one of LinkRefused's codes, or silence, closed or protocol."""

    code: str
    reason: str
    refused: bool = False
    "One end would not have the other; trying again soon is of no use."
    absent: bool = False
    "The other end's host says that nothing listens there: to ask again costs little."


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A frame to send now; `envelopes` as `Codec.encode` made them."""

    seq: int
    ack: int
    envelopes: tuple[bytes, ...]


class LinkSession:
    """One end of one link.

    The shell hands in what it read (`receive`), asks what to write (`take`) and until when it may
    sleep (`wake_at_s`), and ends the stream when `ended` says why.
    """

    def __init__(
        self,
        settings: LinkSettings,
        *,
        greeting: Greeting,
        encode: Callable[[Message], bytes],
        now_s: float,
        pace: Pace | None = None,
        attention: Attention | None = None,
    ) -> None:
        """`pace` and `attention` are shared by all sessions of a program."""
        self.state = LinkState.OPENING
        self.ended: LinkEnd | None = None
        self.other: Message | None = None
        "The greeting of the other end, once the link is up."
        self.version = 0
        self._settings = settings
        self._rhythm = settings.rhythm
        self._greeting = greeting
        self._encode = encode
        self._lanes = Lanes(settings.lanes)
        self._pace = pace or Pace(settings.pace)
        self.attention = attention or Attention()
        "Whoever wakes for this link tells it when that was due."
        self._held_up_s = self.attention.held_up_s
        "Its total when the other end was last heard."
        self._flow = _Flow(now_s)
        self._urgent = [encode(opening)] if (opening := greeting.opening()) else []
        self._flush_at_s: float | None = None
        self._said_at_s = -1.0
        "When something other than link control was last heard."

    @property
    def counts(self) -> LaneCounts:
        """What happened to what we were to send."""
        return self._lanes.counts

    # ---- what comes in ------------------------------------------------------------------------

    def receive(
        self, seq: int, ack: int, messages: tuple[Message, ...], now_s: float
    ) -> list[Message]:
        """A frame came in; returns its messages without link control.

        Raises RemoteProtocolError, and ends the link, if it is out of order.
        """
        if self.state is LinkState.ENDED:
            return []
        problem = self._flow.problem(seq, ack)
        if problem:
            self.break_off(problem, code="sequence")
            raise RemoteProtocolError(problem)
        self._flow.heard(seq, ack, now_s)
        self._held_up_s = self.attention.held_up_s
        said: list[Message] = []
        for message in messages:
            if self.ended is not None:
                break
            if self.state is LinkState.OPENING:
                self._greet(message)
            elif isinstance(message, LinkRefused):
                self._end(Sign.REFUSED, code=message.code, reason=message.reason)
            elif isinstance(message, _GREETING_MESSAGES):
                return self._second_greeting(message)
            elif not isinstance(message, Heartbeat):
                said.append(message)
        self._move(Sign.HEARD)
        if said:
            self._said_at_s = now_s
        return said

    def _second_greeting(self, message: Message) -> list[Message]:
        problem = f"{type(message).__name__} on a link that is up"
        self.break_off(problem, code="sequence")
        raise RemoteProtocolError(problem)

    def _greet(self, message: Message) -> None:
        verdict = self._greeting.judge(message)
        if verdict.reply is not None:
            self._urgent.append(self._encode(verdict.reply))
        if verdict.refused is not None:
            self._end(Sign.REFUSED, code=verdict.refused.code, reason=verdict.refused.reason)
            return
        self._rhythm = verdict.rhythm or self._rhythm
        self.other, self.version = message, verdict.version
        self._move(Sign.GREETED)

    def break_off(self, problem: str, *, code: str = "protocol") -> None:
        """The other end sent what no honest end sends."""
        self._end(Sign.BROKEN, code=code, reason=problem)

    def close(self, code: str, reason: str, *, say: LinkRefused | None = None) -> None:
        """End the link from our side; `say` is sent before it ends."""
        if say is not None and self.state is not LinkState.ENDED:
            self._urgent.append(self._encode(say))
        self._end(Sign.REFUSED if say else Sign.CLOSED, code=code, reason=reason)

    def lose(self, end: LinkEnd) -> None:
        """The stream under the link is gone, for the reason in `end`."""
        if self.ended is None:
            self.ended = end
        self._urgent.clear()
        self._move(Sign.REFUSED if end.refused else Sign.CLOSED)

    # ---- what goes out ------------------------------------------------------------------------

    def send(self, message: Message, now_s: float, not_after_s: float | None = None) -> bool:
        """Queue a message on its lane. False: the link is not up, or was given up just now.

        Raises LocalProtocolError if the message cannot be put into bytes.
        """
        if isinstance(message, _GREETING_MESSAGES):
            raise LocalProtocolError(f"{type(message).__name__} is sent by the link itself")
        if self.state is not LinkState.UP:
            return False
        if not self._lanes.put(message, self._encode(message), not_after_s):
            self._end(
                Sign.OVERFLOWED, code="overload", reason="the other end takes no more decisions"
            )
            return False
        self._pace.note(now_s)
        if is_patient(message):
            flush_at_s = now_s + self._settings.patience_s
        else:
            flush_at_s = self._pace.write_at_s(self._said_at_s, now_s)
        if self._flush_at_s is None or flush_at_s < self._flush_at_s:
            self._flush_at_s = flush_at_s
        return True

    def take(self, now_s: float) -> Batch | None:
        """The frame to write now, if any. What is too late for its `not_after_s` is left out."""
        if self._urgent:
            return self._batch(now_s)
        if self.state is not LinkState.UP or self._is_held_back():
            return None
        return self._batch(now_s) if self._is_due(now_s) else None

    def _is_held_back(self) -> bool:
        return self._flow.unacked_count >= self._settings.unacked_frames_max

    def _is_due(self, now_s: float) -> bool:
        return now_s >= self._due_at_s() or self._owes_ack()

    def _due_at_s(self) -> float:
        """When something is to be sent: waiting messages, else a heartbeat."""
        if self._flush_at_s is None:
            return self._flow.sent_at_s + self._rhythm.heartbeat_s
        return AT_ONCE_S if self._lanes.is_batch_full else self._flush_at_s

    def _owes_ack(self) -> bool:
        return self._flow.unsaid_acks_count >= self._settings.ack_after_frames

    def _batch(self, now_s: float) -> Batch:
        envelopes = self._urgent
        self._urgent = []
        if self.state is LinkState.UP:
            envelopes += self._lanes.take(now_s)
            self._flush_at_s = now_s if len(self._lanes) else None
        if not envelopes and not self._owes_ack():
            envelopes = [self._encode(Heartbeat())]
        seq, ack = self._flow.note_sent(now_s)
        return Batch(seq=seq, ack=ack, envelopes=tuple(envelopes))

    # ---- time ---------------------------------------------------------------------------------

    def wake_at_s(self) -> float:
        """When to call `tick` and `take` again, if nothing comes in and nothing is sent."""
        if self._urgent or self.ended is not None:
            return AT_ONCE_S
        if self.state is not LinkState.UP or self._is_held_back():
            return self.silent_at_s()
        if self._owes_ack():
            return AT_ONCE_S
        return min(self._due_at_s(), self.silent_at_s())

    def tick(self, now_s: float) -> None:
        """Notice silence."""
        if self.state is not LinkState.ENDED and now_s >= self.silent_at_s():
            reason = f"nothing heard for {self._rhythm.silence_s_max:g} s"
            if self.state is LinkState.OPENING:
                reason = f"no greeting for {self._settings.greeting_s_max:g} s"
            self._end(Sign.SILENT, code="silence", reason=reason)

    def silent_at_s(self) -> float:
        """When the other end is given up: its time, and what this program itself was held up."""
        is_opening = self.state is LinkState.OPENING
        since_s = self._flow.opened_at_s if is_opening else self._flow.heard_at_s
        limit_s = self._settings.greeting_s_max if is_opening else self._rhythm.silence_s_max
        return since_s + limit_s + self.attention.since(self._held_up_s)

    # ---- the end ------------------------------------------------------------------------------

    def _move(self, sign: Sign) -> None:
        self.state = MOVES[self.state, sign]

    def _end(self, sign: Sign, *, code: str, reason: str) -> None:
        if self.ended is None:
            self.ended = LinkEnd(code=code, reason=reason, refused=sign is Sign.REFUSED)
        self._move(sign)


class _Flow:
    """Numbers of frames in both directions, and when the last ones went."""

    def __init__(self, now_s: float) -> None:
        self.opened_at_s = self.heard_at_s = self.sent_at_s = now_s
        self._received = 0
        self._sent = 0
        self._acked = 0
        "Highest of our frames that the other end has."
        self._ack_said = 0

    @property
    def unacked_count(self) -> int:
        return self._sent - self._acked

    @property
    def unsaid_acks_count(self) -> int:
        return self._received - self._ack_said

    def problem(self, seq: int, ack: int) -> str:
        """What is wrong with these numbers, or nothing."""
        if seq != self._received + 1:
            return f"frame {seq} came where {self._received + 1} was due"
        if not self._acked <= ack <= self._sent:
            return f"frame {ack} was acknowledged, outside of {self._acked} to {self._sent}"
        return ""

    def heard(self, seq: int, ack: int, now_s: float) -> None:
        self._received, self._acked, self.heard_at_s = seq, ack, now_s

    def note_sent(self, now_s: float) -> tuple[int, int]:
        """(seq, ack) of the frame that goes out now."""
        self._sent += 1
        self._ack_said, self.sent_at_s = self._received, now_s
        return self._sent, self._received
