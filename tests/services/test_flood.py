"""One site floods the nodes over its real link; the others' callers are routed as if it did not."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pytest
from etcd_cluster import EtcdCluster
from link_driver import QUEUE, Driver
from node_process import NodeProcess, nodes_of
from policy_texts import network_texts

from nirc.stores.document_cache import DocumentCache
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_config import Change, DocumentStore
from nirc.stores.etcd_values import EtcdSettings

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]

CLIENT = Path(__file__).parents[1] / "helpers" / "flood_client.py"
SITES = ("lisbon", "porto", "faro", "braga")
"The first two ask, the other two lend."
FLOOD = "leiria"
PER_S, FOR_S = 40.0, 6.0
FLOOD_PER_S = 600.0
"Thirty times what a site may ask here, and twice as many reports."
LIMITS = {"requests_per_site_per_s": 20.0 + PER_S, "requests_per_site_burst": 40.0}
SLOWER_MAX, SLOWER_S = 8.0, 0.1
"Half of the answers come within so many times the calm median, and this; cores are shared."


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[list[NodeProcess], list[str]]]:
    with EtcdCluster(tmp_path / "etcd") as etcd:
        made = nodes_of(tmp_path, etcd.addresses, None, router=LIMITS)
        try:
            for node in made:
                node.start(wait=False)
            for node in made:
                node.wait_until(lambda node=node: node.status() is not None)
            made[0].wait_until(lambda: any(node.leads() for node in made))
            yield made, etcd.addresses
        finally:
            for node in made:
                node.kill()


async def put_documents(etcd: list[str]) -> None:
    client = EtcdClient(EtcdSettings(members=tuple(etcd)))
    store = DocumentStore(client=client, cache=DocumentCache(None), post=lambda event: None)
    texts = network_texts(*SITES, FLOOD, services=(QUEUE,))
    await store.apply([Change(key=key, text=text) for key, text in texts.items()])
    await client.close()


@contextmanager
def flooding(addresses: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that floods once it is told to."""
    words = [FLOOD, str(FLOOD_PER_S), str(FOR_S), *(f"{n}={at}" for n, at in addresses.items())]
    process = subprocess.Popen(
        [sys.executable, str(CLIENT), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


async def test_a_flooding_site_costs_the_others_neither_rate_nor_time(
    nodes: tuple[list[NodeProcess], list[str]],
) -> None:
    made, etcd = nodes
    await put_documents(etcd)
    addresses = {node.name: node.link_address for node in made}
    driver = Driver(addresses, dict.fromkeys(SITES))
    await driver.start()
    await driver.run(PER_S, 1.0)  # round trips are known from here on
    with flooding(addresses) as client:
        assert client.stdin is not None and client.stdout is not None
        assert (await asyncio.to_thread(client.stdout.readline)).strip() == "ready"
        calm = await driver.run(PER_S, FOR_S)
        print("now", file=client.stdin, flush=True)
        flooded = await driver.run(PER_S, FOR_S)
        told = json.loads(await asyncio.to_thread(client.stdout.readline))
    await driver.stop()
    assert told["sent"] > 10 * LIMITS["requests_per_site_burst"], told
    assert told["shed"] > told["answered"] / 2, told
    assert calm.moved_count >= 0.95 * PER_S * FOR_S
    assert flooded.moved_count >= 0.95 * calm.moved_count
    assert median(flooded.took_s) <= SLOWER_MAX * median(calm.took_s) + SLOWER_S
    counts = [(node.status() or {})["counts"] for node in made]
    assert sum(one.get("overload", 0) for one in counts) >= told["shed"]
