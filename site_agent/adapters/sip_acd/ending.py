"""Ends legs and calls, whatever state they are in, and leaves nothing behind.

Rule of this file: `end` is the only way a call ends; it tells `CallEnded` once, gives back the
agent, the channels and the place, and stops every timer of the call. An agent whose phone was
rung in vain is given back when the phone has confirmed: a CANCEL waits for the first answer to the
INVITE (RFC 3261 9.1), and the next call must not overtake it.
"""

from __future__ import annotations

from collections.abc import Sequence

from site_agent.adapters.base import CallEnded, TransferEnded
from site_agent.adapters.sip_acd import sdp
from site_agent.adapters.sip_acd.calls import (
    Call,
    Hears,
    Leg,
    LegState,
    Parked,
    Role,
    gone_leg,
)
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.leg_facts import facts_of
from site_agent.adapters.sip_acd.music import Music
from site_agent.sip.signals import Header

GONE = gone_leg()
PARKED_STATUS = {"moved": 200, "redirected": 200, "caller": 487}
"What the phone of an agent is told of their transfer when the call ends, by who ended it."
CALL_TIMERS = (
    "answer",
    "ring",
    "verdict",
    "retry",
    "restore",
    "move",
    "life",
    "liveness",
    "data",
    "held_back",
    "announcement",
    "transfer",
    "rejoin",
)


