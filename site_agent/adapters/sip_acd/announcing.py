"""Plays announcements to waiting callers, and ends calls that the site or NIRC rejects.

Rule of this file: an own agent who has the call, or is being rung for it, comes first: then nothing
is played and nothing is ended. A caller who rings is answered for an announcement (the player has
no early media); afterwards there is music again.
"""

from __future__ import annotations

from nrcli.sip.names import reason_of
from site_agent.adapters.base import (
    REJECT_STATUS,
    Announce,
    AnnouncementOver,
    PlayAnnouncement,
    RejectCall,
)
from site_agent.adapters.sip_acd.caller_leg import CallerLeg
from site_agent.adapters.sip_acd.calls import Call, Hears, LegState
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.ending import Ending
from site_agent.adapters.sip_acd.music import Music
from site_agent.sip.signals import Header

TAIL_S = 0.2
"Kept after an announcement, so that its last frames are heard."
POSITION = "position-"
"Announcements of these names, with the number behind, tell callers their position."
POSITION_EVERY_S = 30.0
"A caller hears it no more often."


class Announcing:
    """Words to callers who wait, and the end of calls that shall not wait."""

    __slots__ = ("_caller", "_desk", "_ending", "_missing", "_music")

    def __init__(self, desk: Desk, caller: CallerLeg, music: Music, ending: Ending) -> None:
        self._desk = desk
        self._caller = caller
        self._music = music
        self._ending = ending
        self._missing: set[str] = set()
        "Announcements of positions that are not there, told once."

    def position(self, command: Announce) -> None:
        """Say their position to a caller who was answered and hears music, where the site has
        announcements of positions; what is missing among them is told once, and skipped."""
        desk, name = self._desk, f"{POSITION}{command.position}"
        call = desk.calls.get(command.call_id)
        if call is None or call.caller.state is not LegState.UP or not _waits(call):
            return
        if call.source or desk.now_s < call.position_at_s + POSITION_EVERY_S:
            return
        seconds = desk.announcements.get(name)
        if seconds is None:
            if name not in self._missing and any(
                one.startswith(POSITION) for one in desk.announcements
            ):
                self._missing.add(name)
                desk.counts["positions_missing"] += 1
                problem = f"there is no announcement {name}; put {name}.wav beside the others"
                self._over(call, name, played=False, problem=problem)
            return
        if self._begin(call, name):
            call.position_at_s = desk.now_s
            desk.timer("announcement", call, seconds + TAIL_S)

    def play(self, command: PlayAnnouncement) -> None:
        """Play an announcement by name, if there is one and the caller waits."""
        desk, name = self._desk, command.name
        call, seconds = desk.calls.get(command.call_id), desk.announcements.get(name)
        if call is None:
            return
        if seconds is None:
            remedy = f"put {name}.wav into media.announcements and restart the site agent"
            self._over(
                call, name, played=False, problem=f"there is no announcement {name}; {remedy}"
            )
        elif not _waits(call):
            self._over(call, name, played=False)
        elif not self._begin(call, name):
            problem = "no session of the media player is free; raise sessions_max"
            self._over(call, name, played=False, problem=problem)
        else:
            desk.timer("announcement", call, seconds + TAIL_S)

    def over(self, call: Call) -> None:
        """The announcement has been played: music again."""
        name, call.source = call.source, ""
        if call.hears is Hears.PLAYER:
            self._music.play_to(call, call.caller_sdp)
        self._over(call, name, played=True)

    def reject(self, command: RejectCall) -> None:
        """End a call that waits; one that an agent has or is rung for goes on."""
        desk, call = self._desk, self._desk.calls.get(command.call_id)
        if call is None or not _waits(call):
            return
        status = REJECT_STATUS.get(command.reason, 480)
        desk.counts[f"rejected_{status}"] += 1
        if call.caller.state is LegState.EARLY:
            retry_after = str(desk.settings.limits.retry_after_s)
            headers: list[Header] = [("Retry-After", retry_after)] if status == 503 else []
        else:
            headers = [("Reason", f'SIP;cause={status};text="{reason_of(status)}"')]
        self._ending.end(call, "site", status=status, headers=headers)

    def _begin(self, call: Call, name: str) -> bool:
        call.source = name
        if call.caller.state is LegState.EARLY:
            self._caller.answer_with_media(call, player=True)
        elif call.hears is Hears.PLAYER:
            self._music.play_to(call, call.caller_sdp)
        elif call.hears is Hears.MUSIC:
            self._music.drop_server(call)
            call.hears = Hears.SILENCE
            self._caller.settle(call)
        if call.caller.state is LegState.EARLY:
            call.source = ""
        return call.source == name

    def _over(self, call: Call, name: str, *, played: bool, problem: str = "") -> None:
        self._desk.tell(
            AnnouncementOver(call_id=call.call_id, name=name, played=played, problem=problem)
        )


def _waits(call: Call) -> bool:
    """Is nobody rung or talking, and the caller not on their way elsewhere?"""
    busy = call.joined or call.far is not None or call.redirected or call.ended
    return not busy and call.move is None
