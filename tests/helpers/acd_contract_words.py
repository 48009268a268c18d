"""A scripted PBX around one adapter, and words for the checks that every adapter must pass.

The checks stand in `acd_contract_calls` and `acd_contract_moves`; `acd_contract` runs them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from enum import Enum
from typing import Any, Protocol

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base

TOKEN = "nirc-" + "a" * 26
ADDRESS = f"sip:{TOKEN}@127.0.0.1:6100"
HANDLER = "sip:mail@127.0.0.1:6100;user=phone"
HOME = "sip:nirc-" + "b" * 26 + "@127.0.0.1:5061"


class Lack(Enum):
    """What a PBX may be unable to do; its page says so."""

    HOLD_AGENT = "no agent can be held, only a place"
    TOKENS = "no call arrives by a token"
    RINGING = "agents have answered as soon as they are offered a call"
    AGENT_LOG_IN = "agents neither log in nor out by themselves"
    MOVES = "no call is moved by it"
    ANSWERED_MOVES = "only callers who were not answered are moved"
    SILENT_TARGET = "it always learns how a move ended"


class Target(Enum):
    """What the far end does with the next move."""

    TAKES = "takes"
    REFUSES = "refuses"
    SAYS_NOTHING = "says nothing"


class ContractAcd(Protocol):
    """One adapter, and around it a PBX that does what the check says.

    Every method returns when all that follows at once has happened; the clock moves in `passes`.
    """

    queue: str
    "A queue of ten places or more, in which both agents are."
    trunk_group: str
    agents: tuple[str, str]
    events: list[base.AcdEvent]
    "All that the adapter told since the start, in order."
    decide: Callable[[base.AcdEvent], list[base.AcdCommand]]
    "The daemon: its commands follow an event in the same turn."
    target: Target
    lacks: Collection[Lack]

    def capabilities(self) -> base.Capabilities: ...

    def snapshot(self) -> list[base.AcdEvent]: ...

    def command(self, command: base.AcdCommand) -> None: ...

    def passes(self, seconds: float) -> None:
        """Time passes, and every timer that is due fires."""

    def agent_logs_in(self, agent: str) -> None:
        """Logged in, and not ready yet."""

    def agent_logs_out(self, agent: str) -> None: ...

    def agent_ready(self, agent: str) -> None: ...

    def agent_not_ready(self, agent: str) -> None:
        """By the agent's own hand."""

    def agent_answers(self, agent: str) -> None:
        """The agent's phone rings for a caller: it is taken. Nothing happens if it does not."""

    def agent_hangs_up(self, agent: str) -> None: ...

    def caller_enters(self, queue: str) -> str:
        """A caller enters the queue and is answered with music; the call's id."""

    def caller_hangs_up(self, call_id: str) -> None: ...

    def token_arrives(self, token: str) -> str:
        """A call to this user part comes in; its id, empty if the adapter told of none."""


Check = Callable[[ContractAcd], None]


def needs(*lacks: Lack) -> Callable[[Check], Check]:
    """This check says nothing about a PBX that lacks one of these."""

    def mark(check: Check) -> Check:
        check.needs = lacks  # type: ignore[attr-defined]
        return check

    return mark


# ---- what is legal in any story ----------------------------------------------------------------

SIGNS_AFTER: dict[base.MoveSign | None, frozenset[base.MoveSign]] = {
    None: frozenset(base.MoveSign),
    base.MoveSign.REDIRECTED: frozenset(),
    base.MoveSign.ACCEPTED: frozenset(
        {
            base.MoveSign.REFUSED,
            base.MoveSign.NOTIFIED,
            base.MoveSign.SILENT,
            base.MoveSign.BRIDGED,
            base.MoveSign.CALLER_GONE,
        }
    ),
    base.MoveSign.REFUSED: frozenset({base.MoveSign.CALLER_GONE}),
    base.MoveSign.NOTIFIED: frozenset(
        {base.MoveSign.NOTIFIED, base.MoveSign.SILENT, base.MoveSign.CALLER_GONE}
    ),
    base.MoveSign.SILENT: frozenset({base.MoveSign.NOTIFIED, base.MoveSign.CALLER_GONE}),
    base.MoveSign.BRIDGED: frozenset({base.MoveSign.CALLER_GONE}),
    base.MoveSign.CALLER_GONE: frozenset(),
}
"Which sign of one move may follow which."


OF_A_STANDING_CALL = (
    base.CallOffered,
    base.CallArriving,
    base.CallAnswered,
    base.CallSilent,
    base.CallConnected,
    base.CallEnded,
    base.ArrivalAcknowledged,
)
"What nobody may hear of a call that is over; answers to late commands are another thing."


