"""Decides which agent gets which call, and who or what is held for calls on their way.

Rule of this file: pure; `now_s` is given and every wait is a timer here. Invariants: an agent has
at most one call or one hold, never both; waiting calls and held places together never pass
`places_max` through a hold; a call in motion is offered to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from routing_policies.network_kinds import Ageing
from site_agent.adapters.held_queues import HeldQueues
from site_agent.adapters.sip_acd.agents import Activity, Agent, AgentBook
from site_agent.adapters.sip_acd.holds import Holds
from site_agent.adapters.sip_acd.settings import BROADCAST, SipAcdSettings
from site_agent.adapters.sip_acd.timers import Timers
from site_agent.adapters.sip_acd.waiting import WaitingCall, WaitingLine

REASON_MAX = 64
WORK_S_MAX = 4 * 3600.0
"After-call work that has no end of its own."
UNANSWERED = "unanswered"
RUNG_MAX = 50
"Most agents that one call rings at the same time."


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """This agent is to be rung with this call; the agent is taken already."""

    call_id: str
    agent: str
    queue: str
    others: tuple[str, ...] = ()
    "Further agents who are rung at the same time (broadcast), taken already too."


class Queueing:
    """Queues, agents and holds of one site. Calls are known by id only."""

    __slots__ = (
        "_calls",
        "_rest_s",
        "_timers",
        "_to_match",
        "agents",
        "changed_queues",
        "held_queues",
        "holds",
        "lines",
        "unanswered",
    )

    def __init__(self, settings: SipAcdSettings) -> None:
        self._rest_s = settings.limits.rona_rest_s
        self.lines = {queue.name: WaitingLine(queue, settings.limits) for queue in settings.queues}
        self.agents = AgentBook(settings.agents, self.lines)
        self.changed_queues: set[str] = set(self.lines)
        self.held_queues = HeldQueues()
        self._calls: dict[str, WaitingCall] = {}
        self._timers: Timers[tuple[str, str]] = Timers()
        self._to_match: set[str] = set()
        self.unanswered: list[tuple[str, str]] = []
        "Agents who did not answer since it was last told, and the calls."
        self.holds = Holds(
            self.agents, self.lines, settings.limits.hold_s_max, self._note_agent, self._note
        )

    # ---- calls ---------------------------------------------------------------------------------

    def enter(
        self,
        call_id: str,
        queue: str,
        offered_at_s: float,
        *,
        priority: int = 0,
        head: bool = False,
        emergency: bool = False,
        ageing: Ageing | None = None,
        broadcast: bool = False,
        free: bool = True,
    ) -> None:
        """Put a call into a queue by priority and age, or at its head; `free` as in `set_free`."""
        call = WaitingCall(
            call_id,
            queue,
            offered_at_s,
            priority,
            emergency=emergency,
            ageing=ageing,
            broadcast=broadcast,
        )
        call.free = free
        self._calls[call_id] = call
        self.lines[queue].add(call, head=head)
        self._note(queue)

    def leave(self, call_id: str, *, answered: bool = False, abandoned: bool = False) -> None:
        """Take a call out of its queue; unknown ones are fine."""
        call = self._calls.pop(call_id, None)
        if call is None:
            return
        line = self.lines[call.queue]
        line.remove(call)
        line.answered_count += answered
        line.abandoned_count += abandoned
        self._note(call.queue)

    def set_free(self, call_id: str, free: bool, *, head: bool = False) -> None:
        """May the call be offered to agents? `head`: it also goes to the head of its queue."""
        call = self._calls.get(call_id)
        if call is None:
            return
        call.free = free
        if head:
            self.lines[call.queue].to_head(call)
        if free:
            self._to_match.add(call.queue)

    def waiting(self, call_id: str) -> WaitingCall | None:
        """The call as it stands in a queue (in motion or being offered included)."""
        return self._calls.get(call_id)

    def would_serve_at_once(self, queue: str) -> bool:
        """Is an agent ready whom no waiting call of this queue claims first?"""
        return self.agents.has_ready(queue) and self.lines[queue].first_free() is None

    def match(self, now_s: float) -> list[Match]:
        """Give ready agents their calls: the best-ranked call of all queues first."""
        matches: list[Match] = []
        for queue in self._to_match:
            self.lines[queue].grow(now_s)
        while self._to_match:
            best = self._best_queue()
            if best is None:
                break
            call, agents = best
            call.free = False
            for agent in agents:
                self.agents.set_activity(agent, Activity.CALL, now_s, call_id=call.call_id)
            first, *others = (agent.name for agent in agents)
            matches.append(
                Match(call_id=call.call_id, agent=first, queue=call.queue, others=tuple(others))
            )
        self._to_match.clear()
        return matches

    def _best_queue(self) -> tuple[WaitingCall, list[Agent]] | None:
        best: WaitingCall | None = None
        for queue in list(self._to_match):
            call = self.lines[queue].first_free() if self.agents.has_ready(queue) else None
            if call is None:
                self._to_match.discard(queue)
            elif best is None or call.rank[:3] < best.rank[:3]:
                best = call
        if best is None:
            return None
        everybody = best.broadcast or self.lines[best.queue].settings.distribution == BROADCAST
        agents = self.agents.longest_ready(best.queue, RUNG_MAX if everybody else 1)
        return (best, agents) if agents else None

    # ---- agents --------------------------------------------------------------------------------

    def take_held(self, hold_id: str, agent_name: str, call_id: str, now_s: float) -> bool:
        """Give the held agent the call that arrived for the hold. False: the hold is gone."""
        agent = self.agents.get(agent_name)
        if agent is None or agent.hold_id != hold_id or not self.holds.use(hold_id):
            return False
        self.agents.set_activity(agent, Activity.CALL, now_s, call_id=call_id)
        return True

    def agent_unused(self, agent_name: str, now_s: float) -> None:
        """The call went away before the agent answered: ready again, rank kept."""
        agent = self.agents.on_call(agent_name)
        if agent is not None:
            self._idle(agent, now_s, fresh=False)

    def agent_failed(self, agent_name: str, now_s: float) -> None:
        """The agent did not answer, refused or could not be rung (RONA): not ready for a rest."""
        agent = self.agents.on_call(agent_name)
        if agent is None:
            return
        agent.resting = True
        agent.reason = UNANSWERED
        self.unanswered.append((agent_name, agent.call_id))
        if self._rest_s > 0:
            self._timers.start(("rest", agent_name), now_s + self._rest_s)
        else:
            agent.wants_ready = agent.resting = False
        self._idle(agent, now_s, fresh=True)

    def agent_done(self, agent_name: str, queue: str, talked_s: float, now_s: float) -> None:
        """The agent's call is over: after-call work, then ready if they wish."""
        agent = self.agents.on_call(agent_name)
        line = self.lines.get(queue)
        if agent is None or line is None:
            return
        acw_s = line.settings.acw_s
        line.note_handled(talked_s + acw_s, now_s)
        self.changed_queues.add(queue)
        if acw_s <= 0:
            self._idle(agent, now_s, fresh=True)
            return
        self.agents.set_activity(agent, Activity.AFTER_CALL, now_s)
        self._timers.start(("acw", agent_name), now_s + acw_s)

    def set_ready(
        self,
        agent_name: str,
        ready: bool,
        now_s: float,
        reason: str = "",
        *,
        work_s: float | None = None,
    ) -> bool:
        """What the agent wants; while on a call it counts from its end. False: unknown agent.

        Not ready wins over a hold; ready ends after-call work and a rest. `work_s`: after-call work
        of one who is idle or at it, so long from now on or (0) until they say ready.
        """
        agent = self.agents.get(agent_name)
        if agent is None:
            return False
        if work_s is not None:
            if agent.activity in (Activity.IDLE, Activity.AFTER_CALL):
                self.agents.set_activity(agent, Activity.AFTER_CALL, now_s)
                self._timers.start(("acw", agent_name), now_s + (work_s or WORK_S_MAX))
            return True
        agent.wants_ready, agent.reason = ready, "" if ready else reason[:REASON_MAX]
        self.agents.changed.add(agent_name)
        if ready:
            agent.resting = False
            self._timers.stop(("rest", agent_name))
            if agent.activity is Activity.AFTER_CALL:
                self._timers.stop(("acw", agent_name))
                agent.activity = Activity.IDLE
        elif agent.activity is Activity.HELD:
            self.holds.lose(agent.hold_id, "not_ready", now_s)
        self._refresh(agent, now_s)
        return True

    def set_reachable(self, agent_name: str, reachable: bool, now_s: float) -> None:
        """The agent's phone registered, or its registration ended."""
        agent = self.agents.get(agent_name)
        if agent is None:
            return
        agent.reachable = reachable
        agent.known = agent.known or reachable
        if not reachable and agent.activity is Activity.HELD:
            self.holds.lose(agent.hold_id, "unregistered", now_s)
        self._refresh(agent, now_s)

    def _idle(self, agent: Agent, now_s: float, *, fresh: bool) -> None:
        self.agents.set_activity(agent, Activity.IDLE, now_s, fresh=fresh)
        self._note_agent(agent)

    def _refresh(self, agent: Agent, now_s: float) -> None:
        self.agents.refresh(agent, now_s)
        self._note_agent(agent)

    def _note_agent(self, agent: Agent) -> None:
        self._to_match.update(agent.levels)

    def _note(self, queue: str) -> None:
        self.changed_queues.add(queue)
        self._to_match.add(queue)

    # ---- time ----------------------------------------------------------------------------------

    def fire(self, now_s: float) -> None:
        """End after-call work, rests and holds that are over."""
        for kind, agent_name in self._timers.due(now_s):
            agent = self.agents.get(agent_name)
            if agent is None:
                continue
            if kind == "rest":
                agent.resting = False
                agent.reason = "" if agent.wants_ready else agent.reason
                self._refresh(agent, now_s)
            elif agent.activity is Activity.AFTER_CALL:
                self._idle(agent, now_s, fresh=True)
        self.holds.fire(now_s)

    def next_timer_s(self) -> float | None:
        """When `fire` is next needed."""
        times = [at for at in (self._timers.next_s(), self.holds.next_timer_s()) if at is not None]
        return min(times, default=None)
