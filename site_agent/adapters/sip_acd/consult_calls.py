"""Consult calls: an agent with a caller on hold calls a service, talks, and joins the two or not.

Rule of this file: a consult call is a call of the agent's phone, for one caller, and comes from
the phone's own address; a Replaces (RFC 3891) in the caller's dialog means it. Whatever becomes of
it, the caller hears music meanwhile and is the agent's, until somebody else has them.
"""

from __future__ import annotations

from site_agent.adapters.base import CallOffered, TransferBegun
from site_agent.adapters.sip_acd.agent_transfers import REFUSED, AgentTransfers
from site_agent.adapters.sip_acd.caller_leg import CallerLeg
from site_agent.adapters.sip_acd.calls import Call, Leg, LegState, Parked, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.dial_classes import WantedKind
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.far_leg import FarLeg
from site_agent.adapters.sip_acd.heard_numbers import user_of
from site_agent.adapters.sip_acd.intake import Intake
from site_agent.adapters.sip_acd.parking import is_hold
from site_agent.sip.signals import InviteReceived, ReferReceived

CONSULT_MARK = ".c"
"Between a caller's interaction id and the number of a consult call about them."


class ConsultCalls:
    """Consult calls of this site's agents."""

    __slots__ = ("_caller", "_desk", "_ending", "_far", "_intake", "_transfers")

    def __init__(
        self,
        desk: Desk,
        transfers: AgentTransfers,
        intake: Intake,
        *,
        caller: CallerLeg,
        far: FarLeg,
        ending: Ending,
    ) -> None:
        self._desk = desk
        self._caller = caller
        self._far = far
        self._transfers = transfers
        self._intake = intake
        self._ending = ending

    # ---- the call ------------------------------------------------------------------------------

    def invite(self, event: InviteReceived, agent: str) -> None:
        """An agent's phone calls a service about the caller on hold."""
        desk = self._desk
        wanted = self._transfers.classes.wanted(user_of(event.request))
        first = self._caller_of(agent)
        reason = self._transfers.problem_of(agent, wanted)
        if wanted.kind is not WantedKind.SERVICE and not reason:
            reason = "not_allowed"
        status = REFUSED.get(reason, 0)
        if not status and (first is None or self.of(first) is not None):
            status = 486
        if not status and not desk.trunks.take(first.trunk if first else desk.trunks.all()[0]):
            status = 503
        if status or first is None:
            desk.counts[f"consults_refused_{status}"] += 1
            desk.sip(desk.ua.reject, event.leg, status or 486, desk.now_s)
            return
        call = self._begin(event, first, wanted.name)
        if first.parked is None:
            self._transfers.parking.park(first)
        assert first.parked is not None
        first.parked.consulting = call.call_id
        self._offer(call)

    def _begin(self, event: InviteReceived, first: Call, service: str) -> Call:
        desk, serial = self._desk, self._intake.next_serial()
        call = Call(
            desk.new_id(),
            event.leg,
            event.request,
            event.peer,
            trunk=first.trunk,
            now_s=desk.now_s,
            serial=serial,
        )
        call.consult_of, call.service, call.data = first.call_id, service, first.data
        first.consult_id = call.call_id
        call.interaction_id = f"{first.interaction_id}{CONSULT_MARK}{serial}"
        call.ani = first.ani
        desk.touched.update((call.call_id, first.call_id))
        desk.calls[call.call_id] = call
        desk.legs[event.leg] = call.caller
        desk.timer("life", call, desk.settings.limits.call_s_max)
        return call

    def _offer(self, call: Call) -> None:
        desk = self._desk
        queue = self._transfers.queue_of(call.service)
        away = not queue or queue in desk.queueing.held_queues.closed
        call.queue = queue or next(iter(desk.queueing.lines))
        ready = not away and desk.queueing.would_serve_at_once(queue)
        desk.tell(
            CallOffered(
                call_id=call.call_id,
                interaction_id=call.interaction_id,
                service=call.service,
                queue=call.queue,
                trunk_group=call.trunk.settings.name,
                ani=call.ani,
                agent_ready=ready,
                held_back=away,
                data=call.data,
                consult_of=call.consult_of,
            )
        )
        if not away:
            desk.enter_queue(call)
        if not ready:
            self._caller.ring(call)
        self._far.start_answer_timer(call)

    # ---- its end -------------------------------------------------------------------------------

    def of(self, first: Call) -> Call | None:
        """The consult call about this caller, if there is one."""
        return self._desk.calls.get(first.consult_id)

    def is_being_joined(self, call: Call) -> bool:
        """Is this a consult call whose far end is about to get the caller? The agent's own part in
        it is over then, and may be hung up."""
        first = self._desk.calls.get(call.consult_of)
        parked = first.parked if first is not None else None
        return parked is not None and parked.transferring and parked.consulting == call.call_id

    def completes(self, leg: Leg, event: ReferReceived) -> bool:
        """An agent joins the caller with whom they consult. False: they consult nobody.

        There is one consult call a caller, so a Replaces in the caller's dialog means that one,
        also where a border on the way to the phone made another Call-ID of it. One who has not
        waited for an answer passes the caller on to the service that they called.
        """
        desk, first = self._desk, leg.call
        consult = self.of(first)
        if consult is None:
            return False
        sip_call_id = event.replaces.partition(";")[0].strip()
        if consult.invite.headers.get("Call-ID") != sip_call_id:
            desk.counts["consults_named_otherwise"] += 1
        if not consult.joined:
            self._ending.end(consult, "caller")
            self._transfers.refer(leg, event, to=consult.service)
            return True
        parked = first.parked or self._transfers.parking.park(first)
        if parked.transferring or parked.leg is not leg:
            desk.sip(desk.ua.refuse_refer, leg.leg_id, REFUSED["busy"], desk.now_s)
            return True
        desk.sip(desk.ua.accept_refer, leg.leg_id, desk.now_s)
        parked.transferring = parked.refers = parked.away = True
        parked.consulting = consult.call_id
        first.told_agent = ""
        desk.tell(
            TransferBegun(
                call_id=first.call_id,
                agent=leg.agent,
                service=consult.service,
                queue=first.queue,
                away=True,
                waited_s=max(0.0, first.joined_at_s - first.offered_at_s),
                priority=first.priority,
                consult_call_id=consult.call_id,
            )
        )
        return True

    def join(self, call_id: str, consult_call_id: str) -> None:
        """Join the caller with the far end of the consult call, here: the agent's part is over."""
        desk = self._desk
        first, consult = desk.calls.get(call_id), desk.calls.get(consult_call_id)
        if first is None or first.parked is None or first.far is not None:
            return
        first.move = None
        if consult is None or not consult.joined:
            self._transfers.give_back(call_id, 480)
            return
        self.take_far(consult, first)

    def take_far(self, other: Call, call: Call) -> None:
        """`call` gets the far end of `other`, which is over: an agent, or another site."""
        desk, far = self._desk, other.far
        assert far is not None and other.joined
        other.far, other.agent, other.joined = None, "", False
        far.trunk = far.trunk or other.trunk
        desk.touched.update((call.call_id, other.call_id))
        if far.role is Role.AGENT:
            call.queue, call.service = other.queue, other.service
            agent = desk.queueing.agents.get(far.agent)
            if agent is not None:
                agent.call_id = call.call_id
        self._ending.end(other, "moved")
        self._transfers.parking.join(call, far)

    def look(self) -> None:
        """At the end of a turn: a caller whose agent consults nobody any more is theirs again."""
        desk = self._desk
        for call_id in list(desk.touched):
            call = desk.calls.get(call_id)
            parked = call.parked if call is not None else None
            if call is None or parked is None or not parked.consulting or parked.transferring:
                continue
            if parked.consulting not in desk.calls:
                parked.consulting = ""
                if not parked.held_by_phone:
                    self._transfers.parking.back(call, parked)

    def hold(self, leg: Leg, body: bytes) -> bool:
        """The phone holds the caller: music, as far as the caller can be played to. False: what the
        phone wants goes to the caller as it is."""
        call = leg.call
        leg.held = bool(body) and is_hold(body, bytes_max=self._desk.settings.limits.sdp_bytes_max)
        talks = leg.role is Role.AGENT and call.joined and leg.state is LegState.UP
        consult, parking = self.of(call), self._transfers.parking
        if not (leg.held and talks) or call.passing is not None or call.reinvite is not None:
            return False
        if consult is None and not parking.can_hear_music(call):
            return False
        parked = parking.park(call)
        parked.consulting = consult.call_id if consult is not None else ""
        parking.answer_phone(call, leg, body)
        return True

    # ---- inner ---------------------------------------------------------------------------------

    def _caller_of(self, agent: str) -> Call | None:
        """The caller who is this agent's now, talking or on hold."""
        found = self._desk.queueing.agents.get(agent)
        call = self._desk.calls.get(found.call_id) if found is not None else None
        if call is None or call.consult_of:
            return None
        return call if call.joined or _on_hold(call.parked) else None


def _on_hold(parked: Parked | None) -> bool:
    return parked is not None and not parked.transferring and parked.leg is not None
