"""A queue is held back while it has one reason, and free when it has none."""

from site_agent.adapters.base import SetQueueClosed, SetQueueShifted
from site_agent.adapters.held_queues import HeldQueues


def test_each_reason_is_taken_back_by_itself() -> None:
    held = HeldQueues()
    assert "sales" not in held
    held.put(SetQueueClosed(queue="sales", closed=True))
    held.put(SetQueueShifted(queue="sales", shifted=True))
    held.put(SetQueueClosed(queue="sales", closed=False))
    assert "sales" in held and held.closed == set() and "help" not in held
    held.put(SetQueueShifted(queue="sales", shifted=False))
    assert "sales" not in held
