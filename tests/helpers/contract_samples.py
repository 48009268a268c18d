"""Reads modules of frozen data for tests: what they define, and one filled value of each kind.

Rule of this file: a value is made from types alone, so a new field needs no change here.
"""

import typing
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import ModuleType, UnionType
from typing import Any

from pydantic import BaseModel

PLAIN: dict[type, object] = {str: "x", int: 7, float: 7.5, bytes: b"x", bool: True}


def classes_in(module: ModuleType) -> list[type]:
    """The dataclasses that a module itself defines."""
    found = [kind for kind in vars(module).values() if isinstance(kind, type)]
    return [kind for kind in found if is_dataclass(kind) and kind.__module__ == module.__name__]


def enums_in(module: ModuleType) -> list[type[Enum]]:
    found = [kind for kind in vars(module).values() if isinstance(kind, type)]
    return [kind for kind in found if issubclass(kind, Enum) and kind.__module__ == module.__name__]


def kinds_of(kind: type) -> dict[str, Any]:
    """Name and type of every field."""
    return typing.get_type_hints(kind)


def parts_of(kind: Any) -> set[Any]:
    """Every class that a type names: those in unions, tuples and options too."""
    if isinstance(kind, type) and not typing.get_args(kind):
        return {kind}
    return {part for inner in typing.get_args(kind) for part in parts_of(inner)}


def needed_in(kind: type) -> set[str]:
    """Fields that nobody can forget, because they have no default."""
    return {
        field.name
        for field in fields(typing.cast(Any, kind))
        if field.default is MISSING and field.default_factory is MISSING
    }


def sample(kind: Any, **given: object) -> Any:
    """A value with every field filled; of a union the first kind, of an enum the first member."""
    if kind in PLAIN:
        return PLAIN[kind]
    if typing.get_origin(kind) is tuple:
        return (sample(typing.get_args(kind)[0]),)
    if isinstance(kind, UnionType):
        return sample(typing.get_args(kind)[0])
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)[0]
    if issubclass(kind, BaseModel):
        needed = {n: one.annotation for n, one in kind.model_fields.items() if one.is_required()}
        return kind.model_construct(**{name: sample(inner) for name, inner in needed.items()})
    if issubclass(kind, Enum):
        return next(iter(kind))
    values = {name: sample(inner) for name, inner in kinds_of(kind).items() if name not in given}
    return kind(**values | given)


def told_apart(kind: type, name: str) -> tuple[Any, Any]:
    """Two values of a kind that differ in the field `name` alone."""
    inner = kinds_of(kind)[name]
    if typing.get_origin(inner) is tuple:
        return sample(kind), sample(kind, **{name: ()})
    other = {str: "y", int: 8, float: 8.5, bytes: b"y", bool: False}
    changed = other[inner] if inner in other else list(inner)[-1]
    return sample(kind), sample(kind, **{name: changed})


def field_names(kind: type) -> set[str]:
    return {field.name for field in fields(typing.cast(Any, kind))}
