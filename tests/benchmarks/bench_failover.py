"""Measures how long nobody leads: after the leader's process was killed, and after it was stopped.

Three node processes on three etcd members. The clock runs from the signal until another node says
that it leads and would decide now. The peers' notice of a dead process is allowed every second here
(every minute by default), so that each round is like the first of a quiet day; some rounds without
any notice are shown beside it.
"""

import os
import signal
import statistics
import tempfile
import time
from pathlib import Path

from bench_report import report
from etcd_cluster import EtcdCluster
from node_process import NodeProcess, nodes_of

NAMES = ("failover_kill_p50_s", "failover_kill_max_s", "failover_resign_p50_s")

ROUNDS = 9
ROUNDS_BY_LEASE = 4


def led_by(nodes: list[NodeProcess]) -> NodeProcess | None:
    return next((node for node in nodes if node.process is not None and node.leads()), None)


def settled(nodes: list[NodeProcess]) -> NodeProcess:
    """Wait until all are linked and one leads; that one."""

    def is_settled() -> bool:
        states = [node.status() for node in nodes]
        return all(s and len(s["peers_linked"]) == len(nodes) - 1 for s in states) and bool(
            led_by(nodes)
        )

    nodes[0].wait_until(is_settled, 30)
    time.sleep(2.2)
    leader = led_by(nodes)
    assert leader is not None
    return leader


def round_s(nodes: list[NodeProcess], number: int) -> float:
    """One round: signal the leader, wait for another, bring the first one back."""
    leader = settled(nodes)
    others = [node for node in nodes if node is not leader]
    process = leader.process
    assert process is not None
    began_s = time.monotonic()
    os.kill(process.pid, number)
    while led_by(others) is None:
        assert time.monotonic() - began_s < 30, "nobody leads"
        time.sleep(0.002)
    took_s = time.monotonic() - began_s
    process.wait(timeout=15)
    leader.process = None
    leader.start()
    return took_s


def measured(notice_interval_s: int, rounds: list[int]) -> list[float]:
    """Rounds on a new network."""
    folder = Path(tempfile.mkdtemp(prefix="bench-failover-"))
    with EtcdCluster(folder / "etcd", size=3) as etcd:
        nodes = nodes_of(folder, etcd.addresses, None)
        try:
            for node in nodes:
                node.settings["etcd"] = {
                    **node.settings["etcd"],
                    "notice_interval_s": notice_interval_s,
                }
                node.start(wait=False)
            return [round_s(nodes, number) for number in rounds]
        finally:
            for node in nodes:
                node.kill()


def main() -> None:
    took_s = measured(1, [signal.SIGKILL] * ROUNDS + [signal.SIGTERM] * ROUNDS)
    killed, resigned = took_s[:ROUNDS], took_s[ROUNDS:]
    by_lease = measured(3_600, [signal.SIGKILL] * (ROUNDS_BY_LEASE + 1))[1:]
    print("  killed, with the peers' notice:", " ".join(f"{one:.3f}" for one in killed))
    print("  killed, by the lease alone:", " ".join(f"{one:.3f}" for one in by_lease))
    print("  resigned:", " ".join(f"{one:.3f}" for one in resigned))
    report("failover_kill_p50_s", statistics.median(killed), "s", 3.0, "lower")
    report("failover_kill_max_s", max(killed + by_lease), "s", 4.5, "lower")
    report("failover_resign_p50_s", statistics.median(resigned), "s", 0.6, "lower")


if __name__ == "__main__":
    main()
