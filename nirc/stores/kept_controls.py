"""Keeps emergency controls in etcd, and on disk for a node that starts without it.

Rule of this file: every node follows the records and posts all of them after every change; what
cannot be read is left out and said in the log. A record lies on a lease of its own, so that etcd
forgets it some time after its end even if no node is there; when it ends is the core's business.
"""

import asyncio
import json
import logging
import math
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import ValidationError

from nirc.core.actions import EndControl, KeepControl
from nirc.core.events import ControlsRead
from nirc.errors import StoreError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_lease import LEADER_PREFIX
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import Check, Delete, KeyValue, Put
from nrcli.wire.control_models import Control
from nrcli.wire.messages import Epoch

log = logging.getLogger(__name__)

CONTROLS_PREFIX = "/nirc/controls/"
AGAIN_S = 1.0
FORGET_S = 60
"A record stays so long after its end, for nodes whose clocks differ."
SEEN_S_MAX = 2.0


class KeptControls:
    """The records; `run` until cancelled."""

    def __init__(
        self,
        *,
        client: EtcdClient,
        path: Path,
        post: Callable[[ControlsRead], object],
        wall_unix_s: Callable[[], float],
    ) -> None:
        self._client = client
        self._path = path
        self._post = post
        self._wall_unix_s = wall_unix_s
        self._mirror = EtcdMirror(client, CONTROLS_PREFIX, self._changed)
        self._copy: Mapping[str, KeyValue] = {}
        self._seen = 0
        self._moved = asyncio.Event()
        self._wanted: dict[str, KeepControl | EndControl] = {}
        self._more = asyncio.Event()
        self.heard = asyncio.Event()
        "Set once the records, or what the disk had of them, were posted."

    # ---- what people want

    async def begin(self, control: Control) -> bool:
        """Keep a new control; True once this node's core has it, False if that takes long.

        Raises StoreError.
        """
        left_s = control.ends_unix_s - self._wall_unix_s()
        lease = await self._client.lease_grant(math.ceil(max(left_s, 0.0)) + FORGET_S)
        key = CONTROLS_PREFIX + control.id
        put = Put(key=key, value=_written(control), lease_id=lease.lease_id)
        result = await self._client.txn([Check(key=key, create_revision=0)], [put])
        if not result.succeeded:
            raise StoreError("etcd", f"control {control.id} is kept already")
        return await self._seen_to(result.revision)

    async def end(self, control_id: str) -> bool:
        """Take a control out; False where it is not kept. Raises StoreError."""
        if not await self._client.delete(CONTROLS_PREFIX + control_id):
            return False
        async with asyncio.timeout(SEEN_S_MAX):
            while CONTROLS_PREFIX + control_id in self._copy:
                self._moved.clear()
                await self._moved.wait()
        return True

    # ---- what the core wants

    def keep(self, action: KeepControl) -> None:
        """Write a control anew, as soon as etcd takes it."""
        self._wanted[action.control.id] = action
        self._more.set()

    def end_by_core(self, action: EndControl) -> None:
        """Take a control out, as soon as etcd takes that."""
        log.warning("control %s ends: %s", action.control_id, action.reason)
        self._wanted[action.control_id] = action
        self._more.set()

    # ---- work

    async def run(self) -> None:
        """Tell what the disk has, follow the records, and write."""
        self._read()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mirror.run())
            group.create_task(self._write_all())

    async def _write_all(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._wanted:
                name, action = next(iter(self._wanted.items()))
                try:
                    await self._write(name, action)
                except StoreError as error:
                    log.debug("control %s is not written yet: %s", name, error)
                    await asyncio.sleep(AGAIN_S)
                    continue
                if self._wanted.get(name) is action:
                    del self._wanted[name]

    async def _write(self, name: str, action: KeepControl | EndControl) -> None:
        """Only what still stands, and only while the epoch leads."""
        known = self._copy.get(CONTROLS_PREFIX + name)
        if known is None:
            return
        checks = [_fence(action.domain, action.epoch), _unchanged(known)]
        if isinstance(action, EndControl):
            await self._client.txn(checks, [Delete(key=known.key)])
            return
        value = _written(action.control)
        await self._client.txn(checks, [Put(key=known.key, value=value, lease_id=known.lease_id)])

    async def _seen_to(self, revision: int) -> bool:
        try:
            async with asyncio.timeout(SEEN_S_MAX):
                while self._seen < revision:
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    def _changed(self, copy: Mapping[str, KeyValue], revision: int) -> None:
        self._copy, self._seen = dict(copy), revision
        found = []
        for key, kept in copy.items():
            try:
                found.append(Control.model_validate_json(kept.value))
            except ValidationError as error:
                log.error("%s in etcd is of no use here: is this node older? %s", key, error)
        self._post(ControlsRead(controls=tuple(found)))
        self._keep(found)
        self._moved.set()
        self.heard.set()

    # ---- the disk

    def _keep(self, controls: list[Control]) -> None:
        new = self._path.with_suffix(".new")
        try:
            new.write_text(json.dumps([one.model_dump() for one in controls]), encoding="utf-8")
            new.replace(self._path)
        except OSError as error:
            log.warning("the list of controls %s cannot be kept: %s", self._path, error)

    def _read(self) -> None:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            controls = tuple(Control.model_validate(one) for one in kept)
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError) as error:
            log.warning("the list of controls %s is of no use: %s", self._path, error)
            return
        if controls:
            self._post(ControlsRead(controls=controls))


def _written(control: Control) -> bytes:
    return control.model_dump_json(exclude_defaults=True).encode()


def _fence(domain: str, epoch: Epoch) -> Check:
    return Check(key=LEADER_PREFIX + domain, create_revision=epoch.revision)


def _unchanged(known: KeyValue) -> Check:
    return Check(key=known.key, mod_revision=known.mod_revision)
