"""The leader's part of a trace."""

from dataclasses import replace

import pytest
from node_views import decision

from nirc.telemetry.decision_spans import span_of_decision
from nrcli.telemetry.call_traces import (
    Sampler,
    Side,
    decide_span,
    entry_span,
    route_span,
    trace_of,
)

ALL = Sampler(1.0)


def test_a_decision_is_a_child_of_the_sites_question() -> None:
    record = decision()
    span = span_of_decision(record, 1_000.0, ALL)
    assert span is not None
    epoch = record.epoch
    assert span.trace == trace_of(record.interaction_id)
    assert span.id == decide_span(record.request_id, epoch.generation, epoch.revision)
    assert span.parent == route_span(record.request_id)
    assert (span.began_unix_s, span.ended_unix_s) == (1_000.0 - record.took_s, 1_000.0)
    assert (span.name, span.side, span.problem) == ("decide", Side.SERVER, "")
    assert span.attributes["nirc.target"] == "porto"
    assert span.attributes["nirc.decision"] == record.decision_id


def test_nothing_of_a_person_is_told() -> None:
    record = replace(decision(), call=(("ani", "+351912345678"),), agent="dora")
    span = span_of_decision(record, 1_000.0, ALL)
    assert span is not None
    assert "dora" not in str(span) and "+3519" not in str(span)


def test_who_was_looked_for_unasked_is_a_child_of_the_wait() -> None:
    span = span_of_decision(replace(decision(), entry_id="e1"), 1_000.0, ALL)
    assert span is not None and span.parent == entry_span("e1")


def test_the_decision_of_another_leader_is_another_span() -> None:
    record = decision()
    later = replace(record, epoch=replace(record.epoch, revision=record.epoch.revision + 1))
    spans = [span_of_decision(one, 1_000.0, ALL) for one in (record, later)]
    assert len({span.id for span in spans if span}) == 2


def test_a_decision_for_an_edge_begins_its_trace() -> None:
    for changed in ({"origin_site": "(edge)"}, {"outcome": "redirect_default"}):
        span = span_of_decision(replace(decision(), **changed), 1_000.0, ALL)
        assert span is not None and span.parent == 0


@pytest.mark.parametrize("outcome", ["deadline", "not_leading"])
def test_a_decision_that_failed(outcome: str) -> None:
    span = span_of_decision(replace(decision(), outcome=outcome), 1_000.0, ALL)
    assert span is not None and span.problem == outcome


def test_shadows_and_what_is_not_sampled_are_left_out() -> None:
    assert span_of_decision(replace(decision(), mode="shadow"), 1_000.0, ALL) is None
    assert span_of_decision(decision(), 1_000.0, Sampler(0.0)) is None
