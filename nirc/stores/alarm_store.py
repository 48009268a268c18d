"""Keeps in etcd what happened to alarms at all nodes, who was told what, and silences.

Rule of this file: every node follows everything and writes what happened at itself; what others
were told is written by the node that leads alone, fenced by its key of the election. While etcd is
away what happened here waits, bounded, and what found no room is counted.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from nirc.alarms.history import Row
from nirc.alarms.notices import Told
from nirc.alarms.silences import SILENCES_MAX, KeptSilence
from nirc.errors import StoreError, UncertainError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_lease import LEADER_PREFIX
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import Check, Delete, KeyValue, Put
from nrcli.wire.alarm_models import AlarmEvent
from nrcli.wire.messages import Epoch

log = logging.getLogger(__name__)

PREFIX = "/nirc/alarms/"
HISTORY, SILENCES, TOLD = "history/", "silences/", "told/"
AGAIN_S = 1.0
AT_ONCE_MAX = 50
"Events in one transaction, and written a second at most."


class AlarmStore:
    """The history, the silences, and what receivers were told. `run` until cancelled."""

    def __init__(
        self,
        *,
        client: EtcdClient,
        waiting_max: int,
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self._client = client
        self._waiting_max = waiting_max
        self._changed = changed
        self._mirror = EtcdMirror(client, PREFIX, self._heard)
        self._read: dict[str, tuple[int, Any]] = {}
        "By key: revision, and what was read there."
        self._rows: list[Row] = []
        self._waiting: dict[str, AlarmEvent] = {}
        self._more = asyncio.Event()
        self.is_listed = False
        "Has etcd been heard since the start?"
        self.lost_count = 0
        self.silences: tuple[KeptSilence, ...] = ()
        self.told: dict[str, Told] = {}
        "By receiver."

    async def run(self) -> None:
        """Follow what is kept, and write."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mirror.run())
            group.create_task(self._write_all())

    def rows(self) -> list[Row]:
        """What happened at all nodes, in order; what etcd does not have yet comes last."""
        return [*self._rows, *(Row(one, None) for one in self._waiting.values())]

    @property
    def waiting_count(self) -> int:
        """Events that etcd does not have yet."""
        return len(self._waiting)

    def add(self, event: AlarmEvent) -> None:
        """Something happened here; never waits."""
        self._waiting[event.id] = event
        if len(self._waiting) > self._waiting_max:
            del self._waiting[next(iter(self._waiting))]
            self.lost_count += 1
        self._more.set()

    async def forget(self, events: Iterable[AlarmEvent]) -> None:
        """Take old events out. Raises StoreError."""
        writes = [Delete(key=f"{PREFIX}{HISTORY}{one.id}") for one in events]
        for start in range(0, len(writes), AT_ONCE_MAX):
            await self._client.txn([], writes[start : start + AT_ONCE_MAX])

    async def keep_told(self, channel: str, told: Told, domain: str, epoch: Epoch) -> bool:
        """What a receiver knows now, while this node leads; whether it does. Raises StoreError."""
        fence = Check(key=LEADER_PREFIX + domain, create_revision=epoch.revision)
        value = json.dumps({"standing": told.standing, "revision": told.revision}).encode()
        put = Put(key=f"{PREFIX}{TOLD}{channel}", value=value)
        return (await self._client.txn([fence], [put])).succeeded

    async def silence(self, one: KeptSilence) -> bool:
        """Begin a silence; whether there is room for it. Raises StoreError."""
        if len(self.silences) >= SILENCES_MAX:
            return False
        fields = {name: getattr(one, name) for name in KeptSilence.__slots__ if name != "id"}
        await self._client.put(f"{PREFIX}{SILENCES}{one.id}", json.dumps(fields).encode())
        return True

    async def end_silence(self, name: str) -> bool:
        """End it; whether there was one. Raises StoreError."""
        return await self._client.delete(f"{PREFIX}{SILENCES}{name}")

    async def _write_all(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting:
                batch = list(self._waiting.values())[:AT_ONCE_MAX]
                try:
                    await self._client.txn([], [_put(one) for one in batch])
                except StoreError as error:
                    if not isinstance(error, UncertainError):  # else it is seen where it came
                        log.debug("%d alarm events wait for etcd: %s", len(self._waiting), error)
                await asyncio.sleep(AGAIN_S if len(self._waiting) > AT_ONCE_MAX else 0.1)

    def _heard(self, copy: Mapping[str, KeyValue], _revision: int) -> None:
        read: dict[str, tuple[int, Any]] = {}
        for key, kept in copy.items():
            known = self._read.get(key)
            if known is None or known[0] != kept.mod_revision:
                known = (kept.mod_revision, _read(key.removeprefix(PREFIX), kept))
            read[key] = known
        self._read, self.is_listed = read, True
        found = [one for _, one in read.values()]
        self._rows = sorted((one for one in found if isinstance(one, Row)), key=_order)
        self.silences = tuple(one for one in found if isinstance(one, KeptSilence))
        begin = len(PREFIX + TOLD)
        self.told = {k[begin:]: one for k, (_, one) in read.items() if isinstance(one, Told)}
        for row in self._rows:
            self._waiting.pop(row.event.id, None)
        self._changed()


def _put(event: AlarmEvent) -> Put:
    return Put(key=f"{PREFIX}{HISTORY}{event.id}", value=event.model_dump_json().encode())


def _order(row: Row) -> tuple[float, float, str]:
    return row.order


def _read(name: str, kept: KeyValue) -> Row | KeptSilence | Told | None:
    """What lies at a key; None for what nobody can read, which is told."""
    kind, _, rest = name.partition("/")
    try:
        match kind + "/":
            case "history/":
                return Row(AlarmEvent.model_validate_json(kept.value), kept.create_revision)
            case "silences/":
                return _silence(rest, json.loads(kept.value))
            case "told/":
                said = json.loads(kept.value)
                standing = tuple((str(code), str(place)) for code, place in said["standing"])
                return Told(standing=standing, revision=int(said["revision"]))
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        log.warning("%s%s in etcd is of no use: %s", PREFIX, name[:100], type(error).__name__)
    return None


def _silence(name: str, said: Mapping[str, Any]) -> KeptSilence:
    return KeptSilence(
        id=name,
        code=str(said["code"]),
        place=str(said["place"]),
        from_unix_s=float(said["from_unix_s"]),
        until_unix_s=float(said["until_unix_s"]),
        author=str(said["author"]),
        reason=str(said["reason"]),
    )
