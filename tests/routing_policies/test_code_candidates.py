"""Which rows and which agents a rule admits, with the reason for every other."""

import pytest
from policy_network import Network, Ready, route

from routing_policies import reasons as r


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"barred": r.NO_PATH}, "no path leads there"),
        ({"open": 0}, "closed"),
        ({"site_open": 0}, "site is closed by its calendar"),
        ({"shared": 0}, "not shared"),
        ({"accepting": 0}, "would not be served before closing time"),
        ({"lendable": 0, "places": 0}, "no free place"),
        ({"lendable": 0, "staffed": 0}, "nobody staffs the queue"),
        ({"place_only": 1, "places": 0}, "no free place"),
    ],
)
def test_what_holds_whatever_a_rule_says(values: dict[str, float], told: str) -> None:
    network = Network().put("a", Ready("x"), **values)
    verdict = network.decide(route("rotary"))
    assert verdict.rule == "otherwise"
    assert network.lost(verdict) == {"a": told}


def test_a_condition_on_queues_and_sites() -> None:
    network = Network().put("a", waiting=9).put("b", waiting=3).put("d", waiting=1)
    tried = route("rotary", "candidates: queue.ewt_s < 100 and site.name != 'd'")
    verdict = network.decide(tried)
    assert network.sites(verdict) == ["b"]
    assert network.lost(verdict) == dict.fromkeys("ad", "not admitted by the rule")


@pytest.mark.parametrize(
    ("loan", "told"),
    [
        ("max_loan: 2", "the rule's loan limit is reached (2 lent)"),
        ("min_reserve: 3", "its last 3 ready agents stay for its own callers"),
        ("service_level_min: 0.8", "its own service level is 0.72"),
    ],
)
def test_loan_limits(loan: str, told: str) -> None:
    values = {"loans": 2, "free": 3, "lendable": 2, "service_level": 0.72}
    network = Network().put("a", Ready("x"), **values)
    network.put("b", Ready("x", ready_s=1), loans=1, free=4, service_level=float("nan"))
    verdict = network.decide(route("longest_available", f"loan: {{{loan}}}"))
    assert network.sites(verdict) == ["b"]
    assert network.lost(verdict) == {"a": told}


def test_a_reserve_is_of_ready_agents_and_keeps_no_place() -> None:
    network = Network().put("a", waiting=2)
    tried = route("min_expected_delay", "loan: {min_reserve: 3}")
    assert network.sites(network.decide(tried)) == ["a"]


def test_only_agents_who_pass_count_and_the_best_of_them_is_named() -> None:
    network = Network()
    network.put("a", Ready("x", level=9, ready_s=5), Ready("y", level=4, ready_s=500))
    network.put("b", Ready("z", level=4, ready_s=50)).put("d", waiting=0)
    verdict = network.decide(route("longest_available", "min_level: 7"))
    assert network.agents(verdict) == ["a/x"]
    assert network.lost(verdict)["b"] == "best ready agent has skill level 4"
    tried = route("longest_available", "candidates: agent.idle_s < 100 and queue.free_count > 0")
    assert network.agents(network.decide(tried)) == ["b/z", "a/x"]
    tried = route("longest_available", "candidates: agent.idle_s < 10, min_level: 3")
    verdict = network.decide(tried)
    assert network.agents(verdict) == ["a/x"]
    assert network.lost(verdict)["b"] == "not admitted by the rule"


def test_where_agents_must_pass_no_place_will_do() -> None:
    network = Network().put("a", waiting=0).put("b", Ready("z", level=9))
    network.put("d", Ready("y", level=9), place_only=1)
    for select in ("min_expected_delay", "rotary", "cost"):
        verdict = network.decide(route(select, "min_level: 7"))
        assert network.agents(verdict) == ["b/z"], select
        assert network.lost(verdict) == {
            "a": "no agent to lend",
            "d": "the way is too long to hold an agent",
        }


def test_a_row_without_a_first_agent_gives_nobody() -> None:
    """Counts and lists may differ for a moment; then nobody is named."""
    network = Network().put("a", lendable=1)
    assert network.decide(route("highest_skill")).rule == "otherwise"
    assert network.decide(route("longest_available")).rule == "otherwise"


def test_a_ring_of_agents_ends() -> None:
    network = Network().put("a", Ready("x", level=2), Ready("y", level=2))
    network.columns.agents[8][:] = [1, 0]
    assert network.decide(route("longest_available", "min_level: 9")).rule == "otherwise"
