"""Says in words what the model of a document found wrong, each mistake with its place in the file.

Rule of this file: one mistake is told once, at the key or value that must be changed. Unknown keys
come first, because they are often why another is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from routing_policies.errors import Fault, nearest
from routing_policies.settings_faults import followed, words
from routing_policies.text_places import UNWRITTEN, place_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from routing_policies.text_places import Path, Positioned

FAULTS_MAX = 200
"More are not told: nobody reads them at once."
_REMEDIES = {
    "missing": "add it",
    "int_type": "write a whole number without quotes",
    "int_from_float": "write a whole number",
    "float_type": "write a number without quotes",
    "string_type": "put it in quotes",
    "bool_type": "write true or false, without quotes",
    "tuple_type": "write a list, such as [a, b]",
    "model_type": "write its keys on the lines below, indented, or {name: value}",
    "model_attributes_type": "write its keys on the lines below, indented, or {name: value}",
    "dict_type": "write its keys on the lines below, indented, or {name: value}",
    "host_name": "write the address itself: sites look up no names; edges do: for them `name`",
    "regimes": "write it inside one of them",
    "select_by": "add by: one of longest_available, min_expected_delay and others",
    "too_short": "name at least one",
    "greater_than_equal": "write a larger number",
    "greater_than": "write a larger number",
    "less_than_equal": "write a smaller number",
    "less_than": "write a smaller number",
}
_ONE_OF_SEVERAL = frozenset({"string_type", "bool_type", "int_type", "float_type"})


def document_faults(
    error: ValidationError, *, read: Positioned, model: type[BaseModel], source: str
) -> list[Fault]:
    """Every mistake that the model found in `read`."""
    groups: dict[tuple[Path, str], list[ErrorDetails]] = {}
    items = error.errors(include_url=False)[:FAULTS_MAX]
    for item in items:
        if item["type"] == "too_short" and any(_is_within(o["loc"], item["loc"]) for o in items):
            continue
        path = _written(item["loc"], read.value)
        missing = str(item["loc"][-1]) if item["type"] == "missing" else ""
        groups.setdefault((path, missing), []).append(item)
    faults: list[tuple[bool, Fault]] = []
    for (path, missing), group in groups.items():
        item = next((one for one in group if not one["type"].endswith("_type")), group[0])
        steps = (*path, missing) if missing else path
        _, known = followed(model, steps)
        problem, remedy = _told(item, group, known)
        at_key = missing or item["type"] == "extra_forbidden" or item["loc"][-1] == "[key]"
        fault = _fault(source, read, steps, bool(at_key), (problem, remedy))
        faults.append((item["type"] != "extra_forbidden", fault))
    faults.sort(key=lambda one: (one[0], one[1].line, one[1].column))
    return [fault for _, fault in faults]


def _fault(source: str, read: Positioned, path: Path, at_key: bool, told: tuple[str, str]) -> Fault:
    spot = read.key_spot(path) if at_key else read.spot(path)
    return Fault(
        source=source,
        line=spot.line if spot else 0,
        place=place_of(path),
        problem=told[0],
        remedy=told[1],
        column=spot.column if spot else 0,
        width=spot.width if spot else 0,
    )


def _is_within(inner: Sequence[str | int], outer: Sequence[str | int]) -> bool:
    """A list whose entries are wrong is not too short on top of that."""
    return len(inner) > len(outer) and tuple(inner[: len(outer)]) == tuple(outer)


def _written(location: Sequence[str | int], value: object) -> Path:
    """The part of a location that stands in the document (without names of variants)."""
    path: list[str | int] = []
    for step in location:
        in_list = isinstance(value, tuple) and isinstance(step, int) and step < len(value)
        if not in_list and not (isinstance(value, dict) and step in value):
            if step in UNWRITTEN:
                continue
            break
        value = value[step]  # type: ignore[index]
        path.append(step)
    return tuple(path)


def _told(
    item: ErrorDetails, items: Sequence[ErrorDetails], known: Sequence[str]
) -> tuple[str, str]:
    """Problem and remedy."""
    code = item["type"]
    if len(items) > 1 and code in _ONE_OF_SEVERAL:
        got = words(item, known)[0].partition(", got")[2] or f" {_kind(item['input'])}"
        return f"should be text, a number, or true or false, got{got}", "write an expression"
    problem, remedy = words(item, known)
    if code == "extra_forbidden":
        return "unknown key", remedy
    if code in _REMEDIES and code.endswith("_type") and ", got" not in problem:
        problem += f", got {_kind(item['input'])}"
    if code == "literal_error" and isinstance(item["input"], str):
        expected = str(item.get("ctx", {}).get("expected", "")).replace("'", " ").split()
        near = nearest(item["input"], [word for word in expected if word not in (",", "or")])
        remedy = f"did you mean {near}?" if near else "write one of these"
    if code in ("float_type", "int_type") and _is_long_number(item["input"]):
        return "is too large a number", "write at most 18 digits"
    if code.startswith("shape"):
        remedy = ""
    return problem, remedy or _REMEDIES.get(code, "correct it")


def _is_long_number(value: object) -> bool:
    return isinstance(value, str) and len(value) > 18 and value.lstrip("-").isdecimal()


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "a section"
    return "a list" if isinstance(value, tuple) else "nothing"
