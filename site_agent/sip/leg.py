"""One leg: an INVITE dialog usage from our side, and which commands its state allows.

Rule of this file: state and the table of what is allowed; nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import Request
from nrcli.sip.wire import OutgoingRequest, ReplyBase
from site_agent.sip.call_transfer import ReferState
from site_agent.sip.dialog import Dialog
from site_agent.sip.signals import Header, Peer
from site_agent.sip.timers import Timer
from site_agent.sip.transaction import Transaction


class LegState(Enum):
    """Where a leg stands."""

    INCOMING = auto()  # INVITE came, no final answer sent
    REFUSED = auto()  # our non-2xx final waits for its ACK
    ANSWERED = auto()  # our 2xx waits for its ACK
    CALLING = auto()  # our INVITE has no final answer
    CANCELLING = auto()  # our INVITE is given up
    UNACKED = auto()  # a 2xx came, the owner has not acknowledged it
    TALKING = auto()  # confirmed
    ENDING = auto()  # our BYE is out, or waits for the ACK that must come first


class Command(Enum):
    """What the owner may ask."""

    RING = auto()
    ANSWER = auto()
    REJECT = auto()
    ACK = auto()
    CANCEL = auto()
    BYE = auto()
    REINVITE = auto()
    REPLY = auto()  # to a re-INVITE or REFER of the far end
    REFER = auto()
    NOTIFY = auto()
    REQUEST = auto()


_IN_DIALOG = {Command.REPLY, Command.NOTIFY, Command.REQUEST}

ALLOWED: dict[LegState, frozenset[Command]] = {
    LegState.INCOMING: frozenset({Command.RING, Command.ANSWER, Command.REJECT}),
    LegState.REFUSED: frozenset(),
    LegState.ANSWERED: frozenset({Command.BYE, *_IN_DIALOG}),
    LegState.CALLING: frozenset({Command.CANCEL}),
    LegState.CANCELLING: frozenset({Command.CANCEL}),
    LegState.UNACKED: frozenset({Command.ACK, Command.BYE, Command.CANCEL, *_IN_DIALOG}),
    LegState.TALKING: frozenset(
        {Command.ACK, Command.BYE, Command.REINVITE, Command.REFER, *_IN_DIALOG}
    ),
    LegState.ENDING: frozenset(),
}


class Awaited2xx:
    """A 2xx of ours that is sent again until its ACK comes (RFC 3261 13.3.1.4)."""

    __slots__ = ("cseq", "give_up", "interval_s", "repeat", "transaction", "wire")

    def __init__(self, transaction: Transaction, cseq: int, wire: bytes) -> None:
        self.transaction = transaction
        self.cseq = cseq
        self.wire = wire
        self.interval_s = 0.0
        self.repeat: Timer | None = None
        self.give_up: Timer | None = None


class Leg:
    """State of one leg; only the parts of the user agent touch it."""

    __slots__ = (
        "ack_cseq",
        "awaited",
        "bye_headers",
        "call",
        "credentials",
        "dialog",
        "forks",
        "id",
        "invite_cseq",
        "is_secure",
        "is_silent",
        "keeps_flow",
        "last_ack",
        "merge_key",
        "notify",
        "peer",
        "provisional",
        "refer_cseq",
        "refer_incoming",
        "refer_is_open",
        "refer_state",
        "reinvite_body",
        "reinvite_cancel_sent",
        "reinvite_is_cancelled",
        "reinvite_is_out",
        "reinvite_tries",
        "reply",
        "request",
        "session",
        "session_timer",
        "since_s",
        "state",
        "tag",
        "their_refer_id",
        "their_reinvite",
        "timer",
        "transaction",
    )

    def __init__(self, leg_id: str, state: LegState, tag: str, peer: Peer) -> None:
        self.id = leg_id
        self.state = state
        self.tag = tag
        "Our tag."
        self.peer = peer
        self.dialog: Dialog | None = None
        self.is_secure = False
        "Its dialog is one of sips: our Contact says so too (RFC 3261 12.1.1)."
        self.keeps_flow = False
        "The far end is reached by the flow and not by its address: it is behind NAT."
        self.is_silent = False
        "Its owner knows that it is over; what still comes is cleaned up without a word."
        self.transaction: Transaction | None = None
        "Of the INVITE or re-INVITE that goes on."
        self.timer: Timer | None = None
        "Ring time, cancel wait, provisional, 491 back-off: one at a time."

        self.session: Any = None
        "A `Session` of session_timers; None: no timer runs."
        self.session_timer: Timer | None = None

        # A call that came in.
        self.request: Request | None = None
        self.reply: ReplyBase | None = None
        self.invite_cseq = 0
        self.merge_key = ""
        self.since_s = 0.0
        self.provisional = b""
        self.awaited: Awaited2xx | None = None
        self.their_reinvite: PendingRequest | None = None
        self.reinvite_is_cancelled = False

        # A call that we placed, and re-INVITEs of ours.
        self.call: OutgoingRequest | None = None
        self.credentials: tuple[str, str] | None = None
        self.ack_cseq = 0
        "CSeq of the 2xx that the owner has to acknowledge; 0 if none."
        self.forks: dict[str, bytes] = {}
        self.last_ack: tuple[int, bytes, Peer] | None = None
        self.reinvite_body: bytes | None = None
        "What a re-INVITE of ours offers; None if none is wanted."
        self.reinvite_is_out = self.reinvite_cancel_sent = False
        self.reinvite_tries = 0
        self.bye_headers: Sequence[Header] | None = None

        # REFER both ways.
        self.refer_state = ReferState.NONE
        self.refer_is_open = False
        "Whether NOTIFYs of our REFER may still come."
        self.refer_cseq = 0
        self.refer_incoming: PendingRequest | None = None
        self.their_refer_id = ""
        self.notify: Transaction | None = None
        "Our last NOTIFY, while it has no answer."

    def demand(self, command: Command) -> None:
        """Raise LocalProtocolError unless the state allows the command."""
        if command not in ALLOWED[self.state]:
            raise LocalProtocolError(
                f"leg {self.id} is {self.state.name}: {command.name} is not allowed"
            )

    def confirmed(self) -> Dialog:
        """The dialog; LocalProtocolError if there is none yet."""
        if self.dialog is None:
            raise LocalProtocolError(f"leg {self.id} has no dialog")
        return self.dialog


class PendingRequest:
    """A request of the far end that waits for the owner's answer."""

    __slots__ = ("cseq", "leg", "reply", "request", "tag", "transaction")

    def __init__(
        self, transaction: Transaction, reply: ReplyBase, request: Request, cseq: int, leg: str
    ) -> None:
        self.transaction = transaction
        self.reply = reply
        self.request = request
        self.cseq = cseq
        self.leg = leg
        self.tag = ""
        "Added to To by the answer; empty within a dialog."
