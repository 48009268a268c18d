"""What a CTI says of its calls, agents, queues and holds, as events of the contract.

Rule of this file: a late, repeated or contradictory word changes nothing and is noted in the answer
to the batch; a call begins once and ends once, a hold is answered once, and the signs of a move
come in a legal order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.adapters.acd_events import AcdEvent, MoveSign
from site_agent.adapters.http_push.asked import Asked
from site_agent.adapters.http_push.desk import Desk
from site_agent.adapters.http_push.mirror import CallSeen

NOTES_MAX = 20
AFTER: dict[MoveSign | None, frozenset[MoveSign]] = {
    None: frozenset(MoveSign),
    MoveSign.REDIRECTED: frozenset(),
    MoveSign.ACCEPTED: frozenset(MoveSign) - {MoveSign.REDIRECTED, MoveSign.ACCEPTED},
    MoveSign.REFUSED: frozenset({MoveSign.CALLER_GONE}),
    MoveSign.NOTIFIED: frozenset({MoveSign.NOTIFIED, MoveSign.SILENT, MoveSign.CALLER_GONE}),
    MoveSign.SILENT: frozenset({MoveSign.NOTIFIED, MoveSign.CALLER_GONE}),
    MoveSign.BRIDGED: frozenset({MoveSign.CALLER_GONE}),
    MoveSign.CALLER_GONE: frozenset(),
}
"Which sign of a move may follow which."
OF_ONE_METHOD = {
    MoveSign.REDIRECTED: TransferMethod.REDIRECT_302,
    MoveSign.BRIDGED: TransferMethod.BRIDGE,
}


class Heard:
    """Words of the CTI."""

    def __init__(self, desk: Desk, asked: Asked) -> None:
        self.notes: list[str] = []
        "What was left out of this batch, and why."
        self._desk = desk
        self._asked = asked
        self._mirror = desk.mirror
        self._words: dict[type, Callable[[Any], list[AcdEvent]]] = {
            base.CallOffered: self.offered,
            base.CallArriving: self.arriving,
            base.CallAnswered: self.answered,
            base.CallSilent: self._of_a_call,
            base.CallConnected: self.connected,
            base.CallEnded: self.ended,
            base.CallBlocked: lambda event: (
                [event]
                if event.trunk_group in self._mirror.trunk_names
                else self.left_out(f"the site has no trunk group {event.trunk_group}")
            ),
            base.AgentChanged: self.agent,
            base.AgentGone: self._agent_gone,
            base.QueueChanged: self.queue,
            base.TrunkChanged: self.trunk,
            base.HoldGranted: self._granted,
            base.HoldRefused: self._not_held,
            base.HoldLost: self._not_held,
            base.ArrivalAcknowledged: self._of_a_call,
            base.MoveProgress: self._progress,
            base.CallerProbed: self._of_a_call,
            base.AnnouncementOver: self._announced,
            base.CallerDialed: self._dialed,
            base.CallbackWanted: self._of_a_call,
            base.ProbeEnded: lambda event: (
                [event]
                if asked.probed(event)
                else self.left_out(f"call {event.call_id}: no test call of ours")
            ),
        }

    def take(self, event: AcdEvent) -> list[AcdEvent]:
        """One word of the CTI; what it means."""
        return self._words[type(event)](event)

    def left_out(self, why: str) -> list[AcdEvent]:
        """Say in the answer what was not taken."""
        if len(self.notes) < NOTES_MAX:
            self.notes.append(why)
        return []

    # ---- agents, queues, trunk groups --------------------------------------------------------

    def agent(self, event: base.AgentChanged) -> list[AcdEvent]:
        """An agent as the CTI sees them."""
        known = self._mirror.agents
        if event.agent not in known and len(known) >= self._desk.settings.agents_max:
            return self.left_out(f"agent {event.agent}: over agents_max")
        for member in event.queues:
            if member.queue not in self._mirror.queue_names:
                self.left_out(f"agent {event.agent}: the site has no queue {member.queue}")
        return self._mirror.agent_said(event)

    def _agent_gone(self, event: base.AgentGone) -> list[AcdEvent]:
        return self._mirror.agent_gone(event.agent)

    def queue(self, event: base.QueueChanged) -> list[AcdEvent]:
        """A queue's figures."""
        if event.queue not in self._mirror.queue_names:
            return self.left_out(f"the site has no queue {event.queue}")
        return self._mirror.queue_said(event)

    def trunk(self, event: base.TrunkChanged) -> list[AcdEvent]:
        """A trunk group's channels."""
        if event.trunk_group not in self._mirror.trunk_names:
            return self.left_out(f"the site has no trunk group {event.trunk_group}")
        return self._mirror.trunk_said(event)

    # ---- calls -------------------------------------------------------------------------------

    def offered(self, event: base.CallOffered) -> list[AcdEvent]:
        """A caller entered a queue."""
        if not self._may_begin(event.call_id, event.trunk_group):
            return []
        if event.queue not in self._mirror.queue_names:
            return self.left_out(f"call {event.call_id}: the site has no queue {event.queue}")
        event = replace(
            event,
            interaction_id=event.interaction_id or self._desk.new_id(),
            service=event.service or event.queue,
        )
        call = self._mirror.calls[event.call_id] = CallSeen(event.queue)
        call.interaction_id, call.ani, call.data = event.interaction_id, event.ani, event.data
        return [event]

    def arriving(self, event: base.CallArriving) -> list[AcdEvent]:
        """A call by a token."""
        if not self._may_begin(event.call_id, event.trunk_group):
            return []
        call = self._mirror.calls[event.call_id] = CallSeen(token=event.token)
        call.ani = event.ani
        return [replace(event, invite_key=event.invite_key or event.call_id)]

    def _may_begin(self, call_id: str, trunk_group: str) -> bool:
        why = ""
        if call_id in self._mirror.calls or self._mirror.is_over(call_id):
            why = "this id was used before"
        elif trunk_group not in self._mirror.trunk_names:
            why = f"the site has no trunk group {trunk_group}"
        elif len(self._mirror.calls) >= self._desk.settings.calls_max:
            why = "over calls_max"
        if why:
            self.left_out(f"call {call_id}: {why}")
        return not why

    def _known(self, call_id: str) -> CallSeen | None:
        call = self._mirror.calls.get(call_id)
        if call is None:
            self.left_out(f"call {call_id}: there is no such call now")
        return call

    def answered(self, event: base.CallAnswered) -> list[AcdEvent]:
        """The caller was answered, once."""
        call = self._known(event.call_id)
        if call is None or call.answered:
            return []
        call.answered = True
        return [event]

    def connected(self, event: base.CallConnected) -> list[AcdEvent]:
        """An agent talks: their screen is told."""
        call = self._known(event.call_id)
        if call is None or call.agent == event.agent:
            return []
        call.agent, call.moving = event.agent, False
        self._asked.pop_screen(event.call_id, call)
        return [event]

    def ended(self, event: base.CallEnded) -> list[AcdEvent]:
        """The call is over; what was owed about it is not awaited any more."""
        if self._known(event.call_id) is None:
            return []
        waits = ("move", "end", "announcement")
        self._desk.waits.stop(*((what, event.call_id) for what in waits))
        return self._mirror.end_call(event)

    def _of_a_call(self, event: Any) -> list[AcdEvent]:
        return [event] if self._known(event.call_id) is not None else []

    def _announced(self, event: base.AnnouncementOver) -> list[AcdEvent]:
        owed = self._desk.waits.stop(("announcement", event.call_id))
        return [event] if owed else self.left_out(f"call {event.call_id}: nothing was played")

    def _dialed(self, event: base.CallerDialed) -> list[AcdEvent]:
        command = self._asked.dialing.pop(event.call_id, None)
        if command is None:
            return self.left_out(f"call {event.call_id}: nobody was to be called back")
        self._desk.waits.stop(("dial", event.call_id))
        if event.outcome == "answered":
            call = self._mirror.calls[event.call_id] = CallSeen(command.queue)
            call.interaction_id, call.ani = command.interaction_id, command.number
            call.answered, call.data = True, command.data
            self._mirror.let_go(command.hold_id, ringing=True)
            return [event, *self._mirror.tell_agent(command.agent)]
        return [event]

    # ---- moves -------------------------------------------------------------------------------

    def _progress(self, event: base.MoveProgress) -> list[AcdEvent]:
        call = self._known(event.call_id)
        if call is None:
            return []
        needed = OF_ONE_METHOD.get(event.sign, call.method)
        legal = event.sign in AFTER[call.sign] and call.method is needed
        if call.move_id != event.move_id or not legal:
            before = call.sign.value if call.sign else "its beginning"
            why = f"{event.sign.value} of move {event.move_id} cannot follow {before}"
            return self.left_out(f"call {event.call_id}: {why}")
        call.sign = event.sign
        call.bridged = call.bridged or event.sign is MoveSign.BRIDGED
        self._desk.waits.stop(("move", event.call_id))
        if event.sign is not MoveSign.REDIRECTED:
            return [event]
        ended = base.CallEnded(call_id=event.call_id, released_by="redirected", sip_status=302)
        return [event, *self._mirror.end_call(ended)]

    # ---- holds -------------------------------------------------------------------------------

    def _granted(self, event: base.HoldGranted) -> list[AcdEvent]:
        hold = self._mirror.holds.get(event.hold_id)
        if hold is None:
            self._desk.push(base.ReleaseHold(hold_id=event.hold_id, agent=event.agent))
            return self.left_out(f"hold {event.hold_id}: not wanted any more")
        if hold.granted:
            return []
        hold.granted = True
        self._desk.waits.stop(("hold", event.hold_id))
        granted = base.HoldGranted(hold_id=hold.hold_id, queue=hold.queue, agent=hold.agent)
        return [*self._mirror.tell_agent(hold.agent), granted]

    def _not_held(self, event: base.HoldRefused | base.HoldLost) -> list[AcdEvent]:
        hold = self._mirror.holds.get(event.hold_id)
        if hold is None:
            return []
        self._desk.waits.stop(("hold", event.hold_id))
        if hold.granted or isinstance(event, base.HoldLost):
            return self._mirror.lose(event.hold_id, event.reason)
        self._mirror.let_go(event.hold_id)
        return [event, *self._mirror.tell_agent(hold.agent)]
