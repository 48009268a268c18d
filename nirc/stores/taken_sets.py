"""Reads what etcd holds into a set that may be used, without holding up the node's loop.

Rule of this file: work in a thread, one set at a time; what it makes is used by the loop alone. Of
sets heard while one is read only the newest is read. Code of few changed policies is written before
a set is used; that of many follows a piece at a time, for calls come first.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from nirc.stores.document_cache import CachedTexts, DocumentCache
from nirc.stores.document_sets import joined, read_state, snapshot_of, texts_of
from nirc.stores.etcd_values import KeyValue
from nirc.stores.policy_records import state_text
from routing_policies.compiler import CompiledPolicy
from routing_policies.document import NetworkDocuments
from routing_policies.read_texts import ReadTexts
from routing_policies.versions import PolicyState

PREPARED_FIRST_MAX = 20
"Policies whose code is written before a set is used, at some milliseconds each."
PREPARED_EVERY_S = 0.02
"Pause between two of the others."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenSet:
    """A set that was read, checked and may be used."""

    documents: NetworkDocuments
    states: Mapping[str, PolicyState]
    texts: Mapping[str, tuple[str, int]]
    revision: int
    from_cache: bool = False

    def unprepared(self) -> list[CompiledPolicy]:
        """Policies in use whose code is not written yet."""
        documents = self.documents
        every = [documents.policy, *(p for one in documents.policies.values() for p in one.all())]
        return [policy for policy in every if not policy.is_prepared]


class SetReader:
    """Hands each newest set to `use`, in the loop. `run` until cancelled."""

    def __init__(
        self,
        *,
        read: ReadTexts,
        cache: DocumentCache,
        use: Callable[[TakenSet], object],
        refused: Callable[[int, Exception], object],
    ) -> None:
        self._read = read
        self._cache = cache
        self._use = use
        self._refused = refused
        self._newest: tuple[Sequence[KeyValue], int] | None = None
        self._wake = asyncio.Event()

    def heard(self, copy: Mapping[str, KeyValue], revision: int) -> None:
        """This is what etcd holds now; never waits."""
        self._newest = tuple(copy.values()), revision
        self._wake.set()

    async def use_kept(self) -> None:
        """Use what was kept on disk, if anything was."""
        kept = await asyncio.to_thread(self._cache.read)
        if kept is not None:
            await self._take(kept.revision, partial(taken_of_cache, kept, self._read))

    async def run(self) -> None:
        """Read what is heard."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            assert self._newest is not None
            kvs, revision = self._newest
            taken = await self._take(revision, partial(taken_of, kvs, revision, self._read))
            if taken is not None:
                await asyncio.to_thread(self._keep, taken)
                await self._prepare_others(taken)

    async def _take(self, revision: int, make: Callable[[], TakenSet]) -> TakenSet | None:
        try:
            taken = await asyncio.to_thread(make)
            await asyncio.to_thread(_prepare, taken.unprepared()[:PREPARED_FIRST_MAX])
            self._use(taken)
        except Exception as error:  # later sets must be heard all the same
            self._refused(revision, error)
            return None
        return taken

    def _keep(self, taken: TakenSet) -> None:
        states = {name: state_text(state) for name, state in taken.states.items()}
        self._cache.write(taken.revision, taken.texts, states)

    async def _prepare_others(self, taken: TakenSet) -> None:
        """Until a newer set is heard; who is not ready by then is when it first decides."""
        for policy in taken.unprepared():
            if self._wake.is_set():
                return
            await asyncio.to_thread(policy.prepare)
            await asyncio.sleep(PREPARED_EVERY_S)


def taken_of(kvs: Sequence[KeyValue], revision: int, read: ReadTexts) -> TakenSet:
    """What etcd holds. Raises DocumentRefusedError and DocumentError."""
    snapshot = snapshot_of(kvs, revision)
    texts = texts_of(snapshot)
    documents = joined(texts, snapshot.states, revision, read)
    return TakenSet(documents=documents, states=snapshot.states, texts=texts, revision=revision)


def taken_of_cache(kept: CachedTexts, read: ReadTexts) -> TakenSet:
    """What was kept on disk. Raises DocumentRefusedError and DocumentError."""
    states = {name: read_state(name, text) for name, text in kept.states.items()}
    return TakenSet(
        documents=joined(kept.texts, states, kept.revision, read),
        states=states,
        texts=kept.texts,
        revision=kept.revision,
        from_cache=True,
    )


def _prepare(policies: Sequence[CompiledPolicy]) -> None:
    for policy in policies:
        policy.prepare()
