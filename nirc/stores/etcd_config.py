"""Reads, watches and changes the documents of the network in etcd.

Rule of this file: a set that does not fit together never replaces the good one, whoever wrote it
and by whatever means; a change through here is refused before it is written, with the place.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nirc.core.events import DocumentsChanged, Event
from nirc.errors import (
    DocumentConflictError,
    DocumentRefusedError,
    StoreUnavailableError,
    UncertainError,
)
from nirc.stores.document_cache import DocumentCache
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import Check, Delete, KeyValue, Listing, Put
from routing_policies.document import DocumentError, assemble
from routing_policies.errors import told

log = logging.getLogger(__name__)

PREFIX = "/nirc/documents/"
SERIAL_KEY = "/nirc/documents-serial"
ATTEMPTS_MAX = 5
DOCUMENT_BYTES_MAX = 1 << 20
CHANGES_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """One document as etcd keeps it."""

    key: str
    "`kind/name`."
    text: str
    mod_revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One document to write, or to remove (`text` is None)."""

    key: str
    "`kind/name`."
    text: str | None
    if_revision: int | None = None
    "Only if it is at this revision (0: does not exist); None: whatever it is."


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
    ) -> None:
        self._client = client
        self._cache = cache
        self._post = post
        self._on_alarm = on_alarm
        self._on_clear = on_clear
        self._mirror = EtcdMirror(
            client, PREFIX, self._changed, relist_s=relist_s, on_reach=self._reached
        )
        self._told_out_of_reach = False
        self.status = ConfigStatus()

    async def run(self) -> None:
        """Use what was kept on disk, then what etcd says, and every change of it."""
        kept = self._cache.read()
        if kept is not None:
            self._use(kept.texts, kept.revision, from_cache=True)
        await self._mirror.run()

    # ---- for operators -------------------------------------------------------------------------

    async def list_all(self) -> list[StoredDocument]:
        """Every document, as it is now."""
        listing = await self._client.list_prefix(PREFIX)
        return [_stored(kv) for kv in listing.kvs]

    async def get(self, key: str) -> StoredDocument | None:
        """One document, by `kind/name`."""
        found = await self._client.get(PREFIX + key)
        return None if found is None else _stored(found)

    async def apply(self, changes: Sequence[Change]) -> int:
        """Make all `changes` or none; returns the revision.

        Raises `DocumentRefusedError` when the set would not fit together, `DocumentConflictError`
        when a document is not at the revision asked for, `StoreError` when etcd cannot do it.
        """
        _check_bounds(changes)
        for _ in range(ATTEMPTS_MAX):
            listing = await self._client.list_prefix(PREFIX)
            serial = await self._client.get(SERIAL_KEY)
            _check_revisions(changes, listing)
            _check_whole(changes, listing)
            serial_revision = serial.mod_revision if serial else 0
            try:
                result = await self._client.txn(
                    _checks(changes, listing, serial_revision), _writes(changes)
                )
            except UncertainError:
                if await self._is_done(changes):
                    return (await self._client.list_prefix(PREFIX)).revision
                raise
            if result.succeeded:
                return result.revision
        raise StoreUnavailableError("etcd", "documents change too fast to change them safely")

    async def _is_done(self, changes: Sequence[Change]) -> bool:
        """After an uncertain write: does etcd hold what was wanted?"""
        await asyncio.sleep(0.1)
        found = {one.key: one.text for one in await self.list_all()}
        return all(found.get(change.key) == change.text for change in changes)

    # ---- what etcd says ------------------------------------------------------------------------

    def _changed(self, copy: Mapping[str, KeyValue], revision: int) -> None:
        stored = [_stored(kv) for kv in copy.values()]
        texts = {one.key: (one.text, one.mod_revision) for one in stored}
        if self._use(texts, revision, from_cache=False):
            self._cache.write(revision, texts)

    def _use(
        self, texts: Mapping[str, tuple[str, int]], revision: int, *, from_cache: bool
    ) -> bool:
        try:
            documents = assemble(texts, revision)
        except DocumentError as error:
            self.status.problem = str(error)
            log.error("documents at revision %d are not used: %s", revision, error)
            self._on_alarm(_place(error), str(error))
            return False
        log.info(
            "documents at revision %d in use%s: %d sites, %d paths, %d services, policy %s",
            revision,
            " (kept on disk; etcd not heard yet)" if from_cache else "",
            len(documents.sites),
            len(documents.paths),
            len(documents.services),
            documents.policy.name,
        )
        self.status.revision, self.status.from_cache = revision, from_cache
        self.status.problem = ""
        self._on_clear()
        self._post(DocumentsChanged(documents=documents))
        return True

    def _reached(self, reachable: bool, why: str) -> None:
        self.status.in_reach = reachable
        if not reachable and not self._told_out_of_reach:
            log.error(
                "etcd cannot be reached (%s); trying on, calls are served by their sites", why
            )
        if reachable and self._told_out_of_reach:
            log.info("etcd is in reach again")
        self._told_out_of_reach = not reachable


