"""Says what differs between two versions of a document, in words and in its own terms.

Rule of this file: what means the same is no difference: comments, layout, order where none counts,
a default that is written out. Every difference is one line that begins with the thing it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from routing_policies.diff_expressions import expression_difference, shown_expression
from routing_policies.diff_values import amount, moves, shown_value
from routing_policies.kinds import Document

EXPRESSIONS = frozenset({"when", "candidates", "adjust", "weight", "value"})
ORDERED = frozenset({"rules", "ask", "steps", "methods", "sites", "called_number_from", "order"})
"Lists whose order counts."
# What an entry of a list is called, and the fields that say which one it is.
ENTRIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "rules": ("rule", ("name",)),
    "tests": ("test", ("name",)),
    "queues": ("queue", ("site", "name", "queue")),
    "ask": ("rule", ("name",)),
    "steps": ("step", ()),
    "lists": ("list", ("name",)),
    "addresses": ("address", ("site", "trunk_group")),
    "trunk_groups": ("trunk group", ("site", "name")),
    "special_days": ("special day", ("date",)),
    "hours": ("hours", ()),
    "service_policies": ("policy of", ("service",)),
    "agents": ("agent", ("agent",)),
    "entries": (
        "entry",
        ("number", "trunk_group", "site", "caller", "withheld", "digits", "calendar"),
    ),
}


def diff(old: Document, new: Document) -> list[str]:
    """What changed from `old` to `new`; empty if they mean the same."""
    if old.kind != new.kind:
        return [f"kind: {old.kind} to {new.kind}"]
    lines: list[str] = []
    if old.name != new.name:
        lines.append(f"name: {old.name} to {new.name}")
    _model(old.spec, new.spec, "", lines)
    return lines


def _model(
    old: BaseModel, new: BaseModel, about: str, lines: list[str], named_by: Sequence[str] = ()
) -> None:
    for name, field in type(new).model_fields.items():
        if name in named_by:
            continue
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            _field(field.alias or name, before, after, about, lines)


def _field(name: str, old: Any, new: Any, about: str, lines: list[str]) -> None:
    """One field; `about` is what it belongs to."""
    if name in EXPRESSIONS:
        if told := expression_difference(old, new):
            lines.append(f"{about}{name}: {told}")
    elif isinstance(old, BaseModel) and isinstance(new, BaseModel):
        _model(old, new, _inside(about, name), lines)
    elif isinstance(old, tuple) and isinstance(new, tuple):
        if any(isinstance(one, BaseModel) for one in (*old, *new)):
            _entries(name, old, new, about, lines)
        else:
            _values(name, old, new, about, lines)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                _field(key, old.get(key), new.get(key), _inside(about, name), lines)
    elif old is None:
        lines.append(f"{about}{name} {_value(name, new)} added")
    elif new is None:
        lines.append(f"{about}{name} {_value(name, old)} removed")
    else:
        lines.append(f"{about}{name} {_value(name, old)} to {_value(name, new)}")


def _inside(about: str, name: str) -> str:
    """`rule 2 `a`: select` for what stands inside it."""
    return f"{about}{name}." if name != "regimes" else about


def _values(
    name: str, old: Sequence[Any], new: Sequence[Any], about: str, lines: list[str]
) -> None:
    """A list of plain values."""
    gone = [one for one in old if one not in new]
    come = [one for one in new if one not in old]
    if gone:
        lines.append(f"{about}{name}: {', '.join(map(str, gone))} removed")
    if come:
        lines.append(f"{about}{name}: {', '.join(map(str, come))} added")
    if name in ORDERED and not gone and not come:
        before, after = (", ".join(map(str, values)) for values in (old, new))
        lines.append(f"{about}{name}: order {before} to {after}")


def _entries(
    name: str, old: Sequence[BaseModel], new: Sequence[BaseModel], about: str, lines: list[str]
) -> None:
    """A list of parts, each known by its name."""
    word, keys = ENTRIES.get(name, (name, ()))
    before, after = _by_key(old, keys), _by_key(new, keys)
    renamed = _renamed(before, after) if keys == ("name",) else {}
    for was, now in renamed.items():
        lines.append(f"{about}{word} `{was}` renamed `{now}`")
        before = {(now if key == was else key): value for key, value in before.items()}
    for key in before:
        if key not in after:
            lines.append(f"{about}{word} {_named(key)} removed")
    numbers = {key: number for number, key in enumerate(after, 1)}
    keys_after = list(after)
    for key, entry in after.items():
        label = f"{word} {_named(key)}"
        if name == "rules" and key in before:
            label = f"{word} {numbers[key]} {_named(key)}"
        if key in before:
            _model(before[key], entry, f"{about}{label}: ", lines, keys)
            continue
        place = ""
        if name in ORDERED and keys:
            i = numbers[key] - 1
            place = f" after {_named(keys_after[i - 1])}" if i else " as the first"
        summary = _summary(entry, keys)
        lines.append(f"{about}{label} added{place}" + (f": {summary}" if summary else ""))
    if name in ORDERED and keys:
        shared_before = [key for key in before if key in after]
        shared_after = [key for key in after if key in before]
        told = moves(shared_before, shared_after)
        lines += [f"{about}{word}{one}" for one in told]


def _by_key(entries: Sequence[BaseModel], keys: Sequence[str]) -> dict[str, BaseModel]:
    """Entries by what names them; by their number where nothing does."""
    found: dict[str, BaseModel] = {}
    for number, entry in enumerate(entries, 1):
        named = [getattr(entry, key, None) for key in keys]
        text = "/".join(str(value) for value in named if value is not None)
        key = text or str(number)
        found[key if key not in found else f"{key} ({number})"] = entry
    return found


def _renamed(before: Mapping[str, BaseModel], after: Mapping[str, BaseModel]) -> dict[str, str]:
    """Entries that differ in nothing but their name."""
    gone = [key for key in before if key not in after]
    come = [key for key in after if key not in before]
    found: dict[str, str] = {}
    for was in gone:
        for now in come:
            same = before[was].model_copy(update={"name": now}) == after[now]
            if same and now not in found.values():
                found[was] = now
                break
    return found


def _summary(entry: BaseModel, keys: Sequence[str]) -> str:
    """What a new part says, as far as it is no default."""
    told = [
        f"{name} {_value(name, value)}"
        for name in type(entry).model_fields
        if name in entry.model_fields_set and name not in keys
        for value in [getattr(entry, name)]
        if not isinstance(value, tuple) or not any(isinstance(one, BaseModel) for one in value)
    ]
    return ", ".join(told)


def _named(key: str) -> str:
    return key if key.isdecimal() else f"`{key}`"


def _value(name: str, value: Any) -> str:
    if name in EXPRESSIONS:
        return shown_expression(value)
    if isinstance(value, BaseModel):
        parts = {key: getattr(value, key) for key in type(value).model_fields}
        said = [
            f"{key} {_value(key, inner)}"
            for key, inner in parts.items()
            if key in value.model_fields_set and key != "by"
        ]
        return " ".join([str(parts["by"]), *said] if parts.get("by") else said)
    return amount(name, value) if isinstance(value, int | float) else shown_value(value)
