"""Spoils a good history as a broken network would have written it, to prove that checkers see it.

Rule of this file: each way names the invariant that must speak; one line is added or left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simulator.history import Line

Spoil = Callable[[list[Line]], list[Line] | None]


def spoiled(lines: Sequence[Line], name: str) -> list[Line] | None:
    """A copy with one fault in it; None if the history has nothing to spoil."""
    found = SPOILS[name][1](list(lines))
    return None if found is None else sorted(found, key=lambda line: line.at_s)


def _first(lines: Sequence[Line], kind: str, **fields: str) -> Line | None:
    for line in lines:
        if line.kind == kind and all(line.text(name) == text for name, text in fields.items()):
            return line
    return None


def _like(line: Line, later_s: float, kind: str = "", site: str = "", **fields: object) -> Line:
    return Line(
        at_s=line.at_s + later_s,
        site=site or line.site,
        kind=kind or line.kind,
        fields={**line.fields, **fields},
    )


def _agent_twice(lines: list[Line]) -> list[Line] | None:
    talk = _first(lines, "agent_call")
    return talk and [*lines, _like(talk, 1e-6, call="another", interaction="another")]


def _hold_on_busy_agent(lines: list[Line]) -> list[Line] | None:
    talk = _first(lines, "agent_call")
    if talk is None:
        return None
    fields = {"token": "nirc-spoiled", "queue": "sales", "places_max": 50}
    hold = _like(talk, 1e-6, kind="hold", **fields)
    return [*lines, hold, _like(hold, 1e-6, kind="hold_ended", why="expired")]


def _dropped_by_site(lines: list[Line]) -> list[Line] | None:
    for ended in lines:
        if ended.kind == "call_ended" and ended.text("released_by") == "agent":
            others = [one for one in lines if one is not ended]
            own = [one for one in others if one.text("interaction") == ended.text("interaction")]
            if not any(one.kind == "call_ended" for one in own):
                return [*others, _like(ended, 0.0, released_by="site", sip_status=500)]
    return None


def _sent_to_nowhere(lines: list[Line]) -> list[Line] | None:
    moved = next((one for one in lines if one.text("released_by") == "moved"), None)
    if moved is None:
        return None
    own = moved.text("interaction")
    gone = {one.text("call") for one in lines if one.text("interaction") == own}
    gone -= {moved.text("call")}
    return [one for one in lines if one.text("call") not in gone]


def _two_places(lines: list[Line]) -> list[Line] | None:
    talk = _first(lines, "call_connected")
    return talk and [*lines, _like(talk, 1e-6, site="elsewhere", call="another")]


def _obeys_deposed(lines: list[Line]) -> list[Line] | None:
    command = _first(list(reversed(lines)), "command")
    return command and [*lines, _like(command, 1e-6, generation=0)]


def _token_twice(lines: list[Line]) -> list[Line] | None:
    came = _first(lines, "call_arriving", verdict="accepted")
    return came and [*lines, _like(came, 1e-6, call="another")]


def _other_data(lines: list[Line]) -> list[Line] | None:
    for line in lines:
        if line.kind == "data" and line.text("digest") and line.text("reason") != "sent":
            others = [one for one in lines if one is not line]
            return [*others, _like(line, 0.0, digest="0" * 64)]
    return None


def _left_over(lines: list[Line]) -> list[Line] | None:
    ended = _first(lines, "hold_ended")
    return None if ended is None else [one for one in lines if one is not ended]


SPOILS: dict[str, tuple[str, Spoil]] = {
    "an agent on two calls": ("S1", _agent_twice),
    "a hold on an agent in a call": ("S1", _hold_on_busy_agent),
    "a caller dropped by the site": ("lost", _dropped_by_site),
    "a caller sent to nowhere": ("lost", _sent_to_nowhere),
    "a caller in two places": ("S3", _two_places),
    "a command of a deposed leader": ("S4", _obeys_deposed),
    "a token used twice": ("S5", _token_twice),
    "data changed on the way": ("S6", _other_data),
    "a hold left over": ("S10", _left_over),
}
