"""The calls that are at this site now, and what must be known of each to move it.

Rule of this file: one entry per `call_id`, from the offer or arrival to the end; nothing here
decides anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from nrcli.wire.messages import FailedWay, RouteAnswer, WaitingCallReport
from site_agent.core.attached_data import AttachedData

Mark = Callable[[str, str], None]
"Called with (kind, name) of an entity of the site's state that may have changed."


class CallState(Enum):
    """Where a call stands at this site."""

    WAITING = "waiting"  # in a queue, or ringing an agent
    MOVING = "moving"  # a move has begun; the place is kept
    CONNECTED = "connected"  # an agent talks
    LEFT = "left"  # moved; the leg is about to end, or stands as a bridge


class Call:
    """One call. `offered_at_s` already counts the time waited elsewhere."""

    __slots__ = (
        "agent",
        "ani",
        "announced_at_s",
        "announcement",
        "answered",
        "asked_after_s",
        "asked_as_it_is",
        "back_status",
        "blind_tried",
        "call_id",
        "connected_at_s",
        "consult_id",
        "consult_of",
        "data",
        "dialed_number",
        "emergency",
        "entered_at_s",
        "entry_domain",
        "entry_id",
        "failed_ways",
        "foreign",
        "held_agent",
        "held_back",
        "interaction_id",
        "kept_home",
        "left_by",
        "moves_count",
        "moves_since_person_count",
        "not_before_s",
        "offered_at_s",
        "passed_by",
        "passed_from",
        "priority",
        "queue",
        "refused_targets",
        "rejected",
        "service",
        "state",
        "token",
        "trunk_group",
        "verified",
        "visited_sites",
        "withheld",
    )

    def __init__(
        self, *, call_id: str, interaction_id: str, service: str, queue: str, offered_at_s: float
    ) -> None:
        self.call_id = call_id
        self.interaction_id = interaction_id
        self.service = service
        self.queue = queue
        self.offered_at_s = offered_at_s
        self.entered_at_s = offered_at_s
        self.connected_at_s: float | None = None
        self.trunk_group = self.dialed_number = ""
        self.ani = ""
        self.priority = 0
        self.answered = self.emergency = False
        self.withheld = self.verified = False
        self.foreign = False
        "Came from another site by a token: counts as a loan."
        self.token = ""
        "The token it arrived with."
        self.held_agent = self.rejected = ""
        "Who was held for it when it arrived; why a policy, or a closing queue, ends it."
        self.state = CallState.WAITING
        self.agent = ""
        self.data: AttachedData | None = None
        self.visited_sites: tuple[str, ...] = ()
        self.moves_since_person_count = self.moves_count = 0
        self.refused_targets: tuple[str, ...] = ()
        self.failed_ways: dict[FailedWay, float] = {}
        "By which it could not be moved, each until when; `failed_ways` alone changes it."
        self.asked_after_s = 0.0
        "Not asked about before this instant, while the same leader leads."
        self.not_before_s = 0.0
        "NIRC itself said not to ask before this instant."
        self.held_back = False
        "The queue is closed: the ACD offers the call to no own agent until it is put back."
        self.announcement = ""
        "What was last played to the caller, or is being played, since `announced_at_s`."
        self.announced_at_s = 0.0
        self.entry_id = self.entry_domain = ""
        "Of the network queue; empty: the call waits here alone."
        self.blind_tried = self.kept_home = False
        "An operator took it out of the network queue: it is asked about no more."
        self.passed_by, self.passed_from = "", ("", "")
        "The agent who passed the caller on (empty: none), and service and queue before that."
        self.consult_of = self.consult_id = ""
        "The call about which an agent makes this one; the one by which they consulted about this."
        self.left_by: RouteAnswer | None = None
        "By which answer it was moved, of a call that is left standing here as a bridge."
        self.back_status = 0
        "Of a caller whom that agent wants back: what their phone is told."
        self.asked_as_it_is = True
        "The last answer was to a question about the call as it stood then: ringing, or answered."

    @property
    def is_away(self) -> bool:
        """Did an agent of this site ask for a service that nobody here serves?"""
        return self.held_back and bool(self.passed_by or self.consult_of)


class CallBook:
    """All calls at this site, by id."""

    __slots__ = ("_by_entry", "_calls", "_keep", "_mark", "loans")

    def __init__(self, mark: Mark, keep: Mark = lambda kind, call_id: None) -> None:
        """`mark` what nodes and the journal may have to know, `keep` what the journal alone."""
        self._calls: dict[str, Call] = {}
        self._by_entry: dict[str, Call] = {}
        self._mark = mark
        self._keep = keep
        self.loans: dict[str, int] = {}
        "Calls of other sites that are here now, per queue."

    def add(self, call: Call) -> None:
        """A call entered the site."""
        self._calls[call.call_id] = call
        if call.entry_id:
            self._by_entry[call.entry_id] = call
        if call.foreign:
            self.loans[call.queue] = self.loans.get(call.queue, 0) + 1
            self._mark("queue", call.queue)
        self._mark("waiting", call.call_id)

    def drop(self, call_id: str) -> Call | None:
        """A call ended here; the call, or nothing if it was not known."""
        call = self._calls.pop(call_id, None)
        if call is None:
            return None
        if self._by_entry.get(call.entry_id) is call:
            del self._by_entry[call.entry_id]
        if call.foreign:
            self.loans[call.queue] -= 1
            self._mark("queue", call.queue)
        self._mark("waiting", call_id)
        return call

    def get(self, call_id: str) -> Call | None:
        """The call with this id, if it is here."""
        return self._calls.get(call_id)

    def knows(self, call: Call) -> bool:
        """Is this very call here?"""
        return self._calls.get(call.call_id) is call

    def of_entry(self, entry_id: str) -> Call | None:
        """The call that has this entry of the network queue."""
        return self._by_entry.get(entry_id)

    def queue(self, call: Call, entry_id: str, domain: str) -> None:
        """The call has this entry of the network queue from now on; empty: none."""
        if self._by_entry.get(call.entry_id) is call:
            del self._by_entry[call.entry_id]
        call.entry_id, call.entry_domain = entry_id, domain
        if entry_id and self._calls.get(call.call_id) is call:
            self._by_entry[entry_id] = call
        self._mark("waiting", call.call_id)

    def serve(self, call: Call, service: str, queue: str) -> None:
        """The caller is here for something else from now on: a loan goes along to its queue."""
        lent = call.foreign and self._calls.get(call.call_id) is call
        if lent:
            self.loans[call.queue] -= 1
            self._mark("queue", call.queue)
        call.service, call.queue = service, queue
        if lent:
            self.loans[queue] = self.loans.get(queue, 0) + 1
            self._mark("queue", queue)

    def put(self, call: Call, state: CallState) -> None:
        """Change a call's state."""
        call.state = state
        self._mark("waiting", call.call_id)

    def changed(self, call: Call) -> None:
        """Something about a call changed that the journal keeps; of an entry nodes are told too."""
        (self._mark if call.entry_id else self._keep)("waiting", call.call_id)

    def all(self) -> list[Call]:
        """All calls, oldest entry first."""
        return list(self._calls.values())

    def waiting(self) -> list[Call]:
        """Calls that wait, oldest entry first."""
        return [call for call in self._calls.values() if call.state is CallState.WAITING]

    def report(self, call_id: str) -> tuple[WaitingCallReport, float] | None:
        """The report of a waiting call and the instant its wait counts from."""
        call = self._calls.get(call_id)
        if call is None or call.state is not CallState.WAITING:
            return None
        report = WaitingCallReport(
            call_id=call.call_id,
            interaction_id=call.interaction_id,
            queue=call.queue,
            service=call.service,
            priority=call.priority,
            waited_s=0.0,
        )
        return (_of_entry(call, report) if call.entry_id else report), call.offered_at_s


def _of_entry(call: Call, report: WaitingCallReport) -> WaitingCallReport:
    """What the network queue needs besides, to ask about the call as this site would."""
    return replace(
        report,
        entry_id=call.entry_id,
        domain=call.entry_domain,
        trunk_group=call.trunk_group,
        answered=call.answered,
        dialed_number=call.dialed_number,
        ani=call.ani,
        withheld=call.withheld,
        verified=call.verified,
        visited_sites=call.visited_sites,
        moves_since_person_count=call.moves_since_person_count,
        moves_count=call.moves_count,
        refused_targets=call.refused_targets,
        failed_ways=tuple(call.failed_ways),
        data_version=call.data.version if call.data else 0,
        data_digest=call.data.digest if call.data else b"",
    )
