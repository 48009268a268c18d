"""What of each answered call is kept for the next process, and when it is written.

Rule of this file: an answered call is kept from its answer to its end, and so is where an agent's
phone registered; a record is written in the
turn in which it changed, before anything of that turn leaves. Legs that only ring are not kept:
they end with the process.
"""

from __future__ import annotations

from typing import Any

from site_agent.adapters.base import KeepForRestart
from site_agent.adapters.sip_acd.calls import Call, Hears, Leg, LegState
from site_agent.adapters.sip_acd.desk import Desk

CALL_KIND = "acd_call"
PHONE_KIND = "acd_phone"
TEXTS = ("interaction_id", "service", "queue", "ani", "dialed_number", "agent")
NUMBERS = ("priority", "sdp_version", "serial")
FLAGS = ("emergency", "broadcast", "joined", "arriving", "acknowledged")
INSTANTS = ("offered_at_s", "started_at_s", "joined_at_s")


class KeptCalls:
    """Records of calls as they were last written."""

    __slots__ = ("_desk", "_written")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._written: dict[str, dict[str, Any]] = {}

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
            value = self._value(call) if call is not None else None
            if value == self._written.get(call_id):
                continue
            if value is None:
                del self._written[call_id]
            else:
                self._written[call_id] = value
            desk.tell(KeepForRestart(kind=CALL_KIND, key=call_id, value=value))

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
