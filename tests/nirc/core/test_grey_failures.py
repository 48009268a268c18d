"""What is slow for its time is one alarm; it ends when nothing was slow for long."""

from __future__ import annotations

from nirc.core.actions import Action, ClearAlarm, RaiseAlarm
from nirc.core.alarms import Alarms
from nirc.core.events import EtcdWrote, LoopWoke
from nirc.core.grey_failures import GreyFailures
from nirc.core.settings import RouterSettings

SETTINGS = RouterSettings(etcd_slow_s=0.3, node_slow_s=0.25, slow_after_s=4.0, slow_over_s=10.0)


class Looked:
    """Grey failures of a node whose etcd answers until `away`."""

    def __init__(self) -> None:
        self.away = False
        self.grey = GreyFailures(SETTINGS, Alarms(SETTINGS), lambda now_s: not self.away)
        self.out: list[Action] = []

    def wrote(self, took_s: float, at_s: float, problem: str = "") -> Looked:
        self.grey.etcd_wrote(EtcdWrote(took_s=took_s, problem=problem), at_s, self.out)
        return self

    def woke(self, late_s: float, at_s: float, waited_share: float = 0.0) -> Looked:
        event = LoopWoke(late_s=late_s, waited_share=waited_share)
        self.grey.loop_woke(event, at_s, self.out)
        return self

    def swept(self, at_s: float) -> Looked:
        self.grey.sweep(at_s, self.out)
        return self

    def told(self) -> list[tuple[str, str, str]]:
        found = [
            (type(action).__name__, action.code, action.place)
            for action in self.out
            if isinstance(action, RaiseAlarm | ClearAlarm)
        ]
        self.out.clear()
        return found


def test_slow_writes_are_told_once_and_end_when_nothing_was_slow_for_long() -> None:
    looked = Looked()
    for at_s in (11.0, 12.0, 14.0):
        looked.wrote(0.9, at_s)
    assert looked.told() == []
    looked.wrote(0.9, 14.2).wrote(1.2, 16.0)
    assert looked.told() == [("RaiseAlarm", "etcd_slow", "etcd")]
    looked.wrote(0.01, 17.0).wrote(0.2, 20.0).wrote(0.01, 25.0).swept(29.9)
    assert looked.told() == [], "0.2 s is not good yet"
    assert looked.swept(30.0).told() == [("ClearAlarm", "etcd_slow", "etcd")]
    assert looked.wrote(0.01, 31.0).swept(60.0).told() == []


def test_a_good_write_between_begins_anew() -> None:
    looked = Looked()
    looked.wrote(0.9, 11.0).wrote(0.01, 13.0).wrote(0.9, 14.0).wrote(0.9, 16.0)
    assert looked.told() == []


def test_writes_that_fail_are_slow_unless_etcd_is_away() -> None:
    looked = Looked()
    looked.wrote(0.01, 11.0, "no space").wrote(0.01, 16.0, "no space")
    (raised,) = (action for action in looked.out if isinstance(action, RaiseAlarm))
    assert "no space" in raised.text
    looked = Looked()
    looked.away = True
    assert looked.wrote(4.0, 11.0, "silent").wrote(4.0, 16.0, "silent").told() == []


def test_a_node_that_leads_no_more_stops_to_measure_and_its_alarm_ends() -> None:
    looked = Looked()
    looked.wrote(0.9, 11.0).wrote(0.9, 15.5).swept(25.5)
    assert [name for name, *_ in looked.told()] == ["RaiseAlarm", "ClearAlarm"]


def test_a_loop_that_runs_late_is_told() -> None:
    looked = Looked()
    looked.woke(1.0, 11.0).woke(0.6, 13.0).woke(0.3, 15.0)
    assert looked.told() == [("RaiseAlarm", "node_slow", "")]
    assert looked.woke(0.0, 16.0).swept(25.0).told() == [("ClearAlarm", "node_slow", "")]


def test_a_loop_that_waits_for_a_processor_is_told_though_it_is_hardly_late() -> None:
    """A control group that gives 5 ms of each 100: what is small comes 0.1 s late, no more."""
    looked = Looked()
    for at_s in (11.0, 12.0, 13.0, 14.0):
        looked.woke(0.09, at_s, 0.7)
    assert looked.told() == []
    looked.woke(0.09, 15.0, 0.25)
    (raised,) = (action for action in looked.out if isinstance(action, RaiseAlarm))
    assert raised.code == "node_slow" and "25% of the time" in raised.text
    looked.told()
    assert looked.woke(0.0, 16.0, 0.1).swept(25.0).told() == [("ClearAlarm", "node_slow", "")]
