"""Follows each call at this site from offer or arrival to its end.

Rule of this file: what happened to a call is noted here, and the parts that must know are told;
when to ask, to move and to hold is theirs to decide.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import DOMAIN_FIRST, DataPut
from site_agent.adapters.base import (
    Announce,
    CallAnswered,
    CallConnected,
    CallEnded,
    CallOffered,
    CallSilent,
    GiveData,
)
from site_agent.core.actions import TellCti
from site_agent.core.answer_actions import AnswerActions
from site_agent.core.arrivals import Arrivals
from site_agent.core.attached_data import DataRefusedError, canonical, merged
from site_agent.core.call_ageing import CallAgeing
from site_agent.core.call_fates import CallFates
from site_agent.core.calls import Call, CallBook, CallState
from site_agent.core.events import DataHandedIn
from site_agent.core.leaders import Leaders
from site_agent.core.leg_records import LegRecords
from site_agent.core.outbox import Outbox
from site_agent.core.queue_figures import Expectation, QueueFigures
from site_agent.core.route_requests import RouteRequests
from site_agent.core.settings import SiteSettings
from site_agent.core.shifted_calls import ShiftedCalls
from site_agent.core.transfer_execution import TransferExecution


class CallDesk:
    """Call events of the ACD."""

    __slots__ = (
        "_actions",
        "_ageing",
        "_arrivals",
        "_calls",
        "_fates",
        "_figures",
        "_leaders",
        "_legs",
        "_moves",
        "_out",
        "_requery_s",
        "_requests",
        "_settings",
        "_site",
        "_took_call",
        "shifts",
    )

    def __init__(
        self,
        *,
        site: str,
        settings: SiteSettings,
        calls: CallBook,
        leaders: Leaders,
        requests: RouteRequests,
        moves: TransferExecution,
        arrivals: Arrivals,
        figures: QueueFigures,
        took_call: Callable[[str], None],
        actions: AnswerActions,
        ageing: CallAgeing,
        requery_s: Callable[[str], float],
        fates: CallFates,
        legs: LegRecords,
        shifts: ShiftedCalls,
        out: Outbox,
    ) -> None:
        self._fates = fates
        self._legs = legs
        self.shifts = shifts
        self._actions = actions
        self._ageing = ageing
        self._requery_s = requery_s
        self._site = site
        self._settings = settings
        self._calls = calls
        self._leaders = leaders
        self._requests = requests
        self._moves = moves
        self._arrivals = arrivals
        self._figures = figures
        self._took_call = took_call
        self._out = out

    def offered(self, event: CallOffered, now_s: float) -> None:
        """A caller entered a queue. A second offer of the same call changes nothing."""
        if self._calls.get(event.call_id) is not None or self._arrivals.late(event, now_s):
            return
        call = Call(
            call_id=event.call_id,
            interaction_id=event.interaction_id,
            service=event.service,
            queue=event.queue,
            offered_at_s=now_s - event.waited_s,
        )
        call.entered_at_s = now_s
        call.trunk_group = event.trunk_group
        call.dialed_number = event.dialed_number
        call.ani = event.ani
        call.priority = event.priority
        call.emergency = event.emergency
        call.held_back = event.held_back
        call.withheld = event.withheld
        call.verified = event.verified
        self._consults(call, event.consult_of)
        self._keep_data(call, event.data)
        expected = self._figures.entered(call, now_s, at_once=event.agent_ready)
        self._calls.add(call)
        self._legs.entered(call, expected, now_s)
        if expected is not None:
            self._tell_caller(call, expected)
        self._out.count("offered")
        self._out.write(
            "call_offered",
            call=call.call_id,
            interaction=call.interaction_id,
            queue=call.queue,
            trunk_group=call.trunk_group,
        )
        self._ageing.entered(call)
        self.shifts.entered(call)
        if event.agent_ready:
            call.asked_after_s = now_s + self._requery_s(call.queue)
        self._requests.entered(call, now_s)

    def _consults(self, call: Call, first_call_id: str) -> None:
        """An agent calls about a caller: what counts for the caller counts for this call."""
        call.consult_of = first_call_id
        first = self._calls.get(first_call_id)
        if first is not None:
            call.visited_sites = first.visited_sites
            call.moves_count = first.moves_count
            call.data = first.data

    def answered(self, event: CallAnswered, now_s: float) -> None:
        """The site answered the caller: other ways of moving them are open now."""
        call = self._calls.get(event.call_id)
        if call is not None and not call.answered:
            call.answered = True
            self._legs.answered(call, now_s)
            self._out.write("call_answered", call=call.call_id, interaction=call.interaction_id)
            self._calls.changed(call)
            self._requests.ways_changed(call, now_s)

    def silent(self, event: CallSilent, now_s: float) -> None:
        """The caller hears nothing, or something again: for the history alone."""
        call = self._calls.get(event.call_id)
        if call is not None:
            kind = "silence_begun" if event.silent else "silence_ended"
            self._out.write(kind, call=call.call_id, interaction=call.interaction_id)

    def connected(self, event: CallConnected, now_s: float) -> None:
        """An agent talks with the caller: nothing is to be asked any more."""
        call = self._calls.get(event.call_id)
        if call is None:
            return
        self._free_agent(call)
        self._figures.connected(call, now_s)
        self._fates.connected(call, event.agent, now_s)
        self._legs.connected(call, event.agent, now_s)
        if call.agent != event.agent:
            self._took_call(event.agent)
        call.agent = event.agent
        call.answered = True
        call.connected_at_s = now_s
        call.moves_since_person_count, call.visited_sites = 0, ()
        call.held_back = False
        self._calls.put(call, CallState.CONNECTED)
        self._actions.forget(call.call_id)
        self._requests.withdraw(call.call_id, "own agent")
        self._out.count("connected")
        self._out.write(
            "agent_call", agent=event.agent, call=call.call_id, interaction=call.interaction_id
        )
        self._out.write(
            "call_connected",
            call=call.call_id,
            interaction=call.interaction_id,
            agent=event.agent,
        )
        self._tell_cti(call, "screen_pop")

    def ended(self, event: CallEnded, now_s: float) -> None:
        """The call's leg at this site is over."""
        call = self._calls.get(event.call_id)
        if call is None:
            return
        self._requests.withdraw(call.call_id, event.released_by)
        self._actions.forget(call.call_id)
        move = self._moves.leg_ended(call.call_id, event.released_by, now_s)
        if move is None and call.left_by is not None:
            move = self._moves.by_token(call.left_by.token)
        if call.token:
            self._arrivals.ended(call, now_s)
        self._free_agent(call)
        self._figures.ended(call, event.released_by, now_s)
        self._fates.ended(call, event.released_by, now_s)
        self._calls.drop(call.call_id)
        self._out.count(f"ended_{event.released_by}")
        self._out.write(
            "call_ended",
            call=call.call_id,
            interaction=call.interaction_id,
            released_by=event.released_by,
            sip_status=event.sip_status,
            agent=call.agent,
        )
        self._legs.ended(call, event, move, now_s)

    def data_handed_in(self, event: DataHandedIn) -> None:
        """The centre's CTI gives data for a call: overlaid on what is there, told to NIRC."""
        call = self._calls.get(event.call_id)
        if call is None or not self._keep_data(call, event.data) or call.data is None:
            return
        self._calls.changed(call)
        self._out.send(
            self._leaders.node_of(DOMAIN_FIRST),
            DataPut(
                interaction_id=call.interaction_id,
                version=call.data.version,
                digest=call.data.digest,
                data=call.data.data,
            ),
        )
        if call.agent:
            self._out.do(GiveData(call_id=call.call_id, data=call.data.data))
            self._tell_cti(call, "attached_data")

    def _keep_data(self, call: Call, data: bytes) -> bool:
        if not data:
            return False
        limit = self._settings.data_bytes_max
        try:
            call.data = merged(call.data, canonical(data, limit), limit)
        except DataRefusedError as error:
            self._out.count("data_refused")
            self._out.alarm("data_refused", self._site, f"attached data was refused: {error}")
            return False
        return True

    def _free_agent(self, call: Call) -> None:
        if call.agent:
            self._out.write("agent_free", agent=call.agent, call=call.call_id)

    def _tell_caller(self, call: Call, expected: Expectation) -> None:
        self._out.do(
            Announce(
                call_id=call.call_id,
                position=expected.position,
                ewt_s_min=expected.low_s,
                ewt_s_max=expected.high_s,
                ewt_s=expected.wait_s,
            )
        )

    def _tell_cti(self, call: Call, kind: str) -> None:
        self._out.do(
            TellCti(
                kind=kind,
                call_id=call.call_id,
                agent=call.agent,
                interaction_id=call.interaction_id,
                data=call.data.data if call.data else b"",
                ani=call.ani,
                queue=call.queue,
            )
        )
