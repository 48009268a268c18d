"""What the shell's media player is told: data only.

Rule of this file: no I/O and no decision. One session is one caller who hears music; all sessions
share the player's one UDP port, and are told apart by where they send to.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayMedia:
    """Play music to `remote` from now on; a second one for the same session changes where to."""

    session: str
    remote: tuple[str, int]
    payload_type: int
    "0: PCMU, 8: PCMA (RFC 3551)."
    source: str = ""
    "Announcement, played once from its beginning, then music; empty: music."


@dataclass(frozen=True, slots=True, kw_only=True)
class StopMedia:
    """Stop a session; unknown ones are fine."""

    session: str


MediaAction = PlayMedia | StopMedia
