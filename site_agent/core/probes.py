"""Test calls over a path: placed here on the leader's order, and answered here for other sites.

Rule of this file: a test call is nobody's: no agent, no place and no caller is touched. As target
the site gives a token (and a number) for one INVITE within its time; as origin it dials only what
`addresses` allows, and believes an answer only if the target says that its token came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nrcli.wire.messages import (
    CallTaken,
    MoveOutcome,
    Reserve,
    ReserveGranted,
    ReserveRefusal,
    ReserveRefused,
    RouteAnswer,
)
from site_agent.adapters.base import AnswerProbe, CallArriving, MoveProgress, PlaceProbe, ProbeEnded
from site_agent.core.addresses import Addresses
from site_agent.core.answer_outcomes import outcome_of
from site_agent.core.leaders import Leaders
from site_agent.core.number_arrivals import is_number
from site_agent.core.number_pools import NumberPools
from site_agent.core.outbox import Outbox
from site_agent.core.round_trips import RoundTrips

TIMER = "probe:"
PROBES_MAX = 20
"Test calls at once, in each role."
WORD_S = 2.0
"After an answered test call the target's word, by way of the nodes, may take so long."
UNABLE = "its telephone system answers no test calls"
NOT_PLACED = (
    "its telephone system placed no call from trunk group {group}: it has no such group, no"
    " channel of it is free, or it is draining"
)
OUTCOMES = {
    0: MoveOutcome.ERROR,
    408: MoveOutcome.NO_ANSWER,
    480: MoveOutcome.NO_ANSWER,
    486: MoveOutcome.BUSY,
    487: MoveOutcome.NO_ANSWER,
}


@dataclass(frozen=True, slots=True)
class Expected:
    """A test call that may arrive here."""

    message: Reserve
    token: str
    number: str
    until_s: float


@dataclass(slots=True)
class Placed:
    """A test call that this site placed."""

    answer: RouteAnswer
    began_at_s: float
    taken: bool = False
    ended: ProbeEnded | None = None
    "It was answered and is over; by whom, the target's word is still awaited."


class Probes:
    """Test calls of this site, in both roles."""

    __slots__ = (
        "_able",
        "_addresses",
        "_expected",
        "_leaders",
        "_new_id",
        "_new_token",
        "_numbers",
        "_out",
        "_placed",
        "_site",
        "trips",
    )

    def __init__(
        self,
        *,
        site: str,
        able: bool = True,
        trips: RoundTrips,
        leaders: Leaders,
        numbers: NumberPools,
        addresses: Addresses,
        out: Outbox,
        new_id: Callable[[], str],
        new_token: Callable[[], str],
    ) -> None:
        self._site = site
        self._able = able
        self.trips = trips
        "Those that go through the carrier and come back."
        self._leaders = leaders
        self._numbers = numbers
        self._addresses = addresses
        self._out = out
        self._new_id = new_id
        self._new_token = new_token
        self._expected: dict[str, Expected] = {}
        "By token."
        self._placed: dict[str, Placed] = {}
        "By call."

    # ---- target ------------------------------------------------------------------------------

    def reserve(self, node: str, message: Reserve, now_s: float) -> None:
        """The leader wants to try a path that leads here."""
        if not self._leaders.obeys(node, message.domain, message.epoch, message.request_id):
            return
        if not self._able:
            self._refuse(node, message, ReserveRefusal.UNKNOWN_TARGET, UNABLE)
            return
        known = next(
            (
                one
                for one in self._expected.values()
                if one.message.request_id == message.request_id
            ),
            None,
        )
        if known is None and len(self._expected) >= PROBES_MAX:
            self._refuse(node, message, ReserveRefusal.OVERLOAD, "too many test calls")
            return
        if known is None:
            token, number = self._new_token(), ""
            if message.number_on:
                number = self._numbers.lend(message.number_on, token, now_s, to=message.origin_site)
            if message.number_on and not number:
                why = self._numbers.why_none(message.number_on)
                self._refuse(node, message, ReserveRefusal.NO_NUMBER, why)
                return
            known = Expected(message, token, number, now_s + message.expires_s)
            self._expected[token] = known
            self._out.start(TIMER + token, known.until_s)
        self._out.send(
            node,
            ReserveGranted(
                domain=message.domain,
                epoch=message.epoch,
                request_id=message.request_id,
                token=known.token,
                queue="",
                expires_s=max(0.0, known.until_s - now_s),
                number=known.number,
            ),
        )

    def arriving(self, event: CallArriving, now_s: float) -> bool:
        """Is this a test call that is expected? Then it is answered; one of ours is moved."""
        if self.trips.arriving(event, now_s):
            return True
        one = self._meant(event)
        if one is None:
            return False
        groups = {claim.trunk_group for claim in one.message.channels}
        if groups and event.trunk_group not in groups:
            return False
        self._forget(one, now_s)
        self._out.count("probes_answered")
        self._out.do(AnswerProbe(call_id=event.call_id))
        self._out.send(
            self._leaders.relay(),
            CallTaken(token=one.token, from_site=self._site, to_site=one.message.origin_site),
        )
        return True

    def late(self, token: str, now_s: float) -> None:
        """A test call did not come in its time; or nobody says that one of ours came."""
        placed = self._placed.get(token)
        if placed is not None and placed.ended is not None:
            self._ended(token, placed, 200, placed.ended.took_s)
        one = self._expected.get(token)
        if one is not None:
            self._forget(one, now_s)

    # ---- origin ------------------------------------------------------------------------------

    def ordered(self, node: str, answer: RouteAnswer, now_s: float) -> None:
        """The leader wants a test call placed."""
        if not self._leaders.obeys(node, answer.domain, answer.epoch, answer.request_id):
            return
        if any(one.answer.request_id == answer.request_id for one in self._placed.values()):
            return
        if answer.probe_round and answer.rungs and self._able:
            if not self.trips.knows(answer.request_id):
                self.trips.begin(self._new_id(), answer)
            return
        address = self._addresses.of_probe(answer) if answer.rungs else ""
        call_id = self._new_id()
        placed = self._placed[call_id] = Placed(answer, now_s)
        if not self._able:
            self._tell(call_id, placed, MoveOutcome.SERVED_AT_HOME, 0, 0.0)
            return
        if len(self._placed) > PROBES_MAX:
            why = f"{PROBES_MAX} test calls of this site are under way: try again"
            self._tell(call_id, placed, MoveOutcome.ERROR, 0, 0.0, why)
            return
        if not address:
            why = self._addresses.why_no_probe(answer) if answer.rungs else "it was given no way"
            self._tell(call_id, placed, MoveOutcome.ERROR, 0, 0.0, why)
            return
        self._out.do(
            PlaceProbe(
                call_id=call_id,
                trunk_group=answer.probe_from,
                address=address,
                ring_s=max(1.0, answer.expires_s),
            )
        )

    def taken(self, message: CallTaken, now_s: float) -> bool:
        """Is this the target's word on a test call of ours?"""
        if self.trips.taken(message, now_s):
            return True
        for one in self._placed.values():
            if one.answer.token == message.token:
                one.taken = True
                if one.ended is not None:
                    self._out.stop(TIMER + one.ended.call_id)
                    self._ended(one.ended.call_id, one, 200, one.ended.took_s)
                return True
        return False

    def ended(self, event: ProbeEnded, now_s: float) -> None:
        """The ACD tells how it went."""
        if self.trips.ended(event):
            return
        placed = self._placed.get(event.call_id)
        if placed is not None and event.sip_status == 200 and not placed.taken:
            placed.ended = event
            self._out.start(TIMER + event.call_id, now_s + WORD_S)
        elif placed is not None:
            detail = NOT_PLACED.format(group=placed.answer.probe_from)
            known = event.sip_status or not placed.answer.probe_from
            self._ended(
                event.call_id, placed, event.sip_status, event.took_s, "" if known else detail
            )

    # ---- inner -------------------------------------------------------------------------------

    def _ended(
        self, call_id: str, placed: Placed, status: int, took_s: float, detail: str = ""
    ) -> None:
        outcome = OUTCOMES.get(status, MoveOutcome.REFUSED)
        if status == 200:
            outcome = MoveOutcome.ARRIVED if placed.taken else MoveOutcome.UNRESOLVED
        self._tell(call_id, placed, outcome, status, took_s, detail)

    def _tell(  # noqa: PLR0917 - what one outcome is made of
        self,
        call_id: str,
        placed: Placed,
        outcome: MoveOutcome,
        status: int,
        took_s: float,
        detail: str = "",
    ) -> None:
        answer = placed.answer
        del self._placed[call_id]
        self._out.count(f"probes_{outcome.value}")
        self._out.send(
            self._leaders.node_of(answer.domain),
            outcome_of(
                answer,
                outcome,
                method=answer.rungs[0].method if answer.rungs else None,
                sip_status=status,
                took_s=took_s,
                detail=detail,
            ),
        )

    def _meant(self, event: CallArriving) -> Expected | None:
        if not is_number(event.token):
            return self._expected.get(event.token)
        owner = self._numbers.owner(event.token, event.trunk_group)
        one = self._expected.get(owner.hold_id) if owner else None
        return one if one is not None and one.number == event.token else None

    def _forget(self, one: Expected, now_s: float) -> None:
        del self._expected[one.token]
        self._out.stop(TIMER + one.token)
        if one.number:
            self._numbers.rest(one.number, one.token, now_s)

    def _refuse(self, node: str, message: Reserve, reason: ReserveRefusal, detail: str) -> None:
        self._out.send(
            node,
            ReserveRefused(
                domain=message.domain,
                epoch=message.epoch,
                request_id=message.request_id,
                reason=reason,
                detail=detail,
            ),
        )


