"""A network for edges that ask before delivery: etcd, nodes with `pre_route`, and two sites.

Rule of this file: faro has nobody free and is the entry site of the number; porto has agents, so
that a choice of the policy and the default answer are told apart. What a site's address answers is
the test's own business.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from etcd_cluster import EtcdCluster, free_ports
from link_driver import DrivenSite
from node_process import NodeProcess, nodes_of

from nirc.stores.document_cache import DocumentCache
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_config import Change, DocumentStore
from nirc.stores.etcd_values import EtcdSettings

NUMBER = "+351800100100"
BUSY, BLOCKED, SHUT = "+351800100486", "+351800100603", "+351800100480"
"Numbers whose callers the policy refuses, each for a reason of its own."
MAIL, SAFE_MAIL = "+351800100200", "+351800100201"
"Numbers whose callers the policy sends to a handler, and to one over TLS alone."
HANDLERS = {
    "mail": "sip:mail@192.0.2.50:5070;user=phone",
    "safe-mail": "sips:mail@vm.example:5071",
}
NUMBERS = {BUSY: "busy", BLOCKED: "blocked", SHUT: "closed", MAIL: "mail", SAFE_MAIL: "safe-mail"}
CHOSEN, ENTRY = "porto", "faro"
START_S_MAX = 30.0


class EdgeNetwork:
    """Nodes and sites that run; `ports` are where calls for sites go."""

    def __init__(
        self, folder: Path, etcd: list[str], count: int, *, agents_count: int = 200, **client: Any
    ) -> None:
        found = free_ports(count + 2)
        self.ports = dict(zip((ENTRY, CHOSEN), found[:2], strict=True))
        self.sip = found[2:]
        self.nodes = nodes_of(folder, etcd, None, count)
        edge = {"name": "edge", "networks": ["127.0.0.0/8"], "trunk_group": "network"} | client
        for node, port in zip(self.nodes, self.sip, strict=True):
            listen = f"127.0.0.1:{port}"
            node.settings["pre_route"] = {"redirect_sip": listen, "clients": [edge]}
        self.etcd = etcd
        links = {node.name: node.link_address for node in self.nodes}
        self._sites = _Sites(links, agents_count)

    def start(self) -> None:
        """Until a node leads and both sites have acknowledged it."""
        asyncio.run(_put(self.etcd, self.ports))
        for node in self.nodes:
            node.start(wait=False)
        self.nodes[0].wait_until(lambda: self.leader() is not None)
        self._sites.start()

    def stop(self) -> None:
        """End everything that was started."""
        self._sites.stop()
        for node in self.nodes:
            node.kill()

    def leader(self) -> NodeProcess | None:
        """The node that would decide now."""
        running = (node for node in self.nodes if node.process is not None)
        return next((node for node in running if node.leads()), None)

    def sip_of(self, node: NodeProcess) -> int:
        """The port at which a node answers edges."""
        return self.sip[self.nodes.index(node)]


@contextmanager
def running(folder: Path, count: int = 2, **client: Any) -> Iterator[EdgeNetwork]:
    """A started network, ended whatever happens."""
    with EtcdCluster(folder / "etcd") as etcd:
        network = EdgeNetwork(folder, etcd.addresses, count, **client)
        try:
            network.start()
            yield network
        finally:
            network.stop()


def documents(ports: Mapping[str, int]) -> dict[str, str]:
    """`kind/name` to the document's spec, in flow style."""
    table = ", ".join(
        f"{{site: {site}, trunk_group: network, host: 127.0.0.1, port: {port}}}"
        for site, port in ports.items()
    )
    queues = "{queues: [{name: sales, services: [sales, busy, blocked, closed, mail, safe-mail]}]}"
    return {
        **{f"Site/{site}": queues for site in ports},
        "NetworkService/sales": "{queue: sales, aht_s: 60}",
        "SiteTable/all": f"{{addresses: [{table}]}}",
        **dict.fromkeys(
            (
                *("NetworkService/busy", "NetworkService/blocked", "NetworkService/closed"),
                *(f"NetworkService/{name}" for name in HANDLERS),
            ),
            "{queue: sales, aht_s: 60}",
        ),
        **{
            f"Handler/{name}": (
                f"{{uri: '{uri}', ways: [{{trunk_group: network, methods: [redirect_302],"
                " follows_contacts: true}]}"
            )
            for name, uri in HANDLERS.items()
        },
        "RoutingPolicy/default": (
            "{rules: ["
            + "".join(
                f"{{name: {why}, when: 'call.service == \"{why}\"',"
                f" action: reject, reason: {why}}}, "
                for why in ("busy", "blocked", "closed")
            )
            + "".join(
                f"{{name: {name}, when: 'call.service == \"{name}\"',"
                f" action: to_handler, handler: {name}, reason: closed}}, "
                for name in HANDLERS
            )
            + "{name: free, select: longest_available, action: route}],"
            " otherwise: {action: queue_at_origin}}"
        ),
        "DialedNumberPlan/all": (
            "{country: PT, entries:"
            f" [{{number: '{NUMBER}', service: sales, entry_sites: [{ENTRY}]}}"
            + "".join(
                f", {{number: '{number}', service: {why}, entry_sites: [{ENTRY}]}}"
                for number, why in NUMBERS.items()
            )
            + "]}"
        ),
    }


async def _put(etcd: list[str], ports: Mapping[str, int]) -> None:
    client = EtcdClient(EtcdSettings(members=tuple(etcd)))
    store = DocumentStore(client=client, cache=DocumentCache(None), post=lambda event: None)
    changes = []
    for key, spec in documents(ports).items():
        kind, _, name = key.partition("/")
        head = f"apiVersion: nirc/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n"
        changes.append(Change(key=key, text=f"{head}spec: {spec}\n"))
    await store.apply(changes)
    await client.close()


class _Sites:
    """Both sites' links, on a loop of their own."""

    def __init__(self, nodes: Mapping[str, str], agents_count: int) -> None:
        self._nodes = nodes
        self._agents_count = agents_count
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._sites: list[DrivenSite] = []

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(START_S_MAX)

    def stop(self) -> None:
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(START_S_MAX)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5.0)
        self._loop.close()

    async def _start(self) -> None:
        self._sites = [
            DrivenSite(ENTRY, self._nodes, None, 0),
            DrivenSite(CHOSEN, self._nodes, None, self._agents_count),
        ]
        for site in self._sites:
            await site.start()
        while not all(len(s.up) == len(self._nodes) and s.leader for s in self._sites):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)

    async def _stop(self) -> None:
        for site in self._sites:
            await site.stop()
