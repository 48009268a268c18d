"""The alarm of a full queue comes once, and goes when there is room again."""

from __future__ import annotations

from typing import Any

from nirc.core.actions import ClearAlarm, RaiseAlarm
from nirc.core.alarms import Alarms
from nirc.core.network_queue import NetworkQueue
from nirc.core.queue_fullness import QueueFullness
from nirc.core.settings import RouterSettings
from nirc.core.site_state import Change
from nrcli.wire.messages import WaitingCallReport

SETTINGS = RouterSettings(queue_entries_per_site_max=10, queue_entries_per_service_max=100)


def fill(queue: NetworkQueue, count: int) -> None:
    for number in range(12):
        report = WaitingCallReport(
            call_id=f"c{number}",
            interaction_id=f"i{number}",
            queue="sales",
            service="sales",
            priority=0,
            waited_s=1.0,
            entry_id=f"e{number}",
        )
        new = report if number < count else None
        queue.changed("porto", [Change(("waiting", report.call_id), None, new)], 1.0)


def told(fullness: QueueFullness, *, leads: bool = True) -> list[tuple[str, str]]:
    out: list[Any] = []
    fullness.look(leads, out)
    return [
        (type(one).__name__, one.place) for one in out if isinstance(one, RaiseAlarm | ClearAlarm)
    ]


def test_it_stands_until_there_is_room_for_some() -> None:
    queue = NetworkQueue(SETTINGS)
    fullness = QueueFullness(queue, Alarms(SETTINGS), SETTINGS)
    fill(queue, 9)
    assert told(fullness) == []
    fill(queue, 10)
    assert told(fullness) == [("RaiseAlarm", "site porto")] and told(fullness) == []
    fill(queue, 8)
    assert told(fullness) == []
    fill(queue, 7)
    assert told(fullness) == [("ClearAlarm", "site porto")]


def test_who_does_not_lead_tells_nothing_and_takes_back_what_it_told() -> None:
    queue = NetworkQueue(SETTINGS)
    fullness = QueueFullness(queue, Alarms(SETTINGS), SETTINGS)
    fill(queue, 10)
    assert told(fullness, leads=False) == []
    assert told(fullness) == [("RaiseAlarm", "site porto")]
    assert told(fullness, leads=False) == [("ClearAlarm", "site porto")]
