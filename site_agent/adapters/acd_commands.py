"""What an ACD is told to do by its site agent: holds, arrivals, moves, words to callers.

Rule of this file: plain frozen data; no adapter and no I/O is named here. Every command names the
call, the hold or the queue that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.wire.messages import TransferMethod

REJECT_STATUS = {
    "busy": 486,
    "closed": 480,
    "callback": 480,
    "blocked": 603,
    "not_in_service": 404,
    "try_later": 503,
}
"Reason of a rejection to SIP status: the final answer, or the cause in the Reason header."


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAgent:
    """Hold a ready agent: state `reserved`, offered no other call. Answer: granted or refused."""

    hold_id: str
    agent: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlace:
    """Hold a place in a queue. Answer: granted or refused."""

    hold_id: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """Let go of an agent or place; unknown ids are fine."""

    hold_id: str
    "Empty: whatever holds `agent`."
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptArrival:
    """Put an arriving call on what was held for it; never end it with a final error any more.

    With an agent: ring that agent; one who does not answer sends it to the head of `queue`."""

    call_id: str
    hold_id: str
    "Empty for a caller who came back by a return token: join `queue` by age."
    interaction_id: str
    service: str
    queue: str
    agent: str = ""
    waited_s: float
    priority: int = 0
    answer_now: bool
    "Answer within 1 s, with media if no agent has answered by then."
    data: bytes = b""
    "Attached data for the agent (canonical JSON); empty if none or not here yet."
    data_within_s: float = 0.0
    "Data is on its way: ring the agent when `GiveData` brought it, at the latest after this."
    broadcast: bool = False
    "Ring all ready agents of the queue at once; the first who answers has the call."
    joins: str = ""
    """A consult call that came from the same site: the caller is joined with its agent, and it is
    over; without that call any more they wait at the head of `queue`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseArrival:
    """End the INVITE with this final status (480 or 503, 404 for a number; never 486 or 6xx)."""

    call_id: str
    sip_status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatAsOrdinary:
    """A dead or unknown token: an ordinary new call, with what age and data are still known."""

    call_id: str
    interaction_id: str
    queue: str
    service: str
    waited_s: float = 0.0
    priority: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartMove:
    """Move a call by one method. The caller keeps rank and time waited until it has arrived.

    From now until `PutBack`, `EndMoved` or `CallEnded` the queue does not offer it to own agents.
    """

    call_id: str
    move_id: str
    method: TransferMethod
    address: str
    """SIP URI with the token or a lent number as user part, made from the site's own table and
    settings. By `translation_route` the ACD calls it from the call's own trunk group."""
    return_address: str = ""
    "302 only: the second Contact, which leads home; empty where the path does not follow it."
    user_to_user: str = ""
    "RFC 7433 second copy of the token, hex; empty for none."
    set_up_s: float = 5.0
    "How long the rung may take before it counts as silent."
    data: bytes = b""
    "Bridge only: attached data that goes along in the INVITE, where it is small."
    by_carrier: bool = False
    "Only the caller's carrier can reach the address: its SIP port is not asked before a 302."
    dialed_number: str = ""
    """Of a move to a voicemail or the like: told there as the number that was called, with
    `because` (Diversion, RFC 5806; History-Info, RFC 7044)."""
    because: str = ""
    "closed | busy | no_answer | try_later | blocked | not_in_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortMove:
    """Stop a rung as far as it can be stopped (CANCEL of a bridge's INVITE); the caller stays."""

    call_id: str
    move_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """The move is over without success: the caller is back in place, with rank and time waited."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMoved:
    """The target has the caller: end the origin's leg (BYE). A bridge is left standing."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeCaller:
    """Ask the caller's own device by re-INVITE in the old dialog. Answer: `CallerProbed`."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveData:
    """Attached data that came after the arrival: for the agent's screen and header."""

    call_id: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Tell the caller position and expected wait (a range, in seconds; 0 to 0: not known)."""

    call_id: str
    position: int
    ewt_s_min: float
    ewt_s_max: float
    ewt_s: float = -1.0
    "The expectation itself, of which the range is made; -1: not known."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayAnnouncement:
    """Play an announcement to a waiting caller, then music again. Answer: `AnnouncementOver`.

    A caller who is still ringing is answered for it. An own agent may take the call meanwhile.
    """

    call_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectCall:
    """End a call that no own agent has or is being rung for: by a final status before the answer,
    by BYE with a Reason header (RFC 3326) after it. If an agent has it, nothing happens."""

    call_id: str
    reason: str
    "busy | closed | blocked | not_in_service | try_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQueueClosed:
    """The queue's calendar closed or opened it. While it is closed new callers enter it and are
    held back from its agents (`CallOffered.held_back`); those who wait are served as before."""

    queue: str
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQueueShifted:
    """Some of the queue's new callers are to be served elsewhere, or no more. While it is shifted
    each of them enters it and is held back from its agents (`CallOffered.held_back`), until the
    daemon says by `PutBack` who is not meant; nothing else of the queue changes."""

    queue: str
    shifted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgeing:
    """From now on this call's priority grows while it waits: one step for each `every_s`, from what
    it began with up to `most`."""

    call_id: str
    every_s: float
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DialCaller:
    """Call somebody back: `agent` is held as `hold_id` already and stays so while the telephone of
    `number` rings. Answer: `CallerDialed`. Who answers is a caller from then on: the agent is rung;
    one who does not answer sends the call to the head of `queue`."""

    call_id: str
    "Of the call that begins."
    hold_id: str
    agent: str
    queue: str
    service: str
    interaction_id: str
    number: str
    "E.164."
    ring_s: float
    waited_s: float = 0.0
    priority: int = 0
    data: bytes = b""
    "Attached data for the agent (canonical JSON); empty if none."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceProbe:
    """Place a test call from a trunk group, with nobody on it. Answer: `ProbeEnded`, once. Whoever
    answers lets go; if they do not, it is ended."""

    call_id: str
    trunk_group: str
    address: str
    "SIP URI, as of `StartMove`."
    ring_s: float
    stands_s: float = 0.0
    "Answered, it is ended after this at the latest; 0: soon."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerProbe:
    """An arriving test call: answer it with whatever media there is, and end it soon after."""

    call_id: str
    stands_s: float = 0.0
    "It is moved first: end it after this; 0: soon."


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchNumbers:
    """Who calls one of these numbers (E.164) is told as `CallArriving`: they are lent to moved
    calls. All of them, every time. An ACD that cannot tell them apart owns no number pool."""

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToAgent:
    """Nobody takes a caller whom an agent passed on: they are the agent's again. One whose agent
    has left waits at the head of the queue they came from. Answer: `TransferEnded`."""

    call_id: str
    sip_status: int = 480
    "What the agent's phone is told."


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinConsult:
    """Join a caller whose agent consulted somebody with the far end of the consult call, here."""

    call_id: str
    consult_call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgentState:
    """What an agent wants to be. On a call, or held for one, not ready is *pending*: it wins over
    whatever they are held for, and takes effect at the end of the call. Unknown agents are fine."""

    agent: str
    state: str
    "ready | not_ready | working_after_call"
    reason: str = ""
    "Of not ready, e.g. break."
    for_s: float = 0.0
    "Of after-call work: how much longer; 0: until they say ready."


AcdCommand = (
    HoldAgent
    | HoldPlace
    | ReleaseHold
    | AcceptArrival
    | RefuseArrival
    | TreatAsOrdinary
    | StartMove
    | AbortMove
    | PutBack
    | EndMoved
    | ProbeCaller
    | GiveData
    | Announce
    | PlayAnnouncement
    | RejectCall
    | SetQueueClosed
    | SetQueueShifted
    | SetAgeing
    | DialCaller
    | PlaceProbe
    | AnswerProbe
    | WatchNumbers
    | ReturnToAgent
    | JoinConsult
    | SetAgentState
)
