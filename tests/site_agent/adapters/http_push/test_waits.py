"""An answer that is owed comes, or what follows without it happens once."""

from __future__ import annotations

from site_agent.adapters.acd_events import AcdEvent, CallAnswered
from site_agent.adapters.http_push.waits import Waits

EVENT = CallAnswered(call_id="c")


def test_a_wait_ends_by_its_time_or_by_stop() -> None:
    waits = Waits()

    def then(now_s: float) -> list[AcdEvent]:
        return [EVENT]

    waits.start(("hold", "a"), 5.0, then)
    waits.start(("hold", "b"), 6.0, then)
    assert waits.next_s() == 5.0
    assert waits.due(4.9) == []
    assert waits.stop(("hold", "b"), ("hold", "c"))
    assert not waits.stop(("hold", "b"))
    assert waits.due(7.0) == [EVENT]
    assert waits.due(8.0) == [] and len(waits) == 0 and waits.next_s() is None


def test_what_follows_may_end_another_wait() -> None:
    waits = Waits()

    def first(now_s: float) -> list[AcdEvent]:
        waits.stop(("x", "2"))
        return []

    waits.start(("x", "1"), 1.0, first)
    waits.start(("x", "2"), 1.0, lambda now_s: [EVENT])
    assert waits.due(1.0) == []
