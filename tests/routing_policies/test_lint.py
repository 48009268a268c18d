"""What lint finds."""

from policy_texts import policy_text, text_of

from routing_policies.lint import lint


def test_a_rule_behind_one_that_always_decides_is_an_error() -> None:
    rules = "rules: [{name: a, action: queue_at_origin}, {name: b, action: reject, reason: busy}]"
    found = lint({"file.yaml": text_of("RoutingPolicy", "p", rules)})
    error = next(one for one in found if one.severity == "error")
    assert error.place == "spec.rules[1]" and "a before it always decides" in str(error)


def test_a_policy_without_cases_is_a_warning() -> None:
    found = lint({"file.yaml": policy_text()})
    assert [one.severity for one in found] == ["warning"] and "cases" in found[0].remedy


def test_other_kinds_are_passed_over() -> None:
    assert lint({"file.yaml": text_of("Site", "lisbon", "")}) == []
