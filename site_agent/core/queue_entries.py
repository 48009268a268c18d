"""Keeps which of this site's waiting calls are entries of the network queue.

Rule of this file: a call is an entry from the answer that says so until it waits here no more;
nothing else ends it. What the leader says of an entry counts for the call that has it now, and only
while that call waits: an own agent who has the caller wins.
"""

from __future__ import annotations

from nrcli.wire.messages import QueuePosition, RouteAnswer, RouteRequestCancel
from site_agent.adapters.base import Announce
from site_agent.core.calls import Call, CallBook, CallState
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox


class QueueEntries:
    """Entries of this site's calls."""

    __slots__ = ("_calls", "_leaders", "_out")

    def __init__(self, calls: CallBook, leaders: Leaders, out: Outbox) -> None:
        self._calls = calls
        self._leaders = leaders
        self._out = out

    def begin(self, call: Call, answer: RouteAnswer) -> None:
        """The leader has the call wait in the network queue, or says again that it does."""
        entry_id = answer.entry_id or answer.request_id
        if call.state is not CallState.WAITING or call.entry_id == entry_id:
            return
        self._calls.queue(call, entry_id, answer.domain)
        self._out.count("entries")
        self._out.write(
            "entry_begun",
            call=call.call_id,
            interaction=call.interaction_id,
            entry=entry_id,
            service=call.service,
            trunk_group=call.trunk_group,
            priority=call.priority,
            since_s=call.offered_at_s,
        )

    def waiting(self, entry_id: str) -> Call | None:
        """The call of an entry, while it may be moved."""
        call = self._calls.of_entry(entry_id)
        if call is None or call.state is not CallState.WAITING or call.agent:
            return None
        return call

    def end(self, call: Call, reason: str) -> None:
        """The call waits no more: the leader need not find anybody. One that is being moved keeps
        its entry, for it may come back."""
        if not call.entry_id or call.state is CallState.MOVING:
            return
        entry_id, domain = call.entry_id, call.entry_domain
        self._calls.queue(call, "", "")
        self._out.write(
            "entry_ended", call=call.call_id, interaction=call.interaction_id, entry=entry_id
        )
        self._out.send(
            self._leaders.node_of(domain),
            RouteRequestCancel(request_id=entry_id, domain=domain, reason=reason),
        )

    def told(self, node: str, message: QueuePosition, now_s: float) -> None:
        """How a caller stands, for the ACD to announce."""
        call = self.waiting(message.entry_id)
        if call is None or message.epoch < self._leaders.highest_of(message.domain):
            return
        self._out.count("positions")
        self._out.write(
            "position_told",
            call=call.call_id,
            entry=call.entry_id,
            position=message.position,
            ewt_low_s=message.ewt_low_s,
            ewt_high_s=message.ewt_high_s,
        )
        self._out.do(
            Announce(
                call_id=call.call_id,
                position=message.position,
                ewt_s_min=message.ewt_low_s,
                ewt_s_max=message.ewt_high_s,
            )
        )
