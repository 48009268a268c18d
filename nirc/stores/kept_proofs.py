"""Keeps in etcd what test calls proved of each path, for nodes that were all down at once.

Rule of this file: a leader alone writes, and only while its key of that election stands; every node
follows the records. Instants are wall time here and durations in the core. Records of paths that
nobody tried for long are taken out by whoever writes next.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping

from nirc.core.actions import KeepProof
from nirc.core.events import ProofsRead
from nirc.errors import StoreError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_lease import LEADER_PREFIX
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import Check, Delete, KeyValue, Put
from nrcli.wire.messages import ProvedPath

log = logging.getLogger(__name__)

PROOFS_PREFIX = "/nirc/proofs/"
AGAIN_S = 1.0
FORGET_S = 30 * 86_400.0
"A record that nobody wrote for so long is taken out."
WAITING_MAX = 2000
"Records that wait for etcd; the oldest go."


class KeptProofs:
    """The records; `run` until cancelled."""

    def __init__(
        self,
        *,
        client: EtcdClient,
        post: Callable[[ProofsRead], object],
        wall_unix_s: Callable[[], float],
    ) -> None:
        self._client = client
        self._post = post
        self._wall_unix_s = wall_unix_s
        self._mirror = EtcdMirror(client, PROOFS_PREFIX, self._changed)
        self._old: list[str] = []
        self._waiting: dict[str, tuple[KeepProof, float]] = {}
        "By record: what is to be written, and when it was so."
        self._more = asyncio.Event()

    def keep(self, action: KeepProof) -> None:
        """Write what is known of a path now, as soon as etcd takes it."""
        self._waiting.pop(action.proof.path, None)
        self._waiting[action.proof.path] = (action, self._wall_unix_s())
        if len(self._waiting) > WAITING_MAX:
            del self._waiting[next(iter(self._waiting))]
        self._more.set()

    async def run(self) -> None:
        """Follow the records, and write."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mirror.run())
            group.create_task(self._write_all())

    async def _write_all(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                name, (action, at_unix_s) = next(iter(self._waiting.items()))
                try:
                    await self._write(action, at_unix_s)
                except StoreError as error:
                    log.debug("what was proved of %s is not kept yet: %s", name, error)
                    await asyncio.sleep(AGAIN_S)
                    continue
                if self._waiting.get(name, (None, 0.0))[0] is action:
                    del self._waiting[name]

    async def _write(self, action: KeepProof, at_unix_s: float) -> None:
        fence = Check(key=LEADER_PREFIX + action.domain, create_revision=action.epoch.revision)
        value = json.dumps(record_of(action.proof, at_unix_s)).encode("utf-8")
        put = Put(key=PROOFS_PREFIX + action.proof.path, value=value)
        old, self._old = [key for key in self._old if key != put.key], []
        result = await self._client.txn([fence], [put, *(Delete(key=key) for key in old)])
        if not result.succeeded:
            log.info("what was proved of %s is left to the next leader", action.proof.path)

    def _changed(self, copy: Mapping[str, KeyValue], revision: int) -> None:
        now_unix_s, found = self._wall_unix_s(), list[ProvedPath]()
        self._old = []
        for key, kept in copy.items():
            try:
                proof = proof_of(key.removeprefix(PROOFS_PREFIX), kept.value, now_unix_s)
            except (ValueError, TypeError, KeyError) as error:
                log.warning("%s in etcd is of no use: %s", key, error)
                continue
            if proof.tried_for_s > FORGET_S:
                self._old.append(key)
            else:
                found.append(proof)
        if found:
            self._post(ProofsRead(proved=tuple(found)))


def record_of(proof: ProvedPath, now_unix_s: float) -> dict[str, object]:
    """What is written."""
    return {
        "tried_unix_s": now_unix_s - proof.tried_for_s,
        "good_unix_s": now_unix_s - proof.good_for_s if proof.has_good else None,
        "bad_count": proof.bad_count,
        "problem": proof.problem,
        "took_s": proof.took_s,
    }


def proof_of(name: str, value: bytes, now_unix_s: float) -> ProvedPath:
    """What was written. Raises ValueError, TypeError, KeyError."""
    read = json.loads(value)
    good_unix_s = read["good_unix_s"]
    return ProvedPath(
        path=name,
        tried_for_s=max(0.0, now_unix_s - float(read["tried_unix_s"])),
        good_for_s=0.0 if good_unix_s is None else max(0.0, now_unix_s - float(good_unix_s)),
        has_good=good_unix_s is not None,
        bad_count=int(read["bad_count"]),
        problem=str(read["problem"]),
        took_s=float(read["took_s"]),
    )
