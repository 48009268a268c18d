"""What of each answered call is kept for the next process, and when it is written.

Rule of this file: an answered call is kept from its answer to its end, and so is where an agent's
phone registered; a record is written in the
turn in which it changed, before anything of that turn leaves. Of a caller who only rings the INVITE
is kept (`kept_invites`); a phone that we ring, an agent's or that of somebody who is called back,
is kept, so that the next process can stop it.
"""

from __future__ import annotations

from typing import Any

from site_agent.adapters.base import KeepForRestart
from site_agent.adapters.sip_acd.calls import Call, Hears, Leg, LegState, Role
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.kept_invites import KeptInvites

CALL_KIND = "acd_call"
RING_KIND = "acd_ring"
PHONE_KIND = "acd_phone"
TEXTS = ("interaction_id", "service", "queue", "ani", "dialed_number", "agent")
NUMBERS = ("priority", "sdp_version", "serial")
FLAGS = ("emergency", "broadcast", "joined", "arriving", "acknowledged")
INSTANTS = ("offered_at_s", "started_at_s", "joined_at_s")


class KeptCalls:
    """Records of calls as they were last written."""

    __slots__ = ("_desk", "_rings", "_written", "invites")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.invites = KeptInvites(desk)
        self._written: dict[str, dict[str, Any]] = {}
        self._rings: dict[str, set[str]] = {}
        "Legs that were written as ringing, by call."

    def write(self) -> None:
        """At the end of a turn: what changed of the calls it touched."""
        desk = self._desk
        for agent in desk.touched_phones:
            kept = desk.registrar.kept(agent)
            desk.tell(KeepForRestart(kind=PHONE_KIND, key=agent, value=kept))
        desk.touched_phones.clear()
        touched, desk.touched = desk.touched, set()
        for call_id in touched:
            call = desk.calls.get(call_id)
            self._write_rings(call_id, call or desk.dialed.get(call_id))
            self.invites.write(call_id, call)
            value = self._value(call) if call is not None else None
            if value == self._written.get(call_id):
                continue
            if value is None:
                del self._written[call_id]
            else:
                self._written[call_id] = value
            desk.tell(KeepForRestart(kind=CALL_KIND, key=call_id, value=value))

    def _write_rings(self, call_id: str, call: Call | None) -> None:
        before, tell = self._rings.pop(call_id, set()), self._desk.tell
        rings = {} if call is None else self._ringing(call)
        for leg_id in rings.keys() - before:
            tell(KeepForRestart(kind=RING_KIND, key=leg_id, value=rings[leg_id]))
        for leg_id in before - rings.keys():
            tell(KeepForRestart(kind=RING_KIND, key=leg_id, value=None))
        if rings:
            self._rings[call_id] = set(rings)

    def _ringing(self, call: Call) -> dict[str, dict[str, Any]]:
        dialed = call.caller.role is Role.DIALED
        legs = (call.caller,) if dialed else (call.far, *call.forks) if not call.joined else ()
        found = {}
        for leg in legs:
            invite = None if leg is None else self._desk.ua.kept_invite(leg.leg_id)
            if leg is not None and invite is not None:
                found[leg.leg_id] = {
                    "agent": leg.agent,
                    "invite": invite,
                    "dialed": dialed,
                    "at_s": self._desk.now_s,
                }
        return found

    def is_kept(self, call_id: str, value: dict[str, Any]) -> None:
        """This is written already: by the process before this one."""
        self._written[call_id] = value
        self._desk.touched.add(call_id)

    def _value(self, call: Call) -> dict[str, Any] | None:
        caller = self._leg(call.caller)
        if call.ended or call.redirected or caller is None:
            return None
        value: dict[str, Any] = {
            name: getattr(call, name) for name in TEXTS + NUMBERS + FLAGS + INSTANTS
        }
        value |= {
            "trunk": call.trunk.settings.name,
            "sip_call_id": call.invite.headers.get("Call-ID") or "",
            "uri": call.invite.uri_text,
            "peer": [call.peer.transport, *call.peer.local, *call.peer.remote],
            "caller": caller,
            "caller_sdp": call.caller_sdp.decode("latin-1"),
            "sent_sdp": call.sent_sdp.decode("latin-1"),
            "hears": call.hears.value,
            "media": list(self._desk.media_address),
        }
        if call.joined and call.far is not None:
            value["far"] = self._leg(call.far)
        parked = call.parked
        if parked is not None and parked.leg is not None and not parked.transferring:
            far = self._leg(parked.leg)
            value |= {"joined": True, "agent": parked.leg.agent, "far": far, "held": True}
        if call.hears is Hears.MUSIC and call.music is not None:
            value["music"] = self._leg(call.music)
        return value

    def _leg(self, leg: Leg) -> dict[str, Any] | None:
        if leg.state not in (LegState.ANSWERED, LegState.UP):
            return None
        kept = self._desk.ua.kept(leg.leg_id)
        if kept is None:
            return None
        return {"leg_id": leg.leg_id, "role": leg.role.value, "agent": leg.agent, "dialog": kept}
