"""Board and history follow the rules; leaders hand over without a word; nothing is left behind."""

from typing import Any

import pytest
from alarm_desks import Desk

from nirc.alarm_work.alarm_desk import AWAY_S, SETTLE_S
from nirc.alarms.history import Row
from nirc.alarms.rule_watch import RuleWatch


def test_a_rule_is_raised_with_all_that_people_need_and_is_over() -> None:
    made = Desk()
    made.look()
    (alarm,) = made.board.standing()
    assert (alarm.code, alarm.place, alarm.text) == (
        *("waiting", "lisbon/sales", "too many: 4, above 3"),
    )
    assert (alarm.rule, alarm.network, alarm.advice) == ("waiting", True, "help them")
    made.waiting, made.free = 3, 0.05
    made.look()
    assert made.standing() == [("disk_low", "n1:/x")]
    assert made.happened() == [
        ("raised", "waiting", "lisbon/sales"),
        ("raised", "disk_low", "n1:/x"),
        ("cleared", "waiting", "lisbon/sales"),
    ]


def test_built_in_alarms_are_in_the_history_and_as_grave_as_the_document_says() -> None:
    made = Desk()
    made.look()
    made.board.raise_alarm("documents_wrong", "Site/x", "line\n" * 1_000)
    assert len(made.store.rows()[-1].event.text) <= 500  # etcd's answers are bounded
    made.board.raise_alarm("node_down", "n2", "no stream")
    event = made.store.rows()[-1].event
    assert (event.severity, event.network, event.rule) == ("critical", False, "")
    assert "start it again" in event.advice


def test_who_leads_no_more_hands_over_without_a_word_and_the_next_goes_on() -> None:
    made, later = Desk(), Desk("n2")
    made.look()
    made.leads = False
    made.look()
    assert made.standing() == [] and made.happened() == [("raised", "waiting", "lisbon/sales")]
    later.store._rows = [Row(row.event, 7) for row in made.store.rows()]
    later.look()
    (alarm,) = later.board.standing()
    assert (alarm.since_unix_s, later.happened()) == (1_005.0, made.happened())
    later.waiting = 0
    later.look()
    assert later.happened()[-1] == ("cleared", "waiting", "lisbon/sales")


def test_a_leader_without_etcd_or_documents_does_not_take_over() -> None:
    made = Desk()
    made.store.is_listed = False
    made.look()
    assert made.standing() == []
    none = Desk(rules="")
    none.free = 0.01
    none.look()
    assert none.standing() == []  # documents may say that the rule is off
    none.look(SETTLE_S)
    none.look(60.0)
    assert none.standing() == [("disk_low", "n1:/x")]


def test_a_rule_that_went_wrong_is_an_alarm_until_it_goes_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, look = Desk(), RuleWatch.look

    def broken(self: RuleWatch, *args: Any) -> Any:
        assert self.rule.name != "waiting"
        return look(self, *args)

    monkeypatch.setattr(RuleWatch, "look", broken)
    made.look()
    assert made.standing() == [("alarm_rule_failed", "waiting")]
    monkeypatch.undo()
    made.look()
    assert made.standing() == [("waiting", "lisbon/sales")]


def test_what_nobody_will_clear_is_cleared() -> None:
    made = Desk()
    made.waiting = 0
    made.heard(code="redis_away", place="redis", node="n1")  # of before this start
    made.heard(code="redis_away", place="redis", node="n2")
    made.heard(code="redis_away", place="redis", node="n3")  # it is away
    made.heard(code="old_rule", place="p", rule="old_rule", network=True)
    made.look()
    assert len(made.happened()) == 4
    made.look(SETTLE_S)
    cleared = [row.event for row in made.store.rows() if row.event.happened == "cleared"]
    assert [(one.code, one.node) for one in cleared] == [("redis_away", "n1"), ("old_rule", "n2")]
    made.look(AWAY_S)
    last = made.store.rows()[-1].event
    assert (last.code, last.node, last.happened) == ("redis_away", "n3", "cleared")
    count = len(made.store.rows())
    made.look(AWAY_S)
    assert len(made.store.rows()) == count


def test_what_was_acknowledged_at_another_node_is_here() -> None:
    made = Desk()
    made.board.raise_alarm("redis_away", "redis", "x")
    made.look()
    made.heard(code="redis_away", place="redis", happened="acknowledged", who="ana", reason="disk")
    made.look()
    found = made.board.find("redis_away", "redis")
    assert found is not None
    assert (found.acknowledged_by, found.acknowledged_reason) == ("ana", "disk")
    assert [one for one in made.happened() if one[0] == "acknowledged"] == [
        ("acknowledged", "redis_away", "redis")
    ]  # it is not told on


async def test_a_fault_of_ours_does_not_end_the_looks() -> None:
    made = Desk()
    looks = []

    def broken() -> None:
        looks.append(1)
        raise ZeroDivisionError if len(looks) == 1 else KeyboardInterrupt

    made.desk.look = broken  # type: ignore[method-assign]
    made.desk._look_s = 0.0
    with pytest.raises(KeyboardInterrupt):
        await made.desk.run()
    assert made.standing() == [("fault", "alarm rules")]
