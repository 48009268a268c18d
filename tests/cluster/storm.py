"""Many sites that come back at once, beside those of the lab: certificates, documents, processes.

Rule of this file: the sites are linked before the nodes are killed; what is measured is from the
start of the nodes until every site has acknowledged a new leader.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nirc.demo.json_http import HttpFailed
from tests.cluster.row_run import RowRun
from tests.cluster.storm_clients import peak_mb

SITES_COUNT = int(os.environ.get("STORM_SITES", "500"))
"Fewer only to try the row itself on a machine that has other things to do."
LINKED_S_MAX = 180.0
BACK_S_MAX = 50.0
"Ten times the goal."
DOCUMENTS_AT_ONCE = 100
PROCESSES_COUNT = 5
"Sites have a machine each: one process of all of them would be the slowest part of the network."
CLIENTS = Path(__file__).with_name("storm_clients.py")


class Crowd:
    """What the processes of the clients said last."""

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._processes = processes
        self._told: list[dict[str, Any]] = [
            {"acknowledged_count": 0, "epoch": [0, 0], "peak_mb": 0.0, "ends": {}}
            for _process in processes
        ]
        for number in range(len(processes)):
            threading.Thread(target=self._read, args=(number,), daemon=True).start()

    @property
    def epoch(self) -> tuple[int, int]:
        """The highest that any site has heard."""
        return max(tuple(told["epoch"]) for told in self._told)

    @property
    def acknowledged_count(self) -> int:
        """Sites that acknowledged it."""
        epoch = self.epoch
        return sum(
            told["acknowledged_count"] for told in self._told if tuple(told["epoch"]) == epoch
        )

    @property
    def attempts_count(self) -> int:
        """Links that were tried since the processes began."""
        return sum(told["ends"].get("attempts", 0) for told in self._told)

    @property
    def peak_mb(self) -> float:
        """Memory of the processes."""
        return round(sum(told["peak_mb"] for told in self._told), 1)

    def wait_all(self, above: tuple[int, int], within_s: float) -> float:
        """Seconds until all have acknowledged an epoch above this. Raises TimeoutError."""
        begun_s = time.monotonic()
        while time.monotonic() - begun_s < within_s:
            if self.epoch > above and self.acknowledged_count == SITES_COUNT:
                return time.monotonic() - begun_s
            if any(process.poll() is not None for process in self._processes):
                break
            time.sleep(0.02)
        raise TimeoutError(
            f"{self.acknowledged_count} of {SITES_COUNT} sites were there after {within_s:.0f} s; "
            f"links ended last by {[told['ends'] for told in self._told]}"
        )

    def _read(self, number: int) -> None:
        stdout = self._processes[number].stdout
        assert stdout is not None
        for line in stdout:
            self._told[number] = json.loads(line)


def reconnect_storm(run: RowRun) -> None:
    """All nodes are killed and started again while 500 more sites are linked."""
    network = run.network
    names = [f"storm-{number:03d}" for number in range(SITES_COUNT)]
    _put(run, {name: _document(name) for name in names})
    try:
        with _clients(run, names) as crowd:
            crowd.wait_all((0, 0), LINKED_S_MAX)
            before, attempts_count = crowd.epoch, crowd.attempts_count
            for node in network.node_hosts:
                network.processes.kill(node)
            gone_at_s = run.now_s()
            for node in network.node_hosts:
                network.processes.restart(node)
            run.figures["storm_back_s"] = round(crowd.wait_all(before, BACK_S_MAX), 2)
            network.without_nodes.append((gone_at_s, run.now_s()))
            mb = [peak_mb(network.processes.pid(node)) for node in network.node_hosts]
            run.figures["storm_sites"] = float(SITES_COUNT)
            run.figures["storm_attempts"] = float(crowd.attempts_count - attempts_count)
            run.figures |= {"storm_node_mb": max(mb), "storm_clients_mb": crowd.peak_mb}
    finally:
        _put(run, dict.fromkeys(names))


@contextlib.contextmanager
def _clients(run: RowRun, names: list[str]) -> Iterator[Crowd]:
    network = run.network
    files = {name: network.site_certificate(name) for name in names}
    paths = {
        name: {"ca": str(one.ca), "cert": str(one.cert), "key": str(one.key)}
        for name, one in files.items()
    }
    nodes = {node.name: node.link_address for node in network.layout.nodes}
    processes = []
    for number in range(PROCESSES_COUNT):
        share = {name: paths[name] for name in names[number::PROCESSES_COUNT]}
        settings = network.folder / f"storm-{number}.json"
        settings.write_text(json.dumps({"nodes": nodes, "sites": share}), encoding="utf-8")
        processes.append(_process(settings, network.folder / "logs" / f"storm-{number}.log"))
    try:
        yield Crowd(processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _process(settings: Path, log: Path) -> subprocess.Popen[str]:
    with log.open("w") as stderr:
        return subprocess.Popen(
            [sys.executable, str(CLIENTS), str(settings)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )


def _put(run: RowRun, texts: dict[str, str | None]) -> None:
    """Write or remove documents, as many at once as a node takes."""
    every = [(f"Site/{name}", text) for name, text in texts.items()]
    for at in range(0, len(every), DOCUMENTS_AT_ONCE):
        part = dict(every[at : at + DOCUMENTS_AT_ONCE])
        for _ in range(10):
            try:
                run.network.admin(run.leader()).change_documents(part)
                break
            except HttpFailed:
                time.sleep(1.0)
        else:
            raise TimeoutError("the documents of the storm's sites were not taken")


def _document(name: str) -> str:
    return (
        f"apiVersion: nirc/v1\nkind: Site\nmetadata: {{name: {name}}}\n"
        "spec: {tenant: default, time_zone: Europe/Lisbon, queues: []}\n"
    )
