"""Reads, watches and changes the documents of the network in etcd.

Rule of this file: a set that does not fit together never replaces the good one, whoever wrote it
and by whatever means; a change through here is refused before it is written, with the place.
Documents and the states of policies are watched as one, so that a node switches at one revision.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from nirc.core.events import DocumentsChanged, Event
from nirc.errors import DocumentRefusedError, StoreUnavailableError, UncertainError
from nirc.runtime.clock import wall_unix_s
from nirc.stores.document_cache import DocumentCache
from nirc.stores.document_sets import (
    PREFIX,
    SERIAL_KEY,
    Change,
    Edit,
    Snapshot,
    StoredDocument,
    check_bounds,
    check_revisions,
    check_whole,
    checks_of,
    edit_of,
    joined,
    place_of_error,
    snapshot_of,
    texts_of,
    writes_of_edit,
)
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import Delete, Put
from nirc.stores.policy_records import STATE_PREFIX, policy_of_state
from nirc.stores.taken_sets import SetReader, TakenSet
from routing_policies.document import DocumentError, NetworkDocuments
from routing_policies.read_texts import ReadTexts
from routing_policies.versions import KEPT_MAX, Order, PolicyState

__all__ = ["PREFIX", "Change", "ConfigStatus", "DocumentStore", "StoredDocument"]

log = logging.getLogger(__name__)

ATTEMPTS_MAX = 5
TXN_WRITES_MAX = 128
"etcd's own limit (`--max-txn-ops`)."
PUT_ORDER = "documents put"
MakeEdit = Callable[[Snapshot], Awaitable[Edit]]
"What is wanted of the set as it is now; asked again when the set changed meanwhile."
Guard = Callable[[Snapshot, Edit, Order], Awaitable[None]]
"May refuse a change of documents that touches policies."

Doubts = Callable[[NetworkDocuments, set[str]], list[str]]
"What is to be said of documents, by `kind/name`, though they may be written."
DOUBTED = ("Path/", "NumberPool/", "SiteTable/")


async def _let_all(snapshot: Snapshot, edit: Edit, order: Order) -> None:
    """No guard."""


@dataclass(slots=True)
class ConfigStatus:
    """What a person may want to know of the configuration."""

    revision: int = 0
    in_reach: bool = False
    from_cache: bool = False
    problem: str = ""
    "Why the newest set is not in use; empty when it is."


class DocumentStore:
    """The documents under one prefix. `run` until cancelled."""

    def __init__(
        self,
        *,
        client: EtcdClient,
        cache: DocumentCache,
        post: Callable[[Event], object],
        on_alarm: Callable[[str, str], None] = lambda place, text: None,
        on_clear: Callable[[], None] = lambda: None,
        relist_s: float = 60.0,
        versions_kept_max: int = KEPT_MAX,
        guard: Guard = _let_all,
        doubts: Doubts = lambda documents, keys: [],
        read: ReadTexts | None = None,
    ) -> None:
        self._client = client
        self._post = post
        self._on_alarm = on_alarm
        self._on_clear = on_clear
        self.versions_kept_max = versions_kept_max
        self._guard = guard
        self._doubts = doubts
        self.read = read or ReadTexts()
        "What was read and compiled before."
        self._reader = SetReader(read=self.read, cache=cache, use=self._use, refused=self._refused)
        self._mirror = EtcdMirror(
            client,
            PREFIX,
            self._reader.heard,
            relist_s=relist_s,
            on_reach=self._reached,
            last_prefix=STATE_PREFIX,
            wanted=lambda key: key.startswith(PREFIX) or policy_of_state(key) is not None,
        )
        self.states: Mapping[str, PolicyState] = {}
        "States of policies as they were heard last; empty before that."
        self.in_use: Mapping[str, int] = {}
        "The live version of each policy that the router has."
        self._told_out_of_reach = False
        self._editing = asyncio.Lock()
        self.status = ConfigStatus()

    async def run(self) -> None:
        """Use what was kept on disk, then what etcd says, and every change of it."""
        await self._reader.use_kept()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._reader.run())
            group.create_task(self._mirror.run())

    # ---- for operators -------------------------------------------------------------------------

    async def snapshot(self) -> Snapshot:
        """Documents and states as they are now."""
        serial = await self._client.get(SERIAL_KEY)  # first: what changes after it is noticed
        listing = await self._client.list_prefix(PREFIX, STATE_PREFIX)
        return snapshot_of(listing.kvs, listing.revision, serial)

    async def list_all(self) -> list[StoredDocument]:
        """Every document, as it is now."""
        listing = await self._client.list_prefix(PREFIX)
        return list(snapshot_of(listing.kvs, listing.revision).documents.values())

    async def get(self, key: str) -> StoredDocument | None:
        """One document, by `kind/name`."""
        found = await self._client.get(PREFIX + key)
        return None if found is None else snapshot_of([found], 0).documents[key]

    async def apply(self, changes: Sequence[Change], author: str = "unknown") -> int:
        """Make all `changes` or none; returns the revision. A RoutingPolicy becomes a version.

        Raises `DocumentRefusedError` when the set would not fit together, `DocumentConflictError`
        when a document is not at the revision asked for, `StoreError` when etcd cannot do it.
        """
        check_bounds(changes)

        async def wanted(snapshot: Snapshot) -> Edit:
            check_revisions(changes, snapshot)
            order = Order(author=author, reason=PUT_ORDER, at_unix_s=wall_unix_s())
            edit = edit_of(changes, snapshot, order, self.versions_kept_max)
            await self._guard(snapshot, edit, order)
            return edit

        return (await self.edit(wanted))[1]

    async def doubts(self, changes: Sequence[Change]) -> list[str]:
        """What may be a slip in documents that were written just now, or needs what may come."""
        snapshot = await self.snapshot()
        keys = {change.key for change in changes if change.text is not None}
        if not any(key.startswith(DOUBTED) for key in keys):
            return []
        try:
            documents = await asyncio.to_thread(
                joined, texts_of(snapshot), snapshot.states, snapshot.revision, self.read
            )
        except DocumentError:  # somebody else's, written meanwhile; an alarm tells
            return []
        return self._doubts(documents, keys)

    async def edit(self, wanted: MakeEdit) -> tuple[Edit, int]:
        """Make what `wanted` says of the present set, all or nothing; also the revision.

        Raises what `wanted` raises, and as `apply` does.
        """
        async with self._editing:  # or one node's own edits would get into one another's way
            return await self._edit(wanted)

    async def _edit(self, wanted: MakeEdit) -> tuple[Edit, int]:
        for _ in range(ATTEMPTS_MAX):
            snapshot = await self.snapshot()
            edit = await wanted(snapshot)
            if edit.is_empty:
                return edit, snapshot.revision
            await asyncio.to_thread(check_whole, snapshot, edit, self.read)
            writes = writes_of_edit(edit)
            _check_room(writes)
            try:
                result = await self._client.txn(checks_of(edit, snapshot), writes)
            except UncertainError:
                if await self._is_done(writes):
                    return edit, (await self._client.list_prefix(PREFIX)).revision
                raise
            if result.succeeded:
                return edit, result.revision
        raise StoreUnavailableError("etcd", "documents change too fast to change them safely")

    async def _is_done(self, writes: Sequence[Put | Delete]) -> bool:
        """After an uncertain write: does etcd hold what was wanted?"""
        await asyncio.sleep(0.1)
        for write in writes:
            if write.key == SERIAL_KEY:
                continue
            found = await self._client.get(write.key)
            held = None if found is None else found.value
            if held != (write.value if isinstance(write, Put) else None):
                return False
        return True

    # ---- what etcd says ------------------------------------------------------------------------

    def _use(self, taken: TakenSet) -> None:
        documents = taken.documents
        self.states = taken.states
        self.in_use = {name: one.live.version for name, one in documents.policies.items()}
        _say_in_use(documents, taken.from_cache)
        self.status.revision, self.status.from_cache = taken.revision, taken.from_cache
        self.status.problem = ""
        self._on_clear()
        self._post(DocumentsChanged(documents=documents))

    def _refused(self, revision: int, error: Exception) -> None:
        match error:
            case DocumentRefusedError():
                self._not_used(revision, error.place, str(error))
            case DocumentError():
                self._not_used(revision, place_of_error(error), str(error))
            case _:
                log.error("documents at revision %d are not used", revision, exc_info=error)
                told = f"a fault of the node: {error!r:.200}; undo the last change of the documents"
                self._not_used(revision, "documents", told)

    def _not_used(self, revision: int, place: str, problem: str) -> None:
        self.status.problem = problem
        log.error("documents at revision %d are not used: %s", revision, problem)
        self._on_alarm(place, problem)

    def _reached(self, reachable: bool, why: str) -> None:
        self.status.in_reach = reachable
        if not reachable and not self._told_out_of_reach:
            log.error(
                "etcd cannot be reached (%s); trying on, calls are served by their sites", why
            )
        if reachable and self._told_out_of_reach:
            log.info("etcd is in reach again")
        self._told_out_of_reach = not reachable


def _check_room(writes: Sequence[Put | Delete]) -> None:
    """Everything is one transaction, and etcd's have a limit. Raises DocumentRefusedError."""
    if len(writes) > TXN_WRITES_MAX:
        problem = f"needs {len(writes)} writes at once, and etcd takes {TXN_WRITES_MAX}"
        remedy = "change fewer together: at most 25 policies, each takes 4 writes or more"
        raise DocumentRefusedError("documents", problem, remedy)


def _say_in_use(documents: NetworkDocuments, from_cache: bool) -> None:
    log.info(
        "documents at revision %d in use%s: %d sites, %d paths, %d services, policy %s",
        documents.revision,
        " (kept on disk; etcd not heard yet)" if from_cache else "",
        len(documents.sites),
        len(documents.paths),
        len(documents.services),
        documents.policy.name,
    )
