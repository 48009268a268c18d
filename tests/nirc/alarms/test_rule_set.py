"""All rules together: one that goes wrong stops no other; leaders hand over what they watched."""

from typing import Any

import pytest

from nirc.alarms.figure_windows import Sample
from nirc.alarms.rule_set import RuleSet
from nirc.alarms.rule_watch import Over, RuleWatch
from routing_policies.alarm_kinds import AlarmRule

NETWORK = {"queue_waiting": {"p": Sample(20.0)}, "disk_free": {"n1:/x": Sample(0.01)}}


def rule(name: str, **said: Any) -> AlarmRule:
    base = {"name": name, "text": "t", "figure": "queue_waiting", "above": 10}
    return AlarmRule.model_validate(base | said)


DISK = rule("disk", figure="disk_free", above=None, below=0.1)


def looked(rules: RuleSet, now_s: float) -> list[tuple[str, str]]:
    return [(one.rule, one.place) for one in rules.look(NETWORK, now_s).changes]


def test_only_the_leader_looks_at_the_network() -> None:
    rules = RuleSet()
    rules.use([rule("wait"), DISK])
    assert looked(rules, 0.0) == [("disk", "n1:/x")]
    assert rules.lead([], 1.0) == []
    assert looked(rules, 1.0) == [("wait", "p")]
    assert rules.follow() == [Over(rule="wait", place="p")]
    assert rules.follow() == [] and looked(rules, 2.0) == []


def test_the_next_leader_goes_on_with_what_stands() -> None:
    rules = RuleSet()
    rules.use([rule("wait", for_s=30), DISK])
    standing = [("wait", "p"), ("disk", "n2:/x"), ("gone", "p")]
    assert rules.lead(standing, 0.0) == [("wait", "p")]
    assert rules.lead(standing, 1.0) == []  # it leads already
    assert ("wait", "p") not in looked(rules, 40.0)


def test_a_changed_rule_begins_anew_and_others_go_on() -> None:
    rules = RuleSet()
    rules.use([rule("a"), rule("b"), rule("c")])
    rules.lead([], 0.0)
    looked(rules, 0.0)
    over = rules.use([rule("a"), rule("b", above=15)])
    assert over == [Over(rule="b", place="p"), Over(rule="c", place="p")]
    assert looked(rules, 1.0) == [("b", "p")]


def test_a_rule_that_goes_wrong_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    rules, look = RuleSet(), RuleWatch.look

    def broken(self: RuleWatch, *args: Any) -> Any:
        if self.rule.name == "a":
            raise ZeroDivisionError
        return look(self, *args)

    monkeypatch.setattr(RuleWatch, "look", broken)
    rules.use([rule("a"), rule("b")])
    rules.lead([], 0.0)
    found = rules.look(NETWORK, 0.0)
    assert [one.rule for one in found.changes] == ["b"]
    assert found.failed == {"a": "ZeroDivisionError: see the node's log"} == rules.problems
    monkeypatch.undo()
    assert rules.look(NETWORK, 1.0).failed == {}
