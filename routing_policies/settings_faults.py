"""Says in words what is wrong with a settings file, each mistake with its line.

Rule of this file: unknown keys come first, each with the nearest known one, because they are often
why another is missing; then what is missing, then values that cannot be. No library's words or
program text reach the reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from routing_policies.errors import Fault, told
from routing_policies.text_places import Positioned, place_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Steps = tuple[str | int, ...]

FAULTS_TOLD_MAX = 20
_ORDER = {"extra_forbidden": 0, "missing": 1}
_WHOLE_NUMBER, _NUMBER = "should be a whole number", "should be a number"
_SECTION = "should be a section of its own (name: value, indented)"
_PROBLEMS = {
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "string_type": "should be text (put it in quotes)",
    "path_type": "should be the path of a file",
    "tuple_type": "should be a list, such as [a, b]",
    "model_type": _SECTION,
    "model_attributes_type": _SECTION,
    "dict_type": _SECTION,
    "string_too_short": "should not be empty",
    "greater_than_equal": "should be at least {ge}",
    "greater_than": "should be above {gt}",
    "less_than_equal": "should be at most {le}",
    "less_than": "should be below {lt}",
    "too_short": "needs at least {min_length}",
    "too_long": "takes at most {max_length}",
    "string_too_long": "should have at most {max_length} characters",
    "literal_error": "should be {expected}",
    "union_tag_invalid": "kind should be one of {expected_tags}",
    "union_tag_not_found": "kind is missing",
}
_PLACE_IN_WORDS = re.compile(r"([a-z_\[][^\s:]*): (.+)", re.DOTALL)


def settings_faults(
    error: ValidationError, *, read: Positioned, model: type[BaseModel], source: str
) -> list[Fault]:
    """Every mistake that the model found in `read`, in the order a person would mend them."""
    found = sorted(
        error.errors(include_url=False), key=lambda item: _ORDER.get(item["type"], len(_ORDER))
    )
    places = [item["loc"] for item in found]
    return [
        _fault(item, read=read, model=model, source=source)
        for item in found
        if item["type"] != "too_short" or not any(_is_within(one, item["loc"]) for one in places)
    ]


def told_after_the_first(faults: Sequence[Fault]) -> tuple[str, ...]:
    """The lines below the first mistake; a very long list is cut, and says so."""
    lines = [told(fault) for fault in faults[1:FAULTS_TOLD_MAX]]
    left_count = len(faults) - FAULTS_TOLD_MAX
    return (*lines, f"and {left_count} more") if left_count > 0 else tuple(lines)


def steps_of(place: str) -> Steps:
    """`queues[0].name` as `("queues", 0, "name")`."""
    return tuple(
        int(part) if part.isdecimal() else part for part in re.split(r"[.\[\]]+", place) if part
    )


def _fault(item: ErrorDetails, *, read: Positioned, model: type[BaseModel], source: str) -> Fault:
    steps, known = followed(model, item["loc"])
    problem, remedy = words(item, known)
    if item["type"] == "value_error" and (found := _PLACE_IN_WORDS.fullmatch(problem)):
        inside = (*steps, *steps_of(found[1]))
        if inside in read.lines:
            steps, problem = inside, found[2]
    place, line = place_of(steps), read.line_of(steps)
    return Fault(source=source, line=line, place=place, problem=problem, remedy=remedy)


def _is_within(inner: Steps, outer: Steps) -> bool:
    """A list whose entries are wrong is not too short on top of that."""
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def words(item: ErrorDetails, known: Sequence[str]) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    code, context = item["type"], item.get("ctx", {})
    if code == "extra_forbidden":
        return "unknown setting", _nearest(str(item["loc"][-1]), known)
    if code == "missing":
        return "is missing", "add it"
    if code == "value_error":
        return str(context.get("error", item["msg"])), ""
    if code in _PROBLEMS:
        shown = {key: _number(value) for key, value in context.items()}
        return _PROBLEMS[code].format(**shown) + _got(item["input"]), ""
    message = item["msg"].removeprefix("Input ")
    return message[:1].lower() + message[1:] + _got(item["input"]), ""


def _nearest(key: str, known: Sequence[str]) -> str:
    close = get_close_matches(key, known, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"known here: {', '.join(known)}" if known else "remove it"


def _number(value: object) -> object:
    """A bound as a person writes it: 1, not 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _got(value: object) -> str:
    """What stands there, as it would be written in the file; nothing for lists and sections."""
    if isinstance(value, bool):
        return f", got {str(value).lower()}"
    if value is None:
        return ", got nothing"
    if isinstance(value, str):
        return f', got "{value[:60]}"'
    return f", got {value}" if isinstance(value, int | float) else ""


def followed(model: type[BaseModel], location: Steps) -> tuple[Steps, Sequence[str]]:
    """The steps as they stand in the file (without names of variants), and the keys known there."""
    choices: list[Any] = [model]
    steps: list[str | int] = []
    known: Sequence[str] = ()
    for step in location:
        if step == "[key]":
            break
        models = [one for one in choices if isinstance(one, type) and issubclass(one, BaseModel)]
        if len(models) > 1 and (variant := _variant(models, step)):
            choices = [variant]
            continue
        known = [name for one in models for name in one.model_fields]
        choices = [inner for one in choices for inner in _inside(one, step)]
        steps.append(step)
    return tuple(steps), known


def _variant(models: Sequence[type[BaseModel]], tag: str | int) -> type[BaseModel] | None:
    for model in models:
        for field in model.model_fields.values():
            if get_origin(field.annotation) is Literal and tag in get_args(field.annotation):
                return model
    return None


def _inside(annotation: Any, step: str | int) -> list[Any]:
    """What may stand under `step` of a value of this type."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple and isinstance(step, int):
        return _choices(arguments[0])
    if origin is dict:
        return _choices(arguments[1])
    fields = getattr(annotation, "model_fields", {})
    return _choices(fields[step].annotation) if step in fields else []


def _choices(annotation: Any) -> list[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _choices(arguments[0])
    if origin in (Union, UnionType):
        return [one for argument in arguments for one in _choices(argument)]
    return [annotation]
