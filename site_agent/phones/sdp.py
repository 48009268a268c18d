"""Writes and reads the few lines of SDP (RFC 8866) that phones without sound need.

Rule of this file: the session name says who is at this end (`agent anna@lisbon`, `call 17`).
Sites of the built-in ACD pass SDP through, so each end learns from it with whom it really talks; a
PBX makes its own, then an agent's phone goes by the interaction's id.
"""

from __future__ import annotations

AGENT = "agent "
CALL = "call "


def offer_or_answer(name: str, host: str, port: int, *, direction: str = "sendrecv") -> bytes:
    """One G.711 audio stream on a bound port; good as an offer and as an answer (PCMA, PCMU)."""
    lines = (
        "v=0",
        f"o=- {port} 1 IN IP4 {host}",
        f"s={name}",
        f"c=IN IP4 {host}",
        "t=0 0",
        f"m=audio {port} RTP/AVP 8 0",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:0 PCMU/8000",
        f"a={direction}",
    )
    return ("\r\n".join(lines) + "\r\n").encode()


def session_name(body: bytes) -> str:
    """The text of the `s=` line; empty if there is none."""
    for line in body.decode(errors="replace").splitlines():
        if line.startswith("s="):
            return line[2:].strip()
    return ""


def agent_of(body: bytes) -> tuple[str, str] | None:
    """(agent, site) if the far end's SDP comes from one of our agents' phones."""
    name = session_name(body)
    if not name.startswith(AGENT):
        return None
    agent, _, site = name.removeprefix(AGENT).partition("@")
    return agent, site


def call_of(body: bytes) -> str:
    """The call's number if the far end's SDP comes from one of our callers, else empty."""
    name = session_name(body)
    return name.removeprefix(CALL) if name.startswith(CALL) else ""
