"""A command is told until it is acknowledged, always with its own number."""

from __future__ import annotations

from site_agent.adapters.acd_commands import Announce, HoldPlace, PutBack
from site_agent.adapters.http_push.outbox import Outbox

A, B, C = (PutBack(call_id=name) for name in "abc")


def outbox(count_max: int = 10) -> Outbox:
    return Outbox(resend_s=2.0, count_max=count_max)


def test_commands_are_numbered_and_told_again_until_acknowledged() -> None:
    box = outbox()
    assert box.put(A, 1.0) and box.put(B, 1.0)
    assert box.due(1.0) == [(1, A), (2, B)]
    assert box.due(2.0) == [] and box.next_s() == 3.0
    box.acknowledge(1)
    assert box.due(3.0) == [(2, B)]
    assert (box.get(1), box.get(2), len(box), box.oldest_s()) == (None, B, 1, 1.0)
    box.acknowledge(99)
    assert (box.next_s(), box.oldest_s(), box.last_number) == (None, None, 2)


def test_a_reader_gets_what_it_does_not_have() -> None:
    box = outbox()
    for command in (A, B, C):
        box.put(command, 1.0)
    assert box.after(1, 5.0) == [(2, B), (3, C)]
    assert box.due(5.0) == [(1, A)]


def test_too_many_are_refused() -> None:
    box = outbox(count_max=1)
    assert box.put(A, 1.0)
    assert not box.put(B, 1.0)
    assert box.refused_count == 1
    box.acknowledge(1)
    assert box.put(B, 1.0) and box.last_number == 2


def test_a_new_session_begins_with_what_still_means_something() -> None:
    box = outbox()
    for command in (
        HoldPlace(hold_id="h", queue="q"),
        A,
        Announce(call_id="a", position=1, ewt_s_min=0.0, ewt_s_max=1.0),
    ):
        box.put(command, 1.0)
    box.begin_anew([B], 9.0)
    assert box.due(9.0) == [(1, B), (2, A)]
