"""Asks a target's SIP port whether it answers, before a caller is sent there for good.

Rule of this file: a 302 cannot be taken back, so a caller is redirected only to a port that has
answered an OPTIONS (RFC 3261 11) within `target_fresh_s`; whatever it answers says that it is
there, but 408 and 503 say that it takes no calls. At most one question to a port is open.
"""

from __future__ import annotations

from dataclasses import replace

from nrcli.sip.message import SipUri
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.sip.signals import Peer, ResponseReceived

HANDLE = "port-"
"Start of the handles of its requests; transport, host and port follow."
NO_CALLS = (408, 503)


class TargetPorts:
    """When the SIP port of each target was last heard, and who waits for its answer."""

    __slots__ = ("_desk", "_heard_at_s", "_waiting")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._heard_at_s: dict[str, float] = {}
        self._waiting: dict[str, list[tuple[str, str]]] = {}

    def fresh(self, peer: Peer) -> bool:
        """May a caller be sent there without asking first?"""
        limits = self._desk.settings.limits
        heard_at_s = self._heard_at_s.get(_key(peer))
        if not limits.redirect_options_s:
            return True
        return heard_at_s is not None and self._desk.now_s - heard_at_s < limits.target_fresh_s

    def ask(self, target: SipUri, peer: Peer, call_id: str, move_id: str) -> None:
        """Ask; the move is named by `answered` when the port has spoken."""
        key, desk = _key(peer), self._desk
        waiting = self._waiting.setdefault(key, [])
        waiting.append((call_id, move_id))
        if len(waiting) > 1:
            return
        host = f"[{peer.local[0]}]" if ":" in peer.local[0] else peer.local[0]
        port_uri = replace(target, user="", headers=(), password="")
        desk.sip(
            desk.ua.request,
            HANDLE + key,
            "OPTIONS",
            port_uri,
            peer,
            desk.now_s,
            from_=f"<sip:{host}:{peer.local[1]}>",
            to=f"<{port_uri}>",
        )

    def answered(self, event: ResponseReceived) -> tuple[list[tuple[str, str]], bool]:
        """(call and move) of everybody who waited for this port, and whether it takes calls."""
        key = event.handle.removeprefix(HANDLE)
        takes = event.status not in NO_CALLS
        if takes:
            self._heard_at_s[key] = self._desk.now_s
        else:
            self._heard_at_s.pop(key, None)
        return self._waiting.pop(key, []), takes


def _key(peer: Peer) -> str:
    return f"{peer.transport} {peer.remote[0]} {peer.remote[1]}"
