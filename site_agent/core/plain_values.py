"""Frozen messages as plain values that JSON can write, and back.

Rule of this file: what was written by an older or newer version is read as far as it is known:
unknown names are left out, missing ones take their default; whatever else does not fit raises
ValueError, KeyError or TypeError.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Plain = Any
"None, bool, int, float, str, or lists and dicts of them; bytes are written as hex."


def to_plain(value: object) -> Plain:
    """A message, enum, tuple or bytes as a plain value.

    >>> to_plain((b"ab", None, 2))
    ['6162', None, 2]
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if is_dataclass(value):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    return value


def from_plain(kind: type[T], value: Plain) -> T:
    """The message of this kind that `to_plain` wrote. Raises ValueError, KeyError, TypeError."""
    found: T = _read(kind, value)
    return found


def _read(kind: Any, value: Plain) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, Mapping):
            raise TypeError(f"expected an object for {kind.__name__}")
        known = _types(kind)
        return kind(
            **{name: _read(known[name], part) for name, part in value.items() if name in known}
        )
    origin = get_origin(kind)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in value)
    if origin in (Union, types.UnionType):
        inner = next(one for one in get_args(kind) if one is not type(None))
        return None if value is None else _read(inner, value)
    if kind is bytes:
        return bytes.fromhex(value)
    if kind is float:
        return float(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")
    return value


@cache
def _types(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
