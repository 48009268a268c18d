"""Measures what 200 consoles cost a leading node: processor time beside the same load without them.

One node that leads, one etcd member, this process, which speaks for 20 sites (10 ask, 10 lend 200
agents each, with a state delta of every lending site ten times a second) at a steady rate of route
requests, and one for 200 pages: each reads the live stream and asks for the cluster every 10 s.
With and without the pages in turn, so that both meet the same machine. A node decides on one
processor: a share of its time is that share of its rate.
"""

import asyncio
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uvloop
from bench_report import report
from bench_router_link import SITES, cpu_s, documents, percentile
from etcd_cluster import EtcdCluster
from link_driver import Driver, Tally
from node_process import NodeProcess, nodes_of

from nirc.stores.document_cache import DocumentCache
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_config import DocumentStore
from nirc.stores.etcd_values import EtcdSettings

NAMES = ("console_200_readers_share", "console_reader_bytes_per_s")

PAGES = "pages"
READERS, POLL_EVERY_S = 200, 10.0
RATE_PER_S, PART_S, PARTS = 60.0, 4.0, 2
"More decisions than a stream tells, and few enough for a loaded machine."


class Pages:
    """So many pages, in a process of their own, which reads and does no more."""

    def __init__(self, url: str, token: str) -> None:
        self._process = subprocess.Popen(
            ["nice", "-n", "5", sys.executable, __file__, PAGES, url, token],
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait(self) -> None:
        """Until every page has its snapshot, and the first change after it."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == "ready"

    def close(self) -> int:
        """Bytes that all of them were sent since then."""
        assert self._process.stdout is not None
        self._process.terminate()
        sent = int(self._process.stdout.readline())
        self._process.wait(timeout=10)
        return sent


def be_pages(url: str, token: str) -> None:
    """The process of the pages, until it is told to end."""
    host, _, port = url.removeprefix("http://").partition(":")
    head = f"Host: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"
    events = f"GET /api/v1/events HTTP/1.1\r\n{head}".encode()
    poll = f"GET /api/v1/cluster HTTP/1.1\r\n{head}".encode()
    readers, pollers = (
        [socket.create_connection((host, int(port))) for _ in range(READERS)] for _ in range(2)
    )
    selector = selectors.DefaultSelector()
    for one in readers:
        one.sendall(events)
        selector.register(one, selectors.EVENT_READ, one)
    for one in pollers:
        selector.register(one, selectors.EVENT_READ, None)
    left = dict.fromkeys(readers, 2)
    sent_bytes, polls_count, began_s = 0, 0, time.monotonic()
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: ended.append(number))
    while not ended:
        for key, _ in selector.select(timeout=0.05):
            told = key.fileobj.recv(1 << 18)  # type: ignore[union-attr]
            sent_bytes += len(told)
            if left and key.data in left:
                left[key.data] -= told.count(b"\nevent: ")
                if left[key.data] <= 0 and left.pop(key.data) is not None and not left:
                    print("ready", flush=True)
                    sent_bytes = 0
        while polls_count < (time.monotonic() - began_s) * READERS / POLL_EVERY_S:
            pollers[polls_count % READERS].sendall(poll)
            polls_count += 1
    print(sent_bytes, flush=True)


async def part(driver: Driver, node: NodeProcess) -> tuple[float, Tally]:
    """Share of a processor that the node takes under the load."""
    used_s, began_s = cpu_s(node), time.monotonic()
    tally = await driver.run(RATE_PER_S, PART_S)
    return (cpu_s(node) - used_s) / (time.monotonic() - began_s), tally


def told(name: str, share: float, tally: Tally) -> str:
    p99_ms = percentile(tally.took_s, 0.99) * 1e3
    return f"  {name}: {share:.1%} of a processor, p99 {p99_ms:.0f} ms, moved {tally.moved_count}"


async def measure(node: NodeProcess, etcd: list[str]) -> None:
    client = EtcdClient(EtcdSettings(members=tuple(etcd)))
    store = DocumentStore(client=client, cache=DocumentCache(None), post=lambda event: None)
    await store.apply(documents())
    await client.close()
    driver = Driver({node.name: node.link_address}, dict.fromkeys(SITES))
    await driver.start()
    await driver.run(RATE_PER_S, 2.0)
    token = node.token_file.read_text(encoding="utf-8").strip()
    alone, watched, sent_bytes = 0.0, 0.0, 0
    for _ in range(PARTS):
        share, tally = await part(driver, node)
        print(told("alone", share, tally))
        alone += share / PARTS
        pages = Pages(node.url, token)
        await asyncio.to_thread(pages.wait)
        share, tally = await part(driver, node)
        sent_bytes += pages.close()
        print(told(f"with {READERS} pages", share, tally))
        watched += share / PARTS
    each = sent_bytes / READERS / (PARTS * PART_S)
    report("console_200_readers_share", (watched - alone) * 100, "%", 5, "lower")
    report("console_reader_bytes_per_s", each, "B/s", 50_000, "lower")
    await driver.stop()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-console-") as name:
        folder = Path(name)
        with EtcdCluster(folder / "etcd") as etcd:
            # Callers who left on the way, as the driver tells, shall suspend nobody.
            (node,) = nodes_of(folder, etcd.addresses, None, 1, router={"hole_outcomes_min": 1_000})
            try:
                node.start()
                node.wait_until(node.leads)
                uvloop.run(measure(node, etcd.addresses))
            finally:
                node.kill()


if __name__ == "__main__":
    if sys.argv[1:2] == [PAGES]:
        be_pages(*sys.argv[2:4])
    else:
        main()