def _stored(kv: KeyValue) -> StoredDocument:
    text = kv.value.decode("utf-8", errors="replace")
    key = kv.key.removeprefix(PREFIX)
    return StoredDocument(key=key, text=text, mod_revision=kv.mod_revision)


def _place(error: DocumentError) -> str:
    return f"{error.source}:{error.line}" if error.line else error.source


def _check_bounds(changes: Sequence[Change]) -> None:
    if len(changes) > CHANGES_MAX:
        problem = f"{len(changes)} documents in one request"
        raise DocumentRefusedError("documents", problem, f"at most {CHANGES_MAX}")
    if len({change.key for change in changes}) != len(changes):
        raise DocumentRefusedError("documents", "the same document twice in one request")
    for change in changes:
        size = len((change.text or "").encode())
        if size > DOCUMENT_BYTES_MAX:
            remedy = f"at most {DOCUMENT_BYTES_MAX} bytes"
            raise DocumentRefusedError(change.key, f"is {size} bytes", remedy)


def _check_revisions(changes: Sequence[Change], listing: Listing) -> None:
    now = {kv.key.removeprefix(PREFIX): kv.mod_revision for kv in listing.kvs}
    for change in changes:
        found = now.get(change.key, 0)
        if change.if_revision is not None and change.if_revision != found:
            raise DocumentConflictError(change.key, change.if_revision, found)
        if change.text is None and not found:
            raise DocumentConflictError(change.key, change.if_revision or 1, 0)


def _check_whole(changes: Sequence[Change], listing: Listing) -> None:
    """Would the set still fit together?"""
    stored = [_stored(kv) for kv in listing.kvs]
    texts = {one.key: (one.text, one.mod_revision) for one in stored}
    for change in changes:
        if change.text is None:
            texts.pop(change.key, None)
        else:
            texts[change.key] = (change.text, listing.revision + 1)
    try:
        assemble(texts, listing.revision + 1)
    except DocumentError as error:
        gone = [change.key for change in changes if change.text is None]
        raise _still_needed(gone, error) if gone else _refused(error) from error


def _refused(error: DocumentError) -> DocumentRefusedError:
    """Every fault, a line each; the first one's place is the place of all."""
    problem = f"{error.place}: {error.problem}" if error.place else error.problem
    if len(error.faults) == 1:
        return DocumentRefusedError(_place(error), problem, error.remedy)
    remedy = f" ({error.remedy})" if error.remedy else ""
    return DocumentRefusedError(
        _place(error), "\n".join((problem + remedy, *map(told, error.faults[1:])))
    )


def _still_needed(gone: Sequence[str], error: DocumentError) -> DocumentRefusedError:
    """What cannot be removed, and who names it."""
    lines = ["not removed: these documents still name it, or need it:"]
    for fault in error.faults:
        inside = f" {fault.place}" if fault.place else ""
        named = fault.problem.startswith("there is no ")
        lines.append(f"  {fault.source}{inside}" + ("" if named else f": {fault.problem}"))
    remedy = "change those first, or remove them together with it in one command"
    return DocumentRefusedError(", ".join(gone), "\n".join(lines), remedy)


def _checks(changes: Sequence[Change], listing: Listing, serial_revision: int) -> list[Check]:
    """Nothing that was looked at may have changed: one serial key stands for the whole set."""
    now = {kv.key.removeprefix(PREFIX): kv.mod_revision for kv in listing.kvs}
    own = [Check(key=PREFIX + one.key, mod_revision=now.get(one.key, 0)) for one in changes]
    return [Check(key=SERIAL_KEY, mod_revision=serial_revision), *own]


def _writes(changes: Sequence[Change]) -> list[Put | Delete]:
    writes: list[Put | Delete] = [Put(key=SERIAL_KEY, value=b"")]
    for change in changes:
        key = PREFIX + change.key
        if change.text is None:
            writes.append(Delete(key=key))
        else:
            writes.append(Put(key=key, value=change.text.encode()))
    return writes