def judge(events: Sequence[base.AcdEvent]) -> None:
    """Nothing told twice, nothing told of what is over, every answer one answer."""
    begun: Counter[str] = Counter()
    ended: set[str] = set()
    holds: Counter[str] = Counter()
    signs: dict[str, base.MoveSign] = {}
    for event in events:
        call_id = getattr(event, "call_id", "")
        if isinstance(event, OF_A_STANDING_CALL):
            assert call_id not in ended, f"told after its end: {event}"
        if isinstance(event, base.CallOffered | base.CallArriving):
            begun[call_id] += 1
        elif isinstance(event, base.CallEnded):
            ended.add(call_id)
        elif isinstance(event, base.HoldGranted | base.HoldRefused):
            holds[event.hold_id] += 1
        elif isinstance(event, base.HoldLost):
            assert holds[event.hold_id], f"lost before it was granted: {event}"
        elif isinstance(event, base.MoveProgress):
            before = signs.get(event.move_id)
            assert event.sign in SIGNS_AFTER[before], f"{event.sign} after {before}"
            signs[event.move_id] = event.sign
    assert not begun or max(begun.values()) == 1, f"a call began twice: {begun}"
    assert ended <= set(begun), f"ended without a beginning: {ended - set(begun)}"
    assert not holds or max(holds.values()) == 1, f"a hold was answered twice: {holds}"


# ---- words for the checks ----------------------------------------------------------------------


def told(acd: ContractAcd, kind: type) -> list[Any]:
    """All that was told of one kind."""
    return [event for event in acd.events if isinstance(event, kind)]


def state_of(acd: ContractAcd, agent: str) -> AgentState:
    """What the adapter said of this agent last."""
    said = [event for event in acd.events if isinstance(event, base.AgentChanged | base.AgentGone)]
    last = [event for event in said if event.agent == agent][-1]
    return last.state if isinstance(last, base.AgentChanged) else AgentState.NULL


def waiting_in(acd: ContractAcd) -> int:
    """How many wait, as told last."""
    said = [event for event in told(acd, base.QueueChanged) if event.queue == acd.queue]
    return said[-1].waiting_count if said else 0


def ends_of(acd: ContractAcd, call_id: str) -> list[str]:
    """Who ended the call; one entry for each time it was told."""
    return [end.released_by for end in told(acd, base.CallEnded) if end.call_id == call_id]


def connected_to(acd: ContractAcd, call_id: str) -> list[str]:
    """The agents who talked with this caller."""
    return [one.agent for one in told(acd, base.CallConnected) if one.call_id == call_id]


def hold(acd: ContractAcd, hold_id: str, agent: str = "") -> bool:
    """Ask for an agent or a place; True: granted. It must be answered within 10 s."""
    command: base.AcdCommand = base.HoldPlace(hold_id=hold_id, queue=acd.queue)
    if agent:
        command = base.HoldAgent(hold_id=hold_id, agent=agent, queue=acd.queue)
    acd.command(command)
    acd.passes(10.0)
    answers = [
        event
        for event in acd.events
        if isinstance(event, base.HoldGranted | base.HoldRefused) and event.hold_id == hold_id
    ]
    assert len(answers) == 1, f"{hold_id} was answered {len(answers)} times"
    if isinstance(answers[0], base.HoldRefused):
        assert answers[0].reason in ("no_agent", "no_place", "closed", "unknown")
    return isinstance(answers[0], base.HoldGranted)


def a_method(acd: ContractAcd) -> TransferMethod:
    """How this ACD moves a caller who was answered."""
    methods = acd.capabilities().methods
    for method in (TransferMethod.REFER, TransferMethod.BRIDGE):
        if method in methods:
            return method
    return methods[0]


def move(acd: ContractAcd, call_id: str, target: Target, move_id: str = "m1") -> None:
    """Begin a move to a target that does this."""
    acd.target = target
    acd.command(
        base.StartMove(
            call_id=call_id, move_id=move_id, method=a_method(acd), address=ADDRESS, set_up_s=5.0
        )
    )


def move_to_handler(
    acd: ContractAcd, call_id: str, target: Target, move_id: str = "m1", *, dialed: str = ""
) -> None:
    """Begin a move to a voicemail that does this. Without a number: as after a REFER whose headers
    were refused."""
    acd.target = target
    acd.command(
        base.StartMove(
            call_id=call_id,
            move_id=move_id,
            method=a_method(acd),
            address=HANDLER,
            set_up_s=5.0,
            dialed_number=dialed,
            because="closed",
        )
    )


def signs_of(acd: ContractAcd, move_id: str = "m1") -> list[base.MoveSign]:
    """The signs of one move, in order."""
    return [one.sign for one in told(acd, base.MoveProgress) if one.move_id == move_id]


def accepts(
    acd: ContractAcd, *, hold_id: str, agent: str = "", answer_now: bool = True
) -> Callable[[base.AcdEvent], list[base.AcdCommand]]:
    """A daemon that takes whatever arrives."""

    def decide(event: base.AcdEvent) -> list[base.AcdCommand]:
        if not isinstance(event, base.CallArriving):
            return []
        accept = base.AcceptArrival(
            call_id=event.call_id,
            hold_id=hold_id,
            interaction_id="i1",
            service="s1",
            queue=acd.queue,
            agent=agent,
            waited_s=30.0,
            answer_now=answer_now,
            data=b'{"k":"v"}',
        )
        return [accept]

    return decide
