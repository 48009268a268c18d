"""What the user agent core tells its owner, and what its owner may ask of it.

Rule of this file: frozen data and one protocol, no logic. A *leg* is one INVITE dialog usage, from
the first INVITE to the end of the dialog, seen from our side; its id is a plain string.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nrcli.sip.flow import Header as Header  # noqa: PLC0414
from nrcli.sip.flow import Peer as Peer  # noqa: PLC0414
from nrcli.sip.message import Request, Response, SipUri


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBytes:
    """Send on this flow (a stream: open a connection if none stands; failure: `send_failed`)."""

    peer: Peer
    data: bytes


# ---- incoming calls ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteReceived:
    """A new call. 100 Trying is sent by the core after 200 ms if nobody answered."""

    leg: str
    request: Request
    peer: Peer
    replaces_leg: str = ""
    "The leg that a Replaces header names (RFC 3891): one of ours, with the same far host."


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReceived:
    """The caller gave up before an answer; the core has sent 200 (CANCEL) and 487 (INVITE)."""

    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AckReceived:
    """The ACK of our 2xx (to an INVITE or re-INVITE) came; `body` is its SDP answer, if any."""

    leg: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalAcknowledged:
    """The ACK of our non-2xx final response (a 302, a refusal) came, or timer H ended the wait."""

    leg: str
    acknowledged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AckMissing:
    """No ACK to our 2xx for 64*T1 (RFC 3261 13.3.1.4); the owner should end the leg with BYE."""

    leg: str


# ---- outgoing calls ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionalReceived:
    """1xx (not 100) to our INVITE."""

    leg: str
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReceived:
    """2xx to our INVITE or re-INVITE. The owner must `ack` it (at once, or when it has the SDP).

    The core acknowledges retransmitted 2xx again. A second 2xx of a fork is ended by the core.
    """

    leg: str
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteFailed:
    """Final non-2xx to our INVITE (the leg is over) or re-INVITE (`is_reinvite`, the leg stands).

    `status` 408 with `response` None: timer B, or no answer within the time given; 503 with None:
    the transport failed. 3xx: `response` has the Contacts.
    """

    leg: str
    status: int
    response: Response | None
    is_reinvite: bool


# ---- in dialog -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ByeReceived:
    """The far end hung up; the core has answered 200. The leg is over."""

    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByeDone:
    """Our BYE was answered (any final) or timed out. The leg is forgotten."""

    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinviteReceived:
    """A re-INVITE (or UPDATE with SDP) in the dialog; the owner answers with `accept_reinvite`

    or `refuse_reinvite`. Glare is answered 491 by the core (RFC 3261 14.2).
    """

    leg: str
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferReceived:
    """A REFER in the dialog. The owner answers with `accept_refer` or `refuse_refer`."""

    leg: str
    request: Request
    refer_to: SipUri
    replaces: str
    "Value of the Replaces header in Refer-To, unescaped; empty if none."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferAnswered:
    """Final answer to our REFER: 2xx began a subscription; 3xx-6xx refused it; 408 was silence."""

    leg: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferNotified:
    """A NOTIFY of our REFER (RFC 3515); the core has answered 200.

    `status` is that of the sipfrag body, 0 if none could be read; `terminated` when the
    subscription is over.
    """

    leg: str
    status: int
    terminated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReceived:
    """Any other request: REGISTER, OPTIONS, INFO, MESSAGE, ... `leg` is empty outside a dialog.

    The owner answers with `respond(transaction, ...)`. Unknown methods get 405 from the core,
    requests in unknown dialogs 481, malformed ones 400, each as RFC 3261 8.2 says.
    """

    transaction: str
    leg: str
    request: Request
    peer: Peer


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseReceived:
    """Final answer to a request that `request` sent; `response` None: no answer (408) ."""

    handle: str
    status: int
    response: Response | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLost:
    """The leg ended without a BYE: 481 or 408 to a request in it, or its session timer."""

    leg: str
    status: int


UserAgentEvent = (
    InviteReceived
    | CancelReceived
    | AckReceived
    | FinalAcknowledged
    | AckMissing
    | ProvisionalReceived
    | AnswerReceived
    | InviteFailed
    | ByeReceived
    | ByeDone
    | ReinviteReceived
    | ReferReceived
    | ReferAnswered
    | ReferNotified
    | RequestReceived
    | ResponseReceived
    | LegLost
)

Output = SendBytes | UserAgentEvent
"What every call of the core returns, in order."


class KeepsLegs(Protocol):
    """What a user agent does for legs that outlive its process."""

    def kept(self, leg: str) -> dict[str, Any] | None:
        """What `resume` needs to go on with a leg; None: it does not stand."""

    def resume(self, leg: str, kept: dict[str, Any]) -> None:
        """Go on with a leg of before a restart. Raises ValueError, KeyError, TypeError."""

    def kept_invite(self, leg: str) -> dict[str, Any] | None:
        """What `withdraw` needs to stop an INVITE of ours; None: it rings nowhere."""

    def withdraw(self, leg: str, kept: dict[str, Any], now_s: float) -> list[Output]:
        """Stop an INVITE of before a restart; ends in `InviteFailed` or `ByeDone`, as `cancel`.

        Raises ValueError, KeyError, TypeError.
        """

    def cancel_alone(self, leg: str, kept: dict[str, Any], now_s: float) -> list[Output]:
        """The same where the INVITE may be forgotten: nothing rings anew, nothing is told."""


class UserAgentCore(KeepsLegs, Protocol):
    """The sans-IO user agent: transactions (RFC 3261 17, RFC 6026), dialogs, REFER, digest.

    Every method returns its outputs in order, and takes `now_s` (CLOCK_BOOTTIME). Unknown legs
    raise `LocalProtocolError`; a command that the leg's state does not allow raises it too and
    changes nothing. `headers` are added to what the core writes (Via, From, To, Call-ID, CSeq,
    Contact, Max-Forwards, Content-Length, Record-Route copies).
    """

    def receive(self, data: bytes, peer: Peer, now_s: float) -> list[Output]:
        """One datagram, or one whole message cut from a stream by `StreamFramer`."""

    def send_failed(self, peer: Peer, now_s: float) -> list[Output]:
        """The shell could not send on this flow."""

    def fire(self, now_s: float) -> list[Output]:
        """Run every timer that is due."""

    def next_timer_s(self) -> float | None:
        """When `fire` is next needed; None if no timer runs."""

    # incoming calls
    def ring(
        self,
        leg: str,
        status: int,
        now_s: float,
        *,
        reason: str = "",
        body: bytes = b"",
        headers: Sequence[Header] = (),
    ) -> list[Output]:
        """Send 1xx (180, 182, 183); again every minute by the core (RFC 3261 13.3.1.1)."""

    def answer(
        self, leg: str, body: bytes, now_s: float, *, headers: Sequence[Header] = ()
    ) -> list[Output]:
        """Send 200 with SDP; retransmitted until the ACK."""

    def reject(
        self,
        leg: str,
        status: int,
        now_s: float,
        *,
        reason: str = "",
        headers: Sequence[Header] = (),
    ) -> list[Output]:
        """Send a final 3xx-6xx. A 302 takes its Contacts from `headers`."""

    # outgoing calls
    def invite(
        self,
        leg: str,
        uri: SipUri,
        peer: Peer,
        now_s: float,
        *,
        from_: str,
        to: str,
        body: bytes = b"",
        headers: Sequence[Header] = (),
        ring_s: float = 180.0,
        credentials: tuple[str, str] | None = None,
    ) -> list[Output]:
        """Place a call under a new leg id of the owner's choosing.

        `from_` and `to` are name-addr texts without tags. After `ring_s` without an answer the core
        cancels and reports `InviteFailed(408)`. A 401/407 is answered once with `credentials`.
        """

    def ack(self, leg: str, now_s: float, *, body: bytes = b"") -> list[Output]:
        """Acknowledge the 2xx that `AnswerReceived` told of."""

    def cancel(self, leg: str, now_s: float) -> list[Output]:
        """Give up an INVITE: CANCEL when allowed (after a 1xx); if 2xx wins, ACK and BYE.

        Ends in `InviteFailed(487)` or `ByeDone`.
        """

    # in dialog
    def bye(self, leg: str, now_s: float, *, headers: Sequence[Header] = ()) -> list[Output]:
        """End the leg. Allowed from the 2xx on (waits for the ACK as RFC 3261 15 demands)."""

    def reinvite(self, leg: str, body: bytes, now_s: float) -> list[Output]:
        """re-INVITE with this SDP (empty: without). 491 is tried again by RFC 3261 14.1."""

    def accept_reinvite(self, leg: str, body: bytes, now_s: float) -> list[Output]:
        """200 to the far end's re-INVITE."""

    def refuse_reinvite(self, leg: str, status: int, now_s: float) -> list[Output]:
        """Refuse it (488 as a rule); the session stays as it was."""

    def refer(
        self,
        leg: str,
        refer_to: str,
        now_s: float,
        *,
        headers: Sequence[Header] = (),
        credentials: tuple[str, str] | None = None,
    ) -> list[Output]:
        """Send REFER in the dialog (`refer_to` is a name-addr text), with Referred-By.

        The outcome comes as `ReferAnswered`, then `ReferNotified`.
        """

    def accept_refer(self, leg: str, now_s: float) -> list[Output]:
        """202 and the first NOTIFY (100 Trying)."""

    def refuse_refer(self, leg: str, status: int, now_s: float) -> list[Output]:
        """Refuse a REFER."""

    def notify_refer(self, leg: str, status: int, reason: str, now_s: float) -> list[Output]:
        """NOTIFY with a sipfrag; a final status ends the subscription."""

    # anything else
    def respond(
        self,
        transaction: str,
        status: int,
        now_s: float,
        *,
        reason: str = "",
        headers: Sequence[Header] = (),
        body: bytes = b"",
    ) -> list[Output]:
        """Answer what `RequestReceived` told of."""

    def request(
        self,
        handle: str,
        method: str,
        uri: SipUri,
        peer: Peer,
        now_s: float,
        *,
        from_: str,
        to: str,
        headers: Sequence[Header] = (),
        body: bytes = b"",
        credentials: tuple[str, str] | None = None,
        leg: str = "",
    ) -> list[Output]:
        """Send OPTIONS, REGISTER or the like; the answer comes as `ResponseReceived(handle)`."""
