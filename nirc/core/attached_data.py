"""Decides whose data is stored, and who may read it.

Rule of this file: data is whole and matches its SHA-256, or it is refused. A site reads only the
data of a token that it granted itself. Recent small data is kept, bounded, for reservations to
carry.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from nirc.core.actions import Action, BindToken, FetchData, SendToSite, StoreData
from nirc.core.events import DataWasFetched, DataWasStored
from nirc.core.settings import RouterSettings
from nirc.core.statistics import Statistics
from nrcli.wire.messages import DataAnswer, DataGet, DataPut, DataStored, RouteRequest


class AttachedData:
    """A cache of small data by interaction id, and the checks on both ways."""

    __slots__ = ("_cache", "_cached_bytes", "_granted_by", "_settings", "_statistics")

    def __init__(
        self,
        *,
        settings: RouterSettings,
        statistics: Statistics,
        granted_by: Callable[[str], str],
    ) -> None:
        self._settings = settings
        self._statistics = statistics
        self._granted_by = granted_by
        "Site that granted a token, as far as this node knows, else empty."
        self._cache: dict[str, tuple[DataPut, float]] = {}
        self._cached_bytes = 0

    def put(self, site: str, message: DataPut, now_s: float, out: list[Action]) -> None:
        """A site hands in a call's data."""
        reason = self._refusal(message)
        if reason:
            self._statistics.count("data.refused")
            self._say_stored(site, message.interaction_id, message.version, reason, out)
            return
        self._remember(message, now_s)
        self._statistics.count("data.put")
        out.append(
            StoreData(
                site=site,
                interaction_id=message.interaction_id,
                version=message.version,
                digest=message.digest,
                data=message.data,
                ttl_s=self._settings.data_ttl_s,
            )
        )

    def stored(self, event: DataWasStored, out: list[Action]) -> None:
        """The store took it, or not."""
        self._say_stored(event.site, event.interaction_id, event.version, event.reason, out)

    def get(self, site: str, message: DataGet, now_s: float, out: list[Action]) -> None:
        """A target asks for a call's data.

        A token this node does not know is left to the store, which has the binding that the leader
        made; `site` goes along, and the store refuses another site than the one that granted it.
        """
        granted_by = self._granted_by(message.token)
        if granted_by and granted_by != site:
            self._statistics.count("data.not_allowed")
            self._say_data(site, message.token, message.version, "not_allowed", out)
            return
        self._statistics.count("data.get")
        out.append(
            FetchData(
                site=site,
                token=message.token,
                interaction_id=message.interaction_id,
                version=message.version,
            )
        )

    def fetched(self, event: DataWasFetched, out: list[Action]) -> None:
        """The store answered: whole, or with the reason why not."""
        if event.reason:
            self._say_data(event.site, event.token, event.version, event.reason, out)
            return
        answer = DataAnswer(
            token=event.token, version=event.version, digest=event.digest, data=event.data
        )
        if sha256(event.data).digest() != event.digest:
            self._statistics.count("data.corrupt")
            self._say_data(event.site, event.token, event.version, "not_found", out)
            return
        out.append(SendToSite(site=event.site, message=answer))

    def inline(self, request: RouteRequest) -> bytes:
        """The request's data if it is small and at hand, else nothing."""
        if not request.data_version:
            return b""
        put, _ = self._cache.get(request.interaction_id, (None, 0.0))
        if put is None or put.version != request.data_version:
            return b""
        return put.data if put.digest == request.data_digest else b""

    def bind(self, token: str, site: str, request: RouteRequest, out: list[Action]) -> None:
        """The token that `site` granted is the right to read this call's data."""
        if request.data_version:
            out.append(
                BindToken(
                    token=token,
                    site=site,
                    interaction_id=request.interaction_id,
                    ttl_s=self._settings.token_ttl_s,
                )
            )

    def sweep(self, now_s: float) -> None:
        """Lets go of old data; entries stand in the order of their end."""
        while self._cache:
            oldest = next(iter(self._cache))
            if self._cache[oldest][1] > now_s:
                return
            self._drop(oldest)

    def cached_bytes(self) -> int:
        """Bytes kept."""
        return self._cached_bytes

    def _refusal(self, message: DataPut) -> str:
        if len(message.data) > self._settings.data_bytes_max:
            return f"too large: at most {self._settings.data_bytes_max} bytes"
        if sha256(message.data).digest() != message.digest:
            return "digest does not match the data"
        return ""

    def _remember(self, message: DataPut, now_s: float) -> None:
        self._drop(message.interaction_id)
        size = len(message.data)
        if size > self._settings.data_inline_bytes_max:
            return
        self._cache[message.interaction_id] = (message, now_s + self._settings.data_cached_s)
        self._cached_bytes += size
        while self._cached_bytes > self._settings.data_cache_bytes_max:
            self._drop(next(iter(self._cache)))

    def _drop(self, interaction_id: str) -> None:
        found = self._cache.pop(interaction_id, None)
        if found is not None:
            self._cached_bytes -= len(found[0].data)

    @staticmethod
    def _say_stored(
        site: str, interaction_id: str, version: int, reason: str, out: list[Action]
    ) -> None:
        message = DataStored(interaction_id=interaction_id, version=version, reason=reason)
        out.append(SendToSite(site=site, message=message))

    @staticmethod
    def _say_data(site: str, token: str, version: int, reason: str, out: list[Action]) -> None:
        message = DataAnswer(token=token, version=version, digest=b"", data=b"", reason=reason)
        out.append(SendToSite(site=site, message=message))
