"""The JSON form of the adapter contract: one model for each event, command and part of them.

Rule of this file: models are made from the contract's own dataclasses, so that neither can say what
the other cannot. On the wire every time is a duration in whole milliseconds, `_ms`; never an
instant.
"""

from __future__ import annotations

import json
import re
import typing
from dataclasses import MISSING, Field, fields
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, JsonValue, create_model
from pydantic import Field as Bounded

from nrcli.wire.messages import AgentQueue

NAME_LETTERS_MAX = 128
TEXT_LETTERS_MAX = 1024
MS_MAX = 7 * 24 * 3600 * 1000
COUNT_MAX = 1_000_000
MEMBERSHIP = tuple[AgentQueue, ...]
LISTED_MAX = 200
"Queues that one agent may be in."
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"

Ms = Annotated[int, Bounded(ge=0, le=MS_MAX)]
Count = Annotated[int, Bounded(ge=0, le=COUNT_MAX)]
Name = Annotated[str, Bounded(min_length=1, max_length=NAME_LETTERS_MAX, pattern=PRINTABLE)]
Text = Annotated[str, Bounded(max_length=TEXT_LETTERS_MAX, pattern=PRINTABLE)]
Data = dict[str, JsonValue] | None
Status = Annotated[int, Bounded(ge=0, le=699)]

NAMES = {"agent", "queue", "trunk_group", "hold_id", "call_id", "move_id", "token", "invite_key"}
"Fields that are never empty, unless the contract or the command lets them be."
WORDS: dict[str, Any] = {
    "CallEnded.released_by": Literal["caller", "agent", "site", "moved", "redirected"],
    "CallBlocked.reason": Literal["channels", "load", "places", "blocked"],
    "HoldRefused.reason": Literal["no_agent", "no_place", "closed", "unknown"],
    "CallerDialed.outcome": Literal["answered", "busy", "no_answer", "failed"],
    "AgentQueue.level": Annotated[int, Bounded(ge=1, le=10)],
}
"Texts that are one of a few words, and numbers with bounds of their own."
RENAMED = {
    "ewt_s_max": "ewt_max_ms",
    "ewt_s_min": "ewt_min_ms",
    "oldest_offered_at_s": "oldest_waited_ms",
    "from_unix_s": "from_in_ms",
    "until_unix_s": "until_in_ms",
}
"Fields with a name of their own on the wire; an instant of the contract is a duration there."
KEPT_IN = {"AgentChanged.holdable", "CallEnded.facts"}
"What the site agent knows for itself."
MAY_LACK = {
    "AcceptArrival.hold_id",
    "CallArriving.invite_key",
    "CallBlocked.queue",
    "CallOffered.interaction_id",
    "CallOffered.service",
    "ReleaseHold.hold_id",
}
"What may be empty: a CTI need not know it, or the command says what that means."


class WireModel(BaseModel):
    """A part of a message: unknown keys are errors, and a number is never taken for a text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def wire_type(kind: type) -> str:
    """`HoldAgent` is `hold_agent` on the wire.

    >>> wire_type(AgentQueue)
    'agent_queue'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def wire_name(name: str) -> str:
    """The name of a field on the wire.

    >>> wire_name("waited_s"), wire_name("queue"), wire_name("oldest_offered_at_s")
    ('waited_ms', 'queue', 'oldest_waited_ms')
    """
    if name in RENAMED:
        return RENAMED[name]
    return f"{name[:-2]}_ms" if name.endswith("_s") else name


@cache
def wire_model(kind: Any) -> type[WireModel]:
    """The model of a dataclass of the contract, with its `type` where it is a message."""
    hints = typing.get_type_hints(kind)
    made: dict[str, Any] = {}
    is_needed = {field.name for field in fields(kind) if field.default is MISSING}
    if kind is not AgentQueue:
        word = wire_type(kind)
        made["type"] = (Literal[word], word)
    for field in fields(kind):
        place = f"{kind.__name__}.{field.name}"
        if place not in KEPT_IN:
            may_lack = field.name not in is_needed or place in MAY_LACK
            annotation = _annotation(place, field.name, hints[field.name], may_lack=may_lack)
            made[wire_name(field.name)] = (annotation, _default(place, field, annotation))
    doc = (kind.__doc__ or "").strip().replace("`", "")
    return create_model(kind.__name__, __base__=WireModel, __doc__=doc, **made)


def _annotation(place: str, name: str, hint: Any, *, may_lack: bool) -> Any:
    if place in WORDS:
        return WORDS[place]
    if hint is bytes:
        return Data
    if name == "oldest_offered_at_s" or place == "Announce.ewt_s":
        return Ms | None
    if hint is float:
        return Ms
    if hint is int:
        return Status if name == "sip_status" else Count
    if hint is str:
        return Name if name in NAMES and not may_lack else Text
    if hint == MEMBERSHIP:
        listed: Any = tuple.__class_getitem__((wire_model(AgentQueue), ...))
        return Annotated[listed, Bounded(max_length=LISTED_MAX)]
    return hint


def _default(place: str, field: Field[Any], annotation: Any) -> Any:
    if annotation == Data or annotation == Ms | None:
        return None if field.default is not MISSING or annotation == Data else ...
    if place in MAY_LACK:
        return ""
    if field.default is MISSING:
        return ...
    if isinstance(field.default, float):
        return round(field.default * 1000)
    return field.default


@cache
def _wire_fields(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple(
        (field.name, wire_name(field.name), hints[field.name])
        for field in fields(kind)
        if f"{kind.__name__}.{field.name}" not in KEPT_IN
    )


def as_wire(value: object) -> dict[str, JsonValue]:
    """An object of the contract as what `json.dumps` takes; what is at its default is said too."""
    kind: Any = type(value)
    told: dict[str, JsonValue] = {} if kind is AgentQueue else {"type": wire_type(kind)}
    for name, wire, hint in _wire_fields(kind):
        told[wire] = _plain(name, hint, getattr(value, name))
    return told


def _plain(name: str, hint: object, value: Any) -> JsonValue:
    if hint is bytes:
        return cast("JsonValue", json.loads(value)) if value else None
    if hint is float:
        return None if name == "ewt_s" and value < 0 else min(max(round(value * 1000), 0), MS_MAX)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return [as_wire(part) for part in value]
    return cast("JsonValue", value)


def contract_values(kind: Any, model: BaseModel) -> dict[str, Any]:
    """The fields of `kind` that a message filled, durations in seconds; data and instants as they
    came, for the caller to read."""
    values: dict[str, Any] = {}
    for name, wire, hint in _wire_fields(kind):
        value = getattr(model, wire)
        if hint is float:
            value = value / 1000
        elif hint == MEMBERSHIP:
            value = tuple(AgentQueue(queue=one.queue, level=one.level) for one in value)
        values[name] = value
    return values