def first_for_probes(
    probes: Probes, arriving: Callable[[CallArriving, float], None]
) -> Callable[[CallArriving, float], None]:
    """Test calls first, then everybody else."""

    def both(event: CallArriving, now_s: float) -> None:
        if not probes.arriving(event, now_s):
            arriving(event, now_s)

    return both


def progress_or_trip(
    probes: Probes, progress: Callable[[MoveProgress, float], None]
) -> Callable[[MoveProgress, float], None]:
    """A caller who is moved, or a test call that came back."""

    def either(event: MoveProgress, now_s: float) -> None:
        if not probes.trips.progress(event):
            progress(event, now_s)

    return either


def reserve_or_probe(
    probes: Probes, reserve: Callable[[str, Reserve, float], None]
) -> Callable[[str, Reserve, float], None]:
    """A hold, or a test call."""

    def either(node: str, message: Reserve, now_s: float) -> None:
        (probes.reserve if message.probe else reserve)(node, message, now_s)

    return either


def answer_or_order(
    probes: Probes, answered: Callable[[str, RouteAnswer, float], None]
) -> Callable[[str, RouteAnswer, float], None]:
    """An answer about a call, or the order of a test call."""

    def either(node: str, message: RouteAnswer, now_s: float) -> None:
        (probes.ordered if message.probe_from else answered)(node, message, now_s)

    return either


def taken_or_probe(
    probes: Probes, told: Callable[[str, CallTaken, float], None]
) -> Callable[[str, CallTaken, float], None]:
    """The target has a caller, or a test call."""

    def either(node: str, message: CallTaken, now_s: float) -> None:
        if not probes.taken(message, now_s):
            told(node, message, now_s)

    return either
