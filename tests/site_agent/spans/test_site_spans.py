"""One site's part of each trace. Whole traces: tests/simulation/test_traces.py."""

from __future__ import annotations

from span_lines import ended, offered

from nrcli.telemetry.call_traces import Sampler
from site_agent.spans.site_spans import SiteSpans


def test_a_call_that_is_not_sampled_leaves_nothing() -> None:
    spans = SiteSpans("lisbon", Sampler(0.0), 100)
    for at_s, kind, fields in (offered(), ended(2.0)):
        assert not spans.take(kind, fields, at_s, 0.0)
    assert spans.open_count == 0 and spans.given_up_count == 0


def test_lines_that_say_nothing_of_a_call_are_passed_over() -> None:
    spans = SiteSpans("lisbon", Sampler(1.0), 100)
    assert not spans.take("tier", {"tier": 2}, 1.0, 0.0)
