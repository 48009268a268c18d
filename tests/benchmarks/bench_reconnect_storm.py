"""Measures how soon many sites are back after all nodes were killed and started again.

One etcd member, three node processes, mutual TLS, and one process with a real client of NRCLI for
each site (`tests/cluster/storm_clients.py`), each with a stream to every node. The clock runs from
the start of the nodes. Processor time is told apart for the nodes and for the clients, for on few
processors they take it from one another. `STORM_SITES=60,200` takes other sizes.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import uvloop
from bench_report import report
from etcd_cluster import EtcdCluster
from node_process import NodeProcess, nodes_of

from nirc.demo.throwaway_ca import ThrowawayCa
from nirc.stores.document_cache import DocumentCache
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_config import Change, DocumentStore
from nirc.stores.etcd_values import EtcdSettings

NAMES = (
    "storm_sites",
    "storm_site_back_p50_s",
    "storm_site_back_p99_s",
    "storm_back_s",
    "storm_node_cpu_s",
    "storm_clients_cpu_s",
)

SIZES = [int(size) for size in os.environ.get("STORM_SITES", "60,200,500").split(",")]
DOCUMENTS_AT_ONCE = 100
LINKED_S_MAX, BACK_S_MAX = 300.0, 300.0
STEADY_S = 3.0
CLIENTS = Path(__file__).resolve().parents[1] / "cluster" / "storm_clients.py"
SPEC = "{tenant: default, time_zone: Europe/Lisbon, queues: []}"
HEAD = "apiVersion: nirc/v1\nkind: Site\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def boottime_s() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Crowd:
    """The process of the clients, and what it said last."""

    def __init__(self, folder: Path, nodes: list[NodeProcess], ca: ThrowawayCa, names: list[str]):
        files = {name: ca.site(name) for name in names}
        paths = {
            name: {"ca": str(one.ca), "cert": str(one.cert), "key": str(one.key)}
            for name, one in files.items()
        }
        addresses = {node.name: node.link_address for node in nodes}
        settings = folder / "storm.json"
        settings.write_text(json.dumps({"nodes": addresses, "sites": paths}))
        self.sites_count = len(names)
        self.told: dict[str, Any] = {}
        with (folder / "clients.log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(CLIENTS), str(settings)], stdout=subprocess.PIPE, stderr=log
            )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.told = json.loads(line)

    def wait_acknowledged(self, above: list[int], within_s: float) -> None:
        """Until every site has acknowledged an epoch above this."""

        def there() -> bool:
            told = self.told
            return told["epoch"] > above and told["acknowledged_count"] == self.sites_count

        self._wait(there, within_s)

    def wait_linked(self, nodes_count: int, within_s: float) -> None:
        """Until every site has a stream to every node."""
        self._wait(lambda: self.told["up_count"] == nodes_count * self.sites_count, within_s)

    def _wait(self, there: Any, within_s: float) -> None:
        until_s = boottime_s() + within_s
        while not (self.told and there()):
            if self.process.poll() is not None or boottime_s() > until_s:
                raise SystemExit(f"the sites are not there: {self.told}")
            time.sleep(0.02)


async def put_sites(etcd: list[str], names: list[str]) -> None:
    client = EtcdClient(EtcdSettings(members=tuple(etcd)))
    store = DocumentStore(client=client, cache=DocumentCache(None), post=lambda event: None)
    changes = [Change(key=f"Site/{one}", text=HEAD.format(name=one, spec=SPEC)) for one in names]
    for at in range(0, len(changes), DOCUMENTS_AT_ONCE):
        await store.apply(changes[at : at + DOCUMENTS_AT_ONCE])
    await client.close()


def pids(nodes: list[NodeProcess]) -> list[int]:
    return [node.process.pid for node in nodes if node.process is not None]


def steady(crowd: Crowd, nodes: list[NodeProcess]) -> str:
    """What links cost that only stand."""
    before = cpu_s(crowd.process.pid), sum(map(cpu_s, pids(nodes)))
    time.sleep(STEADY_S)
    clients = (cpu_s(crowd.process.pid) - before[0]) / STEADY_S
    own = (sum(map(cpu_s, pids(nodes))) - before[1]) / STEADY_S / len(nodes)
    return f"standing: a node {own:.0%} of a processor, the clients {clients:.0%}"


def logged(nodes: list[NodeProcess], words: str, since_unix_s: float) -> list[str]:
    """When the nodes logged these words, in seconds after an instant."""
    lines = [line for node in nodes for line in node.log.splitlines() if words in line]
    at_unix_s = [datetime.fromisoformat(line.split()[0]).timestamp() for line in lines]
    return [f"{one - since_unix_s:.2f}" for one in sorted(at_unix_s) if one >= since_unix_s]


def storm(crowd: Crowd, nodes: list[NodeProcess]) -> dict[str, float]:
    """Kill all nodes, start them, wait for all sites."""
    crowd.wait_acknowledged([0, 0], LINKED_S_MAX)
    crowd.wait_linked(len(nodes), LINKED_S_MAX)
    print(f"  {crowd.sites_count} sites, {steady(crowd, nodes)}")
    before, attempts = crowd.told["epoch"], crowd.told["ends"]["attempts"]
    for node in nodes:
        node.kill()
    used_s, began_s = cpu_s(crowd.process.pid), boottime_s()
    began_unix_s = time.time()
    for node in nodes:
        node.start(wait=False)
    crowd.wait_acknowledged(before, BACK_S_MAX)
    nodes_s = [cpu_s(pid) for pid in pids(nodes)]
    told = crowd.told
    figures = {
        "storm_sites": float(crowd.sites_count),
        "storm_site_back_p50_s": told["half_at_s"] - began_s,
        "storm_site_back_p99_s": told["p99_at_s"] - began_s,
        "storm_back_s": told["last_at_s"] - began_s,
        "storm_node_cpu_s": max(nodes_s),
        "storm_clients_cpu_s": cpu_s(crowd.process.pid) - used_s,
    }
    served, led = (logged(nodes, words, began_unix_s) for words in ("serves sites", "leading "))
    print(f"  nodes served after {', '.join(served)} s, one led after {', '.join(led)} s")
    crowd.wait_linked(len(nodes), BACK_S_MAX)
    all_s, clients_s = boottime_s() - began_s, cpu_s(crowd.process.pid) - used_s
    print(
        f"  {crowd.sites_count} sites back: half {figures['storm_site_back_p50_s']:.2f} s, 99 % "
        f"{figures['storm_site_back_p99_s']:.2f} s, all {figures['storm_back_s']:.2f} s; processor "
        f"until then: nodes {', '.join(f'{one:.2f}' for one in nodes_s)} s, clients "
        f"{figures['storm_clients_cpu_s']:.2f} s; every link {all_s:.2f} s, clients "
        f"{clients_s:.2f} s, {crowd.told['ends']['attempts'] - attempts} attempts"
    )
    return figures


def measured(sites_count: int) -> dict[str, float]:
    """One size, on a network of its own."""
    folder = Path(tempfile.mkdtemp(prefix="bench-storm-"))
    names = [f"storm-{number:03d}" for number in range(sites_count)]
    ca = ThrowawayCa(folder / "tls", now_unix_s=time.time(), network="bench")
    with EtcdCluster(folder / "etcd") as etcd:
        uvloop.run(put_sites(etcd.addresses, names))
        nodes = nodes_of(folder, etcd.addresses, None)
        crowd = None
        try:
            for node in nodes:
                files = ca.node(node.name)
                tls = {"ca": str(files.ca), "cert": str(files.cert), "key": str(files.key)}
                node.settings["link"] = {**node.settings["link"], "tls": tls}
                node.start(wait=False)
            nodes[0].wait_until(lambda: any(node.leads() for node in nodes), LINKED_S_MAX)
            crowd = Crowd(folder, nodes, ca, names)
            return storm(crowd, nodes)
        finally:
            for node in nodes:
                node.kill()
            if crowd is not None:
                crowd.process.kill()
                crowd.process.wait()


def keep_compiled() -> None:
    """Programs are installed compiled: the second start of a node finds its code so here too."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", tempfile.mkdtemp(prefix="bench-storm-code-"))


def main() -> None:
    keep_compiled()
    figures = [measured(size) for size in SIZES][-1]
    report("storm_sites", figures["storm_sites"], "sites", 500, "higher")
    report("storm_site_back_p50_s", figures["storm_site_back_p50_s"], "s", 5, "lower")
    report("storm_site_back_p99_s", figures["storm_site_back_p99_s"], "s", 5, "lower")
    report("storm_back_s", figures["storm_back_s"], "s", 5, "lower")
    report("storm_node_cpu_s", figures["storm_node_cpu_s"], "s", 5, "lower")
    report("storm_clients_cpu_s", figures["storm_clients_cpu_s"], "s", 5, "lower")


if __name__ == "__main__":
    main()
