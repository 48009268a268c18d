"""Documents on a real etcd: a broken set never replaces the good one; compare-and-set."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster, free_ports

from nirc.core.events import DocumentsChanged, Event
from nirc.errors import DocumentConflictError, DocumentRefusedError, StoreUnavailableError
from nirc.stores.document_cache import DocumentCache
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_config import PREFIX, Change, DocumentStore
from nirc.stores.etcd_values import EtcdSettings

SERVICE = """
apiVersion: nirc/v1
kind: NetworkService
metadata: {name: sales}
spec: {numbers: ["+351210000001"], queue: sales, aht_s: 180, priority: 0}
"""
SITE = """
apiVersion: nirc/v1
kind: Site
metadata: {name: lisbon}
spec: {tenant: default, time_zone: Europe/Lisbon, queues: [{name: sales, services: [sales]}]}
"""


class Used:
    """What a store posted and alarmed."""

    def __init__(self) -> None:
        self.sets: list[DocumentsChanged] = []
        self.alarms: list[str] = []

    def post(self, event: Event) -> None:
        assert isinstance(event, DocumentsChanged)
        self.sets.append(event)

    @property
    def sites(self) -> set[str]:
        return set(self.sets[-1].documents.sites) if self.sets else set()


async def until(condition: Callable[[], object], wait_s: float = 20.0) -> None:
    async with asyncio.timeout(wait_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def etcd(tmp_path: Path) -> Iterator[EtcdCluster]:
    with EtcdCluster(tmp_path / "etcd") as cluster:
        yield cluster


@pytest.fixture
async def client(etcd: EtcdCluster) -> AsyncIterator[EtcdClient]:
    made = EtcdClient(EtcdSettings(members=tuple(etcd.addresses)))
    yield made
    await made.close()


def store_of(client: EtcdClient, used: Used, cache: Path | None = None) -> DocumentStore:
    return DocumentStore(
        client=client,
        cache=DocumentCache(cache),
        post=used.post,
        on_alarm=lambda place, text: used.alarms.append(place),
    )


@pytest.mark.services
async def test_changes_come_through_the_watch(client: EtcdClient) -> None:
    used = Used()
    store = store_of(client, used)
    task = asyncio.create_task(store.run())
    await until(lambda: used.sets)
    assert used.sites == set()
    await store.apply([Change(key="NetworkService/sales", text=SERVICE, if_revision=0)])
    await store.apply([Change(key="Site/lisbon", text=SITE)])
    await until(lambda: used.sites == {"lisbon"})
    await store.apply([Change(key="Site/lisbon", text=None)])
    await until(lambda: used.sites == set())
    task.cancel()


@pytest.mark.services
async def test_compare_and_set(client: EtcdClient) -> None:
    store = store_of(client, Used())
    service = Change(key="NetworkService/sales", text=SERVICE, if_revision=0)
    revision = await store.apply([service, Change(key="Site/lisbon", text=SITE)])
    found = await store.get("Site/lisbon")
    assert found is not None and found.mod_revision == revision and found.text == SITE
    with pytest.raises(DocumentConflictError):
        await store.apply([service])
    with pytest.raises(DocumentConflictError):
        await store.apply([Change(key="Site/lisbon", text=SITE, if_revision=revision - 1)])
    with pytest.raises(DocumentConflictError):
        await store.apply([Change(key="Site/porto", text=None)])
    await store.apply([Change(key="Site/lisbon", text=SITE, if_revision=revision)])
    assert [one.key for one in await store.list_all()] == ["NetworkService/sales", "Site/lisbon"]
    assert await store.get("Site/porto") is None


@pytest.mark.services
async def test_a_remedy_of_many_faults_is_told_once(client: EtcdClient) -> None:
    store = store_of(client, Used())
    faro = SITE.replace("lisbon", "faro")
    documents = {"NetworkService/sales": SERVICE, "Site/lisbon": SITE, "Site/faro": faro}
    await store.apply([Change(key=key, text=text) for key, text in documents.items()])
    with pytest.raises(DocumentRefusedError) as caught:
        await store.apply([Change(key="NetworkService/sales", text=None)])
    told = str(caught.value)
    assert "Site/lisbon" in told and "Site/faro" in told
    assert caught.value.remedy and told.count(caught.value.remedy) == 1


@pytest.mark.services
async def test_what_does_not_fit_is_refused_with_its_place(client: EtcdClient) -> None:
    store = store_of(client, Used())
    with pytest.raises(DocumentRefusedError, match="sales"):
        await store.apply([Change(key="Site/lisbon", text=SITE)])
    with pytest.raises(DocumentRefusedError) as caught:
        await store.apply([Change(key="Site/lisbon", text=SITE.replace("queues", "ques"))])
    assert caught.value.place.startswith("Site/lisbon") and "ques" in str(caught.value)
    with pytest.raises(DocumentRefusedError):
        await store.apply([Change(key="Site/lisbon", text="x" * (1 << 21))])
    with pytest.raises(DocumentRefusedError):
        await store.apply([Change(key="Site/a", text=SITE), Change(key="Site/a", text=SITE)])
    assert await store.list_all() == []


@pytest.mark.services
async def test_a_broken_set_written_behind_our_back_is_alarmed_and_not_used(
    client: EtcdClient,
) -> None:
    used = Used()
    store = store_of(client, used)
    await store.apply([Change(key="NetworkService/sales", text=SERVICE)])
    await store.apply([Change(key="Site/lisbon", text=SITE)])
    task = asyncio.create_task(store.run())
    await until(lambda: used.sites == {"lisbon"})
    await client.put(PREFIX + "Site/lisbon", b"kind: [broken")
    await until(lambda: used.alarms)
    assert used.sites == {"lisbon"} and "Site/lisbon" in used.alarms[0]
    assert "Site/lisbon" in store.status.problem
    await store.apply([Change(key="Site/lisbon", text=SITE)])
    await until(lambda: not store.status.problem)
    task.cancel()


@pytest.mark.services
async def test_two_writers_cannot_break_the_set_together(client: EtcdClient) -> None:
    store = store_of(client, Used())
    await store.apply([Change(key="NetworkService/sales", text=SERVICE)])
    outcomes = await asyncio.gather(
        store.apply([Change(key="Site/lisbon", text=SITE)]),
        store.apply([Change(key="NetworkService/sales", text=None)]),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, DocumentRefusedError) for outcome in outcomes) == 1


@pytest.mark.services
async def test_a_node_starts_with_what_it_kept(client: EtcdClient, tmp_path: Path) -> None:
    cache = tmp_path / "documents.json"
    used = Used()
    store = store_of(client, used, cache)
    await store.apply([Change(key="NetworkService/sales", text=SERVICE)])
    await store.apply([Change(key="Site/lisbon", text=SITE)])
    task = asyncio.create_task(store.run())
    await until(lambda: used.sites == {"lisbon"})
    task.cancel()
    nobody = EtcdClient(EtcdSettings(members=(f"127.0.0.1:{free_ports(1)[0]}",)))
    later = Used()
    alone = store_of(nobody, later, cache)
    task = asyncio.create_task(alone.run())
    await until(lambda: later.sites == {"lisbon"})
    assert alone.status.from_cache and not alone.status.in_reach
    with pytest.raises(StoreUnavailableError):
        await alone.list_all()
    task.cancel()
    await nobody.close()
