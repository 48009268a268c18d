"""Each selection by example: order, agents, and why the others lost."""

from fractions import Fraction
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_network import HOME, NOW_S, Network, Ready, policy, route

from routing_policies import columns as c
from routing_policies import kernel
from routing_policies.names import name_id
from routing_policies.vocabulary import ORIGIN_EWT, QUEUE_EWT


def two_ready() -> Network:
    network = Network()
    network.put("faro", Ready("a", ready_s=5, calls=9, level=8, occupied_s=10, before_s=90))
    network.put(
        "lisbon",
        Ready("b", ready_s=50, calls=3, level=2, occupied_s=200, before_s=100, periods=9),
        Ready("d", ready_s=7, calls=1, level=5, occupied_s=1, before_s=93),
    )
    return network.put("porto", waiting=3)


@pytest.mark.parametrize(
    ("select", "agents"),
    [
        ("longest_available", ["lisbon/b", "faro/a"]),
        ("{by: longest_available, measure: average}", ["lisbon/d", "faro/a"]),
        ("least_occupied", ["lisbon/d", "faro/a"]),
        ("fewest_calls", ["lisbon/d", "faro/a"]),
        ("{by: fewest_calls, measure: per_hour}", ["lisbon/b", "faro/a"]),
        ("highest_skill", ["faro/a", "lisbon/d"]),
        ("lowest_skill", ["lisbon/b", "faro/a"]),
        ("broadcast", ["lisbon", "faro"]),
    ],
)
def test_selections_of_agents(select: str, agents: list[str]) -> None:
    network = two_ready()
    verdict = network.decide(route(select))
    assert network.agents(verdict) == agents
    assert network.lost(verdict) == {"porto": "no agent to lend"}
    assert verdict.broadcast is (select == "broadcast")
    assert verdict.tried == [("rule", "decided")]


def test_equals_stay_in_the_order_of_their_names() -> None:
    network = Network()
    for site in ("c", "a", "b"):
        network.put(site, Ready("x"))
    assert network.sites(network.decide(route("longest_available"))) == ["a", "b", "c"]


def test_the_last_agent_or_nobody() -> None:
    network = two_ready()
    tried = route("last_agent")
    verdict = network.decide(tried, last_agent=name_id("lisbon/d"))
    assert network.agents(verdict) == ["lisbon/d"]
    assert network.lost(verdict)["faro"] == "the caller's last agent is not ready there"
    assert network.decide(tried).rule == "otherwise"
    network.put("lisbon", Ready("d"), place_only=1)
    verdict = network.decide(tried, last_agent=name_id("lisbon/d"))
    assert network.lost(verdict)["lisbon"] == "the way is too long to hold an agent"


def test_the_shortest_expected_wait_that_gains_enough() -> None:
    network = Network()
    network.put(HOME, waiting=6).put("a", waiting=3).put("b", waiting=2).put("d", waiting=5)
    network.put("e", waiting=0, places=0).put("f", staffed=0)
    verdict = network.decide(route("min_expected_delay", "adjust: 2, min_gain_s: 20"))
    assert network.sites(verdict) == ["b", "a"]
    assert [one.value for one in verdict.ranked] == [56.0, 74.0]
    assert network.lost(verdict) == {
        "d": "gains too little: -2 s",
        "e": "no free place",
        "f": "nobody staffs the queue",
    }


def test_an_idle_agent_is_no_wait_and_is_held() -> None:
    network = Network().put("a", waiting=0).put("b", Ready("x"), Ready("y", ready_s=20))
    network.put("d", Ready("z"), place_only=1)
    verdict = network.decide(route("min_expected_delay"))
    assert network.agents(verdict) == ["b/y", "d", "a"]
    assert [one.value for one in verdict.ranked] == [0.0, 0.0, 18.0]


def test_a_home_with_an_agent_or_a_short_wait_keeps_the_call() -> None:
    network = Network().put(HOME, Ready("x")).put("a", waiting=0)
    assert network.decide(route("min_expected_delay")).rule == "otherwise"
    network.put("a", Ready("y"))
    assert network.decide(route("min_expected_delay")).rule == "rule"
    network.put(HOME, Ready("x"), open=0).put("a", waiting=50)
    assert network.decide(route("min_expected_delay")).rule == "rule"


