"""Spans of a call's stay at this site, and of the talk in it.

Rule of this file: pure. A caller who was moved here is a child of the move, which the other site
tells; one who came back is a child of their first stay.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nrcli.telemetry.call_traces import (
    Sampler,
    Side,
    call_span,
    hold_span,
    move_span,
    span_of,
)
from site_agent.spans.open_spans import Fields, OpenSpan, OpenSpans, told, trace

EVENTS: dict[str, tuple[str, ...]] = {
    "call_answered": (),
    "call_arrived": (),
    "silence_begun": (),
    "silence_ended": (),
    "announcement": ("name",),
    "call_rejected": ("reason",),
    "callback_refused": ("reason",),
    "data": ("reason",),
    "transfer_ended": ("outcome", "sip_status"),
    "plan_refused": ("reason",),
}
"What is an event of its call, with these of its fields."


class CallStays:
    """Spans `call` and `talk`."""

    def __init__(self, spans: OpenSpans, sampler: Sampler) -> None:
        self._spans = spans
        self._sampler = sampler

    def takes(self) -> dict[str, Callable[[Fields], None]]:
        """What is done with each kind of line."""
        events = {kind: partial(self._event, kind, names) for kind, names in EVENTS.items()}
        return {
            **events,
            "call_offered": self._offered,
            "call_arriving": self._arriving,
            "call_resumed": self._resumed,
            "call_connected": self._connected,
            "transfer_begun": self._transfer_begun,
            "call_ended": self._ended,
            "callback_dialed": self._dialed,
        }

    def _offered(self, fields: Fields) -> None:
        call = str(fields["call"])
        if self._spans.get("call", call) is not None:
            self._event("call_offered", ("queue",), fields)
            return
        parent = self._spans.noted(f"dialed {call}")
        self._begin(fields, parent, Side.SERVER if parent else Side.INTERNAL)

    def _arriving(self, fields: Fields) -> None:
        verdict = str(fields["verdict"])
        if verdict == "returned":
            before = self._spans.noted(f"stay {fields['interaction']}")
            self._begin(fields, before, Side.INTERNAL)
            return
        opened = self._begin(fields, move_span(str(fields["token"])), Side.SERVER)
        if opened is not None and verdict == "refused":
            self._spans.end("call", str(fields["call"]), problem="the arrival is refused")

    def _resumed(self, fields: Fields) -> None:
        token = str(fields["token"])
        opened = self._begin(fields, move_span(token) if token else 0, Side.INTERNAL)
        if opened is not None:
            opened.attributes["nirc.resumed"] = True

    def _begin(self, fields: Fields, parent: int, side: Side) -> OpenSpan | None:
        call, interaction = str(fields["call"]), str(fields["interaction"])
        if not self._sampler.takes(interaction):
            return None
        ids = (call_span(self._spans.site, call), parent)
        opened = self._spans.begin("call", call, trace=trace(fields), ids=ids, side=side)
        opened.attributes |= told(fields, "queue", "trunk_group", "verdict")
        self._spans.note(f"stay {interaction}", opened.id)
        return opened

    def _connected(self, fields: Fields) -> None:
        spans, key = self._spans, str(fields["call"])
        call = spans.get("call", key)
        if call is not None and spans.get("talk", key) is None:
            talk = span_of("talk", spans.site, key, spans.at_s)
            spans.begin("talk", key, trace=call.trace, ids=(talk, call.id))
            call.ends_with_it.append(("talk", key))

    def _transfer_begun(self, fields: Fields) -> None:
        self._spans.end("talk", str(fields["call"]))
        self._event("transfer_begun", ("service",), fields)

    def _ended(self, fields: Fields) -> None:
        told_of_it = told(fields, "released_by", "sip_status")
        self._spans.end("call", str(fields["call"]), told_of_it)

    def _dialed(self, fields: Fields) -> None:
        """We call somebody back, under the promise of another site or our own."""
        token, interaction = str(fields["token"]), str(fields["interaction"])
        if self._sampler.takes(interaction):
            own = self._spans.noted(f"stay {interaction}")
            parent = hold_span(token) if token else own
            self._spans.note(f"dialed {fields['call']}", parent)

    def _event(self, kind: str, names: tuple[str, ...], fields: Fields) -> None:
        opened = self._spans.get("call", str(fields["call"]))
        self._spans.event(opened, kind, told(fields, *names))
