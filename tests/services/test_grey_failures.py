"""What works too slowly is told by a real node, and ends by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster
from node_process import NodeProcess, nodes_of

pytestmark = [pytest.mark.services, pytest.mark.timeout(120)]

QUICK = {"slow_after_s": 1.5, "slow_over_s": 4.0}
STANDS_S, RUNS_S = 0.7, 0.05
"Longer than `router.node_slow_s`; between, the node has a moment to do its work."


@pytest.fixture
def node(tmp_path: Path) -> Iterator[NodeProcess]:
    with EtcdCluster(tmp_path / "etcd") as etcd:
        (made,) = nodes_of(tmp_path, etcd.addresses, None, 1, router=QUICK)
        try:
            made.start()
            made.wait_until(made.leads)
            yield made
        finally:
            made.kill()


def alarms_of(node: NodeProcess) -> set[str]:
    try:
        return {one["code"] for one in node.ask("/api/v1/alarms")["alarms"]}
    except OSError:
        return set()


def test_a_node_that_gets_too_little_of_the_processor_is_told_and_recovers(
    node: NodeProcess,
) -> None:
    for _ in range(8):
        for _ in range(6):
            node.freeze()
            time.sleep(STANDS_S)
            node.thaw()
            time.sleep(RUNS_S)
        if "node_slow" in alarms_of(node):
            break
    assert "node_slow" in alarms_of(node)
    node.wait_until(lambda: "node_slow" not in alarms_of(node), 60.0)
    node.wait_until(node.leads)
