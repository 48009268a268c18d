"""What the site daemon commands, done on the floor of the ACD in memory.

Rule of this file: one method per command; its effects are left on the floor as events and signals.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base
from site_agent.adapters.in_memory.floor import Floor
from site_agent.adapters.in_memory.signals import (
    Announced,
    BridgeAborted,
    Dialing,
    HungUp,
    Probed,
    Redirected,
    Referred,
    Refused,
    Signal,
)
from site_agent.adapters.in_memory.state import MemoryCall, MemoryHold


class Commands:
    """Carries out commands."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._commands: dict[type, Callable[..., None]] = {
            base.HoldAgent: self._hold_agent,
            base.HoldPlace: self._hold_place,
            base.ReleaseHold: self._release_hold,
            base.AcceptArrival: self._accept,
            base.RefuseArrival: self._refuse,
            base.TreatAsOrdinary: self._ordinary,
            base.StartMove: self._start_move,
            base.AbortMove: self._abort_move,
            base.PutBack: self._put_back,
            base.EndMoved: self._end_moved,
            base.ProbeCaller: self._probe,
            base.GiveData: self._give_data,
            base.Announce: lambda command: None,
            base.PlayAnnouncement: self._play,
            base.RejectCall: self._reject,
            base.SetQueueClosed: self._hold_back,
            base.SetQueueShifted: self._hold_back,
            base.SetAgeing: lambda command: None,
            base.DialCaller: self._dial,
            base.WatchNumbers: lambda command: None,
            base.PlaceProbe: lambda command: floor.events.append(
                base.ProbeEnded(call_id=command.call_id, sip_status=0)
            ),
            base.AnswerProbe: lambda command: None,
            base.SetAgentState: lambda command: None,
            base.ReturnToAgent: lambda command: None,
            base.JoinConsult: lambda command: None,
        }

    def do(self, command: base.AcdCommand) -> None:
        """Carry out one command."""
        self._commands[type(command)](command)

    def _hold_agent(self, command: base.HoldAgent) -> None:
        agent = self._floor.agents.get(command.agent)
        if agent is None or agent.state is not AgentState.READY:
            self._floor.events.append(base.HoldRefused(hold_id=command.hold_id, reason="no_agent"))
            return
        self._floor.set(agent, AgentState.RESERVED)
        self._granted(MemoryHold(command.hold_id, command.queue, command.agent))

    def _hold_place(self, command: base.HoldPlace) -> None:
        queue = self._floor.queues.get(command.queue)
        if queue is None or self._floor.full(queue):
            reason = "unknown" if queue is None else "no_place"
            self._floor.events.append(base.HoldRefused(hold_id=command.hold_id, reason=reason))
            return
        self._granted(MemoryHold(command.hold_id, command.queue, ""))

    def _granted(self, hold: MemoryHold) -> None:
        self._floor.holds[hold.hold_id] = hold
        self._floor.events.append(
            base.HoldGranted(hold_id=hold.hold_id, queue=hold.queue, agent=hold.agent)
        )

    def _release_hold(self, command: base.ReleaseHold) -> None:
        hold_id = command.hold_id or next(
            (one.hold_id for one in self._floor.holds.values() if one.agent == command.agent), ""
        )
        hold = self._floor.holds.pop(hold_id, None)
        if hold is not None and hold.agent:
            self._floor.set(self._floor.agents[hold.agent], AgentState.READY)
            self._floor.serve_agent(self._floor.agents[hold.agent])

    def _accept(self, command: base.AcceptArrival) -> None:
        call = self._floor.calls.get(command.call_id)
        if call is None:
            return
        hold = self._floor.holds.pop(command.hold_id, None)
        self._join(call, command, by_token=bool(command.hold_id))
        if hold is not None and hold.agent:
            self._floor.connect(call, self._floor.agents[hold.agent])
        else:
            self._floor.serve(call.queue)
            if command.answer_now and not call.answered:
                self._floor.answer(call)

    def _ordinary(self, command: base.TreatAsOrdinary) -> None:
        call = self._floor.calls.get(command.call_id)
        if call is None:
            return
        self._join(call, command, by_token=True)
        self._floor.serve(call.queue)
        if not call.answered:
            self._floor.answer(call)

    def _join(
        self,
        call: MemoryCall,
        command: base.AcceptArrival | base.TreatAsOrdinary,
        *,
        by_token: bool,
    ) -> None:
        call.arriving = False
        call.by_token = by_token
        call.interaction_id, call.service = command.interaction_id, command.service
        call.queue, call.data = command.queue, command.data
        call.offered_at_s = self._floor.now_s - command.waited_s

    def _refuse(self, command: base.RefuseArrival) -> None:
        self._floor.signals.append(Refused(call_id=command.call_id, sip_status=command.sip_status))
        call = self._floor.calls.pop(command.call_id, None)
        if call is not None:
            self._floor.tell_trunk(call.trunk_group)

    def _start_move(self, command: base.StartMove) -> None:
        call = self._floor.calls.get(command.call_id)
        if call is None or call.agent:
            self._floor.events.append(
                base.MoveProgress(
                    call_id=command.call_id, move_id=command.move_id, sign=base.MoveSign.REFUSED
                )
            )
            return
        call.moving = command.move_id
        if command.method is TransferMethod.REDIRECT_302:
            contacts = tuple(filter(None, (command.address, command.return_address)))
            signal: Signal = Redirected(
                call_id=call.call_id, move_id=command.move_id, contacts=contacts
            )
        else:
            signal = Referred(
                call_id=call.call_id,
                move_id=command.move_id,
                method=command.method,
                address=command.address,
            )
        self._floor.signals.append(signal)

    def _abort_move(self, command: base.AbortMove) -> None:
        self._floor.signals.append(BridgeAborted(call_id=command.call_id, move_id=command.move_id))

    def _put_back(self, command: base.PutBack) -> None:
        call = self._floor.calls.get(command.call_id)
        if call is not None:
            call.moving = ""
            call.held_back = False
            self._floor.serve(call.queue)

    def _end_moved(self, command: base.EndMoved) -> None:
        call = self._floor.calls.get(command.call_id)
        if call is not None and not call.bridged:
            self._floor.signals.append(HungUp(call_id=command.call_id))
            self._floor.close(call, "moved")

    def _probe(self, command: base.ProbeCaller) -> None:
        self._floor.signals.append(Probed(call_id=command.call_id))

    def _dial(self, command: base.DialCaller) -> None:
        self._floor.dialing[command.call_id] = command
        self._floor.signals.append(
            Dialing(
                call_id=command.call_id,
                number=command.number,
                interaction_id=command.interaction_id,
            )
        )

    def _give_data(self, command: base.GiveData) -> None:
        call = self._floor.calls.get(command.call_id)
        if call is not None:
            call.data = command.data

    def _play(self, command: base.PlayAnnouncement) -> None:
        call = self._floor.calls.get(command.call_id)
        if call is None:
            return
        played = command.name in self._floor.announcements and not call.agent
        if played:
            if not call.answered:
                self._floor.answer(call)
            self._floor.signals.append(Announced(call_id=call.call_id, name=command.name))
        self._floor.events.append(
            base.AnnouncementOver(
                call_id=call.call_id,
                name=command.name,
                played=played,
                problem="" if played else f"there is no announcement {command.name}",
            )
        )

    def _reject(self, command: base.RejectCall) -> None:
        call = self._floor.calls.get(command.call_id)
        if call is None or call.agent or call.moving:
            return
        status = base.REJECT_STATUS.get(command.reason, 480)
        if call.answered:
            self._floor.signals.append(HungUp(call_id=call.call_id))
        else:
            self._floor.signals.append(Refused(call_id=call.call_id, sip_status=status))
        self._floor.close(call, "site", status)

    def _hold_back(self, command: base.SetQueueClosed | base.SetQueueShifted) -> None:
        queue = self._floor.queues.get(command.queue)
        if queue is None:
            return
        if isinstance(command, base.SetQueueClosed):
            queue.closed = command.closed
        else:
            queue.shifted = command.shifted
