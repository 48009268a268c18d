"""The first reason against lending is told; limits are the donor's own."""

from site_playbook import agent_of, queue_of, reserve, trunk_of

from nrcli.wire.messages import AgentState, ReserveRefusal
from site_agent.core.lending_rules import lending_problem
from site_agent.core.settings import QueueRules, SiteSettings
from site_agent.core.site_model import SiteModel


def make(min_reserve: int = 0) -> tuple[SiteModel, SiteSettings]:
    rules = QueueRules(queue="sales", min_reserve=min_reserve)
    settings = SiteSettings(queues={"sales": rules}, holds_max=5)
    model = SiteModel(settings, lambda kind, name: None, dict)
    model.queue_changed(queue_of())
    model.trunk_changed(trunk_of("network"))
    for name in ("a", "b"):
        model.agent_changed(agent_of(name, AgentState.READY), 0.0)
    return model, settings


def ask(min_reserve: int = 0, open_count: int = 0, pending: tuple[str, ...] = ()) -> object:
    model, settings = make(min_reserve)
    problem = lending_problem(
        reserve(agent="a"),
        model=model,
        settings=settings,
        open_count=open_count,
        pending=[reserve(agent=name) for name in pending],
    )
    return problem and problem[0]


def test_a_ready_agent_is_lent_unless_limits_say_no() -> None:
    assert ask() is None
    assert ask(min_reserve=1) is None
    assert ask(min_reserve=2) is ReserveRefusal.NO_AGENT
    assert ask(min_reserve=1, pending=("b",)) is ReserveRefusal.NO_AGENT
    assert ask(pending=("a",)) is ReserveRefusal.NO_AGENT
    assert ask(open_count=5) is ReserveRefusal.OVERLOAD
