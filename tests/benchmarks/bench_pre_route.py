"""Measures one node that answers edges over SIP: INVITE in, policy asked, record written, 302 out.

One node process that leads, one etcd member, a site of 1,000 agents and one without whose links
this process serves, and sipp as the edge, over UDP on loopback, all on one machine. Every call is
decided by a policy and leaves a decision record. A chosen agent is withheld for 0.1 s instead of 2,
so that there is one for each of 10,000 calls a second: a default answer is a fault here, and its
step is not clean. Figures only, no assertion of time.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench_report import report
from edge_network import NUMBER, EdgeNetwork
from etcd_cluster import EtcdCluster
from node_process import NodeProcess

NAMES = ("pre_route_302_cps", "pre_route_302_p99_ms", "pre_route_cpu_us")

HERE = Path(__file__).resolve().parent
STEPS = (500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000)
HALF_OF_GOAL = 1_500
STEP_S = 5
TRIES = 3
AGENTS = 1_000
RETRANSMISSIONS_SHARE_MAX = 0.01


def run_sipp(port: int, rate: int, seconds: int) -> tuple[bool, list[float]]:
    """One step of load: whether it was clean, and the times from INVITE to 302 in ms, sorted."""
    calls = rate * seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [
            "sipp", f"127.0.0.1:{port}", "-sf", str(HERE / "sipp" / "pre_route.xml"),
            "-i", "127.0.0.1", "-s", NUMBER, "-r", str(rate), "-m", str(calls), "-l", "30000",
            "-timeout", f"{seconds * 2 + 20}s", "-timeout_error", "-nostdin", "-trace_stat",
            "-stf", "stat.csv", "-fd", "1", "-trace_rtt", "-rtt_freq", "1000",
            "-buff_size", "4194304",
        ]  # fmt: skip
        began_s = time.monotonic()
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        took_s = time.monotonic() - began_s
        with (folder / "stat.csv").open() as file:
            last = list(csv.DictReader(file, delimiter=";"))[-1]
        times = sorted(times_ms(folder))
    failed, again = int(last["FailedCall(C)"]), int(last["Retransmissions(C)"])
    well = done.returncode == 0 and not failed and again <= calls * RETRANSMISSIONS_SHARE_MAX
    well = well and took_s < seconds * 1.2 + 1.5
    print(
        f"at {rate}/s: {calls} calls in {took_s:.1f} s, failed {failed}, retransmissions {again}, "
        f"p50 {share(times, 0.5):.1f} ms, p99 {share(times, 0.99):.1f} ms"
        f"{'' if well else ' <- not clean'}",
        flush=True,
    )
    return well, times


def times_ms(folder: Path) -> list[float]:
    """What sipp timed."""
    found = []
    for path in folder.glob("*_rtt.csv"):
        for line in path.read_text().splitlines()[1:]:
            fields = line.split(";")
            if len(fields) >= 2:
                found.append(float(fields[1]))
    return found


def share(numbers: list[float], part: float) -> float:
    """The number below which this part of them lies; they are sorted."""
    return numbers[min(int(len(numbers) * part), len(numbers) - 1)] if numbers else float("nan")


def cpu_s(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def outcomes(node: NodeProcess) -> dict[str, float]:
    """What the router counted of edges' calls."""
    request = urllib.request.Request(f"{node.url}/metrics")
    request.add_header("Authorization", f"Bearer {node.token_file.read_text().strip()}")
    with urllib.request.urlopen(request, timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    wanted = (line.rpartition(" ") for line in lines if "pre_route." in line)
    return {name.split('"')[1]: float(number) for name, _, number in wanted}


def step(node: NodeProcess, port: int, rate: int) -> bool:
    """One step of load: whether it was clean and every answer the policy's."""
    before = by_default(node)
    well, _ = run_sipp(port, rate, STEP_S)
    count = by_default(node) - before
    if count:
        print(f"    {count:.0f} default answers <- not clean", flush=True)
    return well and not count


def by_default(node: NodeProcess) -> float:
    """Calls that got the default answer."""
    return outcomes(node).get("pre_route.redirect_default", 0.0)


def measure(network: EdgeNetwork) -> None:
    """Times at half of the goal, then more calls a second until they are not clean."""
    (node,) = network.nodes
    (port,) = network.sip
    assert node.process is not None
    run_sipp(port, 200, 2)
    used_s = cpu_s(node.process.pid)
    _, times = run_sipp(port, HALF_OF_GOAL, 3 * STEP_S)
    cpu_us = (cpu_s(node.process.pid) - used_s) / max(len(times), 1) * 1e6
    best = 0
    for rate in STEPS:
        if not any(step(node, port, rate) for _ in range(TRIES)):
            break
        best = rate
    print(f"what became of the calls: {outcomes(node)}", flush=True)
    report("pre_route_302_cps", float(best), "calls/s", 3_000, "higher")
    report("pre_route_302_p99_ms", share(times, 0.99), "ms", 50, "lower")
    report("pre_route_cpu_us", cpu_us, "us", 330, "lower")


def main() -> int:
    """Measure all figures."""
    if shutil.which("sipp") is None:
        print("sipp is not installed: apt-get install sip-tester", file=sys.stderr)
        return 1
    folder = Path(tempfile.mkdtemp(prefix="bench-pre-route-"))
    with EtcdCluster(folder / "etcd") as etcd:
        network = EdgeNetwork(
            folder, etcd.addresses, 1, agents_count=AGENTS, calls_per_s_max=100_000
        )
        network.nodes[0].settings["router"] = {"pre_route_expected_s": 0.1}
        try:
            network.start()
            measure(network)
        finally:
            network.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