def test_other_estimators_are_used_where_they_are_best() -> None:
    network = Network().put("a", waiting=2, estimator=3, oldest_at=990.0).put("b", waiting=0)
    verdict = network.decide(route("min_expected_delay"))
    assert [one.value for one in verdict.ranked] == [10.0, 18.0]


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_the_wait_is_the_one_that_expressions_read(data: st.DataObject) -> None:
    """The usual estimators are written without a call, here and at home."""
    numbers = {
        "waiting": st.integers(0, 40),
        "staffed": st.integers(1, 30),
        "not_ready": st.integers(0, 9),
        "aht": st.integers(1, 600),
        "estimator": st.integers(1, 4),
        "patience": st.integers(1, 300) | st.just(float("nan")),
        "oldest_at": st.integers(900, 1000) | st.just(float("nan")),
        "last_wait": st.integers(0, 90),
    }
    drawn = [{k: data.draw(one) for k, one in numbers.items()} for _ in range(2)]
    network = Network().put("a", **drawn[0]).put(HOME, **drawn[1])
    arguments = {"Q": [column[2] for column in network.columns.queues], "now_s": NOW_S}
    elsewhere = eval(QUEUE_EWT, vars(kernel) | arguments)
    arguments["Q"] = [column[1] for column in network.columns.queues]
    here = eval(ORIGIN_EWT, vars(kernel) | arguments)
    verdict = network.decide(route("min_expected_delay"))
    stays = elsewhere == inf or here - elsewhere < 0
    assert verdict.action == ("queue_at_origin" if stays else "route")
    if stays and elsewhere < inf:
        assert verdict.lost[0].value == here - elsewhere
    elif not stays:
        assert verdict.ranked[0].value == elsewhere


def test_the_preferred_site_unless_another_gains_enough() -> None:
    tried = route("{by: preferred_site, site: b}", "min_gain_s: 30")
    network = Network().put("a", waiting=2).put("b", waiting=3)
    assert network.sites(network.decide(tried)) == ["b", "a"]
    network.put("b", waiting=4)
    assert network.sites(network.decide(tried)) == ["a", "b"]


def test_the_smallest_risk_of_a_late_answer() -> None:
    network = Network().put("a", waiting=4, staffed=10).put("b", waiting=9, staffed=40)
    network.put("d", Ready("x"))
    verdict = network.decide(route("{by: service_level_risk, threshold_s: 90}"))
    assert network.agents(verdict) == ["d/x", "b", "a"]
    assert verdict.ranked[0].value == 0.0
    assert 0.0 < verdict.ranked[1].value < verdict.ranked[2].value < 1.0
    verdict = network.decide(route("service_level_risk"), waited_s=500.0, threshold_s=20.0)
    assert [one.value for one in verdict.ranked] == [0.0, 1.0, 1.0]


def test_sites_in_the_order_that_the_rule_gives() -> None:
    names = [f"s{number:03}" for number in range(40)]
    network = Network().put("other", Ready("x"))
    for name in names:
        network.put(name, places=int(name != "s007"))
    listed = ["s007", "s039", "s000", *names[8:20]]
    verdict = network.decide(route(f"{{by: ordered, sites: [{', '.join(listed)}]}}"))
    assert network.sites(verdict) == listed[1:9]
    lost = network.lost(verdict)
    assert lost["other"] == "not listed by the rule"
    assert lost["s007"] == "no free place"
    assert lost["s019"] == "others were better (15.0)"


def test_costs_with_an_adjustment() -> None:
    network = Network().put("a", cost=0.5).put("b", cost=0.2, waiting=9).put("d", cost=0.3)
    tried = route("cost", "adjust: '0.5 * (queue.waiting_count / queue.staffed_count)'")
    assert network.sites(network.decide(tried)) == ["d", "a", "b"]
    network.put("d", cost=float("nan"))
    verdict = network.decide(tried)
    assert network.lost(verdict)["d"] == "a value the rule needs is missing"


