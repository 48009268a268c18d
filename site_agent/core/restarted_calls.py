"""Takes up the calls that the ACD goes on with after a restart.

Rule of this file: the ACD says which calls stand and who talks; the journal adds what only this
site knew of them. A call of the journal that the ACD does not have ended with the process.
"""

from __future__ import annotations

from site_agent.adapters.base import CallConnected, CallResumed, EndMoved, GiveData
from site_agent.core.call_ageing import CallAgeing
from site_agent.core.call_desk import CallDesk
from site_agent.core.calls import Call, CallBook, CallState
from site_agent.core.outbox import Outbox
from site_agent.core.queue_figures import QueueFigures
from site_agent.core.route_requests import RouteRequests


class RestartedCalls:
    """Calls of before a restart."""

    __slots__ = ("_ageing", "_calls", "_desk", "_figures", "_out", "_requests")

    def __init__(
        self,
        *,
        calls: CallBook,
        desk: CallDesk,
        figures: QueueFigures,
        ageing: CallAgeing,
        requests: RouteRequests,
        out: Outbox,
    ) -> None:
        self._calls = calls
        self._desk = desk
        self._figures = figures
        self._ageing = ageing
        self._requests = requests
        self._out = out

    def here(self, call_id: str) -> Call | None:
        """The call, if it was taken up."""
        return self._calls.get(call_id)

    def take_up(self, event: CallResumed, kept: Call | None, now_s: float) -> Call:
        """The call is at the site again, as the ACD has it; what was kept says the rest.

        Whom a target had already taken, and whose leg here was about to end, is let go again.
        """
        call = kept or _told_by_acd(event, now_s)
        gone = call.state is CallState.LEFT and not event.agent and not event.bridged
        call.answered = True
        knew_agent = call.state is CallState.CONNECTED and call.agent == event.agent
        call.state = CallState.CONNECTED if knew_agent else CallState.WAITING
        if event.bridged or gone:
            call.state = CallState.LEFT
        if not knew_agent:
            call.agent = ""
        if call.state is not CallState.WAITING:
            call.entry_id = call.entry_domain = ""
        self._calls.add(call)
        self._out.count("calls_resumed")
        self._out.write(
            "call_resumed",
            call=call.call_id,
            interaction=call.interaction_id,
            agent=event.agent,
            token=call.token,
        )
        if gone:
            self._out.do(EndMoved(call_id=call.call_id))
        if event.agent and not knew_agent:
            connected = CallConnected(
                call_id=call.call_id, agent=event.agent, queue=event.queue or call.queue
            )
            self._desk.connected(connected, now_s)
        return call

    def waits_on(self, call: Call, now_s: float) -> None:
        """A resumed call that nobody talks with and no move is open for."""
        self._figures.entered(call, now_s)
        self._ageing.entered(call)
        if call.data is not None:
            self._out.do(GiveData(call_id=call.call_id, data=call.data.data))
        self._requests.arrived(call, now_s)


def _told_by_acd(event: CallResumed, now_s: float) -> Call:
    call = Call(
        call_id=event.call_id,
        interaction_id=event.interaction_id,
        service=event.service,
        queue=event.queue,
        offered_at_s=now_s - event.waited_s,
    )
    call.trunk_group = event.trunk_group
    call.dialed_number, call.ani = event.dialed_number, event.ani
    call.priority = event.priority
    return call
