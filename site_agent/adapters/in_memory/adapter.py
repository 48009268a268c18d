"""A whole small ACD without I/O: queues by age, longest ready agent first, holds, moves.

Rule of this file: it keeps the adapter's contract to the letter and nothing else; what the network
around it should do is left in `signals`, in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base
from site_agent.adapters.in_memory.commands import Commands
from site_agent.adapters.in_memory.floor import Floor
from site_agent.adapters.in_memory.signals import HungUp, Refused, Signal
from site_agent.adapters.in_memory.state import MemoryCall, MemoryQueue


class InMemoryAcd:
    """One site's ACD. Commands and inputs return the events that they cause at once."""

    def __init__(
        self,
        *,
        queues: Sequence[MemoryQueue],
        agents: Mapping[str, Mapping[str, int]],
        trunks: Mapping[str, int],
        announcements: Sequence[str] = (),
    ) -> None:
        self._floor = Floor(
            queues=queues, agents=agents, trunks=trunks, announcements=announcements
        )
        self._commands = Commands(self._floor)

    @property
    def calls(self) -> Mapping[str, MemoryCall]:
        """Calls at the site now."""
        return self._floor.calls

    def take_signals(self) -> list[Signal]:
        """What the network is to do, in order; asked for once."""
        signals, self._floor.signals = self._floor.signals, []
        return signals

    def capabilities(self) -> base.Capabilities:
        """What this ACD can do."""
        return base.Capabilities(
            hold_agent=base.HoldLevel.EXACT,
            insert_by_age=base.HoldLevel.EXACT,
            methods=(TransferMethod.REDIRECT_302, TransferMethod.REFER, TransferMethod.BRIDGE),
        )

    def snapshot(self, now_s: float) -> list[base.AcdEvent]:
        """Agents, queues and trunks as they are now."""
        self._floor.begin(now_s)
        for agent in self._floor.agents.values():
            self._floor.tell_agent(agent)
        for name in self._floor.trunks:
            self._floor.tell_trunk(name)
        return self._floor.end()

    def command(self, command: base.AcdCommand, now_s: float) -> list[base.AcdEvent]:
        """Carry out one command."""
        self._floor.begin(now_s)
        self._commands.do(command)
        return self._floor.end()

    def offer(self, call: MemoryCall, now_s: float, data: bytes = b"") -> list[base.AcdEvent]:
        """A caller rings: refused if there is no channel or no place, else queued."""
        self._floor.begin(now_s)
        queue = self._floor.queues[call.queue]
        if self._floor.used(call.trunk_group) >= self._floor.trunks[
            call.trunk_group
        ] or self._floor.full(queue):
            self._floor.signals.append(Refused(call_id=call.call_id, sip_status=486))
            return self._floor.end()
        call.offered_at_s = now_s
        call.held_back = (queue.closed or queue.shifted) and not call.emergency
        self._floor.calls[call.call_id] = call
        self._floor.tell_trunk(call.trunk_group)
        self._floor.events.append(
            base.CallOffered(
                call_id=call.call_id,
                interaction_id=call.interaction_id,
                service=call.service,
                queue=call.queue,
                trunk_group=call.trunk_group,
                priority=call.priority,
                agent_ready=not call.held_back and self._floor.ready_agent(call.queue) is not None,
                emergency=call.emergency,
                held_back=call.held_back,
                data=data,
                ani=call.ani,
                verified=call.verified,
            )
        )
        self._floor.serve(call.queue)
        return self._floor.end()

    def arrive(
        self, *, call_id: str, token: str, invite_key: str, trunk_group: str, now_s: float
    ) -> list[base.AcdEvent]:
        """An INVITE with a token; the daemon's command follows in the same turn."""
        self._floor.begin(now_s)
        if self._floor.used(trunk_group) >= self._floor.trunks[trunk_group]:
            self._floor.signals.append(Refused(call_id=call_id, sip_status=480))
            return self._floor.end()
        call = MemoryCall(call_id, "", "", "", trunk_group)
        call.arriving = True
        self._floor.calls[call_id] = call
        self._floor.tell_trunk(trunk_group)
        self._floor.events.append(
            base.CallArriving(
                call_id=call_id, token=token, invite_key=invite_key, trunk_group=trunk_group
            )
        )
        return self._floor.end()

    def answer(self, call_id: str, now_s: float) -> list[base.AcdEvent]:
        """Answer a waiting caller with media (`answer_after_s` is over)."""
        self._floor.begin(now_s)
        call = self._floor.calls.get(call_id)
        if call is not None and not call.answered and not call.moving and not call.arriving:
            self._floor.answer(call)
        return self._floor.end()

    def acknowledged(self, call_id: str, now_s: float) -> list[base.AcdEvent]:
        """The caller's ACK to our 200."""
        self._floor.begin(now_s)
        call = self._floor.calls.get(call_id)
        if call is not None and call.by_token:
            self._floor.events.append(base.ArrivalAcknowledged(call_id=call_id))
        return self._floor.end()

    def caller_left(self, call_id: str, now_s: float) -> list[base.AcdEvent]:
        """BYE or CANCEL from the caller's side."""
        return self._finish(call_id, "caller", now_s)

    def agent_hangs_up(self, call_id: str, now_s: float) -> list[base.AcdEvent]:
        """The agent ends the call; waiting calls go on."""
        call = self._floor.calls.get(call_id)
        if call is None or not call.agent:
            return []
        self._floor.signals.append(HungUp(call_id=call_id))
        return self._finish(call_id, "agent", now_s)

    def redirect_acknowledged(
        self, call_id: str, move_id: str, now_s: float
    ) -> list[base.AcdEvent]:
        """The ACK to our 302: the leg is over."""
        if call_id not in self._floor.calls:
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
        if call_id not in self._floor.calls:
            return []
        return [
            base.MoveProgress(call_id=call_id, move_id=move_id, sign=sign, sip_status=sip_status)
        ]

    def probed(self, call_id: str, alive: bool) -> list[base.AcdEvent]:
        """The caller's device answered the re-INVITE, or did not."""
        return (
            [base.CallerProbed(call_id=call_id, alive=alive)]
            if call_id in self._floor.calls
            else []
        )

    def dialed(self, call_id: str, outcome: str, now_s: float) -> list[base.AcdEvent]:
        """Who was called back answered, or did not: answered | busy | no_answer | failed."""
        self._floor.begin(now_s)
        command = self._floor.dialing.pop(call_id, None)
        if command is None:
            return []
        if outcome == "answered":
            self._floor.reached(command)
        else:
            self._floor.events.append(base.CallerDialed(call_id=call_id, outcome=outcome))
        return self._floor.end()

    def set_ready(self, agent: str, ready: bool, now_s: float) -> list[base.AcdEvent]:
        """An agent logs in or out; a held one that leaves loses the hold."""
        self._floor.begin(now_s)
        member = self._floor.agents[agent]
        if member.state is AgentState.RESERVED and not ready:
            for hold in [hold for hold in self._floor.holds.values() if hold.agent == agent]:
                del self._floor.holds[hold.hold_id]
                self._floor.events.append(base.HoldLost(hold_id=hold.hold_id, reason="not ready"))
        kept = member.state is AgentState.BUSY or (ready and member.state is AgentState.RESERVED)
        if not kept:
            self._floor.set(member, AgentState.READY if ready else AgentState.NOT_READY)
        for queue in member.queues:
            self._floor.serve(queue)
        return self._floor.end()

    def _finish(self, call_id: str, by: str, now_s: float) -> list[base.AcdEvent]:
        self._floor.begin(now_s)
        call = self._floor.calls.get(call_id)
        if call is not None:
            self._floor.close(call, by)
        return self._floor.end()
