"""Links between nodes on real gRPC over loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from link_ends import QUICK, Heard, eventually, new_ca, new_server

from nirc.demo.ports import PortTaker
from nirc.links.peer_link import PeerLink
from nirc.links.site_link_server import SiteLinkServer
from nrcli.wire.messages import CallTaken, PeerRelay, PeerStatus
from nrcli.wire.tls import TlsFiles

RELAY = PeerRelay(message=CallTaken(token="nirc-a", from_site="porto", to_site="lisbon"))
NAMES = ("n1", "n2", "n3")


free_port = PortTaker()
"A port that no outgoing connection takes while a node is stopped."


class Node:
    """A server with a peer link on its port."""

    def __init__(self, name: str, addresses: dict[str, str], tls: TlsFiles | None) -> None:
        self.name, self.heard = name, Heard()
        self.link = PeerLink(
            node=name,
            peers=addresses,
            tls=tls,
            on_up=self.heard.note_up,
            on_down=self.heard.note_down,
            on_message=self.heard.note_said,
            backoff=QUICK,
        )
        options: dict[str, Any] = {"listen": addresses[name], "handlers": (self.link.handler,)}
        self.server: SiteLinkServer = new_server(tls, Heard(), node=name, **options)

    async def start(self) -> None:
        await self.server.start()
        await self.link.start()

    async def stop(self) -> None:
        await self.link.stop()
        await self.server.stop()


def last_reason(node: Node) -> str:
    """How its last link to n1 ended, as it was told; empty while none has ended."""
    end = node.link.status()["n1"].last_end
    return end.reason if end else ""


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[dict[str, Node]]:
    ca = new_ca(tmp_path / "ca")
    addresses = {name: f"127.0.0.1:{free_port()}" for name in NAMES}
    made = {name: Node(name, addresses, ca.node(name)) for name in NAMES}
    yield made
    for node in made.values():
        await node.stop()


async def test_every_node_hears_every_other(nodes: dict[str, Node]) -> None:
    for node in nodes.values():
        await node.start()
    for node in nodes.values():
        others = {name for name in NAMES if name != node.name}
        await eventually(lambda n=node, o=others: {name for name, _ in n.heard.ups} == o)
    status = PeerStatus(node="n1", sites=("lisbon",))
    assert nodes["n1"].link.send("n2", RELAY)
    assert nodes["n1"].link.send("n3", status)
    await eventually(lambda: nodes["n2"].heard.said and nodes["n3"].heard.said)
    assert nodes["n2"].heard.said == [("n1", RELAY)]
    assert nodes["n3"].heard.said == [("n1", status)]
    assert not nodes["n1"].link.send("n1", RELAY)
    assert not nodes["n1"].link.send("n2", PeerStatus(node="x" * 10_000))


async def test_a_stopped_node_is_refused_and_comes_back(nodes: dict[str, Node]) -> None:
    for node in nodes.values():
        await node.start()
    heard = nodes["n1"].heard
    await eventually(lambda: len(heard.ups) == 2)
    early = len(heard.downs)
    await nodes["n3"].stop()
    await eventually(lambda: ("n3", True) in heard.downs[early:])
    assert not nodes["n1"].link.send("n3", RELAY)
    await nodes["n3"].start()
    await eventually(lambda: [name for name, _ in heard.ups].count("n3") == 2)


async def test_a_node_that_never_ran_is_refused(nodes: dict[str, Node]) -> None:
    await nodes["n1"].start()
    await eventually(lambda: len(nodes["n1"].heard.downs) == 2)
    assert sorted(nodes["n1"].heard.downs) == [("n2", True), ("n3", True)]
    await eventually(lambda: nodes["n1"].link.status()["n2"].attempts_count > 3)
    assert len(nodes["n1"].heard.downs) == 2


async def test_a_site_is_no_peer_and_a_stranger_is_none_either(tmp_path: Path) -> None:
    ca = new_ca(tmp_path / "ca")
    addresses = {"n1": f"127.0.0.1:{free_port()}"}
    node = Node("n1", addresses, ca.node("n1"))
    as_site = Node("n2", addresses | {"n2": "127.0.0.1:0"}, ca.site("n2"))
    stranger = Node("n9", addresses | {"n9": "127.0.0.1:0"}, ca.node("n9"))
    await node.start()
    try:
        await as_site.link.start()
        await stranger.link.start()
        reason = "the certificate does not name a node of network demo"
        await eventually(lambda: last_reason(as_site) == reason)
        await eventually(lambda: last_reason(stranger) == "node n9 is not among the nodes of n1")
        assert node.link.counts["identity"] >= 2
        assert not node.heard.ups
    finally:
        for each in (as_site, stranger):
            await each.link.stop()
        await node.stop()
