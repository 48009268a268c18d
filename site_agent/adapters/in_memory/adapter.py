"""A whole small ACD without I/O: queues by age, longest ready agent first, holds, moves.

Rule of this file: it keeps the adapter's contract to the letter and nothing else; what the network
around it should do is left in `signals`, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nrcli.wire.messages import AgentQueue, AgentState, TransferMethod
from site_agent.adapters import base
from site_agent.adapters.in_memory.signals import (
    Answered,
    BridgeAborted,
    HungUp,
    Probed,
    Redirected,
    Referred,
    Refused,
    Signal,
)
from site_agent.adapters.in_memory.state import MemoryAgent, MemoryCall, MemoryHold, MemoryQueue


class InMemoryAcd:
    """One site's ACD. Commands and inputs return the events that they cause at once."""

    def __init__(
        self,
        *,
        queues: Sequence[MemoryQueue],
        agents: Mapping[str, Mapping[str, int]],
        trunks: Mapping[str, int],
    ) -> None:
        self.signals: list[Signal] = []
        self.queues = {queue.name: queue for queue in queues}
        self.agents = {name: MemoryAgent(name, levels) for name, levels in agents.items()}
        self.calls: dict[str, MemoryCall] = {}
        self._trunks = dict(trunks)
        self._holds: dict[str, MemoryHold] = {}
        self._events: list[base.AcdEvent] = []
        self._now_s = 0.0
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
        }

    # ---- the adapter's contract ------------------------------------------------------------

    def capabilities(self) -> base.Capabilities:
        """What this ACD can do."""
        return base.Capabilities(
            hold_agent=base.HoldLevel.EXACT,
            insert_by_age=base.HoldLevel.EXACT,
            methods=(TransferMethod.REDIRECT_302, TransferMethod.REFER, TransferMethod.BRIDGE),
        )

    def snapshot(self, now_s: float) -> list[base.AcdEvent]:
        """Agents, queues and trunks as they are now."""
        self._begin(now_s)
        for agent in self.agents.values():
            self._tell_agent(agent)
        for name in self._trunks:
            self._tell_trunk(name)
        return self._end()

    def command(self, command: base.AcdCommand, now_s: float) -> list[base.AcdEvent]:
        """Carry out one command."""
        self._begin(now_s)
        self._commands[type(command)](command)
        return self._end()

    # ---- what callers, agents and the network do -------------------------------------------

    def offer(self, call: MemoryCall, now_s: float, data: bytes = b"") -> list[base.AcdEvent]:
        """A caller rings: refused if there is no channel or no place, else queued."""
        self._begin(now_s)
        queue = self.queues[call.queue]
        if self._used(call.trunk_group) >= self._trunks[call.trunk_group] or self._full(queue):
            self.signals.append(Refused(call_id=call.call_id, sip_status=486))
            return self._end()
        call.offered_at_s = now_s
        self.calls[call.call_id] = call
        self._tell_trunk(call.trunk_group)
        self._events.append(
            base.CallOffered(
                call_id=call.call_id,
                interaction_id=call.interaction_id,
                service=call.service,
                queue=call.queue,
                trunk_group=call.trunk_group,
                agent_ready=self._ready_agent(call.queue) is not None,
                data=data,
            )
        )
        self._serve(call.queue)
        return self._end()

    def arrive(
        self, *, call_id: str, token: str, invite_key: str, trunk_group: str, now_s: float
    ) -> list[base.AcdEvent]:
        """An INVITE with a token; the daemon's command follows in the same turn."""
        self._begin(now_s)
        if self._used(trunk_group) >= self._trunks[trunk_group]:
            self.signals.append(Refused(call_id=call_id, sip_status=480))
            return self._end()
        call = MemoryCall(call_id, "", "", "", trunk_group)
        call.arriving = True
        self.calls[call_id] = call
        self._tell_trunk(trunk_group)
        self._events.append(
            base.CallArriving(
                call_id=call_id, token=token, invite_key=invite_key, trunk_group=trunk_group
            )
        )
        return self._end()

    def answer(self, call_id: str, now_s: float) -> list[base.AcdEvent]:
        """Answer a waiting caller with media (`answer_after_s` is over)."""
        self._begin(now_s)
        call = self.calls.get(call_id)
        if call is not None and not call.answered and not call.moving and not call.arriving:
            self._answer(call)
        return self._end()

    def acknowledged(self, call_id: str, now_s: float) -> list[base.AcdEvent]:
        """The caller's ACK to our 200."""
        self._begin(now_s)
        call = self.calls.get(call_id)
        if call is not None and call.by_token:
            self._events.append(base.ArrivalAcknowledged(call_id=call_id))
        return self._end()

    def caller_left(self, call_id: str, now_s: float) -> list[base.AcdEvent]:
        """BYE or CANCEL from the caller's side."""
        return self._finish(call_id, "caller", now_s)

    def agent_hangs_up(self, call_id: str, now_s: float) -> list[base.AcdEvent]:
        """The agent ends the call; waiting calls go on."""
        call = self.calls.get(call_id)
        if call is None or not call.agent:
            return []
        self.signals.append(HungUp(call_id=call_id))
        return self._finish(call_id, "agent", now_s)

    def redirect_acknowledged(
        self, call_id: str, move_id: str, now_s: float
    ) -> list[base.AcdEvent]:
        """The ACK to our 302: the leg is over."""
        if call_id not in self.calls:
            return []
        return [
            base.MoveProgress(
                call_id=call_id, move_id=move_id, sign=base.MoveSign.REDIRECTED, sip_status=302
            ),
            *self._finish(call_id, "redirected", now_s),
        ]

    def progress(
        self, call_id: str, move_id: str, sign: base.MoveSign, sip_status: int = 0
    ) -> list[base.AcdEvent]:
        """The network tells how a REFER or a bridge goes."""
        if call_id not in self.calls:
            return []
        return [
            base.MoveProgress(call_id=call_id, move_id=move_id, sign=sign, sip_status=sip_status)
        ]

    def probed(self, call_id: str, alive: bool) -> list[base.AcdEvent]:
        """The caller's device answered the re-INVITE, or did not."""
        return [base.CallerProbed(call_id=call_id, alive=alive)] if call_id in self.calls else []

    def set_ready(self, agent: str, ready: bool, now_s: float) -> list[base.AcdEvent]:
        """An agent logs in or out; a held one that leaves loses the hold."""
        self._begin(now_s)
        member = self.agents[agent]
        if member.state is AgentState.RESERVED and not ready:
            for hold in [hold for hold in self._holds.values() if hold.agent == agent]:
                del self._holds[hold.hold_id]
                self._events.append(base.HoldLost(hold_id=hold.hold_id, reason="not ready"))
        if member.state is not AgentState.BUSY:
            self._set(member, AgentState.READY if ready else AgentState.NOT_READY)
        for queue in member.queues:
            self._serve(queue)
        return self._end()

    # ---- commands --------------------------------------------------------------------------

    def _hold_agent(self, command: base.HoldAgent) -> None:
        agent = self.agents.get(command.agent)
        if agent is None or agent.state is not AgentState.READY:
            self._events.append(base.HoldRefused(hold_id=command.hold_id, reason="no_agent"))
            return
        self._set(agent, AgentState.RESERVED)
        self._granted(MemoryHold(command.hold_id, command.queue, command.agent))

    def _hold_place(self, command: base.HoldPlace) -> None:
        queue = self.queues.get(command.queue)
        if queue is None or self._full(queue):
            reason = "unknown" if queue is None else "no_place"
            self._events.append(base.HoldRefused(hold_id=command.hold_id, reason=reason))
            return
        self._granted(MemoryHold(command.hold_id, command.queue, ""))

    def _granted(self, hold: MemoryHold) -> None:
        self._holds[hold.hold_id] = hold
        self._events.append(
            base.HoldGranted(hold_id=hold.hold_id, queue=hold.queue, agent=hold.agent)
        )

    def _release_hold(self, command: base.ReleaseHold) -> None:
        hold = self._holds.pop(command.hold_id, None)
        if hold is not None and hold.agent:
            self._set(self.agents[hold.agent], AgentState.READY)
            self._serve_agent(self.agents[hold.agent])

    def _accept(self, command: base.AcceptArrival) -> None:
        call = self.calls.get(command.call_id)
        if call is None:
            return
        hold = self._holds.pop(command.hold_id, None)
        self._join(call, command, by_token=bool(command.hold_id))
        if hold is not None and hold.agent:
            self._set(self.agents[hold.agent], AgentState.READY)
            self._connect(call, self.agents[hold.agent])
        else:
            self._serve(call.queue)
            if command.answer_now and not call.answered:
                self._answer(call)

    def _ordinary(self, command: base.TreatAsOrdinary) -> None:
        call = self.calls.get(command.call_id)
        if call is None:
            return
        self._join(call, command, by_token=True)
        self._serve(call.queue)
        if not call.answered:
            self._answer(call)

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
        call.offered_at_s = self._now_s - command.waited_s

    def _refuse(self, command: base.RefuseArrival) -> None:
        self.signals.append(Refused(call_id=command.call_id, sip_status=command.sip_status))
        call = self.calls.pop(command.call_id, None)
        if call is not None:
            self._tell_trunk(call.trunk_group)

    def _start_move(self, command: base.StartMove) -> None:
        call = self.calls.get(command.call_id)
        if call is None or call.agent:
            self._events.append(
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
        self.signals.append(signal)

    def _abort_move(self, command: base.AbortMove) -> None:
        self.signals.append(BridgeAborted(call_id=command.call_id, move_id=command.move_id))

    def _put_back(self, command: base.PutBack) -> None:
        call = self.calls.get(command.call_id)
        if call is not None:
            call.moving = ""
            self._serve(call.queue)

    def _end_moved(self, command: base.EndMoved) -> None:
        call = self.calls.get(command.call_id)
        if call is not None and not call.bridged:
            self.signals.append(HungUp(call_id=command.call_id))
            self._close(call, "moved")

    def _probe(self, command: base.ProbeCaller) -> None:
        self.signals.append(Probed(call_id=command.call_id))

    def _give_data(self, command: base.GiveData) -> None:
        call = self.calls.get(command.call_id)
        if call is not None:
            call.data = command.data

    # ---- serving ---------------------------------------------------------------------------

    def _serve(self, queue: str) -> None:
        while (agent := self._ready_agent(queue)) and (call := self._oldest(queue)):
            self._connect(call, agent)

    def _serve_agent(self, agent: MemoryAgent) -> None:
        for queue in agent.queues:
            self._serve(queue)

    def _connect(self, call: MemoryCall, agent: MemoryAgent) -> None:
        call.agent = agent.name
        self._set(agent, AgentState.BUSY)
        if not call.answered:
            self._answer(call)
        self.queues[call.queue].answered_count += 1
        self._events.append(
            base.CallConnected(call_id=call.call_id, agent=agent.name, queue=call.queue)
        )

    def _answer(self, call: MemoryCall) -> None:
        call.answered = True
        self.signals.append(Answered(call_id=call.call_id))
        self._events.append(base.CallAnswered(call_id=call.call_id))

    def _finish(self, call_id: str, by: str, now_s: float) -> list[base.AcdEvent]:
        self._begin(now_s)
        call = self.calls.get(call_id)
        if call is not None:
            self._close(call, by)
        return self._end()

    def _close(self, call: MemoryCall, by: str) -> None:
        del self.calls[call.call_id]
        if call.queue in self.queues and by == "caller" and not call.agent:
            self.queues[call.queue].abandoned_count += 1
        self._events.append(
            base.CallEnded(
                call_id=call.call_id,
                released_by=by,
                agent=call.agent,
                waited_s=max(0.0, self._now_s - call.offered_at_s),
            )
        )
        self._tell_trunk(call.trunk_group)
        if call.agent:
            agent = self.agents[call.agent]
            self._set(agent, AgentState.READY)
            self._serve_agent(agent)

    def _ready_agent(self, queue: str) -> MemoryAgent | None:
        ready = [
            agent
            for agent in self.agents.values()
            if agent.state is AgentState.READY and queue in agent.queues
        ]
        return min(ready, key=lambda agent: agent.since_s, default=None)

    def _waiting(self, queue: str) -> list[MemoryCall]:
        return [
            call
            for call in self.calls.values()
            if call.queue == queue and not call.agent and not call.arriving
        ]

    def _oldest(self, queue: str) -> MemoryCall | None:
        free = [call for call in self._waiting(queue) if not call.moving]
        return min(free, key=lambda call: call.offered_at_s, default=None)

    def _full(self, queue: MemoryQueue) -> bool:
        held = sum(1 for h in self._holds.values() if h.queue == queue.name and not h.agent)
        return len(self._waiting(queue.name)) + held >= queue.places_max

    def _used(self, trunk_group: str) -> int:
        return sum(1 for call in self.calls.values() if call.trunk_group == trunk_group)

    # ---- telling ---------------------------------------------------------------------------

    def _set(self, agent: MemoryAgent, state: AgentState) -> None:
        if agent.state is not state:
            agent.state, agent.since_s = state, self._now_s
        self._tell_agent(agent)

    def _tell_agent(self, agent: MemoryAgent) -> None:
        members = tuple(
            AgentQueue(queue=queue, level=level) for queue, level in agent.queues.items()
        )
        self._events.append(base.AgentChanged(agent=agent.name, state=agent.state, queues=members))

    def _tell_trunk(self, name: str) -> None:
        self._events.append(
            base.TrunkChanged(
                trunk_group=name,
                channels_max=self._trunks[name],
                channels_used_count=self._used(name),
            )
        )

    def _begin(self, now_s: float) -> None:
        self._now_s = now_s

    def _end(self) -> list[base.AcdEvent]:
        for queue in self.queues.values():
            waiting = self._waiting(queue.name)
            event = base.QueueChanged(
                queue=queue.name,
                open=queue.open,
                waiting_count=len(waiting),
                places_max=queue.places_max,
                answered_count=queue.answered_count,
                abandoned_count=queue.abandoned_count,
                aht_s=queue.aht_s,
                oldest_offered_at_s=min((call.offered_at_s for call in waiting), default=None),
            )
            if event != queue.told:
                queue.told = event
                self._events.append(event)
        events, self._events = self._events, []
        return events
