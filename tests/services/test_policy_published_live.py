"""Policies published while calls are routed by three real nodes: no request fails, every decision
names one version, and a broken one changes nothing anywhere."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster
from link_driver import QUEUE, Driver, Tally
from node_process import NodeProcess, nodes_of
from policy_texts import network_texts, text_of

from nrcli.admin_client import AdminClient
from nrcli.errors import AdminError
from nrcli.policy_client import PolicyClient
from nrcli.wire.api_models import Decision
from nrcli.wire.document_models import DocumentChange
from nrcli.wire.policy_models import PublishPolicy

pytestmark = pytest.mark.services

SITES = [f"site{number}" for number in range(6)]
RATE_PER_S, SECONDS = 200.0, 5.0
PUBLISH_EVERY_S = 0.1


def version_text(number: int) -> str:
    """A policy whose one rule is called as its version is numbered."""
    rule = f"{{name: v{number}, select: longest_available, action: route}}"
    return text_of("RoutingPolicy", "default", f"rules: [{rule}]")


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[list[NodeProcess]]:
    with EtcdCluster(tmp_path / "etcd") as etcd:
        made = nodes_of(tmp_path, etcd.addresses, None)
        try:
            for node in made:
                node.start(wait=False)
            for node in made:
                node.wait_until(lambda node=node: node.status() is not None)
            made[0].wait_until(lambda: any(node.leads() for node in made))
            yield made
        finally:
            for node in made:
                node.kill()


def client_of(node: NodeProcess) -> AdminClient:
    return AdminClient(node.url, node.token_file.read_text().strip())


async def put_network(node: NodeProcess) -> None:
    texts = network_texts(*SITES, services=(QUEUE,))
    changes = []
    for key, text in texts.items():
        kind, _, name = key.partition("/")
        changes.append(DocumentChange(kind=kind, name=name, text=text))
    async with client_of(node) as client:
        await client.apply_documents(changes)


async def publish(node: NodeProcess, text: str, if_version: int | None = None) -> int:
    act = PublishPolicy(author="ana", reason="again", text=text, if_version=if_version)
    async with client_of(node) as client:
        return (await PolicyClient(client).publish("default", act)).live


async def in_use(nodes: list[NodeProcess]) -> set[int]:
    """The versions that the nodes decide by."""
    found = set()
    for node in nodes:
        async with client_of(node) as client:
            found.add((await PolicyClient(client).get("default")).in_use_here)
    return found


async def until_in_use(nodes: list[NodeProcess], version: int) -> None:
    async with asyncio.timeout(20):
        while await in_use(nodes) != {version}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_published_again_and_again_while_calls_are_routed(nodes: list[NodeProcess]) -> None:
    await put_network(nodes[0])
    assert await publish(nodes[0], version_text(1), 0) == 1
    await until_in_use(nodes, 1)
    driver = Driver({n.name: n.link_address for n in nodes}, dict.fromkeys(SITES))
    await driver.start()
    try:
        routing = asyncio.create_task(driver.run(RATE_PER_S, SECONDS))
        published = 1
        while not routing.done():
            published = await publish(nodes[published % 3], version_text(published + 1), published)
            await asyncio.sleep(PUBLISH_EVERY_S)
        tally: Tally = await routing
    finally:
        leader = driver.sites[0].leader
        await driver.stop()
    assert published > 5
    assert tally.other_count == 0 and tally.moved_count == int(RATE_PER_S * SECONDS)
    async with client_of(next(node for node in nodes if node.name == leader)) as client:
        decisions = (await client.decisions(limit=1000)).decisions
    assert len(decisions) == 1000
    for one in decisions:
        assert rule_of(one) == f"v{one.policy_version}", "one version from its rules to its number"
        assert 1 <= one.policy_version <= published
    assert len({one.policy_version for one in decisions}) > 3


def rule_of(decision: Decision) -> str:
    assert len(decision.rules_tried) == 1
    return decision.rules_tried[0]


async def test_a_broken_policy_is_refused_and_no_node_changes(nodes: list[NodeProcess]) -> None:
    await put_network(nodes[0])
    await publish(nodes[0], version_text(1))
    await until_in_use(nodes, 1)
    wrong = (
        version_text(2).replace("longest_available", "longest_availabel"),
        version_text(2).replace("v2", "v2, when: 'call.waited_s > queue'"),
        text_of(
            "RoutingPolicy",
            "default",
            "rules: [{name: a, action: redirect, to: {site: nowhere, queue: sales}}]",
        ),
        "kind: [broken",
    )
    for node, text in zip((*nodes, nodes[0]), wrong, strict=True):
        with pytest.raises(AdminError) as caught:
            await publish(node, text)
        assert caught.value.status == 422, str(caught.value)
    await asyncio.sleep(0.5)
    assert await in_use(nodes) == {1}
    for node in nodes:
        status = node.status()
        assert status is not None and not status["documents_problem"]
    async with client_of(nodes[1]) as client:
        assert len((await PolicyClient(client).history("default")).events) == 1
