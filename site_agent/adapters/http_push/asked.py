"""What the site daemon asks of a CTI: told on as a numbered command, or answered here at once.

Rule of this file: nothing is asked of a CTI that it cannot do, that it was not heard for, or that
it already contradicted; whatever it owes an answer to has a wait, and what follows without one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base
from site_agent.adapters.acd_events import AcdEvent
from site_agent.adapters.http_push.mirror import CallSeen, HoldSeen, Mirror
from site_agent.adapters.http_push.outbox import Outbox
from site_agent.adapters.http_push.said_by_cti import CtiCapabilities
from site_agent.adapters.http_push.said_to_cti import PushCommand, ScreenPop
from site_agent.adapters.http_push.settings import HttpPushSettings
from site_agent.adapters.http_push.waits import Waits

Pop = Callable[[ScreenPop], str]
"The URL of an agent's screen, or nothing."


class Asked:
    """Commands of the daemon."""

    def __init__(
        self, settings: HttpPushSettings, mirror: Mirror, outbox: Outbox, waits: Waits, pop: Pop
    ) -> None:
        self.can = CtiCapabilities()
        self.closed: set[str] = set()
        "Queues that their calendars closed: a CTI that was away is told again."
        self.dialing: dict[str, base.DialCaller] = {}
        self._settings = settings
        self._mirror = mirror
        self._outbox = outbox
        self._waits = waits
        self._pop = pop
        self._now_s = 0.0
        self._commands: dict[type, Callable[[Any], list[AcdEvent]]] = {
            base.HoldAgent: self._hold_agent,
            base.HoldPlace: self._hold_place,
            base.ReleaseHold: self._release,
            base.AcceptArrival: self._accept,
            base.RefuseArrival: self._refuse,
            base.TreatAsOrdinary: self._ordinary,
            base.StartMove: self._start_move,
            base.AbortMove: self._about_a_call,
            base.PutBack: self._put_back,
            base.EndMoved: self._end_moved,
            base.ProbeCaller: self._probe,
            base.GiveData: self._give_data,
            base.Announce: self._announce,
            base.PlayAnnouncement: self._play,
            base.RejectCall: self._reject,
            base.SetQueueClosed: self._set_closed,
            base.SetAgeing: self._about_a_call,
            base.DialCaller: self._dial,
        }

    def do(self, command: base.AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command; what happened at once."""
        self._now_s = now_s
        return self._commands[type(command)](command)

    def push(self, command: PushCommand, now_s: float) -> bool:
        """Tell the CTI; False: too many commands wait already."""
        return self._outbox.put(command, now_s)

    def pop_screen(self, call_id: str, call: CallSeen, now_s: float) -> None:
        """What the agent's screen is to show."""
        shown = ScreenPop(
            call_id=call_id,
            agent=call.agent,
            interaction_id=call.interaction_id,
            queue=call.queue,
            ani=call.ani,
            url="",
            data=call.data,
        )
        self.push(_with_url(shown, self._pop(shown)), now_s)

    def failed(self, command: PushCommand, problem: str) -> list[AcdEvent]:
        """The CTI took a command and cannot carry it out."""
        match command:
            case base.HoldAgent() | base.HoldPlace():
                self._waits.stop(("hold", command.hold_id))
                return self._mirror.lose(command.hold_id, "failed")
            case base.StartMove():
                return self._not_moved(command)
            case base.PlayAnnouncement():
                self._waits.stop(("announcement", command.call_id))
                return [_not_played(command, problem)]
            case base.DialCaller():
                return self.not_dialed(command)
            case base.ProbeCaller():
                return [base.CallerProbed(call_id=command.call_id, alive=True)]
        return []

    def not_dialed(self, command: base.DialCaller) -> list[AcdEvent]:
        """Nobody was called back."""
        self._waits.stop(("dial", command.call_id))
        if self.dialing.pop(command.call_id, None) is None:
            return []
        return [base.CallerDialed(call_id=command.call_id, outcome="failed")]

    # ---- holds -----------------------------------------------------------------------------

    def _hold_agent(self, command: base.HoldAgent) -> list[AcdEvent]:
        seen = self._mirror.agents.get(command.agent)
        reason = "no_agent" if seen is not None else "unknown"
        ready = self._mirror.state_of(command.agent) is AgentState.READY
        free = seen is not None and ready and not seen.hold_id
        if not (self._mirror.holdable and free and self.push(command, self._now_s)):
            return [base.HoldRefused(hold_id=command.hold_id, reason=reason)]
        self._mirror.hold(HoldSeen(command.hold_id, command.queue, command.agent))
        self._await_hold(command.hold_id)
        return []

    def _hold_place(self, command: base.HoldPlace) -> list[AcdEvent]:
        hold = HoldSeen(command.hold_id, command.queue, by_count=not self.can.hold_place)
        reason = self._no_place(command.queue)
        if not reason and not hold.by_count and not self.push(command, self._now_s):
            reason = "no_place"
        if reason:
            return [base.HoldRefused(hold_id=command.hold_id, reason=reason)]
        self._mirror.hold(hold)
        if not hold.by_count:
            self._await_hold(command.hold_id)
            return []
        hold.granted = True
        return [base.HoldGranted(hold_id=command.hold_id, queue=command.queue)]

    def _no_place(self, queue: str) -> str:
        figures = self._mirror.queues.get(queue)
        if figures is None:
            return "unknown"
        if not (figures.open and self._mirror.synced):
            return "closed"
        return "" if self._mirror.places_free(queue) > 0 else "no_place"

    def _await_hold(self, hold_id: str) -> None:
        def late(now_s: float) -> list[AcdEvent]:
            hold = self._mirror.holds.get(hold_id)
            if hold is not None:
                self.push(base.ReleaseHold(hold_id=hold_id, agent=hold.agent), now_s)
            return self._mirror.lose(hold_id, "silent")

        self._waits.start(("hold", hold_id), self._now_s + self._settings.hold_answer_s, late)

    def _release(self, command: base.ReleaseHold) -> list[AcdEvent]:
        seen = self._mirror.agents.get(command.agent)
        hold = self._mirror.let_go(command.hold_id or (seen.hold_id if seen else ""))
        if hold is not None:
            self._waits.stop(("hold", hold.hold_id))
            if not hold.by_count:
                release = base.ReleaseHold(hold_id=hold.hold_id, agent=hold.agent)
                self.push(release, self._now_s)
            return self._mirror.tell_agent(hold.agent)
        if seen is not None and seen.said is AgentState.RESERVED:
            self.push(command, self._now_s)
        return []

    # ---- arrivals --------------------------------------------------------------------------

    def _accept(self, command: base.AcceptArrival) -> list[AcdEvent]:
        call = self._arrived(command)
        if call is None:
            return []
        self._waits.stop(("hold", command.hold_id))
        hold = self._mirror.let_go(command.hold_id, ringing=bool(command.agent))
        self.push(command, self._now_s)
        return self._mirror.tell_agent(hold.agent) if hold is not None else []

    def _ordinary(self, command: base.TreatAsOrdinary) -> list[AcdEvent]:
        if self._arrived(command) is not None:
            self.push(command, self._now_s)
        return []

    def _arrived(self, command: base.AcceptArrival | base.TreatAsOrdinary) -> CallSeen | None:
        call = self._mirror.calls.get(command.call_id)
        if call is not None:
            call.token, call.queue = "", command.queue
            call.interaction_id, call.data = command.interaction_id, command.data
        return call

    def _refuse(self, command: base.RefuseArrival) -> list[AcdEvent]:
        if self._mirror.drop_call(command.call_id) is not None:
            self.push(command, self._now_s)
        return []

    # ---- moves -----------------------------------------------------------------------------

    def _start_move(self, command: base.StartMove) -> list[AcdEvent]:
        call = self._mirror.calls.get(command.call_id)
        able = self._mirror.synced and command.method in self.methods()
        if call is None or call.agent or not able or not self.push(command, self._now_s):
            return [_sign(command, base.MoveSign.REFUSED)]
        call.moving, call.move_id, call.sign = True, command.move_id, None
        call.method = command.method
        at_s = self._now_s + command.set_up_s + self._settings.move_margin_s

        def silent(now_s: float) -> list[AcdEvent]:
            if call.move_id != command.move_id or call.sign is not None:
                return []
            call.sign = base.MoveSign.SILENT
            return [_sign(command, base.MoveSign.SILENT)]

        self._waits.start(("move", command.call_id), at_s, silent)
        return []

    def methods(self) -> tuple[TransferMethod, ...]:
        """How calls can be moved: what the CTI can, and the site's settings allow."""
        return tuple(one for one in self.can.methods if one in self._settings.methods)

    def _not_moved(self, command: base.StartMove) -> list[AcdEvent]:
        call = self._mirror.calls.get(command.call_id)
        if call is None or call.move_id != command.move_id or call.sign is not None:
            return []
        self._waits.stop(("move", command.call_id))
        call.sign = base.MoveSign.REFUSED
        return [_sign(command, base.MoveSign.REFUSED)]

    def _put_back(self, command: base.PutBack) -> list[AcdEvent]:
        call = self._mirror.calls.get(command.call_id)
        if call is not None:
            call.moving = False
            self._waits.stop(("move", command.call_id))
            self.push(command, self._now_s)
        return []

    def _end_moved(self, command: base.EndMoved) -> list[AcdEvent]:
        call = self._mirror.calls.get(command.call_id)
        if call is not None:
            self._waits.stop(("move", command.call_id))
            self.push(command, self._now_s)
            if not call.bridged:
                self._await_end(command.call_id, "moved")
        return []

    def _await_end(self, call_id: str, released_by: str) -> None:
        ended = base.CallEnded(call_id=call_id, released_by=released_by)
        at_s = self._now_s + self._settings.end_answer_s
        self._waits.start(("end", call_id), at_s, lambda now_s: self._mirror.end_call(ended))

    # ---- callers ---------------------------------------------------------------------------

    def _about_a_call(
        self, command: base.AbortMove | base.Announce | base.SetAgeing
    ) -> list[AcdEvent]:
        if command.call_id in self._mirror.calls:
            self.push(command, self._now_s)
        return []

    def _probe(self, command: base.ProbeCaller) -> list[AcdEvent]:
        known = command.call_id in self._mirror.calls
        if known and self.can.probe_caller and self._mirror.synced:
            self.push(command, self._now_s)
            return []
        return [base.CallerProbed(call_id=command.call_id, alive=True)] if known else []

    def _give_data(self, command: base.GiveData) -> list[AcdEvent]:
        call = self._mirror.calls.get(command.call_id)
        if call is not None:
            call.data = command.data
            self.push(command, self._now_s)
            if call.agent:
                self.pop_screen(command.call_id, call, self._now_s)
        return []

    def _announce(self, command: base.Announce) -> list[AcdEvent]:
        able = self.can.announce and self._mirror.synced
        return self._about_a_call(command) if able else []

    def _play(self, command: base.PlayAnnouncement) -> list[AcdEvent]:
        if command.call_id not in self._mirror.calls:
            return []
        if command.name not in self.can.announcements or not self._mirror.synced:
            return [_not_played(command, f"the CTI has no announcement {command.name}")]
        self.push(command, self._now_s)
        late = _not_played(command, "the CTI did not say that it ended")
        at_s = self._now_s + self._settings.announcement_s_max
        self._waits.start(("announcement", command.call_id), at_s, lambda now_s: [late])
        return []

    def _reject(self, command: base.RejectCall) -> list[AcdEvent]:
        call = self._mirror.calls.get(command.call_id)
        if call is not None and not call.agent and not call.moving:
            self.push(command, self._now_s)
            self._await_end(command.call_id, "site")
        return []

    def _set_closed(self, command: base.SetQueueClosed) -> list[AcdEvent]:
        if command.queue in self._mirror.queue_names:
            self.closed.discard(command.queue)
            if command.closed:
                self.closed.add(command.queue)
            self.push(command, self._now_s)
        return []

    def _dial(self, command: base.DialCaller) -> list[AcdEvent]:
        able = self.can.dial and self._mirror.synced and command.hold_id in self._mirror.holds
        if not able or not self.push(command, self._now_s):
            return [base.CallerDialed(call_id=command.call_id, outcome="failed")]
        self.dialing[command.call_id] = command
        at_s = self._now_s + command.ring_s + self._settings.dial_margin_s
        self._waits.start(("dial", command.call_id), at_s, lambda now_s: self.not_dialed(command))
        return []


def _sign(command: base.StartMove, sign: base.MoveSign) -> base.MoveProgress:
    return base.MoveProgress(call_id=command.call_id, move_id=command.move_id, sign=sign)


def _not_played(command: base.PlayAnnouncement, problem: str) -> base.AnnouncementOver:
    return base.AnnouncementOver(
        call_id=command.call_id, name=command.name, played=False, problem=problem
    )


def _with_url(shown: ScreenPop, url: str) -> ScreenPop:
    return replace(shown, url=url) if url else shown
