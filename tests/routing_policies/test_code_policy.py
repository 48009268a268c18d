"""Control flow of rules: conditions, hysteresis, actions, redirects, what `tried` tells."""

from policy_network import HOME, Network, Ready, policy, route

from routing_policies.code_policy import written
from routing_policies.model import Feature

THREE = """
- {name: vip, when: call.priority > 5, action: route, select: longest_available}
- name: busy
  hysteresis: {value: origin.waiting_count, on_above: 20, off_below: 10}
  action: retry_after
  retry_after_s: 15
- {name: far, action: route, select: least_occupied}
"""


def test_the_first_rule_that_finds_what_it_needs_decides() -> None:
    network = Network().put(HOME, waiting=5).put("a", Ready("x"))
    tried = policy(THREE)
    verdict = network.decide(tried, priority=9)
    assert (verdict.rule, verdict.rule_index, verdict.tried) == ("vip", 0, [("vip", "decided")])
    verdict = network.decide(tried, priority=1)
    assert verdict.tried == [("vip", "not now"), ("busy", "asleep"), ("far", "decided")]
    verdict = network.put("a").decide(tried, priority=9)
    assert verdict.tried == [("vip", "nobody"), ("busy", "asleep"), ("far", "nobody")]
    assert (verdict.action, verdict.rule, verdict.rule_index) == (
        "queue_at_origin",
        "otherwise",
        -1,
    )


def test_hysteresis_wakes_above_one_threshold_and_sleeps_below_the_other() -> None:
    network, tried = Network().put("a"), policy(THREE)

    def asleep(waiting: int) -> bool:
        network.put(HOME, waiting=waiting)
        return network.decide(tried, reasons=False).rule != "busy"

    assert [asleep(n) for n in (15, 20, 21, 15, 10, 9, 15)] == [
        True,
        True,
        *[False] * 3,
        True,
        True,
    ]
    network.put(HOME, waiting=30)
    network.decide(tried)
    network.decide(tried, origin=network.rows["a"])
    assert network.memory.row_kept[0][network.rows[HOME]] == 1.0, "remembered per queue"
    assert network.memory.row_kept[0][network.rows["a"]] == 0.0


def test_hysteresis_is_looked_at_also_where_an_earlier_rule_decides() -> None:
    network, tried = Network().put("a", Ready("x")), policy(THREE)
    network.put(HOME, waiting=30)
    assert network.decide(tried, priority=9).rule == "vip"
    network.put(HOME, waiting=15)
    assert network.decide(tried).rule == "busy"


def test_actions_say_what_they_need() -> None:
    network = Network()
    verdict = network.decide(policy("- {name: a, action: announce, announcement: patience}"))
    assert (verdict.action, verdict.announcement) == ("announce", "patience")
    verdict = network.decide(policy("- {name: a, action: retry_after, retry_after_s: 15}"))
    assert (verdict.action, verdict.retry_after_s) == ("retry_after", 15.0)
    verdict = network.decide(policy("[]", otherwise="{action: reject, reason: busy}"))
    assert (verdict.action, verdict.rule, verdict.reject_reason) == ("reject", "otherwise", "busy")


def test_a_redirect_goes_to_the_queue_named_if_it_may_be_chosen() -> None:
    tried = policy("- {name: there, action: redirect, to: {site: b, queue: sales}}")
    network = Network().put("a").put("b", Ready("x"))
    verdict = network.decide(tried)
    assert (verdict.action, network.agents(verdict), verdict.lost) == ("redirect", ["b/x"], [])
    assert network.agents(network.put("b", staffed=0).decide(tried)) == ["b"]
    verdict = network.put("b", barred=66).decide(tried)
    assert (verdict.rule, network.lost(verdict)) == ("otherwise", {"b": "site is not alive"})
    assert network.put("b", places=0).decide(tried).tried == [("there", "nobody")]


def test_steps_relax_with_waiting_each_for_what_it_names() -> None:
    tried = route(
        "longest_available",
        "candidates: site.name == 'a', min_level: 8, steps: ["
        "{after_s: 20, min_level: 4}, {after_s: 40, candidates: true},"
        "{after_s: 60, min_level: 1}]",
    )
    network = Network().put("a", Ready("x", level=5)).put("b", Ready("y", level=3, ready_s=99))
    told = {
        waited: network.agents(network.decide(tried, waited_s=waited)) for waited in (0, 20, 40, 60)
    }
    assert told == {0: [], 20: ["a/x"], 40: ["a/x"], 60: ["b/y", "a/x"]}
    verdict = network.decide(tried, waited_s=0)
    assert network.lost(verdict) == {
        "a": "best ready agent has skill level 5",
        "b": "not admitted by the rule",
    }


def test_a_step_may_ask_for_less_gain() -> None:
    tried = route("min_expected_delay", "min_gain_s: 60, steps: [{after_s: 30, min_gain_s: 5}]")
    network = Network().put(HOME, waiting=5).put("a", waiting=3)
    assert network.decide(tried, waited_s=29).rule == "otherwise"
    assert network.decide(tried, waited_s=30).rule == "rule"


def test_the_sums_of_the_network_leave_out_who_cannot_be_chosen() -> None:
    network = Network().put("a", Ready("x"), Ready("y")).put("b", waiting=4)
    network.put("d", Ready("z"), barred=66).put("e", waiting=100, open=0)
    for condition, holds in {
        "network.free_count == 2": True,
        "network.waiting_count == 4": True,
        "network.queues_count == 2": True,
        "network.ewt_s == 0": True,
        "network.ewt_s > 0": False,
    }.items():
        tried = policy(f"- {{name: sum, when: {condition}, action: queue_at_origin}}")
        assert (network.decide(tried).rule == "sum") is holds, condition


def test_features_of_a_call_are_numbers_behind_the_others() -> None:
    tried = policy(
        """
- {name: a, when: 'listed(call.ani, "vip")', action: queue_at_origin}
- {name: b, when: 'calendar("office").open and listed(call.ani, "key")', action: queue_at_origin}
"""
    )
    assert [feature.kind for feature in tried.features] == ["listed", "calendar_open", "listed"]
    assert isinstance(tried.features[0], Feature)
    assert [name for _, name in tried.lists] == ["vip", "key"]
    assert tried.calendars == (("spec.rules[1].when", "office"),)
    network = Network()
    assert network.decide(tried, features=(0.0, 1.0, 1.0)).rule == "b"
    assert network.decide(tried, features=(0.0, 0.0, 1.0)).rule == "otherwise"
    assert network.decide(tried, features=(1.0, 0.0, 0.0)).rule == "a"


def test_the_source_is_small_and_has_no_reasons_where_none_are_wanted() -> None:
    tried = route("least_occupied")
    text = written(tried._parts, reasons=False)
    assert "lr[" not in text
    assert "trace[" not in text
    assert text == tried.text
    assert len(tried.source_text(reasons=True)) > len(text)
