"""Which parts of a rule go together: every mistake has its place and a remedy."""

import pytest
from policy_network import faults, policy

ROUTE = "- {name: a, action: route, select: %s}"
MISTAKES = [
    ("- {name: a, action: route}", "select", "a rule with action route needs select", "add select"),
    ("- {name: a, action: announce}", "announcement", "needs announcement", "add announcement"),
    ("- {name: a, action: retry_after}", "retry_after_s", "needs retry_after_s", "add"),
    ("- {name: a, action: redirect}", "to", "needs to", "add to"),
    ("- {name: a, action: reject}", "reason", "needs reason", "add reason"),
    (
        "- {name: a, action: network_queue, select: rotary}",
        "select",
        "a rule with action network_queue chooses nothing",
        "remove select",
    ),
    (
        "- {name: a, action: announce, announcement: x, select: rotary}",
        "select",
        "a rule with action announce chooses nothing",
        "remove select",
    ),
    (
        "- {name: a, action: queue_at_origin, min_level: 3}",
        "min_level",
        "chooses nothing",
        "remove",
    ),
    (
        "- {name: a, action: queue_at_origin, reason: busy}",
        "reason",
        "action queue_at_origin takes no reason",
        "action: reject",
    ),
    (
        "- {name: a, action: route, select: rotary, to: {site: x, queue: y}}",
        "to",
        "action route takes no to",
        "action: redirect",
    ),
    ("- {name: otherwise, action: queue_at_origin}", "name", "comes after all rules", "another"),
    ("- {name: a, when: 5, action: queue_at_origin}", "when", "true or false", ""),
    (ROUTE % "rotary, adjust: 5", "adjust", "rotary takes no adjust", "remove adjust"),
    (ROUTE % "rotary, min_gain_s: 5", "min_gain_s", "rotary compares no waits", "remove it"),
    (
        ROUTE % "rotary, steps: [{after_s: 5, min_gain_s: 5}]",
        "steps[0].min_gain_s",
        "compares no waits",
        "remove it",
    ),
    (
        ROUTE % "{agents_wait: cost, calls_wait: min_expected_delay}, adjust: 5",
        "adjust",
        "seconds for one of cost and min_expected_delay, money for the other",
        "two rules",
    ),
    (
        ROUTE % "min_expected_delay, adjust: agent.idle_s",
        "adjust",
        "reads an agent",
        "by the queue",
    ),
    (ROUTE % "broadcast, min_level: 5", "min_level", "broadcast rings all", "remove min_level"),
    (
        ROUTE % "broadcast, candidates: agent.level > 5",
        "candidates",
        "cannot choose among them",
        "leave agent.* out",
    ),
    (
        ROUTE % "rotary, steps: [{after_s: 5, candidates: true}, {after_s: 5, min_level: 1}]",
        "steps[1].after_s",
        "after_s 5 is not above 5 of the step before",
        "order the steps",
    ),
    (ROUTE % "rotary, steps: [{after_s: 5}]", "steps[0]", "changes nothing", "add candidates"),
    (
        "- {name: a, action: queue_at_origin, "
        "hysteresis: {value: call.waited_s, on_above: 5, off_below: 5}}",
        "hysteresis.off_below",
        "off_below 5 is not under on_above 5",
        "make it smaller",
    ),
    (
        "- {name: a, action: queue_at_origin, "
        "hysteresis: {value: origin.open, on_above: 5, off_below: 4}}",
        "hysteresis.value",
        "is true or false where a number belongs",
        "write 1 if",
    ),
]


@pytest.mark.parametrize(("rules", "place", "problem", "remedy"), MISTAKES)
def test_a_mistake_has_a_place_and_a_remedy(
    rules: str, place: str, problem: str, remedy: str
) -> None:
    (fault,) = faults(rules)
    assert fault.place == f"spec.rules[0].{place}"
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_two_rules_of_one_name() -> None:
    (fault,) = faults("\n".join(["- {name: a, action: queue_at_origin}"] * 2))
    assert (fault.place, fault.problem) == ("spec.rules[1].name", "spec.rules[0] is called a too")


@pytest.mark.parametrize("action", ["route", "redirect", "announce"])
def test_otherwise_always_works(action: str) -> None:
    (fault,) = faults("[]", otherwise=f"{{action: {action}}}")
    assert fault.place.startswith("spec.otherwise.")
    assert fault.remedy


def test_all_faults_are_told_at_once() -> None:
    found = faults(
        "- {name: a, when: nonsense, action: route, select: {by: ordered}}\n"
        "- {name: a, action: reject, loan: {max_loan: 1}}"
    )
    assert [fault.place for fault in found] == [
        "spec.rules[0].when",
        "spec.rules[0].select",
        "spec.rules[1].name",
        "spec.rules[1].reason",
        "spec.rules[1].loan",
    ]


def test_names_are_collected_for_those_who_know_the_network() -> None:
    tried = policy(
        """
- {name: a, when: 'call.service == "sales"', action: redirect, to: {site: porto, queue: fado}}
- name: b
  action: route
  select: {by: ordered, sites: [lisbon]}
  candidates: 'site.name != "faro"'
- {name: c, action: announce, announcement: patience}
"""
    )
    assert [(place, name) for place, _, name in tried.names] == [
        ("spec.rules[0].when", "sales"),
        ("spec.rules[0].to.site", "porto"),
        ("spec.rules[0].to.queue", "fado"),
        ("spec.rules[1].select.sites[0]", "lisbon"),
        ("spec.rules[1].candidates", "faro"),
    ]
    assert tried.announcements == (("spec.rules[2].announcement", "patience"),)
    assert tried.reads == ("call.service", "site.name")
