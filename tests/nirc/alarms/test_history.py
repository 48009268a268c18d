"""What stands follows from what happened; the list stays bounded and no alarm is left behind."""

from typing import Any

from nirc.alarms.history import Row, left_behind, newest_first, standing, told_key, too_many
from nrcli.wire.alarm_models import AlarmEvent


def row(number: int, happened: str, code: str = "c", **more: Any) -> Row:
    said = {"place": "p", "node": "n1", "severity": "major"} | more
    event = AlarmEvent.model_validate(
        {"id": f"{number:03d}", "at_unix_s": number, "code": code, "happened": happened} | said
    )
    return Row(event, number)


def test_each_nodes_alarms_are_its_own_and_those_of_the_network_are_one() -> None:
    rows = [
        row(1, "raised"),
        row(2, "raised", node="n2"),
        row(3, "cleared"),
        row(4, "raised", code="d", network=True),
        row(5, "acknowledged", code="d", network=True),
        row(6, "cleared", code="d", network=True, node="n2"),
    ]
    assert list(standing(rows)) == [("c", "p", "n2")]
    assert list(standing(rows[:5])) == [("c", "p", "n2"), ("d", "p", "")]


def test_what_has_no_place_is_at_its_node() -> None:
    assert told_key(row(1, "raised", place="").event) == ("c", "n1")
    assert told_key(row(1, "raised", place="", network=True).event) == ("c", "")


def test_the_oldest_go_but_not_what_raised_what_stands() -> None:
    rows = [row(1, "raised"), row(2, "raised", code="d"), row(3, "cleared", code="d")]
    rows += [row(4, "raised", code="e"), row(5, "cleared", code="e")]
    assert [one.event.id for one in too_many(rows, 3)] == ["002", "003"]
    assert too_many(rows, 5) == []
    assert [one.event.id for one in too_many([row(n, "raised", str(n)) for n in range(9)], 3)] == []


def test_nobody_is_left_to_clear_them() -> None:
    rows = [
        row(1, "raised"),
        row(2, "raised", code="here"),
        row(3, "raised", node="n2"),
        row(4, "raised", code="net", network=True, node="n2"),
    ]
    here = {("here", "p")}

    def found(node: str, away: set[str], leads: bool) -> list[str]:
        return [one.id for one in left_behind(rows, node, here, away, leads)]

    assert found("n1", set(), leads=False) == ["001"]  # of before this node's start
    assert found("n1", {"n2"}, leads=False) == ["001"]
    assert found("n1", {"n2"}, leads=True) == ["001", "003", "004"]
    assert found("n3", set(), leads=True) == ["004"]


def test_newest_first_by_the_clock_on_the_wall() -> None:
    rows = [row(1, "raised"), Row(row(9, "raised").event, None), row(5, "cleared")]
    assert [one.id for one in newest_first(rows)] == ["009", "005", "001"]
