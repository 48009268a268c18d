"""Parameters of selections: what each takes, needs and refuses."""

import pytest
from policy_network import faults, route

MISTAKES = [
    ("{by: rotary, shares: {a: 1}}", "shares", "rotary takes no shares", "remove shares"),
    ("{by: cost, sites: [a]}", "sites", "cost takes no sites", "remove sites"),
    ("{by: ordered}", "", "ordered needs sites", "add sites"),
    ("{by: ordered, sites: [a, b, a]}", "sites[2]", "a stands here twice", "first place"),
    ("{by: preferred_site}", "", "preferred_site needs site", "add site"),
    ("proportional", "", "proportional needs shares or weight", "add shares or weight"),
    (
        "{by: proportional, shares: {a: 1}, weight: 5}",
        "weight",
        "proportional takes shares or weight, not both",
        "remove one",
    ),
    (
        "{by: proportional, shares: {a: 0.5, b: 0.4}}",
        "shares",
        "the shares add up to 0.9",
        "make them add up to 1",
    ),
    ("{by: proportional, weight: queue.open}", "weight", "is true or false", "write 1 if"),
    (
        "{by: longest_available, measure: count}",
        "measure",
        "longest_available measures now or average, not count",
        "write now or average",
    ),
    ("{by: rotary, measure: now}", "measure", "rotary takes no measure", "remove measure"),
    ("{measure: now}", "", "does not say by what to select", "one of longest_available"),
    (
        "{agents_wait: {by: rotary, site: a}, calls_wait: rotary}",
        "agents_wait.site",
        "rotary takes no site",
        "remove site",
    ),
]


@pytest.mark.parametrize(("select", "place", "problem", "remedy"), MISTAKES)
def test_a_mistake_has_a_place_and_a_remedy(
    select: str, place: str, problem: str, remedy: str
) -> None:
    (fault,) = faults(f"- {{name: a, action: route, select: {select}}}")
    assert fault.place == f"spec.rules[0].select{place and '.'}{place}"
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_a_weight_is_a_queues() -> None:
    rules = "- {name: a, action: route, select: {by: proportional, weight: agent.level}}"
    (fault,) = faults(rules)
    assert fault.place == "spec.rules[0].select.weight"


def test_memory_is_given_to_those_who_remember() -> None:
    tried = route("{agents_wait: rotary, calls_wait: {by: proportional, weight: 1}}")
    assert (tried.kept_count, tried.row_kept_count) == (1, 2)
    assert route("cost").row_kept_count == 0


def test_sites_and_shares_are_names_to_be_known() -> None:
    tried = route("{by: proportional, shares: {a: 0.5, b: 0.5}}")
    assert [(place, name) for place, _, name in tried.names] == [
        ("spec.rules[0].select.shares.a", "a"),
        ("spec.rules[0].select.shares.b", "b"),
    ]
