"""Transfers that agents begin: a REFER from the agent's phone, in the dialog of their call.

Rule of this file: the caller hears music until somebody takes them, and the agent keeps them on any
failure while on the line (RFC 3515, RFC 5589). Where a caller may be sent is decided in
`dial_classes`; who takes them by the queue here and, through the site daemon, by NIRC.
"""

from __future__ import annotations

from nrcli.sip.message import MessageError, SipUri
from site_agent.adapters.base import (
    TakeBackAsked,
    TransferBegun,
    TransferEnded,
    TransferRefused,
)
from site_agent.adapters.sip_acd.calls import Call, Leg, LegState, Parked, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.dial_classes import DialClasses, Wanted, WantedKind
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.far_leg import FarLeg
from site_agent.adapters.sip_acd.parking import Parking, is_hold
from site_agent.adapters.sip_acd.registrar import peer_of
from site_agent.adapters.sip_acd.settings import ServiceSettings
from site_agent.adapters.sip_acd.trunks import TrunkGroup
from site_agent.sip.signals import (
    AckMissing,
    AckReceived,
    AnswerReceived,
    InviteFailed,
    ReferReceived,
    ReinviteReceived,
    UserAgentEvent,
)

TIMER = "transfer"
DIAL_RING_S = 60.0
REFUSED = {"not_allowed": 403, "unknown": 404, "no_trunk": 503, "busy": 491}


