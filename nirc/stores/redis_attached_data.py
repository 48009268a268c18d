"""Keeps attached data in Redis: whole and sealed, or absent with the reason.

Rule of this file: what is read equals what was written, checked by its SHA-256, and only the site
that granted a token may read by it. Every answer comes within the time budget.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Coroutine

from nirc.core.actions import BindToken, FetchData, StoreData
from nirc.core.events import DataWasFetched, DataWasStored, Event
from nirc.errors import StoreError
from nirc.stores.redis_connection import RedisConnection

log = logging.getLogger(__name__)

UNAVAILABLE = "store_unavailable"
NOT_FOUND = "not_found"
NOT_ALLOWED = "not_allowed"
DIGEST_BYTES = 32
BIND_RACE_S = 0.01


class RedisAttachedData:
    """Carries out StoreData, BindToken and FetchData; posts their answers."""

    def __init__(self, connection: RedisConnection, post: Callable[[Event], object]) -> None:
        self._connection = connection
        self._post = post
        self._running: set[asyncio.Task[None]] = set()

    def store(self, action: StoreData) -> None:
        """Keep a call's data for its time to live."""
        self._start(self._store(action))

    def bind(self, action: BindToken) -> None:
        """Let the granting site read a call's data by its token."""
        self._start(self._bind(action))

    def fetch(self, action: FetchData) -> None:
        """Read what a token may read."""
        self._start(self._fetch(action))

    async def close(self) -> None:
        """Wait for what is under way; each ends within its budget."""
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _store(self, action: StoreData) -> None:
        reason = ""
        if hashlib.sha256(action.data).digest() != action.digest:
            reason = "digest_wrong"
        else:
            key = _data_key(action.interaction_id, action.version)
            ttl_ms = max(int(action.ttl_s * 1000), 1)
            try:
                await self._connection.do("SET", key, action.digest + action.data, "PX", ttl_ms)
            except StoreError as error:
                log.debug("data of %s not stored: %s", action.interaction_id, error)
                reason = UNAVAILABLE
        self._post(
            DataWasStored(
                site=action.site,
                interaction_id=action.interaction_id,
                version=action.version,
                reason=reason,
            )
        )

    async def _bind(self, action: BindToken) -> None:
        value = f"{action.site}\n{action.interaction_id}"
        ttl_ms = max(int(action.ttl_s * 1000), 1)
        try:
            await self._connection.do("SET", _token_key(action.token), value, "PX", ttl_ms)
        except StoreError as error:
            log.debug("a token for %s is not bound: %s", action.interaction_id, error)

    async def _fetch(self, action: FetchData) -> None:
        try:
            data, reason = await self._read(action)
        except StoreError as error:
            log.debug("data of %s not fetched: %s", action.interaction_id, error)
            data, reason = b"", UNAVAILABLE
        self._post(
            DataWasFetched(
                site=action.site,
                token=action.token,
                version=action.version,
                digest=hashlib.sha256(data).digest() if not reason else b"",
                data=data,
                reason=reason,
            )
        )

    async def _read(self, action: FetchData) -> tuple[bytes, str]:
        """The data, or nothing and why."""
        bound = await self._bound(action.token)
        if bound is None:
            return b"", NOT_FOUND
        site, _, interaction_id = bound.partition("\n")
        if site != action.site or action.interaction_id not in ("", interaction_id):
            return b"", NOT_ALLOWED
        sealed = await self._connection.do("GET", _data_key(interaction_id, action.version))
        if sealed is None:
            return b"", NOT_FOUND
        digest, data = sealed[:DIGEST_BYTES], sealed[DIGEST_BYTES:]
        if hashlib.sha256(data).digest() != digest:
            log.error("data of %s in Redis does not match its seal", interaction_id)
            return b"", NOT_FOUND
        return data, ""

    async def _bound(self, token: str) -> str | None:
        """What a token was bound to; another node may be writing it this moment."""
        for wait_s in (BIND_RACE_S, 0.0):
            found = await self._connection.do("GET", _token_key(token))
            if found is not None:
                return str(found, "utf-8")
            await asyncio.sleep(wait_s)
        return None


def _data_key(interaction_id: str, version: int) -> str:
    return f"nirc:data:{interaction_id}:{version}"


def _token_key(token: str) -> str:
    """Tokens are kept as their digest, so that reading the store gives nobody a live one."""
    return f"nirc:token:{hashlib.sha256(token.encode()).hexdigest()}"
