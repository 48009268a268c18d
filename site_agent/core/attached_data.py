"""Attached data of a call: what is accepted, its one canonical form, and its seal.

Rule of this file: data is a JSON object of at most 64 kB, kept as canonical bytes with their
SHA-256; it is whole and its digest agrees, or it is not there at all.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

DATA_DEPTH_MAX = 32


class DataRefusedError(ValueError):
    """Attached data cannot be accepted; the text says why, in words for the one who sent it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedData:
    """One version of a call's data."""

    version: int
    digest: bytes
    data: bytes


def canonical(data: bytes, bytes_max: int) -> bytes:
    """`data` as canonical JSON: keys sorted, no spaces, UTF-8.

    Raises `DataRefusedError` if it is no JSON object, too deep, or larger than `bytes_max`.
    """
    if len(data) > bytes_max:
        raise DataRefusedError(f"{len(data)} bytes are more than {bytes_max}")
    try:
        value: Any = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except RecursionError as error:
        raise DataRefusedError("nested too deep") from error
    except ValueError as error:
        raise DataRefusedError(f"is not JSON in UTF-8: {error}") from error
    if not isinstance(value, dict):
        raise DataRefusedError(f"expected a JSON object, got {type(value).__name__}")
    if _depth(value) > DATA_DEPTH_MAX:
        raise DataRefusedError(f"nested deeper than {DATA_DEPTH_MAX}")
    return _dump(value, bytes_max)


def _dump(value: dict[str, Any], bytes_max: int) -> bytes:
    try:
        text = json.dumps(
            value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        form = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DataRefusedError(f"has characters that are no text: {error}") from error
    except ValueError as error:
        raise DataRefusedError("has a number too large for JSON's readers") from error
    if len(form) > bytes_max:
        raise DataRefusedError(f"{len(form)} bytes are more than {bytes_max}")
    return form


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is no JSON number")


def _depth(value: object) -> int:
    deepest, rest = 0, [(value, 1)]
    while rest:
        item, depth = rest.pop()
        deepest = max(deepest, depth)
        if depth > DATA_DEPTH_MAX:
            break
        if isinstance(item, dict):
            rest.extend((inner, depth + 1) for inner in item.values())
        elif isinstance(item, list):
            rest.extend((inner, depth + 1) for inner in item)
    return deepest


def seal(data: bytes, version: int) -> AttachedData:
    """Canonical `data` with its digest."""
    return AttachedData(version=version, digest=hashlib.sha256(data).digest(), data=data)


def merged(old: AttachedData | None, data: bytes, bytes_max: int) -> AttachedData:
    """The next version: the old keys, overlaid by those of canonical `data`.

    Raises `DataRefusedError` if the whole is larger than `bytes_max`.
    """
    if old is None:
        return seal(data, 1)
    before = json.loads(canonical(old.data, bytes_max))
    whole = {**before, **json.loads(data)}
    return seal(_dump(whole, bytes_max), old.version + 1)


def is_whole(data: bytes, digest: bytes) -> bool:
    """Does `data` agree with its seal?"""
    return hashlib.sha256(data).digest() == digest
