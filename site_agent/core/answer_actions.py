"""Does what NIRC (or a closing queue) says to a waiting caller: an announcement, or the end.

Rule of this file: a call that an own agent has, one in motion and an emergency call are never ended
here. An announcement before the end is waited for, but not for ever.
"""

from __future__ import annotations

from nrcli.wire.messages import RouteAnswer, RouteOutcome
from site_agent.adapters.base import (
    REJECT_STATUS,
    AnnouncementOver,
    PlayAnnouncement,
    RejectCall,
)
from site_agent.core.calls import Call, CallBook, CallState
from site_agent.core.outbox import Outbox

RELEASE_TIMER = "release:"
ANNOUNCE_AGAIN_S = 30.0
"The same announcement is not begun again for a caller before this."
ANNOUNCE_S_MAX = 120.0
"An announcement before the end of a call may take so long."
REASON_UNKNOWN = "try_later"
ALARM = "announcement_not_played"


class AnswerActions:
    """Announcements and endings, by call."""

    __slots__ = ("_calls", "_ending", "_out")

    def __init__(self, calls: CallBook, out: Outbox) -> None:
        self._calls = calls
        self._out = out
        self._ending: dict[str, str] = {}
        "Call that is ended after its announcement, and the reason."

    def act(self, call: Call, answer: RouteAnswer, now_s: float) -> None:
        """What an answer wants of the origin besides a move."""
        if answer.outcome is RouteOutcome.ANNOUNCE:
            self.announce(call, answer.announcement, now_s)
        elif answer.outcome is RouteOutcome.REJECT:
            name = answer.announcement if call.answered else ""
            self.release(call, answer.reject_reason, name, now_s)

    def announce(self, call: Call, name: str, now_s: float) -> None:
        """Play an announcement; the caller goes on waiting, in place."""
        again = call.announcement == name and now_s < call.announced_at_s + ANNOUNCE_AGAIN_S
        if not name or again or not _may_speak(call):
            return
        call.announcement, call.announced_at_s = name, now_s
        self._out.count("announcements")
        self._out.write(
            "announcement", call=call.call_id, interaction=call.interaction_id, name=name
        )
        self._out.do(PlayAnnouncement(call_id=call.call_id, name=name))

    def release(self, call: Call, reason: str, announcement: str, now_s: float) -> None:
        """End a waiting call with a reason, after the announcement if one is named."""
        if not _may_speak(call) or call.call_id in self._ending:
            return
        known = reason if reason in REJECT_STATUS else REASON_UNKNOWN
        if not announcement:
            self._reject(call, known)
            return
        self._ending[call.call_id] = known
        call.not_before_s = now_s + ANNOUNCE_S_MAX
        self._out.start(RELEASE_TIMER + call.call_id, now_s + ANNOUNCE_S_MAX)
        call.announcement = ""
        self.announce(call, announcement, now_s)

    def over(self, event: AnnouncementOver, now_s: float) -> None:
        """An announcement was played, or could not be."""
        if event.played:
            self._out.clear(ALARM, event.name)
        elif event.problem:
            self._out.count("announcements_not_played")
            self._out.alarm(ALARM, event.name, f"{event.name} was skipped: {event.problem}")
        call = self._calls.get(event.call_id)
        if call is None or call.announcement == event.name:
            self._end(event.call_id, now_s)

    def late(self, call_id: str, now_s: float) -> None:
        """The ACD did not say that an announcement is over."""
        self._end(call_id, now_s)

    def forget(self, call_id: str) -> None:
        """The call is connected or over: nothing is to be ended any more."""
        if self._ending.pop(call_id, None) is not None:
            self._out.stop(RELEASE_TIMER + call_id)

    def _end(self, call_id: str, now_s: float) -> None:
        reason = self._ending.pop(call_id, None)
        if reason is None:
            return
        self._out.stop(RELEASE_TIMER + call_id)
        call = self._calls.get(call_id)
        if call is not None and _may_speak(call):
            call.not_before_s = now_s
            self._reject(call, reason)

    def insist(self, call_id: str, reason: str) -> None:
        """A caller who was let go and is still here: an agent was rung in vain when they were."""
        call = self._calls.get(call_id)
        if call is not None and call_id not in self._ending and _may_speak(call):
            self._out.do(RejectCall(call_id=call_id, reason=reason))

    def _reject(self, call: Call, reason: str) -> None:
        call.rejected = reason
        self._out.count(f"rejected_{reason}")
        self._out.write(
            "call_rejected", call=call.call_id, interaction=call.interaction_id, reason=reason
        )
        self._out.do(RejectCall(call_id=call.call_id, reason=reason))


def _may_speak(call: Call) -> bool:
    return call.state is CallState.WAITING and not call.agent and not call.emergency
