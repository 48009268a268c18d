"""Decides whether this site lends what is asked, by its own truth at this moment.

Rule of this file: pure; shared, open, hop budget, loans, channels, then the agent or the place. The
first reason against it is told.
"""

from __future__ import annotations

from nrcli.wire.messages import AgentState, Reserve, ReserveRefusal
from site_agent.core.settings import SiteSettings
from site_agent.core.site_model import SiteModel

Problem = tuple[ReserveRefusal, str]


def lending_problem(
    message: Reserve,
    *,
    model: SiteModel,
    settings: SiteSettings,
    open_count: int,
    pending: list[Reserve],
) -> Problem | None:
    """Why this site does not lend what is asked, or None."""
    figures, limits = model.queues.get(message.queue), model.limits
    rules = limits.rules(message.queue)
    if figures is None:
        return ReserveRefusal.UNKNOWN_TARGET, f"no queue {message.queue}"
    if message.callback and not (settings.dials and message.agent):
        return ReserveRefusal.UNKNOWN_TARGET, "this site calls nobody back"
    if not rules.shared:
        return ReserveRefusal.NOT_SHARED, message.queue
    if not figures.open or message.queue in limits.closed:
        return ReserveRefusal.CLOSED, message.queue
    if message.queue in limits.refusing:
        return ReserveRefusal.CLOSED, f"{message.queue} would not serve it before closing time"
    if _over_budget(message, settings):
        return ReserveRefusal.HOP_BUDGET, f"{message.moves_count} moves"
    if open_count >= settings.holds_max:
        return ReserveRefusal.OVERLOAD, f"{open_count} holds are open"
    if message.queue in limits.guarded:
        return ReserveRefusal.LOAN_LIMIT, limits.guarded[message.queue]
    if model.loan_count(message.queue) >= rules.max_loan:
        return ReserveRefusal.LOAN_LIMIT, f"max_loan is {rules.max_loan}"
    lacking = model.lacking(message.channels)
    if lacking:
        return ReserveRefusal.NO_CHANNEL, lacking
    if message.agent:
        return _no_agent(message, model, pending)
    return _no_place(message, model)


def _over_budget(message: Reserve, settings: SiteSettings) -> bool:
    return (
        message.moves_since_person_count >= settings.moves_since_person_max
        or message.moves_count >= settings.moves_max
    )


def _no_agent(message: Reserve, model: SiteModel, pending: list[Reserve]) -> Problem | None:
    agent = model.agents.get(message.agent)
    if agent is None or not agent.serves(message.queue):
        return ReserveRefusal.UNKNOWN_TARGET, f"no agent {message.agent} in {message.queue}"
    if agent.state is not AgentState.READY or any(m.agent == message.agent for m in pending):
        return ReserveRefusal.NO_AGENT, f"{message.agent} is {agent.state.value}"
    asked = sum(1 for other in pending if other.queue == message.queue)
    left = model.count(message.queue, AgentState.READY) - asked - 1
    if left < model.limits.rules(message.queue).min_reserve:
        return ReserveRefusal.NO_AGENT, "min_reserve agents stay for own callers"
    return None


def _no_place(message: Reserve, model: SiteModel) -> Problem | None:
    if model.free_places(message.queue) < 1:
        return ReserveRefusal.NO_PLACE, message.queue
    ready = model.count(message.queue, AgentState.READY)
    if message.broadcast and ready <= model.limits.rules(message.queue).min_reserve:
        return ReserveRefusal.NO_AGENT, f"{ready} agents are ready to be rung"
    return None
