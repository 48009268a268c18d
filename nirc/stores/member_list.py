"""Keeps, in etcd and on disk, the names of all nodes that belong to the network.

Rule of this file: a node writes its own name once and takes out nobody's; who leaves for good is
taken out by the operator (`etcdctl del /nirc/members/<node>`). Without etcd the list last read
counts.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from nirc.core.events import MembersKnown
from nirc.errors import StoreError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import KeyValue

log = logging.getLogger(__name__)

MEMBERS_PREFIX = "/nirc/members/"
AGAIN_S = 1.0


class MemberList:
    """The names; `run` until cancelled."""

    def __init__(
        self,
        *,
        client: EtcdClient,
        node: str,
        path: Path,
        post: Callable[[MembersKnown], object],
    ) -> None:
        self._client = client
        self._node = node
        self._path = path
        self._post = post
        self._mirror = EtcdMirror(client, MEMBERS_PREFIX, self._changed)

    async def run(self) -> None:
        """Tell what was kept, write our own name, and follow the list."""
        kept = self._read()
        if kept:
            self._post(MembersKnown(nodes=kept))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._join())
            group.create_task(self._mirror.run())

    async def _join(self) -> None:
        while True:
            try:
                await self._client.put(MEMBERS_PREFIX + self._node, b"")
            except StoreError as error:
                log.debug("the list of members: %s", error)
                await asyncio.sleep(AGAIN_S)
            else:
                return

    def _changed(self, copy: Mapping[str, KeyValue], revision: int) -> None:
        nodes = tuple(sorted(key.removeprefix(MEMBERS_PREFIX) for key in copy))
        self._post(MembersKnown(nodes=nodes))
        new = self._path.with_suffix(".new")
        try:
            new.write_text(json.dumps(nodes), encoding="utf-8")
            new.replace(self._path)
        except OSError as error:
            log.warning("the list of members %s cannot be kept: %s", self._path, error)

    def _read(self) -> tuple[str, ...]:
        try:
            return tuple(str(name) for name in json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError) as error:
            log.warning("the list of members %s is of no use: %s", self._path, error)
            return ()