class AgentTransfers:
    """Every caller whom an agent passes on, from the REFER to the outcome."""

    __slots__ = ("_desk", "_ending", "_far", "classes", "parking")

    def __init__(self, desk: Desk, parking: Parking, far: FarLeg, ending: Ending) -> None:
        self._desk = desk
        self.parking = parking
        self._far = far
        self._ending = ending
        emergency = {
            number for group in desk.trunks.all() for number in group.settings.emergency_numbers
        }
        self.classes = DialClasses(
            desk.settings.transfers,
            emergency,
            self.is_service,
            lambda: desk.numbers is not None,
        )

    # ---- the agent's phone ---------------------------------------------------------------------

    def refer(self, leg: Leg, event: ReferReceived, *, to: str = "") -> None:
        """An agent passes their caller on. `to`: a service, whatever the address says."""
        desk, call = self._desk, leg.call
        wanted = self.classes.wanted(to or event.refer_to.user)
        reason = self._problem(call, leg, wanted)
        if reason:
            self.refuse(leg, wanted, reason)
            return
        desk.sip(desk.ua.accept_refer, leg.leg_id, desk.now_s)
        parked = call.parked or self.parking.park(call)
        parked.transferring = parked.refers = True
        parked.consulting = ""
        call.told_agent = ""
        desk.timer(TIMER, call, desk.settings.transfers.search_s_max)
        if wanted.kind is WantedKind.SERVICE:
            self._to_service(call, parked, wanted.name)
        else:
            self._to_number(call, parked, wanted.name)

    def refuse(self, leg: Leg, wanted: Wanted, reason: str) -> None:
        """The caller stays with the agent."""
        desk = self._desk
        desk.counts[f"transfers_refused_{reason}"] += 1
        desk.sip(desk.ua.refuse_refer, leg.leg_id, REFUSED[reason], desk.now_s)
        desk.tell(
            TransferRefused(
                agent=leg.agent, to=wanted.name, reason=reason, call_id=leg.call.call_id
            )
        )

    def event(self, leg: Leg, parked: Parked, event: UserAgentEvent) -> None:
        """Something happened on the leg of a parked agent."""
        desk, call = self._desk, leg.call
        if isinstance(event, AnswerReceived):
            desk.sip(desk.ua.ack, leg.leg_id, desk.now_s)
            self.parking.held(call, parked)
        elif isinstance(event, ReinviteReceived):
            self._phone_changes(call, leg, parked, event.request.body)
        elif isinstance(event, AckReceived):
            if parked.asked_back:
                parked.asked_back = False
                self._back_by_phone(call, parked)
        elif isinstance(event, InviteFailed) and event.status not in (408, 481):
            self.parking.held(call, parked)
        else:
            if isinstance(event, AckMissing):
                self._ending.hang_up(leg)
            self._left(call, leg, parked)

    # ---- the outcome ---------------------------------------------------------------------------

    def look(self) -> None:
        """At the end of a turn: callers of it who have reached somebody, or nobody."""
        for call_id in list(self._desk.touched):
            call = self._desk.calls.get(call_id)
            parked = call.parked if call is not None else None
            if call is None or parked is None or not parked.transferring:
                continue
            if call.joined:
                self._done(call, parked)
            elif parked.dialing and call.far is None:
                self.give_back(call_id, 480)

    def give_back(self, call_id: str, status: int) -> None:
        """Nobody takes the caller: they are the agent's again, or wait where they came from."""
        desk, call = self._desk, self._desk.calls.get(call_id)
        parked = call.parked if call is not None else None
        if call is None or parked is None or not parked.transferring or call.joined:
            return
        desk.queueing.leave(call_id)
        if call.far is not None:
            self._ending.drop_far(call)
        call.move = None
        for kind in (TIMER, "move", "port"):
            desk.stop_timer(kind, call)
        call.service, call.queue = parked.service, parked.queue
        leg, consult = parked.leg, desk.calls.get(call.consult_id)
        if consult is not None and (leg is None or consult.caller.state is LegState.OVER):
            self._ending.end_consult(call)
        self._tell(call, parked, "back" if leg is not None else "failed", status)
        parked.transferring = parked.dialing = parked.away = False
        if leg is None:
            call.parked = None
            self._far.requeue(call)
            return
        if parked.refers:
            parked.refers = False
            desk.sip(desk.ua.notify_refer, leg.leg_id, status, "", desk.now_s)
        self.parking.back(call, parked)

    def search_over(self, call: Call) -> None:
        """The agent has waited long enough."""
        if call.parked is not None and call.parked.leg is not None:
            self._desk.tell(TakeBackAsked(call_id=call.call_id, sip_status=480))
            self._desk.timer(TIMER, call, self._desk.settings.transfers.search_s_max)

    # ---- inner ---------------------------------------------------------------------------------

    def is_service(self, name: str) -> bool:
        """Is this a network service, as far as this site knows?"""
        desk, transfers = self._desk, self._desk.settings.transfers
        if name in desk.settings.services or name in desk.queueing.lines:
            return True
        if any(name in one.services for one in transfers.classes):
            return True
        return desk.numbers is not None and desk.numbers.service(name) is not None

    def _problem(self, call: Call, leg: Leg, wanted: Wanted) -> str:
        parked = call.parked
        reason = self.problem_of(leg.agent, wanted)
        if reason:
            return reason
        is_there = leg is (call.far if parked is None else parked.leg)
        stands = call.joined if parked is None else not parked.transferring and not parked.returns
        on_its_way = call.passing is not None or call.reinvite is not None
        return "" if is_there and stands and (parked or not on_its_way) else "busy"

    def problem_of(self, agent: str, wanted: Wanted) -> str:
        """Why this agent may not, or cannot, reach that; empty: they may."""
        found = self._desk.queueing.agents.get(agent)
        if wanted.kind is WantedKind.UNKNOWN:
            return "unknown"
        if not self.classes.allows(agent, found.levels if found else (), wanted):
            return "not_allowed"
        dials = wanted.kind is not WantedKind.SERVICE
        return "no_trunk" if dials and self._dialing_group() is None else ""

    def _to_service(self, call: Call, parked: Parked, service: str) -> None:
        desk = self._desk
        waited_s = max(0.0, call.joined_at_s - call.offered_at_s)
        queue = self.queue_of(service)
        found = desk.settings.services.get(service) or ServiceSettings(queue=queue)
        parked.away = not queue or queue in desk.queueing.held_queues.closed
        if queue and not desk.queueing.lines[queue].has_place():
            parked.away = True
        call.service, call.offered_at_s = service, desk.now_s - waited_s
        call.priority = max(call.priority, found.priority)
        call.queue = call.queue if parked.away else queue
        ready = not parked.away and desk.queueing.would_serve_at_once(queue)
        self._begun(call, parked, waited_s=waited_s, ready=ready)
        if not parked.away:
            desk.enter_queue(call)

    def queue_of(self, service: str) -> str:
        """The queue here that serves it; empty: none."""
        desk = self._desk
        found = desk.settings.services.get(service)
        queue = found.queue if found is not None else ""
        if not queue and desk.numbers is not None:
            queue = desk.numbers.queue_of(service)
        queue = queue or service
        return queue if queue in desk.queueing.lines else ""

    def _to_number(self, call: Call, parked: Parked, number: str) -> None:
        desk, group = self._desk, self._dialing_group()
        assert group is not None, "looked at before the REFER was accepted"
        parked.away = parked.dialing = True
        self._begun(call, parked, number=number)
        try:
            uri = SipUri.parse(f"sip:{number}@{group.settings.dial_to}")
            peer = peer_of(uri, desk.trunks.local_of(group))
        except (MessageError, ValueError):
            return
        if not desk.trunks.take(group):
            return
        sent = self._far.invite(call, Role.TARGET, uri, peer, headers=[], ring_s=DIAL_RING_S)
        assert call.far is not None
        call.far.trunk = group
        if not sent:
            self._ending.drop_far(call)

    def _dialing_group(self) -> TrunkGroup | None:
        groups = self._desk.trunks.all()
        return next((group for group in groups if group.settings.dial_to), None)

    def _begun(
        self,
        call: Call,
        parked: Parked,
        *,
        number: str = "",
        waited_s: float = 0.0,
        ready: bool = False,
    ) -> None:
        assert parked.leg is not None
        self._desk.tell(
            TransferBegun(
                call_id=call.call_id,
                agent=parked.leg.agent,
                service="" if number else call.service,
                queue=call.queue,
                away=parked.away,
                number=number,
                waited_s=waited_s,
                priority=call.priority,
                agent_ready=ready,
            )
        )

    def _phone_changes(self, call: Call, leg: Leg, parked: Parked, body: bytes) -> None:
        """A hold that is taken off is the agent's word that they want the caller back."""
        held = is_hold(body, bytes_max=self._desk.settings.limits.sdp_bytes_max)
        parked.asked_back = not held and (parked.held_by_phone or parked.transferring)
        parked.held_by_phone = leg.held = held
        self.parking.answer_phone(call, leg, body)

    def _back_by_phone(self, call: Call, parked: Parked) -> None:
        if parked.transferring:
            self._desk.tell(TakeBackAsked(call_id=call.call_id))
        else:
            self.parking.back(call, parked)

    def _left(self, call: Call, leg: Leg, parked: Parked) -> None:
        """The agent hung up: a caller who is on the way goes on, any other call is over."""
        leg.state = LegState.OVER
        if not parked.transferring:
            self._ending.end(call, "agent")
            return
        self._desk.stop_timer(TIMER, call)
        self._ending.let_go_parked(call, parked, 0)
        self._tell(call, parked, "agent_left", 0, agent=leg.agent)

    def _done(self, call: Call, parked: Parked) -> None:
        far = call.far
        assert far is not None
        outcome = "served" if far.role is Role.AGENT else "dialed" if parked.dialing else "moved"
        outcome = "joined" if parked.consulting else outcome
        self._desk.stop_timer(TIMER, call)
        self._tell(call, parked, outcome, 200)
        self._ending.let_go_parked(call, parked, 200)
        call.parked = None

    def _tell(self, call: Call, parked: Parked, outcome: str, status: int, agent: str = "") -> None:
        name = agent or (parked.leg.agent if parked.leg is not None else "")
        self._desk.tell(
            TransferEnded(call_id=call.call_id, agent=name, outcome=outcome, sip_status=status)
        )
