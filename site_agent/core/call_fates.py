"""Counts how talks go: which lasted, which ended at once, which agents did not answer.

Rule of this file: counts only grow, from the site agent's start on; a caller counts once per queue
within a while, so that one who redials is one caller. Nothing is decided by them here.
"""

from __future__ import annotations

from nrcli.wire.messages import AgentState
from site_agent.adapters.base import AgentChanged
from site_agent.core.calls import Call
from site_agent.core.settings import SiteSettings

PASSED_ON = ("moved", "redirected")
"Who is passed on to another desk at once was served."
IDLE = (AgentState.READY, AgentState.NOT_READY)


class QueueFates:
    """Talks of one queue: of its own callers, and of calls moved here."""

    __slots__ = (
        "lasted_count",
        "network_lasted_count",
        "network_short_by_caller_count",
        "network_short_count",
        "network_unanswered_count",
        "short_count",
    )

    def __init__(self) -> None:
        self.lasted_count = 0
        self.short_count = 0
        self.network_lasted_count = 0
        self.network_short_count = 0
        self.network_short_by_caller_count = 0
        self.network_unanswered_count = 0


class AgentFates:
    """Calls moved here that one agent had, or should have had."""

    __slots__ = ("network_lasted_count", "network_short_count", "network_unanswered_count")

    def __init__(self) -> None:
        self.network_lasted_count = 0
        self.network_short_count = 0
        self.network_unanswered_count = 0


class _Talk:
    """A talk that has not lasted yet."""

    __slots__ = ("agent", "began_at_s", "caller", "foreign", "queue")

    def __init__(self, call: Call, agent: str, began_at_s: float) -> None:
        self.queue = call.queue
        self.agent = agent
        self.caller = call.ani or call.interaction_id
        self.foreign = call.foreign
        self.began_at_s = began_at_s


class CallFates:
    """Counts per queue and agent; young talks; agents whom a call that came here was meant for."""

    __slots__ = ("_agents", "_counted", "_meant", "_queues", "_settings", "_young")

    def __init__(self, settings: SiteSettings) -> None:
        self._settings = settings
        self._queues: dict[str, QueueFates] = {}
        self._agents: dict[str, AgentFates] = {}
        self._young: dict[str, _Talk] = {}
        "By call, oldest first."
        self._meant: dict[str, Call] = {}
        "By agent: the call that came for them and that they have not answered."
        self._counted: dict[tuple[str, str], float] = {}
        "Callers by queue, and when they counted; oldest first."

    def queue(self, queue: str) -> QueueFates:
        """Counts of one queue; to be read."""
        return self._queues.get(queue) or _NONE_OF_QUEUE

    def agent(self, agent: str) -> AgentFates:
        """Counts of one agent; to be read."""
        return self._agents.get(agent) or _NONE_OF_AGENT

    # ---- what happens ----------------------------------------------------------------------

    def came(self, call: Call) -> None:
        """A call came by its token, and the agent held for it is about to be rung."""
        if call.held_agent:
            self._meant[call.held_agent] = call

    def agent_changed(self, event: AgentChanged) -> None:
        """An agent who is idle again before the call held for them was connected did not answer."""
        call = self._meant.get(event.agent)
        if call is None or event.state not in IDLE:
            return
        del self._meant[event.agent]
        self._of_queue(call.queue).network_unanswered_count += 1
        self._of_agent(event.agent).network_unanswered_count += 1

    def connected(self, call: Call, agent: str, now_s: float) -> None:
        """An agent talks with a caller; a further agent of the same call counts no more."""
        self._settle(now_s)
        self._meant_no_more(call)
        if call.connected_at_s is None:
            self._young[call.call_id] = _Talk(call, agent, now_s)

    def ended(self, call: Call, released_by: str, now_s: float) -> None:
        """A call is over, whether it was connected or not."""
        self._settle(now_s)
        self._meant_no_more(call)
        talk = self._young.pop(call.call_id, None)
        if talk is None or released_by in PASSED_ON or not self._counts(talk, now_s):
            return
        queue = self._of_queue(talk.queue)
        if not talk.foreign:
            queue.short_count += 1
            return
        queue.network_short_count += 1
        queue.network_short_by_caller_count += released_by == "caller"
        self._of_agent(talk.agent).network_short_count += 1

    # ---- inner -----------------------------------------------------------------------------

    def _settle(self, now_s: float) -> None:
        """Count the talks that have lasted meanwhile."""
        began_by_s = now_s - self._settings.short_call_s
        while self._young:
            call_id, talk = next(iter(self._young.items()))
            if talk.began_at_s > began_by_s:
                return
            del self._young[call_id]
            if not self._counts(talk, now_s):
                continue
            queue = self._of_queue(talk.queue)
            if talk.foreign:
                queue.network_lasted_count += 1
                self._of_agent(talk.agent).network_lasted_count += 1
            else:
                queue.lasted_count += 1

    def _counts(self, talk: _Talk, now_s: float) -> bool:
        """Is this the caller's first talk in this queue for a while?"""
        settings, counted = self._settings, self._counted
        while counted:
            oldest = next(iter(counted))
            young = now_s - counted[oldest] < settings.caller_counts_again_s
            if young and len(counted) <= settings.callers_counted_max:
                break
            del counted[oldest]
        key = (talk.queue, talk.caller)
        if key in counted:
            return False
        counted[key] = now_s
        return True

    def _meant_no_more(self, call: Call) -> None:
        if call.held_agent and self._meant.get(call.held_agent) is call:
            del self._meant[call.held_agent]

    def _of_queue(self, queue: str) -> QueueFates:
        return self._queues.setdefault(queue, QueueFates())

    def _of_agent(self, agent: str) -> AgentFates:
        return self._agents.setdefault(agent, AgentFates())


_NONE_OF_QUEUE = QueueFates()
_NONE_OF_AGENT = AgentFates()
