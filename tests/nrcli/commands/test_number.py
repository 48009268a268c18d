"""`nrcli number explain` on files, and against a real node."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster
from node_process import NodeProcess, nodes_of
from typer.testing import CliRunner

from nrcli.commands.main import app

SERVICE = """\
apiVersion: nirc/v1
kind: NetworkService
metadata: {name: sales}
spec: {queue: sales, priority: 3}
"""
PLAN = """\
apiVersion: nirc/v1
kind: DialedNumberPlan
metadata: {name: all}
spec: {country: PT, entries: [{number: "+35121*", service: sales}]}
"""
SITE = """\
apiVersion: nirc/v1
kind: Site
metadata: {name: lisbon}
spec: {time_zone: Europe/Lisbon, queues: [{name: sales}]}
"""
FILES = {"service.yaml": SERVICE, "deep/plan.yml": f"{PLAN}---\n{SITE}", "other.yaml": "a: 1\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def explain(folder: Path, *words: str):
    return run("number", "explain", *words, "--files", str(folder))


def test_a_folder_of_documents_answers(folder: Path) -> None:
    done = explain(folder, "21 000 0001", "--site", "lisbon", "--at", "2026-12-24T18:00")
    assert done.exit_code == 0, done.output
    assert "at        2026-12-24 18:00:00 Europe/Lisbon" in done.output
    assert "entry     DialedNumberPlan/all spec.entries[0]: +35121*" in done.output
    assert "service   sales, in queue sales" in done.output


def test_json_for_programs(folder: Path) -> None:
    done = run("--json", "number", "explain", "210000001", "--files", str(folder))
    assert json.loads(done.output)["service"] == "sales"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["1", "--site", "porto"], 1, "there is no Site porto (sites are: lisbon)"),
        (["1", "--at", "soon"], 2, "write a date and time"),
        (["1", "--at", "9999-12-31T23:59"], 2, "write a date and time"),
        (["1", "--country", "ZZ"], 2, "no numbering plan is known"),
    ],
)
def test_mistakes_of_the_asker(folder: Path, words: list[str], code: int, told: str) -> None:
    done = explain(folder, *words)
    assert done.exit_code == code
    assert told in done.output


def test_a_wrong_document_is_shown_with_its_line(folder: Path) -> None:
    (folder / "service.yaml").write_text(SERVICE.replace("priority: 3", "priority: 30"))
    done = explain(folder, "1")
    assert done.exit_code == 5
    assert "service.yaml:4" in done.output and "^" in done.output


def test_no_documents_at_all(tmp_path: Path) -> None:
    assert explain(tmp_path, "1").exit_code == 2
    assert explain(tmp_path / "none.yaml", "1").exit_code == 2


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    folder = tmp_path_factory.mktemp("number")
    with EtcdCluster(folder / "etcd") as etcd:
        made = nodes_of(folder, etcd.addresses, None, count=1)[0]
        try:
            yield made.start()
        finally:
            made.kill()


@pytest.mark.services
def test_the_documents_of_a_node(node: NodeProcess, folder: Path) -> None:
    node.wait_until(node.leads)
    access = ["--url", node.url, "--token-file", str(node.token_file)]
    parts = FILES["deep/plan.yml"].split("---\n")
    names = []
    for i, text in enumerate([SERVICE, *parts]):
        file = folder / f"put-{i}.yaml"
        file.write_text(text)
        names.append(str(file))
    assert run(*access, "documents", "put", *names).exit_code == 0
    done = run(*access, "number", "explain", "210000001", "--site", "lisbon")
    assert done.exit_code == 0, done.output
    assert "service   sales, in queue sales" in done.output
