"""Spans of waiting in the network queue, and of promises to call back.

Rule of this file: pure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nrcli.telemetry.call_traces import entry_span
from site_agent.spans.open_spans import Fields, OpenSpan, OpenSpans, told

QUEUED, PROMISED = "network queue", "callback"


class Waiting:
    """Spans `network queue` and `callback`."""

    def __init__(self, spans: OpenSpans) -> None:
        self._spans = spans

    def takes(self) -> dict[str, Callable[[Fields], None]]:
        """What is done with each kind of line."""
        return {
            "entry_begun": partial(self._begun, QUEUED),
            "entry_ended": partial(self._ended, QUEUED),
            "callback_begun": partial(self._begun, PROMISED),
            "callback_tried": self._tried,
            "callback_ended": partial(self._ended, PROMISED),
        }

    def _begun(self, name: str, fields: Fields) -> None:
        call, entry = self._call(fields), str(fields["entry"])
        if call is not None:
            ids = (entry_span(entry), call.id)
            opened = self._spans.begin(name, entry, trace=call.trace, ids=ids)
            opened.attributes |= told(fields, "entry", "service", "priority", "queue")
            if name == QUEUED:  # of a call that is moved the history tells no end
                call.ends_with_it.append((name, entry))
                call.cause = call.waits = opened.id

    def _ended(self, name: str, fields: Fields) -> None:
        opened, call = self._spans.get(name, str(fields["entry"])), self._call(fields)
        if opened is not None and call is not None and call.waits == opened.id:
            call.cause = call.waits = 0
        self._spans.end(name, str(fields["entry"]), told(fields, "why"))

    def _tried(self, fields: Fields) -> None:
        opened = self._spans.get(PROMISED, str(fields["entry"]))
        self._spans.event(opened, "callback_tried", told(fields, "target", "outcome"))

    def _call(self, fields: Fields) -> OpenSpan | None:
        return self._spans.get("call", str(fields.get("call", "")))
