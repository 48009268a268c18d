"""A call's attached data on its way to the store and back.

Rule of this file: frozen data only; data travels whole with its digest, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPut:
    """Store a call's attached data. `data` is canonical JSON of an object, at most 64 kB."""

    interaction_id: str
    version: int
    digest: bytes
    "SHA-256 of `data`."
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStored:
    """The data is stored, or is not: `reason` is empty when it is."""

    interaction_id: str
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataGet:
    """A target asks for the data of a call; the token it granted is the right to read."""

    token: str
    interaction_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAnswer:
    """The data, whole and sealed, or nothing and the reason."""

    token: str
    version: int
    digest: bytes
    data: bytes
    reason: str = ""
    "not_found | store_unavailable | too_late | not_allowed; empty when `data` is there."


INLINE_DATA_BYTES_MAX = 4096
"Attached data up to this size travels inside `Reserve` and on the first lane."