def test_rotary_goes_round_also_over_sites_that_come_and_go() -> None:
    network, tried = Network().put("a").put("b").put("d"), route("rotary")

    def turn() -> str:
        return network.sites(network.decide(tried))[0]

    assert [turn() for _ in range(4)] == ["a", "b", "d", "a"]
    network.put("b", open=0)
    assert [turn() for _ in range(3)] == ["d", "a", "d"]
    network.put("b")
    assert [turn() for _ in range(4)] == ["b", "a", "d", "b"]


def test_a_rule_that_finds_nobody_turns_nothing() -> None:
    network, tried = Network().put("a", places=0), route("rotary")
    network.decide(tried)
    assert network.memory.kept == [0.0]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(1, 200))
def test_shares_are_exact_for_any_number_of_sites(parts: list[int], calls: int) -> None:
    """After any number of calls each site has its share to within one call."""
    network, total = Network(), sum(parts)
    shares = {f"s{number:02}": part / total for number, part in enumerate(parts)}
    for site in shares:
        network.put(site)
    listed = ", ".join(f"{site}: {share:.12f}" for site, share in shares.items())
    tried = route(f"{{by: proportional, shares: {{{listed}}}}}")
    had = dict.fromkeys(shares, 0)
    for _ in range(calls):
        had[network.sites(network.decide(tried, reasons=False))[0]] += 1
    for (site, count), part in zip(had.items(), parts, strict=True):
        assert abs(count - Fraction(part, total) * calls) < 1 + 1e-6, site


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=8),
    st.lists(st.integers(0, 2**8 - 1), min_size=1, max_size=12),
    st.integers(20, 60),
)
def test_shares_are_exact_also_where_sites_come_and_go(
    parts: list[int], closings: list[int], length: int
) -> None:
    """Each site has the calls it was owed while it was there, to within the number of sites."""
    network = Network()
    names = [f"s{number:02}" for number in range(len(parts))]
    for name, part in zip(names, parts, strict=True):
        network.put(name, staffed=part)
    tried = route("{by: proportional, weight: queue.staffed_count}")
    owed = dict.fromkeys(names, 0.0)
    had = dict.fromkeys(names, 0)
    for closed in closings:
        there = [name for i, name in enumerate(names) if not closed >> i & 1]
        for name in names:
            network.columns.queues[c.Q_OPEN][network.rows[name]] = name in there
        total = sum(part for name, part in zip(names, parts, strict=True) if name in there)
        for _ in range(length if there else 0):
            had[network.sites(network.decide(tried, reasons=False))[0]] += 1
            for name in there:
                owed[name] += parts[names.index(name)] / total
    assert max(abs(owed[name] - had[name]) for name in names) <= len(names)


def test_a_site_without_a_share_gets_nothing_and_one_with_two_queues_its_share_once() -> None:
    network = Network().put("a").put("b").put("b", queue="sales2").put("d")
    tried = route("{by: proportional, shares: {a: 0.5, b: 0.5, d: 0}}")
    firsts = [network.sites(network.decide(tried))[0] for _ in range(10)]
    assert firsts.count("b") == 5
    assert network.lost(network.decide(tried))["d"] == "has no share"


def test_eight_are_kept_and_the_others_told_as_outranked() -> None:
    network = Network()
    for number in range(20):
        network.put(f"s{number:02}", waiting=(number * 7) % 20)
    verdict = network.decide(route("min_expected_delay"))
    values = [one.value for one in verdict.ranked]
    assert values == [18.0 * n for n in range(1, 9)]
    assert len(verdict.lost) == 12
    assert set(network.lost(verdict).values()) == {
        f"others were better ({18.0 * n:.1f})" for n in range(9, 21)
    }


def test_regimes_choose_among_agents_while_some_wait() -> None:
    tried = policy(
        """- name: both
  action: route
  select: {agents_wait: {by: ordered, sites: [a, b]}, calls_wait: min_expected_delay}"""
    )
    network = Network().put("a", waiting=0).put("b", Ready("x"))
    verdict = network.decide(tried)
    assert (verdict.selection, network.agents(verdict)) == ("ordered", ["b/x"])
    assert network.lost(verdict)["a"] == "no agent to lend"
    network.put("b", waiting=1)
    verdict = network.decide(tried)
    assert (verdict.selection, network.sites(verdict)) == ("min_expected_delay", ["a", "b"])
