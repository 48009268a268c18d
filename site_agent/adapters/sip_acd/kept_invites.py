"""Callers who only ring, over a restart: their INVITEs are kept, and taken in again as they were.

Rule of this file: whoever rang has heard a provisional answer and repeats nothing (RFC 3261
17.1.1.2), so the next process begins: the INVITE comes in again, under its own branch, and is
answered with a tag of its own, as a forked one would be (13.2.2.4). It is taken in again only if a
CANCEL that was said since the last process lived would still be repeated; otherwise it is refused
with 503, so that the carrier tries its other way. Over TCP nothing is kept: the far end sees us go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nrcli.sip.message import Request
from site_agent.adapters.acd_restart import ALIVE_KIND, KeepForRestart
from site_agent.adapters.sip_acd.calls import Call, LegState
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.sip.kept_leg import flow_of, peer_of

INVITE_KIND = "acd_invite"
TAKEN_UP_S_MAX = 32.0
"64 times T1: for so long a CANCEL is repeated (RFC 3261 17.1.2.2)."


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInvite:
    """What the process before this one knew of an INVITE that comes in again."""

    interaction_id: str
    offered_at_s: float
    is_old: bool
    "Nobody was there for so long that the caller may have left unheard."


class KeptInvites:
    """INVITEs without a final answer."""

    __slots__ = ("_desk", "_known", "_written")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._written: set[str] = set()
        self._known: dict[str, KnownInvite] = {}
        "By what their Via header says."

    def write(self, call_id: str, call: Call | None) -> None:
        """Something happened to this call: keep its INVITE, or no longer."""
        if (call is not None and _only_rings(call)) == (call_id in self._written):
            return
        value = None
        if call_id in self._written:
            self._written.discard(call_id)
        elif call is not None:
            self._written.add(call_id)
            value = {
                "invite": call.invite.encode().decode("latin-1"),
                "via": _via(call.invite),
                "flow": flow_of(call.peer),
                "interaction_id": call.interaction_id,
                "offered_at_s": call.offered_at_s,
                "started_at_s": call.started_at_s,
            }
        self._desk.tell(KeepForRestart(kind=INVITE_KIND, key=call_id, value=value))

    def again(self, kept: Sequence[KeepForRestart], shift_s: float) -> None:
        """Take in what rang; each is kept under its new call's id from now on."""
        desk = self._desk
        alive_at_s = alive_at(kept)
        for one in (one for one in kept if one.kind == INVITE_KIND):
            desk.tell(KeepForRestart(kind=INVITE_KIND, key=one.key, value=None))
            try:
                self._take_in(one.value or {}, alive_at_s, shift_s)
            except (ValueError, KeyError, TypeError):
                desk.counts["acd_invite_not_resumed"] += 1

    def known(self, request: Request) -> KnownInvite | None:
        """What is known of an INVITE that comes in again; None: it is a new one."""
        return self._known.pop(_via(request), None) if self._known else None

    def _take_in(self, value: dict[str, Any], alive_at_s: float, shift_s: float) -> None:
        desk = self._desk
        data = str(value["invite"]).encode("latin-1")
        dead_s = desk.now_s - max(alive_at_s, float(value["started_at_s"])) - shift_s
        known = KnownInvite(
            interaction_id=str(value["interaction_id"]),
            offered_at_s=float(value["offered_at_s"]) + shift_s,
            is_old=not 0 <= dead_s <= TAKEN_UP_S_MAX,
        )
        peer = peer_of(value["flow"])
        self._known[str(value["via"])] = known
        desk.counts["invites_refused_late" if known.is_old else "invites_taken_up"] += 1
        desk.take(desk.ua.receive(data, peer, desk.now_s))


def alive_at(kept: Sequence[KeepForRestart]) -> float:
    """When the process before this one last said that it lives, by its clock; 0: it never did."""
    return max((_number(one.value, "at_s") for one in kept if one.kind == ALIVE_KIND), default=0.0)


def _only_rings(call: Call) -> bool:
    waits = call.caller.state is LegState.EARLY and call.peer.transport == "udp"
    return waits and not (call.ended or call.redirected)


def _number(value: dict[str, Any] | None, name: str) -> float:
    found = (value or {}).get(name)
    return float(found) if isinstance(found, int | float) else 0.0


def _via(request: Request) -> str:
    return request.headers.get("Via") or ""
