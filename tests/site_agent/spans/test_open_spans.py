"""What has begun and not ended."""

from nrcli.telemetry.call_traces import Side
from site_agent.spans.open_spans import OpenSpans, told, trace


def test_a_span_from_its_beginning_to_its_end() -> None:
    spans = OpenSpans("lisbon", 10)
    spans.at(5.0, 100.0)
    opened = spans.begin("move", "t", trace=1, ids=(2, 3), side=Side.CLIENT)
    spans.at(6.0, 100.0)
    spans.event(opened, "rung", {"nirc.method": "refer"})
    spans.event(None, "rung", {})
    spans.at(7.0, 100.5)
    spans.end("move", "t", {"nirc.outcome": "busy"}, "busy")
    spans.end("move", "unknown")
    (span,) = spans.take_ended()
    assert (span.trace, span.id, span.parent, span.side) == (1, 2, 3, Side.CLIENT)
    assert (span.began_unix_s, span.ended_unix_s) == (105.5, 107.5), "one clock for all of it"
    assert span.attributes == {"nirc.site": "lisbon", "nirc.outcome": "busy"}
    assert [(event.at_unix_s, event.name) for event in span.events] == [(106.5, "rung")]
    assert span.problem == "busy"
    assert not spans.take_ended() and len(spans) == 0


def test_the_oldest_are_given_up() -> None:
    spans = OpenSpans("lisbon", 3)
    for number in range(5):
        spans.begin("call", str(number), trace=1, ids=(number, 0))
    assert len(spans) == 3 and spans.given_up_count == 2
    assert spans.get("call", "1") is None and spans.get("call", "2") is not None


def test_notes_are_bounded_too() -> None:
    spans = OpenSpans("lisbon", 3)
    for number in range(5):
        spans.note(f"stay {number}", number)
    assert [spans.noted(f"stay {number}") for number in range(5)] == [0, 0, 2, 3, 4]


def test_empty_fields_are_no_attributes() -> None:
    fields = {"interaction": "i1", "agent": "", "sip_status": 0}
    assert told(fields, "agent", "sip_status", "missing") == {"nirc.sip_status": 0}
    assert trace(fields) > 0