class Ending:
    """Hangs up legs, releases what they held, ends calls."""

    __slots__ = ("_desk", "_leaving", "_music", "_talked")

    def __init__(self, desk: Desk, music: Music) -> None:
        self._desk = desk
        self._leaving: dict[str, str] = {}
        "Leg that was given up, and the agent whose phone has not confirmed it yet."
        self._talked: dict[str, tuple[str, float]] = {}
        "Of such a leg, where the agent had talked: the queue, and for how long."
        self._music = music

    def hang_up(self, leg: Leg, status: int = 0, headers: Sequence[Header] = ()) -> bool:
        """End one leg by what its state allows: final response, CANCEL, or BYE.

        True: the far end was told, and `InviteFailed` or `ByeDone` will follow.
        """
        desk, ua = self._desk, self._desk.ua
        state, leg.state = leg.state, LegState.OVER
        desk.forget_leg(leg)
        if state is LegState.OVER:
            return False
        if leg.role is Role.CALLER:
            if state is LegState.EARLY:
                told = leg.call.trunk.told(status or 480)
                desk.sip(ua.reject, leg.leg_id, told, desk.now_s, headers=headers)
                return False
            return desk.sip(ua.bye, leg.leg_id, desk.now_s, headers=headers)
        if state is LegState.EARLY:
            return desk.sip(ua.cancel, leg.leg_id, desk.now_s)
        if state is LegState.ANSWERED:
            refusal = sdp.write_refusal(leg.offer) if leg.offerless else b""
            desk.sip(ua.ack, leg.leg_id, desk.now_s, body=refusal)
        return desk.sip(ua.bye, leg.leg_id, desk.now_s)

    def drop_far(self, call: Call, *, failed: bool = False) -> None:
        """End the far leg and release the agent or channel behind it.

        `failed`: the agent did not do their part (RONA) and shall not get the next call at once.
        """
        forks, call.forks = call.forks, []
        for fork in forks:
            self._let_go(fork, failed=False)
        leg, call.far = call.far, None
        if leg is None:
            return
        if leg.role is Role.TARGET:
            self.hang_up(leg)
            self._desk.trunks.give_back(leg.trunk or call.trunk)
            return
        agent, call.agent = call.agent, ""
        if call.joined:
            queueing, now_s = self._desk.queueing, self._desk.now_s
            self.hang_up(leg)
            queueing.agent_done(agent, call.queue, now_s - call.joined_at_s, now_s)
        else:
            self._let_go(leg, failed=failed)

    def let_go_parked(self, call: Call, parked: Parked, status: int) -> None:
        """End the leg of a parked agent, whose part in the call is over; `status`: what the phone
        is told of the transfer that it asked for. The BYE waits until the phone knows it, and the
        next caller until the phone has the BYE."""
        desk, leg, parked.leg = self._desk, parked.leg, None
        if leg is None:
            return
        was_told = parked.refers and leg.state is LegState.UP
        if was_told:
            desk.sip(desk.ua.notify_refer, leg.leg_id, status or 487, "", desk.now_s)
        parked.refers = False
        will_confirm = self.hang_up(leg)
        if not parked.consulting:
            self.end_consult(call)
        if was_told and will_confirm:
            self._leaving[leg.leg_id] = leg.agent
            self._talked[leg.leg_id] = (parked.queue, parked.talked_s)
        else:
            desk.queueing.agent_done(leg.agent, parked.queue, parked.talked_s, desk.now_s)

    def end_consult(self, call: Call) -> None:
        """An agent consults nobody about a caller who is theirs no more: the phone is to be free
        when the next caller rings it."""
        consult = self._desk.calls.get(call.consult_id)
        call.consult_id = ""
        if consult is not None:
            self.end(consult, "caller")

    def drop_agent(self, leg: Leg, *, failed: bool) -> None:
        """End one of several agents' legs; another that rings takes the far leg's place."""
        call = leg.call
        if leg is call.far:
            call.far = call.forks.pop(0) if call.forks else None
            call.agent = call.far.agent if call.far is not None else ""
        else:
            call.forks.remove(leg)
        self._let_go(leg, failed=failed)

    def keep_only(self, leg: Leg) -> None:
        """This agent answered first: the others' phones stop ringing."""
        call = leg.call
        if leg in call.forks and call.far is not None:
            call.forks.remove(leg)
            call.forks.append(call.far)
            call.far, call.agent = leg, leg.agent
        forks, call.forks = call.forks, []
        for fork in forks:
            self._let_go(fork, failed=False)

    def _let_go(self, leg: Leg, *, failed: bool) -> None:
        """End an agent's leg before they talked, and give the agent back."""
        queueing, now_s = self._desk.queueing, self._desk.now_s
        will_confirm = self.hang_up(leg)
        if failed:
            self._desk.counts["agent_failed"] += 1
            queueing.agent_failed(leg.agent, now_s)
        elif will_confirm:
            self._leaving[leg.leg_id] = leg.agent
        else:
            queueing.agent_unused(leg.agent, now_s)

    def stops_ringing(self, leg_id: str, agent: str) -> None:
        """A leg of before a restart is given up: its agent is free when the phone confirms."""
        self._leaving[leg_id] = agent

    def confirmed(self, leg_id: str) -> None:
        """A leg that was given up is over at the far end too."""
        agent, talked = self._leaving.pop(leg_id, None), self._talked.pop(leg_id, None)
        if agent is None:
            return
        queueing, now_s = self._desk.queueing, self._desk.now_s
        if talked is not None:
            queueing.agent_done(agent, *talked, now_s)
        else:
            queueing.agent_unused(agent, now_s)

    def end(
        self, call: Call, released_by: str, *, status: int = 0, headers: Sequence[Header] = ()
    ) -> None:
        """End a call with all its legs, and tell so."""
        if call.ended:
            return
        call.ended = True
        desk = self._desk
        desk.touched.update((call.call_id, call.consult_of) if call.consult_of else (call.call_id,))
        agent = call.agent or (call.parked.leg.agent if call.parked and call.parked.leg else "")
        talked_s = desk.now_s - call.joined_at_s if call.joined else 0.0
        waited_until_s = call.joined_at_s if call.joined else desk.now_s
        if call.parked is not None and call.parked.leg is not None and not call.parked.transferring:
            talked_s, waited_until_s = desk.now_s - call.joined_at_s, call.joined_at_s
        self.drop_far(call)
        self._end_parked(call, released_by)
        self.end_consult(call)
        if call.awaits_data is not None:
            desk.queueing.holds.release(call.awaits_data.hold_id, desk.now_s)
            call.awaits_data = None
        self._music.stop(call)
        call.hears = Hears.NOTHING
        self.hang_up(call.caller, status, headers)
        call.caller, call.passing = GONE, None
        desk.queueing.leave(
            call.call_id, abandoned=released_by == "caller" and not call.joined and not call.move
        )
        desk.stop_timers(CALL_TIMERS, call)
        desk.calls.pop(call.call_id, None)
        desk.trunks.give_back(call.trunk)
        desk.tell(
            CallEnded(
                call_id=call.call_id,
                released_by=released_by,
                sip_call_id=call.invite.headers.get("Call-ID") or "",
                sip_status=status,
                agent=agent,
                talked_s=talked_s,
                waited_s=max(0.0, waited_until_s - call.offered_at_s),
                facts=facts_of(call, desk.now_s),
            )
        )

    def _end_parked(self, call: Call, released_by: str) -> None:
        """The call of a parked agent is over: their transfer has come to its end with it."""
        parked, call.parked = call.parked, None
        if parked is None:
            return
        consult = self._desk.calls.get(parked.consulting) if parked.transferring else None
        if consult is not None:
            self.end(consult, "moved")
        agent, status = parked.leg.agent if parked.leg else "", PARKED_STATUS.get(released_by, 480)
        if parked.transferring:
            outcome = "moved" if status == 200 else "caller_gone"
            self._desk.tell(
                TransferEnded(call_id=call.call_id, agent=agent, outcome=outcome, sip_status=status)
            )
        self.let_go_parked(call, parked, status)
