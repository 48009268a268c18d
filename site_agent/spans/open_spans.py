"""Keeps the spans of this site that have begun, and makes them whole when they end.

Rule of this file: no more is kept than is allowed; what never ends is given up, oldest first, and
counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nrcli.telemetry.call_traces import Side, Span, SpanEvent, Value, trace_of

Fields = Mapping[str, str | int | float | bool]
"Of one line of the history."


@dataclass(slots=True, kw_only=True)
class OpenSpan:
    """One span that has begun."""

    trace: int
    id: int
    parent: int
    name: str
    began_s: float
    side: Side
    attributes: dict[str, Value] = field(default_factory=dict)
    events: list[tuple[float, str, dict[str, Value]]] = field(default_factory=list)
    cause: int = 0
    "Of a call: the span of whom a move carries out the outcome; 0: the call's own."
    waits: int = 0
    "Of a call: its span in the network queue; 0: it waits at home alone."
    ends_with_it: list[tuple[str, str]] = field(default_factory=list)
    "Names and keys of spans that last no longer than this one."


class OpenSpans:
    """By name and key. `at` says what time it is, before anything else of a line."""

    def __init__(self, site: str, open_max: int) -> None:
        self.site = site
        self._open_max = open_max
        self._open: dict[tuple[str, str], OpenSpan] = {}
        self.given_up_count = 0
        self.at_s = self._offset_s = 0.0
        self._ended: list[Span] = []
        self._notes: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._open)

    def at(self, at_s: float, unix_offset_s: float) -> None:
        """It is this boot time; `unix_offset_s` later on the wall."""
        self.at_s, self._offset_s = at_s, unix_offset_s

    def take_ended(self) -> list[Span]:
        """What has ended since the last look."""
        ended, self._ended = self._ended, []
        return ended

    def get(self, name: str, key: str) -> OpenSpan | None:
        """One that is open."""
        return self._open.get((name, key))

    def begin(
        self, name: str, key: str, *, trace: int, ids: tuple[int, int], side: Side = Side.INTERNAL
    ) -> OpenSpan:
        """One begins now. `ids`: its own and its parent's, 0 for none."""
        opened = OpenSpan(
            trace=trace, id=ids[0], parent=ids[1], name=name, began_s=self.at_s, side=side
        )
        self._open[name, key] = opened
        if len(self._open) > self._open_max:
            del self._open[next(iter(self._open))]
            self.given_up_count += 1
        return opened

    def end(
        self, name: str, key: str, told: Mapping[str, Value] | None = None, problem: str = ""
    ) -> None:
        """One is over; unknown ones are fine."""
        opened = self._open.pop((name, key), None)
        if opened is not None:
            for inner in opened.ends_with_it:
                self.end(*inner)
            opened.attributes |= told or {}
            self._ended.append(self._whole(opened, problem))

    def event(self, opened: OpenSpan | None, name: str, told: dict[str, Value]) -> None:
        """Something happened during a span, if it is open."""
        if opened is not None:
            opened.events.append((self.at_s, name, told))

    def note(self, what: str, span: int) -> None:
        """Remember a span that is a parent later."""
        self._notes.pop(what, None)
        self._notes[what] = span
        if len(self._notes) > self._open_max:
            del self._notes[next(iter(self._notes))]

    def noted(self, what: str) -> int:
        """The span of a note, or 0."""
        return self._notes.get(what, 0)

    def _whole(self, opened: OpenSpan, problem: str) -> Span:
        offset_s = self._offset_s
        return Span(
            trace=opened.trace,
            id=opened.id,
            parent=opened.parent,
            name=opened.name,
            began_unix_s=opened.began_s + offset_s,
            ended_unix_s=self.at_s + offset_s,
            side=opened.side,
            attributes={"nirc.site": self.site, **opened.attributes},
            events=tuple(
                SpanEvent(at_unix_s=at_s + offset_s, name=name, attributes=told)
                for at_s, name, told in opened.events
            ),
            problem=problem,
        )


def told(fields: Fields, *names: str) -> dict[str, Value]:
    """These fields as attributes, empty ones left out."""
    return {f"nirc.{name}": fields[name] for name in names if fields.get(name, "") != ""}


def trace(fields: Fields) -> int:
    """The trace that a line belongs to."""
    return trace_of(str(fields["interaction"]))
