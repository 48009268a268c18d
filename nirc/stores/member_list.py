"""Keeps, in etcd and on disk, the names of all nodes that belong to the network, and where their
HTTP APIs are.

Rule of this file: a node writes its own name once and takes out nobody's; who leaves for good is
taken out by the operator (`etcdctl del /nirc/members/<node>`). Without etcd the list last read
counts. A node of a version before wrote a name alone.
"""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from nirc.core.events import MembersKnown
from nirc.errors import StoreError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import KeyValue

log = logging.getLogger(__name__)

MEMBERS_PREFIX = "/nirc/members/"
URL = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,300}")
"Nothing else may stand in a header that names other nodes."
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
        self.own_url = ""
        "Of this node's HTTP API; set before `run`."
        self.urls: dict[str, str] = {}
        "By node, as they were last read; this one object is changed."

    async def run(self) -> None:
        """Tell what was kept, write our own name, and follow the list."""
        kept = self._read()
        if kept:
            self.urls.update(kept)
            self._post(MembersKnown(nodes=tuple(kept)))
        self.urls[self._node] = self.own_url
        async with asyncio.TaskGroup() as group:
            group.create_task(self._join())
            group.create_task(self._mirror.run())

    async def _join(self) -> None:
        while True:
            try:
                value = json.dumps({"url": self.own_url}).encode()
                await self._client.put(MEMBERS_PREFIX + self._node, value)
            except StoreError as error:
                log.debug("the list of members: %s", error)
                await asyncio.sleep(AGAIN_S)
            else:
                return

    def _changed(self, copy: Mapping[str, KeyValue], revision: int) -> None:
        read = {
            key.removeprefix(MEMBERS_PREFIX): _url(kept.value) for key, kept in sorted(copy.items())
        }
        self._post(MembersKnown(nodes=tuple(read)))
        self.urls.clear()
        self.urls.update(read)
        self.urls[self._node] = self.own_url
        new = self._path.with_suffix(".new")
        try:
            new.write_text(json.dumps(read), encoding="utf-8")
            new.replace(self._path)
        except OSError as error:
            log.warning("the list of members %s cannot be kept: %s", self._path, error)

    def _read(self) -> dict[str, str]:
        """A version before kept a list of names."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            urls = kept if isinstance(kept, dict) else dict.fromkeys(kept, "")
            return {str(name): _checked(url) for name, url in urls.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError) as error:
            log.warning("the list of members %s is of no use: %s", self._path, error)
            return {}


def _url(value: bytes) -> str:
    """What a node wrote beside its name; empty where that is nothing or of no use."""
    try:
        said = json.loads(value or b"{}")
    except (ValueError, RecursionError):
        return ""
    return _checked(said.get("url")) if isinstance(said, dict) else ""


def _checked(url: object) -> str:
    return url if isinstance(url, str) and URL.fullmatch(url) else ""
