"""Actions leave in order; an alarm is told once while it stands."""

from site_agent.core.actions import ClearAlarm, RaiseAlarm, StartTimer, StopTimer, WriteHistory
from site_agent.core.outbox import Outbox


def test_in_order_and_once() -> None:
    out = Outbox()
    out.start("t", 1.0)
    out.write("hold", token="x")
    out.stop("t")
    assert [type(a) for a in out.take()] == [StartTimer, WriteHistory, StopTimer]
    assert out.take() == []


def test_alarms_stand_until_cleared() -> None:
    out = Outbox()
    out.alarm("a", "p", "text")
    out.alarm("a", "p", "text")
    out.clear("a", "p")
    out.clear("a", "p")
    assert [type(a) for a in out.take()] == [RaiseAlarm, ClearAlarm]


def test_nothing_is_sent_to_nobody() -> None:
    out = Outbox()
    out.send("", None)
    assert out.take() == []
