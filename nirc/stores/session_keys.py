"""Keeps in etcd what sessions of the whole network need: the key that signs, and those that ended.

Rule of this file: the key is made once, by whoever finds none, and told nobody. A session that was
ended is listed until it would have ended by itself; a full list makes a new key, which ends all.
"""

import asyncio
import logging
import math
import secrets
from collections import deque
from collections.abc import Mapping

from nirc.errors import StoreError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import Check, Delete, KeyValue, Put

log = logging.getLogger(__name__)

SESSION_PREFIX = "/nirc/session/"
KEY = SESSION_PREFIX + "key"
ENDED_PREFIX = SESSION_PREFIX + "ended/"
KEY_BYTES = 32
KEY_CHARS_MIN = 2 * KEY_BYTES
"RFC 7518 section 3.2: a key as long as the hash, at least; it is kept in hexadecimal."
AGAIN_S = 1.0
JUST_ENDED_MAX = 100
WRITES_MAX = 100
"In one transaction; etcd takes 128 unless told otherwise."


class SessionKeys:
    """The key and the list; `run` until cancelled."""

    def __init__(self, *, client: EtcdClient, ended_max: int) -> None:
        self._client = client
        self._ended_max = ended_max
        self._mirror = EtcdMirror(client, SESSION_PREFIX, self._changed)
        self._none = asyncio.Event()
        self._ended: frozenset[str] = frozenset()
        self._just_ended: deque[str] = deque(maxlen=JUST_ENDED_MAX)
        "By this node, and not yet seen in the list."
        self.key: bytes | None = None
        "None until etcd was reached once."

    def is_ended(self, session: str) -> bool:
        """Whether a session was ended before its time."""
        return session in self._ended or session in self._just_ended

    async def run(self) -> None:
        """Follow both, and make a key where there is none."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mirror.run())
            group.create_task(self._make_when_none())

    async def end(self, session: str, rest_s: float) -> None:
        """End a session that would go on for `rest_s`. Raises StoreError."""
        if self.is_ended(session):
            return
        if len(self._ended) >= self._ended_max:
            await self._replace_key()
            return
        lease = await self._client.lease_grant(math.ceil(max(rest_s, 1.0)))
        await self._client.put(ENDED_PREFIX + session, b"", lease.lease_id)
        self._just_ended.append(session)

    async def _replace_key(self) -> None:
        log.warning("%d ended sessions are listed: a new key ends all", len(self._ended))
        await self._client.put(KEY, _new_key())
        ended = sorted(self._ended)
        for start in range(0, len(ended), WRITES_MAX):
            part = ended[start : start + WRITES_MAX]
            await self._client.txn([], [Delete(key=ENDED_PREFIX + one) for one in part])

    async def _make_when_none(self) -> None:
        while True:
            await self._none.wait()
            self._none.clear()
            try:
                absent = Check(key=KEY, create_revision=0)
                await self._client.txn([absent], [Put(key=KEY, value=_new_key())])
            except StoreError as error:
                log.debug("the key of sessions is not made yet: %s", error)
                self._none.set()
                await asyncio.sleep(AGAIN_S)

    def _changed(self, copy: Mapping[str, KeyValue], revision: int) -> None:
        kept = copy.get(KEY)
        self._ended = frozenset(
            key.removeprefix(ENDED_PREFIX) for key in copy if key.startswith(ENDED_PREFIX)
        )
        if kept is None:
            self.key = None
            self._none.set()
        elif len(kept.value) < KEY_CHARS_MIN:
            self.key = None
            log.error("%s in etcd is too short to be a key: remove it, a new one is made", KEY)
        else:
            self.key = kept.value


def _new_key() -> bytes:
    return secrets.token_hex(KEY_BYTES).encode()
