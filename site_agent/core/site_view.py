"""Builds what a site daemon shows of itself.

Rule of this file: it reads the parts and changes nothing.
"""

from __future__ import annotations

from nrcli.wire.messages import DOMAIN_FIRST, QueueReport
from site_agent.core.agent_desks import AgentDesk, agent_desks
from site_agent.core.callback import Callback
from site_agent.core.calls import Call, CallState
from site_agent.core.site_parts import SiteParts
from site_agent.core.view import (
    AgentView,
    AlarmView,
    CallbackView,
    CallView,
    PeerPlanView,
    PreRoutesView,
    QueueView,
    SiteDaemonView,
    TrunkView,
)


def view_of(site: str, incarnation: int, parts: SiteParts, now_s: float) -> SiteDaemonView:
    """Everything as it stands now."""
    return SiteDaemonView(
        site=site,
        incarnation=incarnation,
        tier=int(parts.tiers.tier),
        leading_node=parts.leaders.node_of(DOMAIN_FIRST),
        node_links=tuple(parts.leaders.links),
        queues=_queues(parts, now_s),
        agents=_agents(parts, now_s),
        trunks=_trunks(parts),
        calls=tuple(_call(parts, call, now_s) for call in parts.calls.all()),
        holds_open_count=parts.holds.open_count,
        requests_open_count=len(parts.requests),
        moves_open_count=parts.moves.open_count,
        cancels_open_count=len(parts.cancels) + len(parts.arrivals.unsettled),
        counters=dict(parts.out.counters),
        alarms=tuple(
            AlarmView(code=code, place=place, text=text)
            for (code, place), text in parts.out.alarms.items()
        ),
        overflow_rules=parts.rules.view(),
        peer_plan=_peer_plan(parts, now_s),
        callbacks=tuple(_callback(one, now_s) for one in parts.callbacks.book),
        dialing_count=len(parts.callbacks.calls),
        number_pools=parts.numbers.shown(now_s),
        shifts=parts.desk.shifts.orders,
        pre_routes=PreRoutesView(
            waiting_count=len(parts.pre_routes), last_default=parts.pre_routes.last_default
        ),
        pbx=parts.plan.pbx.view(now_s),
    )


def desks_of(parts: SiteParts) -> dict[str, AgentDesk]:
    """Every agent as their desktop shows them."""
    return agent_desks(
        parts.model.agents.values(),
        pending=parts.transfers.words.pending,
        holds=parts.holds.book,
        calls=parts.calls,
    )


def _peer_plan(parts: SiteParts, now_s: float) -> PeerPlanView:
    plans = parts.plan.plans
    if plans.plan is None:
        return PeerPlanView()
    return PeerPlanView(
        serial=plans.plan.spec.serial,
        valid_until=plans.plan.spec.valid_until,
        usable=plans.usable(now_s),
        peers_left_out=parts.plan.overflow.choice.out_of_reach(now_s),
    )


def _queues(parts: SiteParts, now_s: float) -> tuple[QueueView, ...]:
    found = [parts.model.queue_report(queue) for queue in parts.model.queues]
    guarded = parts.model.limits.guarded
    return tuple(
        _queue(report, at_s, now_s, guarded.get(report.queue, ""))
        for report, at_s in filter(None, found)
    )


def _queue(report: QueueReport, at_s: float | None, now_s: float, guard: str) -> QueueView:
    return QueueView(
        queue=report.queue,
        open=report.open,
        ready_count=report.ready_count,
        busy_count=report.busy_count,
        reserved_count=report.reserved_count,
        staffed_count=report.staffed_count,
        waiting_count=report.waiting_count,
        oldest_wait_s=0.0 if at_s is None else max(0.0, now_s - at_s),
        loan_count=report.loan_count,
        places_held_count=report.places_held_count,
        answered_count=report.answered_count,
        abandoned_count=report.abandoned_count,
        accepting=report.accepting,
        guard=guard,
    )


def _agents(parts: SiteParts, now_s: float) -> tuple[AgentView, ...]:
    pending = parts.transfers.words.pending
    return tuple(
        AgentView(
            agent=agent.agent,
            state=agent.state.value,
            in_state_s=max(0.0, now_s - agent.since_s),
            queues={member.queue: member.level for member in agent.queues},
            reason=agent.reason,
            pending=agent.agent in pending,
            network_id=agent.network_id,
        )
        for agent in parts.model.agents.values()
    )


def _trunks(parts: SiteParts) -> tuple[TrunkView, ...]:
    return tuple(
        TrunkView(
            trunk_group=trunk.trunk_group,
            channels_max=trunk.channels_max,
            channels_used_count=trunk.channels_used_count,
            channels_reserved_count=parts.model.promised.get(("channel", trunk.trunk_group), 0),
        )
        for trunk in parts.model.trunks.values()
    )


def _callback(callback: Callback, now_s: float) -> CallbackView:
    return CallbackView(
        entry_id=callback.entry_id,
        interaction_id=callback.interaction_id,
        number=callback.number,
        queue=callback.queue,
        state=callback.state.value,
        waited_s=max(0.0, now_s - callback.since_s),
        attempts_count=callback.attempts_count,
        target_site=callback.target,
    )


def _call(parts: SiteParts, call: Call, now_s: float) -> CallView:
    move_state, target_site = parts.moves.shown(call.call_id)
    talks = call.state is CallState.CONNECTED and call.connected_at_s is not None
    until_s = (call.connected_at_s or now_s) if talks else now_s
    return CallView(
        call_id=call.call_id,
        interaction_id=call.interaction_id,
        queue=call.queue,
        service=call.service,
        state=call.state.value,
        agent=call.agent,
        waited_s=max(0.0, until_s - call.offered_at_s),
        move_state=move_state,
        target_site=target_site,
        entry_id=call.entry_id,
    )
