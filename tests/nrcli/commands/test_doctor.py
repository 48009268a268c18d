"""`nrcli doctor` as a process against a real node, with etcd there and away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster
from node_process import ROOT, NodeProcess, nodes_of

from nrcli.commands.exit_codes import UNHEALTHY, USAGE

pytestmark = pytest.mark.services


def doctor(node: NodeProcess, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from nrcli.commands.main import main; main()", *words],
        cwd=ROOT,
        env={**os.environ, "NRCLI_URL": node.url, "NRCLI_TOKEN_FILE": str(node.token_file)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def places(done: subprocess.CompletedProcess[str]) -> set[str]:
    return {one["place"] for one in json.loads(done.stdout)["findings"] if one["wrong"]}


def until(node: NodeProcess, wanted: set[str], *words: str) -> subprocess.CompletedProcess[str]:
    ends = time.monotonic() + 60.0
    while True:
        done = doctor(node, "--json", "doctor", *words)
        if wanted <= places(done) or time.monotonic() > ends:
            return done
        time.sleep(0.5)


def test_what_a_node_its_missing_neighbour_and_a_lost_etcd_tell(tmp_path: Path) -> None:
    (tmp_path / "other.token").write_text("t")
    gone = f"http://127.0.0.1:9={tmp_path / 'other.token'}"
    with ExitStack() as stack:
        with EtcdCluster(tmp_path / "etcd") as etcd:
            node = nodes_of(tmp_path, etcd.addresses, None, count=1)[0]
            stack.callback(node.kill)
            node.start()
            done = until(node, {"http://127.0.0.1:9"}, "--also", gone)
            assert "http://127.0.0.1:9" in places(done) and done.returncode == UNHEALTHY
            told = doctor(node, "doctor", "--also", gone)
            assert "WRONG  http://127.0.0.1:9: cannot reach" in told.stdout
            assert doctor(node, "doctor", "--also", "nonsense").returncode == USAGE
        for _ in range(100):
            done = until(node, {node.name, "default"})
            whats = [one["what"] for one in json.loads(done.stdout)["findings"]]
            if any("etcd is away" in what for what in whats):
                break
        assert any("etcd is away" in what for what in whats), whats
        assert any("nobody leads" in what for what in whats), whats
