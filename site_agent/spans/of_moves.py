"""Spans of questions to NIRC, of moves to other sites, and of what is held for their calls.

Rule of this file: pure. A hold is a child of the leader's decision, which the leader tells; a move
is a child of the question whose answer it carries out.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.telemetry.call_traces import (
    Sampler,
    Side,
    decide_span,
    hold_span,
    move_span,
    route_span,
)
from site_agent.spans.open_spans import Fields, OpenSpan, OpenSpans, told, trace

WENT_WELL = ("arrived", "to_handler", "caller_gone", "served_at_home")


class Moves:
    """Spans `route`, `move` and `hold`."""

    def __init__(self, spans: OpenSpans, sampler: Sampler) -> None:
        self._spans = spans
        self._sampler = sampler

    def takes(self) -> dict[str, Callable[[Fields], None]]:
        """What is done with each kind of line."""
        return {
            "request_begun": self._request_begun,
            "answer": self._answer,
            "request_ended": self._request_ended,
            "move_started": self._move_started,
            "move_ended": self._move_ended,
            "hold": self._hold,
            "hold_ended": self._hold_ended,
        }

    def _request_begun(self, fields: Fields) -> None:
        call, request = self._call(fields), str(fields["request"])
        if call is not None:
            opened = self._spans.begin(
                "route",
                request,
                trace=call.trace,
                ids=(route_span(request), call.id),
                side=Side.CLIENT,
            )
            opened.attributes |= told(fields, "request", "about")
            call.cause = opened.id

    def _answer(self, fields: Fields) -> None:
        opened = self._spans.get("route", str(fields["request"]))
        if opened is not None:
            names = ("outcome", "policy", "version", "decision", "reason")
            opened.attributes |= told(fields, *names)

    def _request_ended(self, fields: Fields) -> None:
        problem, call = str(fields["why"]) if fields["how"] == "failed" else "", self._call(fields)
        if call is not None:
            call.cause = call.waits
        self._spans.end("route", str(fields["request"]), told(fields, "how", "why"), problem)

    def _move_started(self, fields: Fields) -> None:
        token = str(fields["token"])
        opened, call = self._spans.get("move", token), self._call(fields)
        if opened is None and call is not None:
            ids = (move_span(token), call.cause or call.id)
            opened = self._spans.begin("move", token, trace=call.trace, ids=ids, side=Side.CLIENT)
            opened.attributes |= told(fields, "target")
        self._spans.event(opened, "rung", told(fields, "method"))

    def _move_ended(self, fields: Fields) -> None:
        outcome = str(fields["outcome"])
        problem = "" if outcome in WENT_WELL else outcome
        names = ("outcome", "method", "sip_status")
        self._spans.end("move", str(fields["token"]), told(fields, *names), problem)

    def _hold(self, fields: Fields) -> None:
        if not self._sampler.takes(str(fields["interaction"])):
            return
        token, request = str(fields["token"]), str(fields["request"])
        epoch = (int(fields["generation"]), int(fields["revision"]))
        ids = (hold_span(token), decide_span(request, *epoch) if request else 0)
        opened = self._spans.begin("hold", token, trace=trace(fields), ids=ids, side=Side.SERVER)
        opened.attributes |= told(fields, "queue", "origin", "request", "expires_s")

    def _hold_ended(self, fields: Fields) -> None:
        self._spans.end("hold", str(fields["token"]), told(fields, "why"))

    def _call(self, fields: Fields) -> OpenSpan | None:
        return self._spans.get("call", str(fields["call"]))
