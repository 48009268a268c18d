"""A leg that stands, as plain values that outlive this process, and back (RFC 3261 12).

Rule of this file: what both ends agreed on is kept: ids, tags, numbers, route set, remote target.
Our numbers go on CSEQ_STEP higher, for what was sent since is not known, and gaps are allowed
(12.2.1.1). An INVITE of ours without a final answer is kept only to be withdrawn: sent once more as
it was (a retransmission to whoever has it) and cancelled.
"""

from __future__ import annotations

from typing import Any

from nrcli.sip.wire import OutgoingRequest
from site_agent.sip.dialog import Dialog, hop_of
from site_agent.sip.leg import Leg, LegState
from site_agent.sip.session_timers import Session
from site_agent.sip.signals import Peer

CSEQ_STEP = 1000
KEPT_STATES = frozenset({LegState.ANSWERED, LegState.UNACKED, LegState.TALKING})
RINGING_STATES = frozenset({LegState.CALLING, LegState.CANCELLING, LegState.UNACKED})
INVITE_TEXTS = ("uri", "branch", "from_", "to", "call_id", "extra", "authorization")
TEXTS = ("call_id", "local", "local_tag", "remote", "remote_tag", "target")


def kept_leg(leg: Leg) -> dict[str, Any] | None:
    """What is kept of a leg; nothing of one that does not stand."""
    dialog = leg.dialog
    if dialog is None or leg.state not in KEPT_STATES:
        return None
    return {
        **{name: getattr(dialog, name) for name in TEXTS},
        "local_cseq": dialog.local_cseq,
        "remote_cseq": dialog.remote_cseq,
        "routes": list(dialog.routes),
        "flow": flow_of(dialog.peer),
        "tag": leg.tag,
        "peer": flow_of(leg.peer),
        "secure": leg.is_secure,
        "session": _session(leg.session),
        "keeps_flow": dialog.keeps_flow,
    }


def leg_of(leg_id: str, kept: dict[str, Any]) -> Leg:
    """The leg that was kept, as one that both ends have confirmed.

    Raises ValueError, KeyError, TypeError.
    """
    dialog = Dialog(str(kept["call_id"]), peer_of(kept["flow"]))
    for name in TEXTS:
        setattr(dialog, name, str(kept[name]))
    dialog.local_cseq = int(kept["local_cseq"]) + CSEQ_STEP
    dialog.remote_cseq = int(kept["remote_cseq"])
    dialog.routes = [str(route) for route in kept["routes"]]
    if dialog.peer.transport != "udp":
        dialog.peer = _dialed_anew(dialog)
    leg = Leg(leg_id, LegState.TALKING, str(kept["tag"]), peer_of(kept["peer"]))
    leg.dialog = dialog
    leg.is_secure = bool(kept.get("secure"))
    if kept.get("session"):
        expires_s, we_refresh = kept["session"]
        leg.session = Session(int(expires_s), bool(we_refresh))
    leg.keeps_flow = dialog.keeps_flow = bool(kept.get("keeps_flow"))
    return leg


def _session(session: Session | None) -> list[int] | None:
    return None if session is None else [session.expires_s, int(session.we_refresh)]


def kept_invite(leg: Leg) -> dict[str, Any] | None:
    """What is kept of an INVITE of ours that may ring somewhere; nothing once acknowledged."""
    call = leg.call
    if call is None or leg.state not in RINGING_STATES:
        return None
    return {
        **{name: getattr(call, name) for name in INVITE_TEXTS},
        "cseq": call.cseq,
        "routes": list(call.routes),
        "body": call.body.decode("latin-1"),
        "tag": leg.tag,
        "peer": flow_of(leg.peer),
    }


def ringing_leg_of(leg_id: str, kept: dict[str, Any]) -> tuple[Leg, OutgoingRequest]:
    """The leg that is to be withdrawn, and its INVITE. Raises ValueError, KeyError, TypeError."""
    invite = OutgoingRequest(
        "INVITE",
        str(kept["uri"]),
        "",
        str(kept["branch"]),
        str(kept["from_"]),
        str(kept["to"]),
        str(kept["call_id"]),
        int(kept["cseq"]),
        [str(route) for route in kept["routes"]],
        str(kept["extra"]),
        str(kept["body"]).encode("latin-1"),
    )
    invite.authorization = str(kept["authorization"])
    leg = Leg(leg_id, LegState.CANCELLING, str(kept["tag"]), peer_of(kept["peer"]))
    leg.call = invite
    return leg, invite


def _dialed_anew(dialog: Dialog) -> Peer:
    """A connection ended with the process: the far end is reached at its own Contact."""
    nowhere = Peer(dialog.peer.transport, dialog.peer.local, ("", 0))
    hop = hop_of(dialog.target, nowhere)
    return dialog.peer if hop == nowhere else hop


def flow_of(peer: Peer) -> list[Any]:
    """A flow as plain values."""
    return [peer.transport, *peer.local, *peer.remote]


def peer_of(flow: list[Any]) -> Peer:
    """The flow that was kept. Raises ValueError, TypeError."""
    transport, local_host, local_port, host, port = flow
    return Peer(str(transport), (str(local_host), int(local_port)), (str(host), int(port)))
