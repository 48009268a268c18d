"""Turns what the core tells the history into spans: this site's part of each call's trace.

Rule of this file: pure. No number, token, agent or data goes into a span. Parents that other
programs make are named by ids that both work out alike (`nrcli.telemetry.call_traces`).
"""

from __future__ import annotations

from nrcli.telemetry.call_traces import Sampler, Span
from site_agent.spans.of_calls import CallStays
from site_agent.spans.of_moves import Moves
from site_agent.spans.of_waiting import Waiting
from site_agent.spans.open_spans import Fields, OpenSpans


class SiteSpans:
    """All of one site."""

    def __init__(self, site: str, sampler: Sampler, open_max: int) -> None:
        """`open_max`: spans that may have begun and not ended."""
        self._spans = OpenSpans(site, open_max)
        self._takes = {
            **CallStays(self._spans, sampler).takes(),
            **Moves(self._spans, sampler).takes(),
            **Waiting(self._spans).takes(),
        }

    @property
    def open_count(self) -> int:
        """Spans that have begun and not ended."""
        return len(self._spans)

    @property
    def given_up_count(self) -> int:
        """Spans that were not waited for, for too many were open."""
        return self._spans.given_up_count

    def take(self, kind: str, fields: Fields, at_s: float, unix_offset_s: float) -> list[Span]:
        """One line of the history, written at `at_s`; the spans that it ended. `unix_offset_s` is
        wall time minus boot time."""
        take = self._takes.get(kind)
        if take is None:
            return []
        self._spans.at(at_s, unix_offset_s)
        take(fields)
        return self._spans.take_ended()
