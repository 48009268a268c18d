"""Waiting in the network queue, and promises to call back."""

from span_lines import SESSION, TOKEN, Line, all_spans, ended, line, of_call, offered, spans_of

from nrcli.telemetry.call_traces import entry_span


def tried(outcome: str, at_s: float = 5.0) -> Line:
    more = {"target": "porto", "token": TOKEN, "outcome": outcome}
    return line(at_s, "callback_tried", entry="e1", interaction=SESSION, **more)


def test_the_network_queue() -> None:
    more = {"entry": "e1", "service": "sales", "trunk_group": "carrier", "priority": 2}
    begun = of_call(2.0, "entry_begun", since_s=1.0, **more)
    found = spans_of(offered(), begun, of_call(4.0, "entry_ended", entry="e1"), ended(9.0))
    waited = found["network queue"]
    assert waited.parent == found["call"].id and waited.attributes["nirc.priority"] == 2
    assert waited.ended_unix_s - waited.began_unix_s == 2.0


def test_who_is_moved_out_of_it_waits_until_they_are_gone() -> None:
    more = {"entry": "e1", "service": "sales", "trunk_group": "carrier", "priority": 2}
    begun = of_call(2.0, "entry_begun", since_s=1.0, **more)
    found = spans_of(offered(), begun, ended(9.0, by="moved"))
    assert found["network queue"].ended_unix_s == found["call"].ended_unix_s


def test_a_promise_outlives_its_call_and_each_try_is_told() -> None:
    begun = of_call(2.0, "callback_begun", entry="e1", queue="sales")
    over = line(9.0, "callback_ended", entry="e1", interaction=SESSION, why="answered")
    tries = (tried("busy"), tried("answered", 8.0))
    call, promise = all_spans(offered(), begun, ended(2.0, by="site"), *tries, over)
    assert (promise.id, promise.parent) == (entry_span("e1"), call.id)
    assert promise.attributes["nirc.why"] == "answered"
    outcomes = [event.attributes["nirc.outcome"] for event in promise.events]
    assert outcomes == ["busy", "answered"]
    assert TOKEN not in str(promise)


def test_a_promise_of_a_call_that_is_not_traced() -> None:
    assert not all_spans(tried("busy"))
