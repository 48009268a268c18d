"""Sets are read beside the loop; the newest wins, and a broken one is told."""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from nirc.core.events import DocumentsChanged
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nirc.stores.document_cache import DocumentCache
from nirc.stores.document_sets import PREFIX
from nirc.stores.etcd_values import KeyValue
from nirc.stores.taken_sets import PREPARED_FIRST_MAX, SetReader, TakenSet, taken_of
from routing_policies.compiler import CompiledPolicy
from routing_policies.read_texts import ReadTexts

POLICY = """
apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {{name: {name}}}
spec: {{rules: [{{name: it, select: longest_available, adjust: {adjust}, action: route}}]}}
"""


def held(*adjusts: int) -> dict[str, KeyValue]:
    """What etcd holds: a policy for each number."""
    found = {}
    for number, adjust in enumerate(adjusts):
        name = f"policy-{number}"
        key = f"{PREFIX}RoutingPolicy/{name}"
        text = POLICY.format(name=name, adjust=adjust).encode()
        found[key] = KeyValue(key=key, value=text, create_revision=1, mod_revision=1)
    return found


class Heard:
    """A reader, and what it handed on."""

    def __init__(self, cache: Path | None = None) -> None:
        self.used: list[TakenSet] = []
        self.refused: list[int] = []
        self.reader = SetReader(
            read=ReadTexts(),
            cache=DocumentCache(cache),
            use=self.used.append,
            refused=lambda revision, error: self.refused.append(revision),
        )

    async def until(self, used: int = 0, refused: int = 0) -> None:
        async with asyncio.timeout(20):
            while len(self.used) < used or len(self.refused) < refused:  # noqa: ASYNC110
                await asyncio.sleep(0.001)


@asynccontextmanager
async def reading(heard: Heard) -> AsyncIterator[None]:
    task = asyncio.create_task(heard.reader.run())
    yield
    task.cancel()
    await asyncio.wait([task])


async def test_the_newest_is_read_and_the_ones_between_are_not() -> None:
    heard = Heard()
    async with reading(heard):
        for revision in range(1, 6):
            heard.reader.heard(held(revision), revision)
        await heard.until(used=1)
    assert [one.revision for one in heard.used] == [5]
    assert heard.used[0].documents.policies["policy-0"].live.is_prepared


async def test_a_broken_set_is_told_and_the_next_is_heard() -> None:
    heard = Heard()
    broken = held(1) | held(0)
    broken[next(iter(broken))] = KeyValue(
        key=next(iter(broken)), value=b"kind: [", create_revision=1, mod_revision=2
    )
    async with reading(heard):
        heard.reader.heard(broken, 2)
        await heard.until(refused=1)
        heard.reader.heard(held(1), 3)
        await heard.until(used=1)
    assert (heard.refused, heard.used[0].revision) == ([2], 3)


async def test_the_code_of_many_policies_follows_when_they_are_in_use() -> None:
    heard = Heard()
    async with reading(heard):
        heard.reader.heard(held(*range(PREPARED_FIRST_MAX + 5)), 1)
        await heard.until(used=1)
        async with asyncio.timeout(20):
            while heard.used[0].unprepared():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_what_was_used_is_kept_for_the_next_start(tmp_path: Path) -> None:
    first, second = Heard(tmp_path / "kept.json"), Heard(tmp_path / "kept.json")
    await first.reader.use_kept()
    assert not first.used
    async with reading(first):
        first.reader.heard(held(1, 2), 7)
        async with asyncio.timeout(20):
            while not (tmp_path / "kept.json").exists():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await second.reader.use_kept()
    assert (second.used[0].revision, second.used[0].from_cache) == (7, True)


def test_what_did_not_change_is_taken_over() -> None:
    read = ReadTexts()

    def live(kvs: Mapping[str, KeyValue], revision: int) -> dict[str, object]:
        taken = taken_of(tuple(kvs.values()), revision, read)
        return {name: one.live for name, one in taken.documents.policies.items()}

    before, after = live(held(1, 2), 1), live(held(1, 3), 2)
    assert before["policy-0"] is after["policy-0"]
    assert before["policy-1"] is not after["policy-1"]


def test_a_hundred_versions_in_a_row_leave_at_most_three_behind() -> None:
    read = ReadTexts()
    router = Router(node="n1", settings=RouterSettings(), new_id=lambda: "d")
    for number in range(100):
        documents = taken_of(tuple(held(number).values()), number, read).documents
        documents.policies["policy-0"].live.prepare()
        router.handle(DocumentsChanged(documents=documents), float(number))
    gc.collect()
    assert sum(is_mine(one) for one in gc.get_objects()) <= 3


def is_mine(found: object) -> bool:
    return type(found) is CompiledPolicy and found.name == "policy-0"
