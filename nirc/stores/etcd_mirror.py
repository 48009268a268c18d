"""Keeps a copy of what lies under one prefix of etcd.

Rule of this file: the copy is replaced by a whole listing or moved on by events in order, never
guessed. It lists again on compaction, and now and then, so that nothing missed stays missed.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import aclosing

from nirc.errors import CompactedError, StoreError
from nirc.runtime.retry import forever
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_values import KeyValue, Listing, WatchBatch

log = logging.getLogger(__name__)

OnChange = Callable[[Mapping[str, KeyValue], int], None]
OnReach = Callable[[bool, str], None]


class EtcdMirror:
    """Calls `on_change(copy, revision)` after every change, the first listing included.

    With `last_prefix` the copy goes from the first key of the one prefix to the last of the other,
    so that one transaction over both is seen at once; only keys that are `wanted` are kept.
    `on_reach(reachable, why)` is called when etcd comes into reach or leaves it.
    """

    def __init__(
        self,
        client: EtcdClient,
        prefix: str,
        on_change: OnChange,
        *,
        relist_s: float = 60.0,
        on_reach: OnReach = lambda reachable, why: None,
        last_prefix: str = "",
        wanted: Callable[[str], bool] = lambda key: True,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._on_change = on_change
        self._relist_s = relist_s
        self._on_reach = on_reach
        self._last_prefix = last_prefix
        self._wanted = wanted
        self._copy: dict[str, KeyValue] = {}
        self._revision = 0
        self._listed = False

    async def run(self) -> None:
        """List, watch, list again; until cancelled."""
        while True:
            listing = await self._list()
            self._replace(listing)
            try:
                async with asyncio.timeout(self._relist_s):
                    watch = self._client.watch(
                        self._prefix, listing.revision + 1, self._last_prefix
                    )
                    async with aclosing(watch) as batches:
                        async for batch in batches:
                            self._apply(batch)
            except TimeoutError:
                log.debug("listing %s again after %.0f s", self._prefix, self._relist_s)
            except CompactedError as error:
                log.info("listing %s again: %s", self._prefix, error)
            except StoreError as error:
                log.warning("watch of %s failed: %s", self._prefix, error)
                await asyncio.sleep(1.0)

    async def _list(self) -> Listing:
        async for attempt in forever(StoreError):
            with attempt:
                try:
                    listing = await self._client.list_prefix(self._prefix, self._last_prefix)
                except StoreError as error:
                    self._on_reach(False, error.problem)
                    raise
                self._on_reach(True, "")
                return listing
        raise AssertionError("retrying never ends")

    def _replace(self, listing: Listing) -> None:
        if listing.revision < self._revision:
            log.warning(
                "etcd went back from revision %d to %d: it was wiped or restored",
                self._revision,
                listing.revision,
            )
        copy = {kv.key: kv for kv in listing.kvs if self._wanted(kv.key)}
        changed = copy != self._copy or not self._listed
        self._copy, self._revision, self._listed = copy, listing.revision, True
        if changed:
            self._on_change(self._copy, self._revision)

    def _apply(self, batch: WatchBatch) -> None:
        changed = False
        for event in batch.events:
            self._revision = max(self._revision, event.kv.mod_revision)
            if not self._wanted(event.kv.key):
                continue
            changed = True
            if event.deleted:
                self._copy.pop(event.kv.key, None)
            else:
                self._copy[event.kv.key] = event.kv
        if changed:
            self._on_change(self._copy, self._revision)
