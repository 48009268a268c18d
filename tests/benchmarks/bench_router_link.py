"""Measures a leading node over the real link: route request to answer, and how many a second.

One leader process and two followers on one etcd member, mutual TLS, and this process, which speaks
for 20 sites of which 10 ask and 10 lend 200 agents each; it grants every reservation, settles every
move, and sends a state delta of every lending site to every node ten times a second.
"""

import asyncio
import os
import tempfile
import time
from pathlib import Path

import uvloop
from bench_report import report
from etcd_cluster import EtcdCluster
from link_driver import Driver, Tally
from node_process import NodeProcess, nodes_of

from nirc.demo.throwaway_ca import ThrowawayCa
from nirc.stores.document_cache import DocumentCache
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_config import Change, DocumentStore
from nirc.stores.etcd_values import EtcdSettings

NAMES = (
    "route_answer_p50_ms",
    "route_answer_p99_ms",
    "decisions_per_s",
    "leader_cpu_us_per_decision",
)

SITES = [f"site{number:02}" for number in range(20)]
STEADY_PER_S, STEADY_S = 200.0, 15.0
STEPS_PER_S = (500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000, 5_000)
STEP_S = 5.0
P99_S_MAX = 0.05

HEAD = "apiVersion: nirc/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def documents() -> list[Change]:
    """A network of these sites, each with a path to every other."""

    def change(kind: str, name: str, spec: str) -> Change:
        return Change(
            key=f"{kind}/{name}", text=HEAD.format(kind=kind, name=name, spec="{" + spec + "}")
        )

    changes = [change("NetworkService", "sales", "queue: sales, aht_s: 60")]
    for site in SITES:
        changes.append(change("Site", site, "queues: [{name: sales, services: [sales]}]"))
        spec = (
            f"from_site: {site}, trunk_group: carrier, to_site: '*', methods: [refer], "
            "arrives_on: network, set_up_p99_s: 0.5, proven: true"
        )
        changes.append(change("Path", f"{site}-out", spec))
    return changes


def percentile(sorted_s: list[float], share: float) -> float:
    return sorted_s[min(int(len(sorted_s) * share), len(sorted_s) - 1)] if sorted_s else 9.9


def told(rate: float, tally: Tally) -> str:
    p50, p99 = percentile(tally.took_s, 0.5) * 1e3, percentile(tally.took_s, 0.99) * 1e3
    return (
        f"  {rate:5.0f}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms, moved {tally.moved_count}, "
        f"not moved {tally.other_count}"
    )


def cpu_s(node: NodeProcess) -> float:
    assert node.process is not None
    fields = Path(f"/proc/{node.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(nodes: list[NodeProcess], etcd: list[str], ca: ThrowawayCa) -> None:
    client = EtcdClient(EtcdSettings(members=tuple(etcd)))
    store = DocumentStore(client=client, cache=DocumentCache(None), post=lambda event: None)
    await store.apply(documents())
    await client.close()
    driver = Driver(
        {node.name: node.link_address for node in nodes}, {site: ca.site(site) for site in SITES}
    )
    await driver.start()
    leader = next(node for node in nodes if node.name == driver.sites[0].leader)
    await driver.run(100, 2)
    steady = await driver.run(STEADY_PER_S, STEADY_S)
    print(told(STEADY_PER_S, steady))
    report("route_answer_p50_ms", percentile(steady.took_s, 0.5) * 1e3, "ms", 5, "lower")
    report("route_answer_p99_ms", percentile(steady.took_s, 0.99) * 1e3, "ms", 25, "lower")
    best, best_cpu_us = 0.0, 0.0
    for rate in STEPS_PER_S:
        used_s, began_s = cpu_s(leader), time.monotonic()
        tally = await driver.run(rate, STEP_S)
        used_s, took_s = cpu_s(leader) - used_s, time.monotonic() - began_s
        cpu_us = used_s / len(tally.took_s) * 1e6 if tally.took_s else 0.0
        share = f"leader's CPU {used_s / took_s:.0%}, {cpu_us:.0f} us a decision"
        print(f"{told(rate, tally)}, {share}")
        if percentile(tally.took_s, 0.99) > P99_S_MAX or tally.other_count > rate * STEP_S / 1000:
            break
        best, best_cpu_us = rate, cpu_us
        await asyncio.sleep(1.0)
    report("decisions_per_s", best, "1/s", 2_000, "higher")
    report("leader_cpu_us_per_decision", best_cpu_us, "us", 400, "lower")
    await driver.stop()


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="bench-link-"))
    ca = ThrowawayCa(folder / "tls", now_unix_s=time.time(), network="bench")
    with EtcdCluster(folder / "etcd") as etcd:
        nodes = nodes_of(folder, etcd.addresses, None)
        try:
            for node in nodes:
                files = ca.node(node.name)
                tls = {"ca": str(files.ca), "cert": str(files.cert), "key": str(files.key)}
                node.settings["link"] = {**node.settings["link"], "tls": tls}
                node.start(wait=False)
            nodes[0].wait_until(lambda: any(node.leads() for node in nodes))
            uvloop.run(measure(nodes, etcd.addresses, ca))
        finally:
            for node in nodes:
                node.kill()


if __name__ == "__main__":
    main()
