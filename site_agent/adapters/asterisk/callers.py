"""Callers from the moment a queue has them until they are gone: offered once, ended once.

Rule of this file: a caller whom this adapter took out of a queue by `Redirect` did not abandon it,
whatever the PBX counts; everybody else who leaves is the dialplan's or gone.
"""

from __future__ import annotations

from typing import Any

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base
from site_agent.adapters.asterisk.ami_events import (
    CallerInQueue,
    CallerLeft,
    ChannelSeen,
    DialplanSaid,
)
from site_agent.adapters.asterisk.asterisk_protocol import AmiAction, setvar
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.asterisk.holds import Holds
from site_agent.adapters.asterisk.known_names import KnownNames
from site_agent.adapters.asterisk.state import Call, Place
from site_agent.adapters.asterisk.talks import LEFT, Talks
from site_agent.adapters.asterisk.variables import harmless_id, read_data

SEEN_MAX = 10_000
ON_THE_WAY_S = 2.0
"An event of before a move may come so long after its beginning."


class Callers:
    """Calls in queues and with agents."""

    def __init__(self, desk: Desk, holds: Holds, talks: Talks, names: KnownNames) -> None:
        self._desk = desk
        self._names = names
        self._holds = holds
        self._talks = talks
        self._variables: dict[str, dict[str, str]] = {}
        "Of channels that are no calls yet: what their events carried."
        self._data: dict[str, bytes] = {}
        self._again: dict[str, int] = {}
        "How often a channel began a call; its id is never another one's."

    # ---- the caller's channel ------------------------------------------------------------------

    def seen(self, event: ChannelSeen) -> None:
        """A channel began, changed, or was listed."""
        if event.variables:
            self._remember(event.unique_id, event.variables)
        call = self._desk.channels.get(event.unique_id)
        if call is not None and event.up:
            self._talks.answered(call)

    def said(self, event: DialplanSaid) -> None:
        """`NircData`: what one's own IVR, or another site, handed in for this caller."""
        data = read_data(event.fields.get("data", ""))
        if data:
            self._data[event.unique_id] = data
            _cut(self._data)

    def data_of(self, unique_id: str) -> bytes:
        """What came along in the INVITE of a token's caller, once; its seal says if it is true."""
        return self._data.pop(unique_id, b"")

    def joined(self, event: CallerInQueue) -> None:
        """A caller is in a queue: a new one is offered, another one is back."""
        call = self._desk.channels.get(event.unique_id)
        if call is None:
            self._offered(event)
            return
        self._desk.touch(call)
        self._desk.timers.stop((LEFT, call.call_id))
        if event.queue in self._desk.queues:
            call.queue = event.queue
        if event.listed and call.place not in (Place.LEFT, Place.SENT):
            return
        if call.move is not None and call.place is Place.MOVING:
            if self._desk.now_s - call.move.began_s < ON_THE_WAY_S:
                return
            if not call.move.settled:
                call.move.settled = True
                self._sign(call, base.MoveSign.SILENT)
        call.place, call.agent = Place.QUEUED, ""
        call.ringing.clear()
        self._talks.acknowledged(call)
        self._desk.touch(call)

    def left(self, event: CallerLeft) -> None:
        """A caller is out of a queue: given up, taken by an agent, or sent on by the dialplan."""
        call = self._desk.channels.get(event.unique_id)
        if call is None or call.place not in (Place.QUEUED, Place.RINGING):
            return
        if event.abandoned:
            self.close(call, "caller")
            return
        call.place = Place.LEFT
        self._desk.timers.start((LEFT, call.call_id), self._desk.now_s + self._desk.settings.left_s)
        self._desk.touch(call)

    def still_left(self, call_id: str) -> None:
        """A caller who left a queue appeared nowhere: the dialplan has other plans."""
        call = self._desk.calls.get(call_id)
        if call is not None and call.place is Place.LEFT:
            self.close(call, call.ended_by or "site")

    def hung_up(self, unique_id: str) -> None:
        """The caller's device hung up; the end of the channel may be long in coming."""
        call = self._desk.channels.get(unique_id)
        if call is None:
            return
        call.hung_up = True
        if call.place not in (Place.TALKING, Place.BRIDGED, Place.LEFT):
            self.gone(call)

    def over(self, unique_id: str) -> None:
        """The channel is gone."""
        call = self._desk.channels.get(unique_id)
        if call is not None:
            self.gone(call)
        for book in (self._variables, self._data):
            book.pop(unique_id, None)

    def gone(self, call: Call) -> None:
        """The caller's leg is over: who ended it?"""
        move = call.move
        if move is not None and call.place is Place.MOVING and not call.ended_by:
            if move.method is TransferMethod.REDIRECT_302 and not move.settled:
                sent = not call.hung_up
                sign = base.MoveSign.REDIRECTED if sent else base.MoveSign.SILENT
                self._sign(call, sign, 302 if sent else 0)
                self.close(call, "redirected")
                return
            self._sign(call, base.MoveSign.CALLER_GONE)
        by = "caller" if call.hung_up or not call.agent else "agent"
        self.close(call, call.ended_by or by)

    def close(self, call: Call, by: str) -> None:
        """Told once; everything about the call is forgotten."""
        desk = self._desk
        if by != "site":  # not the dialplan's: the end of the channel itself may be long in coming
            desk.free_channel(call.unique_id)
        del desk.calls[call.call_id]
        del desk.channels[call.unique_id]
        queue = desk.queues.get(call.queue)
        if queue is not None and by == "caller" and not call.agent and call.move is None:
            queue.abandoned_count += 1
        if call.place is Place.TALKING:
            self._talks.over(call)
        for agent in desk.agents.values():
            agent.ringing.discard(call.call_id)
            if agent.given == call.call_id:
                self._holds.let_agent_go(agent, ready=True)
        for kind in (LEFT, "move", "arrival", "data"):
            desk.timers.stop((kind, call.call_id))
        waited_until_s = call.began_talking_s or desk.now_s
        desk.tell(
            base.CallEnded(
                call_id=call.call_id,
                released_by=by,
                agent=call.agent,
                talked_s=call.talked_s,
                waited_s=max(0.0, waited_until_s - call.offered_at_s),
            )
        )
        desk.touch(call)

    # ---- inner ---------------------------------------------------------------------------------

    def _offered(self, event: CallerInQueue) -> None:
        desk = self._desk
        if event.queue not in desk.queues or len(desk.calls) >= desk.settings.calls_max:
            return
        told = {**self._variables.pop(event.unique_id, {}), **event.variables}
        call = self.begin(event.unique_id, event.channel, told)
        call.place, call.queue, call.up = Place.QUEUED, event.queue, event.up
        call.service = told.get("NIRC_SERVICE") or event.queue
        call.interaction_id = harmless_id(told.get("NIRC_INTERACTION", "")) or desk.new_id()
        call.data = self._data.pop(event.unique_id, b"")
        call.offered_at_s = desk.now_s - event.waited_s
        desk.tell(
            base.CallOffered(
                call_id=call.call_id,
                interaction_id=call.interaction_id,
                service=call.service,
                queue=call.queue,
                trunk_group=call.trunk_group,
                dialed_number=told.get("NIRC_DIALED", "")[:64],
                ani=event.ani,
                waited_s=event.waited_s,
                agent_ready=self._agent_ready(call),
                emergency=told.get("NIRC_EMERGENCY") == "yes",
                data=call.data,
            )
        )
        if call.up:
            self._talks.answered(call)
        desk.say(*self._named(call))
        desk.touch(call)

    def begin(self, unique_id: str, channel: str, told: dict[str, str]) -> Call:
        """A call in the books. A channel that was a call before has a new name."""
        desk = self._desk
        count = self._again.get(unique_id, 0)
        self._again[unique_id] = count + 1
        _cut(self._again)
        call_id = f"{unique_id}/{count + 1}" if count else unique_id
        trunk_group = desk.trunk_group_of(channel, told.get("NIRC_TRUNK", ""))
        self._names.caller(channel, trunk_group)
        call = Call(call_id, unique_id, channel, trunk_group)
        call.offered_at_s = call.began_at_s = desk.now_s
        call.serial = desk.next_serial()
        desk.calls[call_id] = desk.channels[unique_id] = call
        return call

    def _named(self, call: Call) -> list[AmiAction]:
        """The interaction's id on the channel, for the agent's header."""
        return setvar(call.channel, {"__NIRC_INTERACTION": call.interaction_id})

    def _agent_ready(self, call: Call) -> bool:
        if any(one is not call for one in self._desk.waiting(call.queue)):
            return False
        return any(
            agent.shown() is AgentState.READY and call.queue in agent.members
            for agent in self._desk.agents.values()
        )

    def _remember(self, unique_id: str, variables: dict[str, str]) -> None:
        self._variables[unique_id] = {k: v for k, v in variables.items() if v}
        _cut(self._variables)

    def _sign(self, call: Call, sign: base.MoveSign, sip_status: int = 0) -> None:
        if call.move is not None:
            self._desk.tell(
                base.MoveProgress(
                    call_id=call.call_id,
                    move_id=call.move.move_id,
                    sign=sign,
                    sip_status=sip_status,
                )
            )


def _cut(book: dict[str, Any]) -> None:
    """The oldest goes; a channel whose end was never told is not kept for ever."""
    if len(book) > SEEN_MAX:
        del book[next(iter(book))]
