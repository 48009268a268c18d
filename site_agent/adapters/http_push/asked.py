"""What the site daemon asks of a CTI: told on as a numbered command, or answered here at once.

Rule of this file: nothing is asked of a CTI that it cannot do, that it was not heard for, or that
it already contradicted; whatever it owes an answer to has a wait, and what follows without one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from site_agent.adapters import base
from site_agent.adapters.acd_events import AcdEvent
from site_agent.adapters.http_push.asked_holds import AskedHolds
from site_agent.adapters.http_push.asked_moves import AskedMoves
from site_agent.adapters.http_push.asked_probes import AskedProbes
from site_agent.adapters.http_push.desk import Desk
from site_agent.adapters.http_push.mirror import CallSeen
from site_agent.adapters.http_push.said_to_cti import PushCommand, ScreenPop

Pop = Callable[[ScreenPop], str]
"The URL of an agent's screen, or nothing."


class Asked:
    """Commands of the daemon."""

    def __init__(self, desk: Desk, pop: Pop) -> None:
        self.closed: set[str] = set()
        "Queues that their calendars closed: a CTI that was away is told again."
        self.dialing: dict[str, base.DialCaller] = {}
        self._desk = desk
        self._pop = pop
        self._moves = AskedMoves(desk)
        holds, self._probes = AskedHolds(desk), AskedProbes(desk)
        self._commands: dict[type, Callable[[Any], list[AcdEvent]]] = {
            base.HoldAgent: holds.agent,
            base.HoldPlace: holds.place,
            base.ReleaseHold: holds.release,
            base.AcceptArrival: self._accept,
            base.RefuseArrival: self._refuse,
            base.TreatAsOrdinary: self._ordinary,
            base.StartMove: self._moves.start,
            base.AbortMove: self._about_a_call,
            base.PutBack: self._moves.put_back,
            base.EndMoved: self._moves.end_moved,
            base.ProbeCaller: self._probe,
            base.GiveData: self._give_data,
            base.Announce: self._announce,
            base.PlayAnnouncement: self._play,
            base.RejectCall: self._reject,
            base.SetQueueClosed: self._set_closed,
            base.SetAgeing: self._about_a_call,
            base.DialCaller: self._dial,
            base.PlaceProbe: self._probes.place,
            base.AnswerProbe: self._probes.answer,
        }

    def do(self, command: base.AcdCommand) -> list[AcdEvent]:
        """Carry out one command; what happened at once."""
        found = self._commands.get(type(command))
        return found(command) if found is not None else []

    def pop_screen(self, call_id: str, call: CallSeen) -> None:
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
        self._desk.push(_with_url(shown, self._pop(shown)))

    def failed(self, command: PushCommand, problem: str) -> list[AcdEvent]:
        """The CTI took a command and cannot carry it out."""
        match command:
            case base.HoldAgent() | base.HoldPlace():
                self._desk.waits.stop(("hold", command.hold_id))
                return self._desk.mirror.lose(command.hold_id, "failed")
            case base.StartMove():
                return self._moves.not_begun(command)
            case base.PlayAnnouncement():
                self._desk.waits.stop(("announcement", command.call_id))
                return [_not_played(command, problem)]
            case base.DialCaller():
                return self.not_dialed(command)
            case base.PlaceProbe():
                return self._probes.not_placed(command)
            case base.ProbeCaller():
                return [base.CallerProbed(call_id=command.call_id, alive=True)]
        return []

    def probed(self, event: base.ProbeEnded) -> bool:
        """Was a test call of ours owed this word?"""
        return self._probes.ended(event.call_id)

    def not_dialed(self, command: base.DialCaller) -> list[AcdEvent]:
        """Nobody was called back."""
        self._desk.waits.stop(("dial", command.call_id))
        if self.dialing.pop(command.call_id, None) is None:
            return []
        return [base.CallerDialed(call_id=command.call_id, outcome="failed")]

    # ---- arrivals --------------------------------------------------------------------------

    def _accept(self, command: base.AcceptArrival) -> list[AcdEvent]:
        call = self._arrived(command)
        if call is None:
            return []
        self._desk.waits.stop(("hold", command.hold_id))
        hold = self._desk.mirror.let_go(command.hold_id, ringing=bool(command.agent))
        self._desk.push(command)
        return self._desk.mirror.tell_agent(hold.agent) if hold is not None else []

    def _ordinary(self, command: base.TreatAsOrdinary) -> list[AcdEvent]:
        if self._arrived(command) is not None:
            self._desk.push(command)
        return []

    def _arrived(self, command: base.AcceptArrival | base.TreatAsOrdinary) -> CallSeen | None:
        call = self._desk.mirror.calls.get(command.call_id)
        if call is not None:
            call.token, call.queue = "", command.queue
            call.interaction_id, call.data = command.interaction_id, command.data
        return call

    def _refuse(self, command: base.RefuseArrival) -> list[AcdEvent]:
        if self._desk.mirror.drop_call(command.call_id) is not None:
            self._desk.push(command)
        return []

    # ---- callers ---------------------------------------------------------------------------

    def _about_a_call(
        self, command: base.AbortMove | base.Announce | base.SetAgeing
    ) -> list[AcdEvent]:
        if command.call_id in self._desk.mirror.calls:
            self._desk.push(command)
        return []

    def _probe(self, command: base.ProbeCaller) -> list[AcdEvent]:
        known = command.call_id in self._desk.mirror.calls
        if known and self._desk.can.probe_caller and self._desk.mirror.synced:
            self._desk.push(command)
            return []
        return [base.CallerProbed(call_id=command.call_id, alive=True)] if known else []

    def _give_data(self, command: base.GiveData) -> list[AcdEvent]:
        call = self._desk.mirror.calls.get(command.call_id)
        if call is not None:
            call.data = command.data
            self._desk.push(command)
            if call.agent:
                self.pop_screen(command.call_id, call)
        return []

    def _announce(self, command: base.Announce) -> list[AcdEvent]:
        able = self._desk.can.announce and self._desk.mirror.synced
        return self._about_a_call(command) if able else []

    def _play(self, command: base.PlayAnnouncement) -> list[AcdEvent]:
        if command.call_id not in self._desk.mirror.calls:
            return []
        if command.name not in self._desk.can.announcements or not self._desk.mirror.synced:
            return [_not_played(command, f"the CTI has no announcement {command.name}")]
        self._desk.push(command)
        late = _not_played(command, "the CTI did not say that it ended")
        at_s = self._desk.now_s + self._desk.settings.announcement_s_max
        self._desk.waits.start(("announcement", command.call_id), at_s, lambda now_s: [late])
        return []

    def _reject(self, command: base.RejectCall) -> list[AcdEvent]:
        call = self._desk.mirror.calls.get(command.call_id)
        if call is not None and not call.agent and not call.moving:
            self._desk.push(command)
            self._moves.await_end(command.call_id, "site")
        return []

    def _set_closed(self, command: base.SetQueueClosed) -> list[AcdEvent]:
        if command.queue in self._desk.mirror.queue_names:
            self.closed.discard(command.queue)
            if command.closed:
                self.closed.add(command.queue)
            self._desk.push(command)
        return []

    def _dial(self, command: base.DialCaller) -> list[AcdEvent]:
        able = (
            self._desk.can.dial
            and self._desk.mirror.synced
            and command.hold_id in self._desk.mirror.holds
        )
        if not able or not self._desk.push(command):
            return [base.CallerDialed(call_id=command.call_id, outcome="failed")]
        self.dialing[command.call_id] = command
        at_s = self._desk.now_s + command.ring_s + self._desk.settings.dial_margin_s
        self._desk.waits.start(
            ("dial", command.call_id), at_s, lambda now_s: self.not_dialed(command)
        )
        return []


def _not_played(command: base.PlayAnnouncement, problem: str) -> base.AnnouncementOver:
    return base.AnnouncementOver(
        call_id=command.call_id, name=command.name, played=False, problem=problem
    )


def _with_url(shown: ScreenPop, url: str) -> ScreenPop:
    return replace(shown, url=url) if url else shown
