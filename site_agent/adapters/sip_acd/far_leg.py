"""The far side: an agent, or the target of a bridge, from the INVITE until both ends talk.

Rule of this file: a caller who was not answered yet is offered to the far end with their own
session description, which is passed through both ways; one who was answered is joined by flow I
of RFC 3725. Whatever fails here ends the far leg only; the caller goes back to the head of the
queue.
"""

from __future__ import annotations

from collections.abc import Sequence

from nrcli.sip.message import Response, SipUri
from site_agent.adapters.base import MoveProgress, MoveSign
from site_agent.adapters.sip_acd.call_data import for_agent
from site_agent.adapters.sip_acd.caller_id import identity, shown_from
from site_agent.adapters.sip_acd.caller_leg import SDP_TYPE, CallerLeg
from site_agent.adapters.sip_acd.calls import Call, Hears, Leg, LegState, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.queueing import Match
from site_agent.sip.signals import Header, Peer


class FarLeg:
    """Rings agents and targets, and joins them with the caller."""

    __slots__ = ("_caller", "_desk", "_ending")

    def __init__(self, desk: Desk, caller: CallerLeg, ending: Ending) -> None:
        self._desk = desk
        self._caller = caller
        self._ending = ending

    def ring_agent(self, match: Match) -> None:
        """Ring an agent, or several at once, who are taken for this call already."""
        desk = self._desk
        call = desk.calls.get(match.call_id)
        agents = (match.agent, *match.others)
        if call is None or call.far is not None:
            for agent in agents:
                desk.queueing.agent_unused(agent, desk.now_s)
            return
        for agent in agents:
            self._ring(call, agent, match.queue)
        if call.far is None:
            self.requeue(call)

    def _ring(self, call: Call, agent: str, queue: str) -> None:
        desk = self._desk
        contact = desk.registrar.contact(agent)
        if contact is None:
            desk.queueing.agent_failed(agent, desk.now_s)
            return
        limits = desk.settings.limits
        headers = for_agent(
            call.data,
            call.interaction_id,
            keys=desk.settings.agent_data_keys,
            bytes_max=limits.agent_data_bytes_max,
        )
        ring_s = desk.queueing.lines[queue].settings.ring_s
        if call.caller.state is LegState.EARLY:
            rung_s = desk.now_s - call.started_at_s
            ring_s = max(1.0, min(ring_s, call.trunk.settings.unanswered_s_max - rung_s))
        sent = self.invite(call, Role.AGENT, *contact, headers=headers, ring_s=ring_s, agent=agent)
        if not sent:
            desk.counts["agent_failed_503"] += 1
            last = call.forks[-1] if call.forks else call.far
            assert last is not None
            self._ending.drop_agent(last, failed=True)

    def invite(
        self,
        call: Call,
        role: Role,
        uri: SipUri,
        peer: Peer,
        *,
        headers: Sequence[Header],
        ring_s: float,
        agent: str = "",
    ) -> bool:
        """Invite the far end: with the caller's offer if it can be answered with theirs.

        One that is rung while another rings is a fork beside it.
        """
        desk = self._desk
        pass_offer = (
            call.caller.state is LegState.EARLY and bool(call.caller_sdp) and not call.answer_now
        )
        leg = desk.new_leg(role, call, offerless=not pass_offer)
        leg.agent = agent
        if call.far is None:
            call.far, call.agent = leg, agent
        else:
            call.forks.append(leg)
        from_ = shown_from(call, peer.local[0])
        if role is Role.TARGET:
            headers = [*headers, *identity(call, peer.local[0])]
        return desk.sip(
            desk.ua.invite,
            leg.leg_id,
            uri,
            peer,
            desk.now_s,
            from_=from_,
            to=f"<{uri.bare()}>",
            body=call.caller_sdp if pass_offer else b"",
            headers=[*headers, SDP_TYPE] if pass_offer else headers,
            ring_s=ring_s,
        )

    def progress(self, leg: Leg, response: Response) -> None:
        """1xx of the far end."""
        call = leg.call
        if leg.role is Role.TARGET:
            self.tell_accepted(call)
        if response.status in (180, 183) and call.caller.state is LegState.EARLY:
            if response.body and not leg.offerless and not call.forks:
                self._caller.ring(call, 183, body=response.body)
            else:
                self._caller.ring(call, 180)

    def tell_accepted(self, call: Call) -> None:
        """Tell once that the target of a bridge has the INVITE."""
        if call.move is not None and not call.move.told_accepted:
            call.move.told_accepted = True
            self._sign(call, MoveSign.ACCEPTED)

    def answered(self, leg: Leg, response: Response) -> None:
        """200 of the far end."""
        call, desk = leg.call, self._desk
        leg.state = LegState.ANSWERED
        if leg.role is Role.TARGET:
            self.tell_accepted(call)
        if not response.body:
            self._failed(leg, 488)
            return
        self._ending.keep_only(leg)
        if leg.offerless:
            leg.offer = response.body
            self._answered_with_offer(call, leg)
            return
        desk.sip(desk.ua.ack, leg.leg_id, desk.now_s)
        leg.state = LegState.UP
        self._caller.answer(call, response.body, Hears.FAR)

    def _answered_with_offer(self, call: Call, leg: Leg) -> None:
        if call.caller.state is LegState.EARLY:
            if call.caller_sdp:
                self._caller.answer_with_media(call, player=True)
            else:
                self._caller.answer(call, leg.offer, Hears.FAR)
        self._caller.settle(call)

    def failed(self, leg: Leg, status: int) -> None:
        """Final refusal of the far end, or none in time."""
        leg.state = LegState.OVER
        self._failed(leg, status)

    def _failed(self, leg: Leg, status: int) -> None:
        call, role = leg.call, leg.role
        self._desk.counts[f"{role.value}_failed_{status}"] += 1
        if call.forks:
            self._ending.drop_agent(leg, failed=True)
            return
        self._ending.drop_far(call, failed=True)
        if role is Role.TARGET:
            silent = status == 408 and call.move is not None and not call.move.told_accepted
            self._sign(call, MoveSign.SILENT if silent else MoveSign.REFUSED, status)
            self.answer_if_due(call)
        else:
            self.requeue(call)

    def hung_up(self, leg: Leg, status: int = 0, *, stands: bool = False) -> None:
        """BYE of the far end, or its dialog is lost. `stands`: it refused to be joined anew."""
        call = leg.call
        if not stands:
            leg.state = LegState.OVER
        if call.joined or call.hears is Hears.FAR:
            self._ending.end(call, "agent", status=status)
        else:
            self._failed(leg, status or 480)

    def requeue(self, call: Call, *, head: bool = True) -> None:
        """Back to the queue, to its head or by age; answered with media if that was put off."""
        desk = self._desk
        if call.ended or (call.parked is not None and call.parked.away):
            return
        if call.consult_of and desk.queueing.waiting(call.call_id) is None:
            return
        call.told_agent = ""
        if desk.queueing.waiting(call.call_id) is not None:
            desk.queueing.set_free(call.call_id, True, head=head)
        else:
            desk.enter_queue(call, head=head)
        self.answer_if_due(call)
        self.start_answer_timer(call)

    def answer_if_due(self, call: Call) -> None:
        """An answer that waited for the far end's word waits no longer."""
        if not call.ended and (call.answer_due or call.answer_now) and call.far is None:
            self._caller.answer_with_media(call)

    def start_answer_timer(self, call: Call) -> None:
        """A caller without an agent is answered after the time of their trunk group."""
        desk, after_s = self._desk, call.trunk.settings.answer_after_s
        if call.ended or call.caller.state is not LegState.EARLY or after_s is None:
            return
        if ("answer", call.call_id) not in desk.timers and not call.answer_due:
            wait_s = max(0.0, call.started_at_s + after_s - desk.now_s)
            desk.timer("answer", call, wait_s)

    def _sign(self, call: Call, sign: MoveSign, status: int = 0) -> None:
        move = call.move
        if move is None:
            return
        if sign is not MoveSign.ACCEPTED:
            move.settled = True
        self._desk.tell(
            MoveProgress(call_id=call.call_id, move_id=move.move_id, sign=sign, sip_status=status)
        )
