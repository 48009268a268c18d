"""`nrcli` as a process against a real node: what it shows, what it changes, its exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster
from node_process import ROOT, NodeProcess, nodes_of
from policy_texts import policy_text

pytestmark = pytest.mark.services

SERVICE = """\
apiVersion: nirc/v1
kind: NetworkService
metadata: {name: sales}
spec: {numbers: ["+351210000001"], queue: sales, aht_s: 180, priority: 0}
"""
SITE = """\
apiVersion: nirc/v1
kind: Site
metadata: {name: lisbon}
spec: {tenant: default, time_zone: Europe/Lisbon, queues: [{name: sales, services: [sales]}]}
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    folder = tmp_path_factory.mktemp("nrcli")
    with EtcdCluster(folder / "etcd") as etcd:
        made = nodes_of(folder, etcd.addresses, None, count=1)[0]
        try:
            yield made.start()
        finally:
            made.kill()


def nrcli(node: NodeProcess, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "NRCLI_URL": node.url,
        "NRCLI_TOKEN_FILE": str(node.token_file),
        **more,
    }
    return subprocess.run(
        [sys.executable, "-c", "from nrcli.commands.main import main; main()", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_status_for_people_and_programs(node: NodeProcess) -> None:
    node.wait_until(node.leads)
    shown = nrcli(node, "status")
    assert shown.returncode == 0 and "leader of default" in shown.stdout
    told = json.loads(nrcli(node, "--json", "status").stdout)
    assert told["node"] == "n1" and told["domains"][0]["leads_here"]
    for words in (
        ("sites",),
        ("calls",),
        ("queue",),
        ("alarms",),
        ("decisions",),
        ("documents", "list"),
    ):
        assert nrcli(node, *words).returncode == 0
    assert nrcli(node, "sites", "porto").returncode == 1
    unknown = nrcli(node, "explain", "r1")
    assert unknown.returncode == 1 and "nothing is known of call r1" in unknown.stderr
    assert nrcli(node, "--version").stdout.startswith("nrcli ")


def test_status_ends_with_6_when_nobody_leads(tmp_path: Path) -> None:
    lone = nodes_of(tmp_path, ["127.0.0.1:1"], None, count=1)[0]
    try:
        lone.start()
        shown = nrcli(lone, "status")
        assert shown.returncode == 6 and "NOBODY" in shown.stdout and "AWAY" in shown.stdout
        assert nrcli(lone, "--json", "status").returncode == 6
    finally:
        lone.kill()


def test_documents_written_read_and_removed(node: NodeProcess, tmp_path: Path) -> None:
    service, site = tmp_path / "service.yaml", tmp_path / "site.yaml"
    service.write_text(SERVICE)
    site.write_text(SITE)
    alone = nrcli(node, "documents", "put", str(site))
    assert alone.returncode == 5 and "sales" in alone.stderr
    both = nrcli(node, "documents", "put", str(site), str(service))
    assert both.returncode == 0 and "Site/lisbon" in both.stdout
    got = nrcli(node, "documents", "get", "Site/lisbon")
    assert got.stdout == SITE and got.stderr.startswith('revision "')
    revision = got.stderr.split('"')[1]
    again = nrcli(node, "documents", "put", str(site), "--if-match", revision)
    assert again.returncode == 0
    conflict = nrcli(node, "documents", "put", str(site), "--if-match", revision)
    assert conflict.returncode == 4 and "Site/lisbon" in conflict.stderr
    node.wait_until(lambda: any(s["site"] == "lisbon" for s in node.ask("/api/v1/sites")["sites"]))
    assert "lisbon" in nrcli(node, "sites", "lisbon").stdout
    used = nrcli(node, "documents", "delete", "NetworkService/sales")
    assert used.returncode == 5
    assert nrcli(node, "documents", "delete", "Site/lisbon").returncode == 0
    assert nrcli(node, "documents", "delete", "NetworkService/sales").returncode == 0
    assert nrcli(node, "documents", "get", "Site/lisbon").returncode == 1


def test_mistakes_are_one_plain_line(node: NodeProcess, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(SITE.replace("tenant:", "tenent:"))
    shown = nrcli(node, "documents", "put", str(broken))
    assert shown.returncode == 5
    assert "broken.yaml:4" in shown.stderr and "tenent" in shown.stderr and "^^^" in shown.stderr
    away = nrcli(node, "status", NRCLI_URL="http://127.0.0.1:1")
    assert away.returncode == 3 and away.stderr.count("\n") == 1
    for more in ({"NRCLI_TOKEN_FILE": "/absent"}, {"NRCLI_URL": "here"}, {"NRCLI_CA": "/absent"}):
        done = nrcli(node, "status", **more)
        assert done.returncode == 2 and done.stderr.startswith("nrcli: ")
        assert "Traceback" not in done.stderr
    wrong = tmp_path / "token"
    wrong.write_text("wrong")
    assert nrcli(node, "status", NRCLI_TOKEN_FILE=str(wrong)).returncode == 2
    assert nrcli(node, "documents", "get", "lisbon").returncode == 2
    assert nrcli(node, "documents", "put", "/absent.yaml").returncode == 2
    assert nrcli(node, "nonsense").returncode == 2


def test_drain(node: NodeProcess) -> None:
    assert "drains" in nrcli(node, "drain", "--author", "ana", "-m", "new disk").stdout
    node.wait_until(lambda: not node.leads())
    assert "work again" in nrcli(node, "undrain", "--author", "ana").stdout
    node.wait_until(node.leads)
    told = nrcli(node, "audit").stdout
    assert "drainNode" in told and "new disk" in told and "undrainNode" in told
    assert nrcli(node, "alarms", "-m", "late").returncode == 2
    refused = nrcli(node, "alarms", "--acknowledge", "no_such", "--author", "ana")
    assert refused.returncode == 1 and "no such alarm stands" in refused.stderr
    assert nrcli(node, "drain").returncode == 0
    node.wait_until(lambda: not node.leads())


def test_outputs_that_take_nothing_end_in_one_plain_line(tmp_path: Path) -> None:
    file = tmp_path / "ümläut 日本.yaml"
    file.write_text(policy_text("calm"), encoding="utf-8")
    run = [sys.executable, "-c", "from nrcli.commands.main import main; main()", "policy"]
    plain = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for words in (["check", str(file)], ["test", str(file)]):
        done = subprocess.run(
            [*run, *words], cwd=ROOT, env=plain, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0 and "\\u65e5" in done.stdout and not done.stderr
    for words in (["check", str(file)], ["schema"]):
        with Path("/dev/full").open("w") as full:
            told = subprocess.run(
                [*run, *words], cwd=ROOT, stdout=full, stderr=-1, text=True, check=False
            )
        assert told.returncode == 1
        assert told.stderr == ("nrcli: the output cannot be written: No space left on device\n")
