"""The site as its ACD tells it: agents, queues, trunk groups, and what is promised of them.

Rule of this file: agents are counted as they change, never by scanning; free channels and places
are always what is there, minus what is promised, minus what stays for own callers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nrcli.wire.messages import (
    AgentQueue,
    AgentReport,
    AgentState,
    ChannelClaim,
    QueueReport,
    TrunkReport,
)
from site_agent.adapters.base import AgentChanged, QueueChanged, TrunkChanged
from site_agent.core.agent_times import AgentTimes
from site_agent.core.call_fates import CallFates
from site_agent.core.calls import Mark
from site_agent.core.queue_figures import Measured
from site_agent.core.queue_limits import QueueLimits
from site_agent.core.settings import SiteSettings, TrunkRules, rules_of

ELSEWHERE = "elsewhere"
"Reason of an agent who is not ready because the person logged in at another site."


class Agent:
    """One agent."""

    __slots__ = (
        "agent",
        "holdable",
        "logged_in_at_s",
        "network_id",
        "queues",
        "reason",
        "since_s",
        "state",
        "times",
    )

    def __init__(self, agent: str, state: AgentState, since_s: float) -> None:
        self.agent = agent
        self.state = state
        self.since_s = since_s
        self.queues: tuple[AgentQueue, ...] = ()
        self.holdable = True
        self.times = AgentTimes()
        self.network_id = self.reason = ""
        self.logged_in_at_s = since_s

    def serves(self, queue: str) -> bool:
        """Is the agent a member of `queue`?"""
        return any(member.queue == queue for member in self.queues)


class SiteModel:
    """Agents, queues and trunks, and claims on them."""

    __slots__ = (
        "_loans",
        "_mark",
        "_measured",
        "_settings",
        "agents",
        "counts",
        "fates",
        "limits",
        "promised",
        "queues",
        "trunks",
    )

    def __init__(
        self,
        settings: SiteSettings,
        mark: Mark,
        loans: Callable[[], Mapping[str, int]],
        limits: QueueLimits | None = None,
        measured: Callable[[str], Measured] = lambda queue: Measured(),
    ) -> None:
        self.fates = CallFates(settings)
        self.limits = limits or QueueLimits(lambda queue: rules_of(settings, queue))
        self.agents: dict[str, Agent] = {}
        self.queues: dict[str, QueueChanged] = {}
        self.trunks: dict[str, TrunkChanged] = {}
        self.counts: dict[str, dict[AgentState, int]] = {}
        "Agents per queue and state."
        self.promised: dict[tuple[str, str], int] = {}
        "Held and not yet used: ('place', queue), ('loan', queue), ('channel', trunk group)."
        self._settings = settings
        self._mark = mark
        self._loans = loans
        self._measured = measured

    def agent_changed(self, event: AgentChanged, now_s: float) -> None:
        """An agent's state or membership changed."""
        self.fates.agent_changed(event)
        old = self.agents.get(event.agent)
        if old is not None:
            self._count(old, -1)
        agent = old or Agent(event.agent, event.state, now_s)
        if _logs_in(agent, event):
            agent.logged_in_at_s = now_s
        if agent.state is not event.state:
            agent.times.moved(agent.state, event.state, now_s - agent.since_s)
            agent.state, agent.since_s = event.state, now_s
        agent.queues = event.queues
        agent.holdable = event.holdable
        agent.network_id, agent.reason = event.network_id, event.reason
        self.agents[event.agent] = agent
        self._count(agent, 1)
        self._mark("agent", event.agent)

    def agent_gone(self, name: str) -> None:
        """An agent is no longer known."""
        agent = self.agents.pop(name, None)
        if agent is not None:
            self._count(agent, -1)
            self._mark("agent", name)

    def took_call(self, name: str) -> None:
        """An agent began to talk with a caller."""
        agent = self.agents.get(name)
        if agent is not None:
            agent.times.took_call()
            self._mark("agent", name)

    def queue_changed(self, event: QueueChanged) -> None:
        """A queue's own figures changed."""
        self.queues[event.queue] = event
        self._mark("queue", event.queue)

    def trunk_changed(self, event: TrunkChanged) -> None:
        """A trunk group's channels changed."""
        self.trunks[event.trunk_group] = event
        self._mark("trunk", event.trunk_group)

    def promise(self, kind: str, name: str, count: int) -> None:
        """Promise (or take back, below zero) places, loans or channels."""
        left = self.promised.get((kind, name), 0) + count
        assert left >= 0, f"more {kind} of {name} taken back than promised"
        self.promised[(kind, name)] = left
        self._mark("trunk" if kind == "channel" else "queue", name)

    def count(self, queue: str, state: AgentState) -> int:
        """Agents of `queue` in `state`."""
        return self.counts.get(queue, {}).get(state, 0)

    def loan_count(self, queue: str) -> int:
        """Calls of other sites that are here or promised."""
        return self._loans().get(queue, 0) + self.promised.get(("loan", queue), 0)

    def free_places(self, queue: str) -> int:
        """Places neither taken nor promised; may be below zero after a queue was made smaller."""
        figures = self.queues[queue]
        held = self.promised.get(("place", queue), 0)
        return figures.places_max - figures.waiting_count - held

    def free_channels(self, trunk_group: str) -> int:
        """Channels that may be promised; 0 for an unknown group."""
        trunk = self.trunks.get(trunk_group)
        if trunk is None:
            return 0
        promised = self.promised.get(("channel", trunk_group), 0)
        kept = self._trunk_rules(trunk_group).min_free
        return trunk.channels_max - trunk.channels_used_count - promised - kept

    def lacking(self, claims: tuple[ChannelClaim, ...]) -> str:
        """The first trunk group that cannot give what is claimed, or empty."""
        for claim in claims:
            if claim.count and claim.count > self.free_channels(claim.trunk_group):
                return claim.trunk_group
        return ""

    def queue_report(self, queue: str) -> tuple[QueueReport, float | None] | None:
        """A queue as NIRC is told, and since when its oldest call waits."""
        figures = self.queues.get(queue)
        if figures is None:
            return None
        rules, limits = self.limits.rules(queue), self.limits
        count = self.counts.get(queue, {})
        measured, fates = self._measured(queue), self.fates.queue(queue)
        report = QueueReport(
            queue=queue,
            open=figures.open and queue not in limits.closed,
            shared=rules.shared,
            staffed_count=sum(count.values()) - count.get(AgentState.NULL, 0),
            ready_count=count.get(AgentState.READY, 0),
            dials=self._settings.dials,
            reserved_count=count.get(AgentState.RESERVED, 0),
            busy_count=count.get(AgentState.BUSY, 0),
            acw_count=count.get(AgentState.WORKING_AFTER_CALL, 0),
            not_ready_count=count.get(AgentState.NOT_READY, 0),
            waiting_count=figures.waiting_count,
            aht_s=figures.aht_s,
            answered_count=figures.answered_count,
            abandoned_count=figures.abandoned_count,
            places_max=figures.places_max,
            places_held_count=self.promised.get(("place", queue), 0),
            max_loan=0 if queue in limits.guarded else rules.max_loan,
            loan_count=self.loan_count(queue),
            min_reserve=rules.min_reserve,
            last_wait_s=measured.last_wait_s,
            patience_s=measured.patience_s,
            estimator=measured.estimator,
            ewt_low_percent=measured.ewt_low_percent,
            ewt_high_percent=measured.ewt_high_percent,
            window_offered_count=measured.window_offered_count,
            window_in_time_count=measured.window_in_time_count,
            left_count=measured.left_count,
            in_time_count=measured.in_time_count,
            accepting=queue not in limits.refusing,
            lasted_count=fates.lasted_count,
            short_count=fates.short_count,
            network_lasted_count=fates.network_lasted_count,
            network_short_count=fates.network_short_count,
            network_short_by_caller_count=fates.network_short_by_caller_count,
            network_unanswered_count=fates.network_unanswered_count,
        )
        return report, figures.oldest_offered_at_s

    def agent_report(self, name: str) -> tuple[AgentReport, float | None] | None:
        """A shared agent as NIRC is told, and since when the state lasts; only those who can be
        held for a call."""
        agent = self.agents.get(name)
        if agent is None or not agent.holdable:
            return None
        if not any(self._shared(member.queue) for member in agent.queues):
            return None
        fates = self.fates.agent(name)
        report = AgentReport(
            agent=name,
            state=agent.state,
            in_state_s=0.0,
            queues=tuple(member for member in agent.queues if self._shared(member.queue)),
            calls_count=agent.times.calls_count,
            ready_s=agent.times.ready_s,
            ready_periods_count=agent.times.ready_periods_count,
            occupied_s=agent.times.occupied_s,
            network_lasted_count=fates.network_lasted_count,
            network_short_count=fates.network_short_count,
            network_unanswered_count=fates.network_unanswered_count,
            network_id=agent.network_id,
            logged_in_before_s=(
                max(0.0, agent.since_s - agent.logged_in_at_s) if agent.network_id else 0.0
            ),
            reason=agent.reason,
        )
        return report, agent.since_s

    def trunk_report(self, trunk_group: str) -> tuple[TrunkReport, float | None] | None:
        """A trunk group as NIRC is told."""
        trunk = self.trunks.get(trunk_group)
        if trunk is None:
            return None
        report = TrunkReport(
            trunk_group=trunk_group,
            channels_max=trunk.channels_max,
            channels_used_count=trunk.channels_used_count,
            channels_reserved_count=self.promised.get(("channel", trunk_group), 0),
            min_free=self._trunk_rules(trunk_group).min_free,
        )
        return report, None

    def _shared(self, queue: str) -> bool:
        return self.limits.rules(queue).shared

    def _trunk_rules(self, trunk_group: str) -> TrunkRules:
        return self._settings.trunks.get(trunk_group) or TrunkRules(trunk_group=trunk_group)

    def _count(self, agent: Agent, step: int) -> None:
        for member in agent.queues:
            states = self.counts.setdefault(member.queue, {})
            states[agent.state] = states.get(agent.state, 0) + step
            self._mark("queue", member.queue)


def _logs_in(agent: Agent, event: AgentChanged) -> bool:
    """Did they come, or come back from a log-in elsewhere?"""
    away = agent.state is AgentState.NULL and event.state is not AgentState.NULL
    back = agent.reason == ELSEWHERE and event.reason != ELSEWHERE
    return away or (back and event.state is not AgentState.NULL)
