"""Test calls that go out to a number of this site's own, come back in, and are then moved as
callers are: whether the carrier follows a 302 or a REFER can be learnt in no other way.

Rule of this file: a test call is nobody's. Who calls the test number while one is out, by the trunk
group it went out by, is taken for it, unless the caller's number says otherwise; afterwards it is a
number like any other. Only the target's own word says that it went through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nrcli.wire.messages import (
    CallTaken,
    MoveOutcome,
    RouteAnswer,
    TransferMethod,
)
from site_agent.adapters.base import (
    AnswerProbe,
    CallArriving,
    EndMoved,
    MoveProgress,
    MoveSign,
    PlaceProbe,
    ProbeEnded,
    RefuseArrival,
    StartMove,
)
from site_agent.core.addresses import Addresses
from site_agent.core.answer_outcomes import outcome_of
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings, TrunkRules

REDIRECT, REFER = TransferMethod.REDIRECT_302, TransferMethod.REFER
SAME_DIGITS = 7
"So many last digits say who calls, however the carrier writes the rest."
UNAVAILABLE, NOT_FOUND = 480, 404


@dataclass(slots=True)
class Trip:
    """One test call."""

    answer: RouteAnswer
    rules: TrunkRules
    address: str
    back_id: str = ""
    "The call that came back in."
    return_token: str = ""
    moved_at_s: float = 0.0
    "The 302 or REFER went out."
    taken_at_s: float = 0.0
    problem: str = ""

    @property
    def method(self) -> TransferMethod:
        """What is tried."""
        return self.answer.rungs[0].method


class RoundTrips:
    """Test calls of this site that go through its carriers, by their outgoing call."""

    __slots__ = ("_addresses", "_leaders", "_new_token", "_out", "_settings", "_trips", "_watch")

    def __init__(
        self,
        *,
        settings: SiteSettings,
        leaders: Leaders,
        addresses: Addresses,
        out: Outbox,
        new_token: Callable[[], str],
        watch: Callable[[frozenset[str]], None],
    ) -> None:
        """`watch` tells the ACD to say who calls these numbers."""
        self._settings = settings
        self._leaders = leaders
        self._addresses = addresses
        self._out = out
        self._new_token = new_token
        self._watch = watch
        self._trips: dict[str, Trip] = {}

    def knows(self, request_id: str) -> bool:
        """Is this one on its way?"""
        return any(one.answer.request_id == request_id for one in self._trips.values())

    def begin(self, call_id: str, answer: RouteAnswer) -> None:
        """Call the test number, or say why not."""
        rung = answer.rungs[0]
        rules = self._settings.trunks.get(answer.probe_from)
        address = self._addresses.of_rung(answer.probe_from, answer, rung)
        if unable := self._unable(answer, rules):
            self._tell(answer, MoveOutcome.SERVED_AT_HOME, unable)
            return
        assert rules is not None, "else it is unable"
        if problem := _problem(answer, rules, address):
            self._tell(answer, MoveOutcome.ERROR, problem)
            return
        self._trips[call_id] = Trip(answer, rules, address)
        self._watch_all()
        self._out.do(
            PlaceProbe(
                call_id=call_id,
                trunk_group=answer.probe_from,
                address=f"sip:{rules.test_number}@{rules.dial_to}",
                ring_s=max(1.0, answer.expires_s),
                stands_s=max(5.0, answer.expires_s),
            )
        )

    def _unable(self, answer: RouteAnswer, rules: TrunkRules | None) -> str:
        """Why nothing can be tried here, which says nothing of the path; empty: it can."""
        group, method = answer.probe_from, answer.rungs[0].method
        if rules is None or not rules.test_number:
            return f"trunk group {group} has no `test_number`"
        if not rules.dial_to:
            return f"trunk group {group} has a `test_number` and no `dial_to` to call it by"
        if method not in (REDIRECT, REFER):
            return f"{method.value} needs no carrier that follows it"
        if any(one.answer.probe_from == group for one in self._trips.values()):
            return f"another test call of trunk group {group} is on its way"
        return ""

    # ---- on the way --------------------------------------------------------------------------

    def arriving(self, event: CallArriving, now_s: float) -> bool:
        """Is it a test call of ours that came back? Then it is moved."""
        trip = next((one for one in self._trips.values() if _meant(one, event)), None)
        if trip is None:
            return False
        if event.token == trip.return_token:
            trip.problem = "the carrier tried the second Contact: by the first it got nowhere"
            self._out.do(RefuseArrival(call_id=event.call_id, sip_status=UNAVAILABLE))
        elif event.trunk_group != trip.answer.probe_from:
            trip.problem = f"it came back by trunk group {event.trunk_group}"
            self._out.do(RefuseArrival(call_id=event.call_id, sip_status=NOT_FOUND))
        else:
            trip.back_id, trip.moved_at_s = event.call_id, now_s
            self._out.count("round_trips_came_back")
            self._move(trip)
        return True

    def _move(self, trip: Trip) -> None:
        """Move the call that came back, as a caller would be."""
        rung, settings = trip.answer.rungs[0], self._settings
        group, return_address = trip.answer.probe_from, ""
        if trip.method is REFER:
            stands_s = max(5.0, trip.answer.expires_s)
            self._out.do(AnswerProbe(call_id=trip.back_id, stands_s=stands_s))
        elif rung.follows_contacts:
            trip.return_token = self._new_token()
            return_address = self._addresses.home(group, trip.return_token)
        self._out.do(
            StartMove(
                call_id=trip.back_id,
                move_id=trip.answer.request_id,
                method=trip.method,
                address=trip.address,
                by_carrier=rung.at_trunk,
                return_address=return_address,
                user_to_user="",
                set_up_s=max(settings.set_up_s_min, settings.set_up_factor * rung.set_up_p99_s),
            )
        )

    def progress(self, event: MoveProgress) -> bool:
        """What the ACD learnt of the move; false: it is none of ours."""
        trip = next((one for one in self._trips.values() if one.back_id == event.call_id), None)
        if trip is None or not event.call_id:
            return False
        trip.problem = trip.problem or _said(trip.method, event)
        final = event.sign in (MoveSign.REFUSED, MoveSign.NOTIFIED, MoveSign.SILENT)
        if final and trip.method is REFER:
            self._out.do(EndMoved(call_id=trip.back_id))
        return True

    def taken(self, message: CallTaken, now_s: float) -> bool:
        """The target knew the token."""
        for one in self._trips.values():
            if one.answer.token == message.token:
                one.taken_at_s = now_s
                return True
        return False

    def ended(self, event: ProbeEnded) -> bool:
        """The outgoing call is over, and with it the test; false: it is none of ours."""
        trip = self._trips.pop(event.call_id, None)
        if trip is None:
            return False
        self._watch_all()
        took_s = max(0.0, trip.taken_at_s - trip.moved_at_s)
        if trip.taken_at_s:
            self._tell(trip.answer, MoveOutcome.ARRIVED, "", event.sip_status, took_s)
        else:
            problem = trip.problem or _why(trip, event)
            self._tell(trip.answer, MoveOutcome.REFUSED, problem, event.sip_status)
        return True

    def _watch_all(self) -> None:
        self._watch(frozenset(one.rules.test_number for one in self._trips.values()))

    def _tell(
        self,
        answer: RouteAnswer,
        outcome: MoveOutcome,
        detail: str,
        status: int = 0,
        took_s: float = 0.0,
    ) -> None:
        self._out.count(f"round_trips_{outcome.value}")
        self._out.send(
            self._leaders.node_of(answer.domain),
            outcome_of(
                answer,
                outcome,
                method=answer.rungs[0].method,
                sip_status=status,
                took_s=took_s,
                detail=detail,
                through_carrier=True,
            ),
        )


def _problem(answer: RouteAnswer, rules: TrunkRules, address: str) -> str:
    """Why callers cannot be moved so either; empty: nothing is known against it."""
    method = answer.rungs[0].method
    if not (rules.redirect_302 if method is REDIRECT else rules.refer):
        return f"the site allows no {method.value} on trunk group {answer.probe_from}"
    return "" if address else "its site table or `number_domains` gives no address for it"


def _meant(trip: Trip, event: CallArriving) -> bool:
    """Is this our call to the test number, or its second Contact?"""
    if trip.return_token and event.token == trip.return_token:
        return True
    if event.token != trip.rules.test_number or trip.back_id:
        return False
    shown, seen = _digits(trip.rules.dial_from), _digits(event.ani)
    return min(len(shown), len(seen)) < SAME_DIGITS or shown[-SAME_DIGITS:] == seen[-SAME_DIGITS:]


def _digits(number: str) -> str:
    return "".join(one for one in number if one.isdigit())


def _said(method: TransferMethod, event: MoveProgress) -> str:
    """What is wrong, by a sign of the move; empty: nothing, as far as it goes."""
    if event.sign is MoveSign.REFUSED and method is REDIRECT:
        return f"no 302 could be sent ({event.sip_status}): does the target's SIP port answer?"
    if event.sign is MoveSign.REFUSED:
        return f"the carrier refuses the REFER ({event.sip_status})"
    if event.sign is MoveSign.NOTIFIED and event.sip_status >= 300:
        return f"the carrier takes the REFER and then says {event.sip_status}"
    if event.sign is MoveSign.SILENT and method is REFER:
        return "the carrier takes the REFER, and nothing follows"
    return ""


def _why(trip: Trip, event: ProbeEnded) -> str:
    """What is wrong, by how the outgoing call ended."""
    number, status = trip.rules.test_number, event.sip_status
    if not trip.back_id and status == 200:
        return f"somebody else answers {number}: it does not lead back to this trunk group"
    if not trip.back_id:
        told = f"says {status}" if status else "could not be called: no channel is free"
        return f"the call to {number} did not come back: the carrier {told}"
    if trip.method is REDIRECT and status in (300, 301, 302, 305, 380):
        return f"the carrier does not follow a 302: it hands the {status} on to the caller"
    if trip.method is REDIRECT and status != 200:
        return f"after the 302 the carrier says {status}"
    return "the target was never reached, or its token was cut on the way"
