"""Stores that live in memory, for tests of what stands around them.

Rule of this file: the same answers and reasons as the real stores give, and nothing more.
"""

import hashlib
from collections.abc import Callable

from nirc.core.actions import BindToken, FetchData, StoreData
from nirc.core.events import DataWasFetched, DataWasStored, Event


class InMemoryAttachedData:
    """Attached data in dictionaries; `in_reach` off makes it a store that is away."""

    def __init__(self, post: Callable[[Event], object]) -> None:
        self._post = post
        self._data: dict[tuple[str, int], bytes] = {}
        self._tokens: dict[str, tuple[str, str]] = {}
        self.in_reach = True

    def store(self, action: StoreData) -> None:
        """Keep a call's data."""
        reason = "" if self.in_reach else "store_unavailable"
        if hashlib.sha256(action.data).digest() != action.digest:
            reason = "digest_wrong"
        if not reason:
            self._data[action.interaction_id, action.version] = action.data
        self._post(
            DataWasStored(
                site=action.site,
                interaction_id=action.interaction_id,
                version=action.version,
                reason=reason,
            )
        )

    def bind(self, action: BindToken) -> None:
        """Let the granting site read by its token."""
        if self.in_reach:
            self._tokens[action.token] = (action.site, action.interaction_id)

    def fetch(self, action: FetchData) -> None:
        """Read what a token may read."""
        data, reason = self._read(action)
        self._post(
            DataWasFetched(
                site=action.site,
                token=action.token,
                version=action.version,
                digest=b"" if reason else hashlib.sha256(data).digest(),
                data=data,
                reason=reason,
            )
        )

    def _read(self, action: FetchData) -> tuple[bytes, str]:
        if not self.in_reach:
            return b"", "store_unavailable"
        bound = self._tokens.get(action.token)
        if bound is None:
            return b"", "not_found"
        site, interaction_id = bound
        if site != action.site or action.interaction_id not in ("", interaction_id):
            return b"", "not_allowed"
        data = self._data.get((interaction_id, action.version))
        return (b"", "not_found") if data is None else (data, "")


class InMemoryRecords:
    """Records in a list."""

    def __init__(self) -> None:
        self.records: list[tuple[str, object]] = []

    def append(self, stream: str, record: object) -> None:
        """Add one record."""
        self.records.append((stream, record))
