"""Whole nodes as processes on real etcd and Redis: fail-over, hand-over, services away, errors."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from etcd_cluster import EtcdCluster
from node_process import ROOT, NodeProcess, nodes_of
from redis_process import RedisProcess

pytestmark = pytest.mark.services


class Network:
    """Three nodes on one etcd member and one store."""

    def __init__(self, folder: Path) -> None:
        self.etcd = EtcdCluster(folder / "etcd")
        self.redis = RedisProcess(folder / "redis")
        self.nodes = nodes_of(folder, self.etcd.addresses, self.redis.url)

    def start(self) -> None:
        self.etcd.start()
        self.redis.start()
        for node in self.nodes:
            node.start(wait=False)
        for node in self.nodes:
            node.wait_until(lambda node=node: peers_of(node) == 2)

    def stop(self) -> None:
        for node in self.nodes:
            node.kill()
        self.redis.stop()
        self.etcd.stop()

    @property
    def running(self) -> list[NodeProcess]:
        return [node for node in self.nodes if node.process is not None]

    def leader(self) -> NodeProcess:
        found: list[NodeProcess] = []

        def one_leads() -> bool:
            found[:] = [node for node in self.running if node.leads()]
            return len(found) == 1

        self.running[0].wait_until(one_leads)
        return found[0]


def peers_of(node: NodeProcess) -> int:
    status = node.status()
    return len(status["peers_linked"]) if status else 0


def alarms_of(node: NodeProcess) -> set[str]:
    """What stands, but for what a busy machine makes slow."""
    codes = {alarm["code"] for alarm in node.ask("/api/v1/alarms")["alarms"]}
    return codes - {"node_slow", "etcd_slow"}


def leaders_shown(network: "Network") -> set[str]:
    statuses = [node.status() for node in network.nodes]
    return {status["domains"][0]["leader"] for status in statuses if status}


def epoch_of(node: NodeProcess) -> tuple[int, int]:
    status = node.status()
    assert status is not None
    domain = status["domains"][0]
    return domain["generation"], domain["revision"]


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_killed_stopped_and_back(network: Network) -> None:
    first = network.leader()
    first_epoch = epoch_of(first)
    first.kill()
    second = network.leader()
    assert second is not first and epoch_of(second) > first_epoch
    first.start()
    second_epoch = epoch_of(second)
    process = second.process
    assert process is not None
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(timeout=15) == 0
    second.process = None
    third = network.leader()
    assert epoch_of(third) > second_epoch
    assert "Traceback" not in first.log + second.log + third.log


def test_a_drained_node_hands_over_and_does_not_come_back(network: Network) -> None:
    leader = network.leader()
    leader.ask("/api/v1/drain", "POST")
    others = [node for node in network.nodes if node is not leader]
    others[0].wait_until(lambda: any(node.leads() for node in others))
    status = leader.status()
    assert status is not None and status["draining"] and not leader.leads()
    assert leader.stop() == 0


def test_a_frozen_leader_is_followed_and_stays_deposed(network: Network) -> None:
    leader = network.leader()
    old_epoch = epoch_of(leader)
    leader.freeze()
    others = [node for node in network.nodes if node is not leader]
    others[0].wait_until(lambda: any(node.leads() for node in others))
    leader.thaw()
    leader.wait_until(lambda: leader.status() is not None and epoch_of(leader) > old_epoch)
    assert not leader.leads()


def test_with_etcd_frozen_every_node_says_so_and_shows_no_leader(network: Network) -> None:
    leader = network.leader()
    for node in network.nodes:
        node.wait_until(lambda: leaders_shown(network) == {leader.name})
        node.wait_until(lambda node=node: alarms_of(node) == set())
    assert len({epoch_of(node) for node in network.nodes}) == 1
    frozen_at_s = time.monotonic()
    network.etcd.freeze(0)
    for node in network.nodes:
        node.wait_until(lambda node=node: "etcd_unreachable" in alarms_of(node))
        status = node.status()
        assert status is not None and not status["etcd"]["in_reach"] and status["etcd"]["problem"]
    leader.wait_until(lambda: leaders_shown(network) == {""})
    assert time.monotonic() - frozen_at_s < 15, "three leases of 2 s, and room for a slow machine"
    for node in network.nodes:
        node.wait_until(lambda node=node: "no_leader" in alarms_of(node))
    network.etcd.thaw(0)
    for node in network.nodes:
        node.wait_until(lambda node=node: alarms_of(node) == set())


def test_a_killed_node_is_alarmed_until_it_is_back(network: Network) -> None:
    killed = network.leader()
    killed.kill()
    others = [node for node in network.nodes if node is not killed]
    for node in others:
        node.wait_until(lambda node=node: "node_down" in alarms_of(node))
    killed.start()
    for node in others:
        node.wait_until(lambda node=node: "node_down" not in alarms_of(node))


def test_services_away_are_said_and_waited_for(tmp_path: Path) -> None:
    etcd, redis = EtcdCluster(tmp_path / "etcd"), RedisProcess(tmp_path / "redis")
    node = nodes_of(tmp_path, etcd.addresses, redis.url, count=1)[0]
    try:
        node.start()
        node.wait_until(lambda: "etcd cannot be reached" in node.log)
        node.wait_until(lambda: "Redis cannot be reached" in node.log)
        status = node.status()
        assert status is not None
        assert not status["etcd"]["in_reach"] and not status["redis"]["in_reach"]
        node.wait_until(lambda: {"redis_away", "etcd_unreachable", "no_leader"} == alarms_of(node))
        etcd.start()
        redis.start()
        node.wait_until(node.leads)
        node.wait_until(lambda: node.ask("/api/v1/alarms")["alarms"] == [])
        assert node.log.count("etcd cannot be reached") == 1
        assert node.log.count("Redis cannot be reached") == 1
        assert "Traceback" not in node.log
        assert node.stop() == 0
    finally:
        node.kill()
        redis.stop()
        etcd.stop()


def nirc(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nirc", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_line(tmp_path: Path) -> None:
    assert nirc("--version").stdout.startswith("nirc ")
    good = nodes_of(tmp_path, ["127.0.0.1:1"], None, count=1)[0].settings
    path = tmp_path / "node.yaml"
    path.write_text(yaml.safe_dump(good))
    assert nirc("config", "check", str(path)).returncode == 0
    path.write_text(yaml.safe_dump({**good, "colour": "red"}))
    for words in (("config", "check", str(path)), ("run", "--config", str(path))):
        done = nirc(*words)
        assert done.returncode == 2 and "colour: unknown setting" in done.stderr
        assert "Traceback" not in done.stderr
    tls = {"ca": "absent.pem", "cert": "absent.pem", "key": "absent.pem"}
    path.write_text(yaml.safe_dump({**good, "link": {**good["link"], "tls": tls}}))
    done = nirc("run", "--config", str(path))
    assert done.returncode == 2 and "absent.pem" in done.stderr and "Traceback" not in done.stderr
    path.write_text(yaml.safe_dump({**good, "data_dir": str(path / "below_a_file")}))
    done = nirc("run", "--config", str(path))
    assert done.returncode == 2 and "set data_dir to a folder" in done.stderr
