"""Goes on with answered calls after the process was killed: both ends never noticed, or wait.

Rule of this file: a call is taken up whole or not at all. Whoever talked goes on talking: media
never went through here. Whoever waited hears the player again, and is offered to agents when the
site daemon says so (`PutBack`). Both ends are asked soon whether they are still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nrcli.sip.message import Headers, MessageError, Request
from site_agent.adapters.acd_restart import ALIVE_KIND
from site_agent.adapters.base import ArrivalAcknowledged, CallResumed, KeepForRestart
from site_agent.adapters.sip_acd.agents import Activity
from site_agent.adapters.sip_acd.caller_leg import CallerLeg
from site_agent.adapters.sip_acd.calls import Call, Hears, Leg, LegState, Parked, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.kept_calls import (
    FLAGS,
    INSTANTS,
    NUMBERS,
    PHONE_KIND,
    RING_KIND,
    TEXTS,
    KeptCalls,
)
from site_agent.adapters.sip_acd.kept_invites import TAKEN_UP_S_MAX, alive_at
from site_agent.adapters.sip_acd.music import Music
from site_agent.sip.signals import Peer

ASK_SOON_S = 0.2
ASK_STEP_S = 0.01
"Between two calls that are asked about, so that not all devices answer at once."


class Resuming:
    """Takes up calls."""

    __slots__ = ("_caller", "_desk", "_ending", "_kept", "_music")

    def __init__(
        self, desk: Desk, caller: CallerLeg, music: Music, ending: Ending, kept: KeptCalls
    ) -> None:
        self._ending = ending
        self._desk = desk
        self._caller = caller
        self._music = music
        self._kept = kept

    def all(self, kept: Sequence[KeepForRestart], shift_s: float) -> list[CallResumed]:
        """Take up phones, then calls, and stop what rings; what cannot be is kept no longer."""
        desk = self._desk
        resumed: list[CallResumed] = []
        rings: list[KeepForRestart] = []
        alive_at_s = alive_at(kept)
        for one in sorted(kept, key=lambda one: one.kind != PHONE_KIND):
            if one.kind == ALIVE_KIND:
                continue
            try:
                if one.kind == PHONE_KIND:
                    self._phone(one.key, one.value or {}, shift_s)
                    continue
                if one.kind == RING_KIND:
                    rings.append(one)
                    continue
                call = self._take_up(one.key, one.value or {}, len(resumed), shift_s)
            except (ValueError, KeyError, TypeError, AttributeError, MessageError):
                call = None
            if call is None:
                desk.counts[f"{one.kind}_not_resumed"] += 1
                desk.tell(KeepForRestart(kind=one.kind, key=one.key, value=None))
            else:
                resumed.append(call)
        for one in rings:
            if (one.value or {}).get("dialed"):
                self._stop_dialed(one.key, one.value or {}, alive_at_s, shift_s)
            else:
                self._stop_ringing(one.key, one.value or {})
        return resumed

    def _stop_dialed(
        self, leg_id: str, value: dict[str, Any], alive_at_s: float, shift_s: float
    ) -> None:
        """Somebody who was being called back: their telephone stops, and rings no second time.

        While whatever they answered is still repeated (64*T1) the INVITE is known there: a
        retransmission brings out the answer, which is ended. After that a CANCEL alone is said.
        """
        desk = self._desk
        desk.tell(KeepForRestart(kind=RING_KIND, key=leg_id, value=None))
        try:
            dead_s = desk.now_s - max(alive_at_s, float(value["at_s"])) - shift_s
            is_known = 0 <= dead_s <= TAKEN_UP_S_MAX
            stop = desk.ua.withdraw if is_known else desk.ua.cancel_alone
            desk.take(stop(leg_id, value["invite"], desk.now_s))
        except (ValueError, KeyError, TypeError):
            desk.counts["dialed_not_stopped"] += 1
            return
        desk.counts["dialed_stopped" if is_known else "dialed_stopped_late"] += 1

    def _stop_ringing(self, leg_id: str, value: dict[str, Any]) -> None:
        """A phone that the process before this one rang: its agent is free when it has stopped."""
        desk = self._desk
        desk.tell(KeepForRestart(kind=RING_KIND, key=leg_id, value=None))
        try:
            desk.take(desk.ua.withdraw(leg_id, value["invite"], desk.now_s))
        except (ValueError, KeyError, TypeError):
            return
        agent = desk.queueing.agents.get(str(value.get("agent")))
        if agent is not None and not agent.call_id:
            desk.queueing.agents.set_activity(agent, Activity.CALL, desk.now_s, call_id=leg_id)
            self._ending.stops_ringing(leg_id, agent.name)

    def _phone(self, agent: str, value: dict[str, Any], shift_s: float) -> None:
        desk = self._desk
        if desk.registrar.resume(agent, value, shift_s, desk.now_s):
            desk.queueing.set_reachable(agent, True, desk.now_s)
        desk.touched_phones.add(agent)

    def _take_up(
        self, call_id: str, value: dict[str, Any], number: int, shift_s: float
    ) -> CallResumed | None:
        """Go on with one call. None: it cannot be; its trunk group or agent is not here any more.

        Raises ValueError, KeyError, TypeError for a record that cannot be read.
        """
        desk = self._desk
        groups = {group.settings.name: group for group in desk.trunks.all()}
        trunk = groups.get(str(value["trunk"]))
        if trunk is None or value["queue"] not in desk.queueing.lines or call_id in desk.calls:
            return None
        call = self._call(call_id, value, trunk, shift_s)
        far = self._far(call, value)
        self._stand(call.caller, value["caller"])
        desk.trunks.take(trunk)
        desk.calls[call_id] = call
        self._kept.is_kept(call_id, value)
        self._join(call, far)
        if far is not None and value.get("held"):
            self._hold(call, far, Hears(value["hears"]))
        self._listen(call, value)
        self._time(call, number)
        return CallResumed(
            call_id=call_id,
            interaction_id=call.interaction_id,
            service=call.service,
            queue=call.queue,
            trunk_group=trunk.settings.name,
            dialed_number=call.dialed_number,
            ani=call.ani,
            priority=call.priority,
            waited_s=max(0.0, desk.now_s - call.offered_at_s),
            agent=far.agent if far is not None else "",
            bridged=call.far is not None and call.far.role is Role.TARGET,
            acknowledged=call.acknowledged or not call.arriving,
        )

    def is_there(self, leg: Leg) -> None:
        """An end answered: an arrived caller whose ACK nobody saw has it."""
        call = leg.call
        if leg is call.caller and call.arriving and not call.acknowledged:
            call.acknowledged = True
            self._desk.touched.add(call.call_id)
            self._desk.tell(ArrivalAcknowledged(call_id=call.call_id))

    # ---- inner ---------------------------------------------------------------------------------

    def _call(self, call_id: str, value: dict[str, Any], trunk: Any, shift_s: float) -> Call:
        transport, local_host, local_port, host, port = value["peer"]
        headers = Headers([("Call-ID", str(value["sip_call_id"]))])
        call = Call(
            call_id,
            str(value["caller"]["leg_id"]),
            Request("INVITE", str(value["uri"]), headers),
            Peer(str(transport), (str(local_host), int(local_port)), (str(host), int(port))),
            trunk=trunk,
            now_s=self._desk.now_s,
            serial=int(value["serial"]),
        )
        for name in TEXTS:
            setattr(call, name, str(value[name]))
        for name in NUMBERS:
            setattr(call, name, int(value[name]))
        for name in FLAGS:
            setattr(call, name, bool(value[name]))
        for name in INSTANTS:
            setattr(call, name, float(value[name]) + shift_s)
        call.caller_sdp = str(value["caller_sdp"]).encode("latin-1")
        call.sent_sdp = str(value["sent_sdp"]).encode("latin-1")
        call.hears = Hears(value["hears"])
        call.answered_at_s = call.started_at_s
        call.caller.offerless = False
        return call

    def _far(self, call: Call, value: dict[str, Any]) -> Leg | None:
        """The agent's or target's leg, if the caller was joined with it and it can go on."""
        kept = value.get("far")
        if not call.joined or kept is None:
            return None
        leg = Leg(str(kept["leg_id"]), Role(kept["role"]), call, offerless=False)
        leg.agent = str(kept["agent"])
        agent = self._desk.queueing.agents.get(leg.agent)
        if leg.role is Role.AGENT and (agent is None or agent.call_id):
            return None
        self._stand(leg, kept)
        return leg

    def _stand(self, leg: Leg, kept: dict[str, Any]) -> None:
        self._desk.ua.resume(leg.leg_id, kept["dialog"])
        leg.state = LegState.UP
        self._desk.legs[leg.leg_id] = leg

    def _join(self, call: Call, far: Leg | None) -> None:
        desk = self._desk
        call.far = far
        if far is None:
            call.joined, call.agent = False, ""
            if call.hears is Hears.FAR:
                call.hears = Hears.SILENCE
            desk.enter_queue(call, free=False)
            return
        call.hears = Hears.FAR
        if far.role is Role.TARGET:
            desk.trunks.take(call.trunk)
            return
        agent = desk.queueing.agents.get(far.agent)
        assert agent is not None, "looked at before"
        desk.queueing.agents.set_activity(agent, Activity.CALL, desk.now_s, call_id=call.call_id)

    def _hold(self, call: Call, far: Leg, hears: Hears) -> None:
        """The agent's phone held the caller: it still does, and takes the hold off as before."""
        talked_s = max(0.0, self._desk.now_s - call.joined_at_s)
        parked = Parked(far, service=call.service, queue=call.queue, talked_s=talked_s)
        parked.held_by_phone = far.held = True
        call.far, call.agent, call.joined, call.parked = None, "", False, parked
        call.hears, call.told_agent = hears, far.agent

    def _listen(self, call: Call, value: dict[str, Any]) -> None:
        """A caller who waits hears music: where the player moved, by a re-INVITE."""
        if call.far is not None:
            return
        server = value.get("music")
        if call.hears is Hears.MUSIC and server is not None:
            leg = Leg(str(server["leg_id"]), Role.MUSIC, call, offerless=False)
            self._stand(leg, server)
            call.music = leg
            return
        self._music.take_seat(call)
        self._music.play_to(call, call.caller_sdp)
        same_player = list(self._desk.media_address) == value["media"]
        if call.hears is not Hears.PLAYER or not same_player:
            call.hears = Hears.SILENCE
            self._caller.settle(call)

    def _time(self, call: Call, number: int) -> None:
        limits = self._desk.settings.limits
        left_s = call.started_at_s + limits.call_s_max - self._desk.now_s
        self._desk.timer("life", call, max(1.0, left_s))
        if limits.liveness_s > 0:
            self._desk.timer("liveness", call, ASK_SOON_S + number * ASK_STEP_S)
        elif call.arriving:
            self.is_there(call.caller)
