"""Which queues are open by their calendars, staffed, and able to serve a new caller before closing.

Rule of this file: looked at each second and whenever documents or agents change; every change is
told to the ACD and to the waiting callers once. A queue without a calendar, and one whose calendar
is not here, is open. Wall time is the boot time given, plus what the last `WallTimeRead` showed.
"""

from __future__ import annotations

from math import inf

from nrcli.wire.messages import AgentState
from routing_policies.calendars import CalendarState
from routing_policies.network_kinds import SiteQueue, SiteSpec
from site_agent.adapters.base import AgentChanged, AgentGone, SetQueueClosed
from site_agent.core.asking import Asking
from site_agent.core.calls import Mark
from site_agent.core.closing import Closing
from site_agent.core.donor_guard import guard_of
from site_agent.core.outbox import Outbox
from site_agent.core.own_row import expected_wait_s
from site_agent.core.queue_limits import QueueLimits
from site_agent.core.rules_in_force import RulesInForce
from site_agent.core.site_documents import SiteDocuments
from site_agent.core.site_model import SiteModel

NO_SPEC = SiteSpec()
FLOWING = ("interflow", "callback")
"What leaves those who cannot be helped here to other sites."


class Opening:
    """Calendars of the site's queues, and what follows from them."""

    __slots__ = (
        "_asking",
        "_closing",
        "_documents",
        "_limits",
        "_mark",
        "_model",
        "_out",
        "_rails",
        "_rules",
        "_staffed",
        "_unix_offset_s",
    )

    def __init__(
        self,
        *,
        documents: SiteDocuments,
        model: SiteModel,
        limits: QueueLimits,
        rules: RulesInForce,
        asking: Asking,
        closing: Closing,
        out: Outbox,
        mark: Mark,
        unix_offset_s: float,
    ) -> None:
        self._model = model
        self._limits = limits
        self._rules = rules
        self._asking = asking
        self._closing = closing
        self._out = out
        self._mark = mark
        self._unix_offset_s = unix_offset_s
        self._documents = documents
        self._rails = NO_SPEC.guard_rails
        self._staffed: dict[str, bool] = {}

    def documents_changed(self, now_s: float) -> None:
        """The site's own document or its calendars came, or changed."""
        self.look(now_s)

    def wall_time(self, unix_s: float, now_s: float) -> None:
        """The clock on the wall was read."""
        self._unix_offset_s = unix_s - now_s
        self._documents.wall_time(unix_s, now_s)
        self.look(now_s)

    def calendar(self, name: str, now_s: float) -> CalendarState | None:
        """A calendar at this moment; None if there is no such calendar here."""
        found = self._documents.calendars.get(name)
        return found.state(now_s + self._unix_offset_s) if found is not None else None

    def closes_in_s(self, queue: str, now_s: float) -> float:
        """Seconds until the queue's calendar closes it: 0 while closed, inf if it never does."""
        state = self._state(queue, now_s)
        return inf if state is None else state.closes_in_s

    def site_open(self, now_s: float) -> bool:
        """Is the site's own calendar open?"""
        state = self.calendar(self._spec.calendar, now_s) if self._spec.calendar else None
        return state is None or state.open

    def look(self, now_s: float) -> None:
        """Look at the guard rails and at every queue."""
        if self._spec.guard_rails != self._rails:
            self._rails = self._spec.guard_rails
            self._rules.keep_within(self._rails)
        for queue in list(self._model.queues):
            self._look_at_calendar(queue, now_s)
            self._look_at_staff(queue, now_s)
            self._look_at_wait(queue, now_s)
            self.look_at_guard(queue)

    def look_at_guard(self, queue: str) -> None:
        """Is the queue's own service level under its floor; looked at whenever its figures move."""
        floor = self._rules.service_level_floor(queue)
        if floor is None and queue not in self._limits.guarded:
            return
        found = self._model.queue_report(queue)
        if found is None:
            return
        report, _ = found
        guard = guard_of(floor, report.window_offered_count, report.window_in_time_count)
        before = self._limits.guarded.get(queue, "")
        if guard:
            self._limits.guarded[queue] = guard
        else:
            self._limits.guarded.pop(queue, None)
        if bool(guard) != bool(before):
            self._out.count("donor_guard_on" if guard else "donor_guard_off")
            self._mark("queue", queue)

    def agent_changed(self, event: AgentChanged, now_s: float) -> None:
        """An agent's state or membership changed: is a queue without staff now?"""
        old = self._model.agents.get(event.agent)
        concerned = {member.queue for member in (*(old.queues if old else ()), *event.queues)}
        self._model.agent_changed(event, now_s)
        for queue in sorted(concerned):
            self._look_at_staff(queue, now_s)

    def agent_gone(self, event: AgentGone, now_s: float) -> None:
        """An agent is no longer known."""
        old = self._model.agents.get(event.agent)
        self._model.agent_gone(event.agent)
        for member in old.queues if old else ():
            self._look_at_staff(member.queue, now_s)

    # ---- inner -----------------------------------------------------------------------------

    @property
    def _spec(self) -> SiteSpec:
        return self._documents.site.spec if self._documents.site else NO_SPEC

    def _of(self, queue: str) -> SiteQueue | None:
        return next((entry for entry in self._spec.queues if entry.name == queue), None)

    def _state(self, queue: str, now_s: float) -> CalendarState | None:
        entry = self._of(queue)
        name = (entry.calendar if entry else None) or self._spec.calendar
        return self.calendar(name, now_s) if name else None

    def _look_at_calendar(self, queue: str, now_s: float) -> None:
        state, was_closed = self._state(queue, now_s), queue in self._limits.closed
        closed = state is not None and not state.open
        entry = self._of(queue)
        flows = closed and entry is not None and entry.on_close_with_waiting in FLOWING
        (self._asking.flowing.add if flows else self._asking.flowing.discard)(queue)
        if closed == was_closed:
            return
        (self._limits.closed.add if closed else self._limits.closed.discard)(queue)
        self._mark("queue", queue)
        self._out.do(SetQueueClosed(queue=queue, closed=closed))
        self._out.write("queue_closed" if closed else "queue_opened", queue=queue)
        if closed and entry is not None:
            announcement = entry.announcement or ""
            self._closing.act(queue, entry.on_close_with_waiting, announcement, now_s)

    def _look_at_staff(self, queue: str, now_s: float) -> None:
        count = self._model.counts.get(queue, {})
        staffed = sum(count.values()) > count.get(AgentState.NULL, 0)
        was_staffed = self._staffed.get(queue, False)
        self._staffed[queue] = staffed
        entry = self._of(queue)
        if staffed or entry is None or entry.on_unstaffed not in FLOWING:
            self._asking.hurry.discard(queue)
        else:
            self._asking.hurry.add(queue)
        if was_staffed and not staffed and entry is not None:
            announcement = entry.announcement or ""
            self._closing.act(queue, entry.on_unstaffed, announcement, now_s)

    def _look_at_wait(self, queue: str, now_s: float) -> None:
        entry = self._of(queue)
        refusing = False
        if entry is not None and entry.stop_accepting:
            left_s = self.closes_in_s(queue, now_s)
            refusing = left_s != inf and expected_wait_s(self._model, queue, now_s) > left_s
        if refusing != (queue in self._limits.refusing):
            (self._limits.refusing.add if refusing else self._limits.refusing.discard)(queue)
            self._mark("queue", queue)
