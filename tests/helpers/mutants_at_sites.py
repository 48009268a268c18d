"""Rules of the site agent's core, taken out one at a time."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

from mutants import Mutant, Patch, instead, nothing

from nrcli.wire.messages import Leading, Reserve, RouteAnswer
from site_agent.adapters.base import CallArriving
from site_agent.core.arrivals import Arrivals
from site_agent.core.calls import Call, CallState
from site_agent.core.cancels import TIMER as CANCEL_TIMER
from site_agent.core.cancels import Cancels
from site_agent.core.events import EpochSaved, JournalRead
from site_agent.core.hold import Hold, HoldState
from site_agent.core.leaders import Leaders
from site_agent.core.restart import Restart
from site_agent.core.route_requests import DEADLINE_TIMER, RouteRequests
from site_agent.core.target_holds import EXPIRY_TIMER, TargetHolds, asked_of_acd
from site_agent.core.transfer_execution import TransferExecution
from site_agent.core.transfer_table import TABLE, Effect, MoveState, Sign


def _honours_cancelled(original: Any) -> Any:
    def arriving(self: Arrivals, event: CallArriving, now_s: float) -> None:
        hold = self._holds.by_token(event.token)
        if hold is not None and hold.state is HoldState.CANCELLED:
            hold.state = HoldState.LAPSED
        original(self, event, now_s)

    return arriving


def _takes_again(original: Any) -> Any:
    def again(self: Arrivals, hold: Hold, event: CallArriving) -> None:
        if event.call_id != hold.call_id and self._calls.get(hold.call_id) is not None:
            now_s = self._calls.get(hold.call_id).entered_at_s  # type: ignore[union-attr]
            self._take(hold, event, now_s)
        else:
            original(self, hold, event)

    return again


def _obeys_anybody(original: Any) -> Any:
    def obeys(self: Leaders, node: str, domain: str, epoch: Any, request_id: str) -> bool:
        self._out.write(
            "command",
            domain=domain,
            generation=epoch.generation,
            revision=epoch.revision,
            request=request_id,
        )
        return True

    return obeys


def _saves_nothing(original: Any) -> Any:
    """An epoch is acknowledged before it is on disk, where it never comes."""

    def heard(self: Leaders, node: str, message: Leading) -> None:
        if message.epoch < self.highest_of(message.domain):
            original(self, node, message)
        else:
            self.saved(EpochSaved(domain=message.domain, epoch=message.epoch, node=node))

    return heard


def _books_blindly(original: Any) -> Any:
    """What the leader says is held: nobody looks, nobody is asked."""

    def reserve(self: TargetHolds, node: str, message: Reserve, now_s: float) -> None:
        if message.epoch > self._leaders.highest_of(message.domain):
            return
        if not self._leaders.obeys(node, message.domain, message.epoch, message.request_id):
            return
        if self.book.by_request.get(message.request_id) is not None:
            return
        hold = Hold(self._new_id(), message, node)
        hold.state, hold.token = HoldState.LIVE, token_from_memory(message.request_id)
        hold.restored, hold.expires_at_s = True, now_s + message.expires_s
        self.book.add(hold)
        self._promise(hold, 1)
        self._out.start(EXPIRY_TIMER + hold.hold_id, hold.expires_at_s)
        self._words.write(hold)
        self._mark("reservation", hold.token)
        self._out.do(asked_of_acd(hold))

    return reserve


def token_from_memory(request_id: str) -> str:
    """The token that both sides make up."""
    return "nirc-" + sha256(request_id.encode()).hexdigest()[:26]


def _forgets_requests(original: Any) -> Any:
    def reserve(self: TargetHolds, node: str, message: Reserve, now_s: float) -> None:
        self.book.by_request.pop(message.request_id, None)
        original(self, node, message, now_s)

    return reserve


def _keeps_channels(original: Any) -> Any:
    def promise(self: TargetHolds, hold: Hold, sign: int) -> None:
        original(self, hold, sign)
        for claim in hold.message.channels if sign < 0 else ():
            self._model.promise("channel", claim.trunk_group, claim.count)

    return promise


def _moves_whoever_talks(original: Any) -> Any:
    def begin(self: TransferExecution, call: Call, answer: RouteAnswer, now_s: float) -> None:
        agent, call.agent = call.agent, ""
        if call.state is CallState.CONNECTED:
            call.state = CallState.WAITING
        original(self, call, answer, now_s)
        call.agent = agent

    return begin


def _unless_served(original: Any) -> Any:
    def withdraw(self: RouteRequests, call_id: str, reason: str) -> None:
        if reason != "own agent":
            original(self, call_id, reason)

    return withdraw


def _asks_once(original: Any) -> Any:
    """One `Cancel`, and no word more."""

    def ask(self: Cancels, token: str, *args: Any, watched: bool) -> None:
        original(self, token, *args, watched=watched)
        self._out.stop(CANCEL_TIMER + token)
        if not watched:
            self.stop(token)

    return ask


def _remembers_nothing(original: Any) -> Any:
    def read(self: Restart, event: JournalRead, now_s: float) -> None:
        original(self, replace(event, entries=()), now_s)

    return read


def _waits_on(original: Any) -> Any:
    """A deadline that passes is only the first of two."""

    def passed(self: RouteRequests, request_id: str, now_s: float) -> None:
        opened = self._open.get(request_id)
        if opened is None or now_s - opened.deadline_at_s >= LATE_S:
            original(self, request_id, now_s)
            return
        opened.deadline_at_s += LATE_S
        self._out.start(DEADLINE_TIMER + request_id, opened.deadline_at_s)

    return passed


LATE_S = 10.0
_BACK = (MoveState.ENDED, Effect.PUT_BACK)
_GONE = (MoveState.ENDED, Effect.ARRIVED)
_ASKING = (MoveState.REFERRING, MoveState.TRANSFERRING)

AT_SITES = (
    Mutant(
        name="no_tombstone",
        without="a token that its origin cancelled brings nobody any more",
        found_by="S5",
        patches=(Patch(owner=Arrivals, name="arriving", make=_honours_cancelled),),
        cases="carriers",
    ),
    Mutant(
        name="no_fencing",
        without="a site obeys no lower epoch than the highest it knows",
        found_by="S4",
        patches=(Patch(owner=Leaders, name="obeys", make=_obeys_anybody),),
        cases="leaders",
    ),
    Mutant(
        name="epochs_not_kept",
        without="a site keeps the highest epoch over its restart",
        found_by="S4",
        patches=(Patch(owner=Leaders, name="heard", make=_saves_nothing),),
        cases="wiped",
    ),
    Mutant(
        name="blind_call_back",
        without="a caller is put back only when the target says `never`",
        found_by="S3",
        patches=(
            *(
                Patch(owner=TABLE[state], name=sign, make=instead(_BACK))
                for state in _ASKING
                for sign in (Sign.LATE, Sign.SILENT)
            ),
            Patch(owner=Cancels, name="ask", make=nothing),
        ),
    ),
    Mutant(
        name="duplicate_invite",
        without="a token connects one INVITE",
        found_by="S5",
        patches=(Patch(owner=Arrivals, name="_again", make=_takes_again),),
        cases="forks",
    ),
    Mutant(
        name="bye_before_arrived",
        without="the origin keeps the caller until the target has them",
        found_by="lost",
        patches=(Patch(owner=TABLE[MoveState.REFERRING], name=Sign.ACCEPTED, make=instead(_GONE)),),
    ),
    Mutant(
        name="hold_never_expires",
        without="a hold ends when its time is over",
        found_by="S10",
        patches=(Patch(owner=TargetHolds, name="expired", make=nothing),),
    ),
    Mutant(
        name="channels_kept",
        without="channels go back when a hold ends",
        found_by="not quiet",
        patches=(Patch(owner=TargetHolds, name="_promise", make=_keeps_channels),),
    ),
    Mutant(
        name="booked_twice",
        without="asking again with the same request id holds nothing more",
        found_by="S1",
        patches=(Patch(owner=TargetHolds, name="reserve", make=_forgets_requests),),
        cases="repeats",
    ),
    Mutant(
        name="late_answer_used",
        without="an answer after its deadline is not used",
        found_by="S9",
        patches=(Patch(owner=RouteRequests, name="deadline_passed", make=_waits_on),),
    ),
    Mutant(
        name="glare",
        without="a caller whom an own agent has is moved no more",
        found_by="S3",
        patches=(
            Patch(owner=TransferExecution, name="begin", make=_moves_whoever_talks),
            Patch(owner=RouteRequests, name="withdraw", make=_unless_served),
        ),
    ),
    Mutant(
        name="cancelled_once",
        without="`Cancel` is repeated until the target has answered",
        found_by="unresolved",
        patches=(Patch(owner=Cancels, name="ask", make=_asks_once),),
        cases="carriers",
    ),
    Mutant(
        name="journal_not_read",
        without="a restarted site agent takes up what it held, moved and cancelled",
        found_by="S10",
        patches=(Patch(owner=Restart, name="read", make=_remembers_nothing),),
        cases="restarts",
    ),
    Mutant(
        name="moves_forgotten",
        without="a restarted site agent finishes the moves that it began",
        found_by="S10",
        patches=(Patch(owner=TransferExecution, name="resume", make=nothing),),
        cases="restarts",
    ),
)
