"""A rule taken apart admits everything unless it says otherwise."""

from routing_policies.code_parts import RuleParts


def test_what_a_rule_does_not_say_changes_nothing() -> None:
    parts = RuleParts(index=0, action="route")
    assert parts.candidates == ((0.0, None),)
    assert parts.min_level == parts.min_gain_s == ((0.0, 0.0),)
    assert parts.loan.max_loan is None
