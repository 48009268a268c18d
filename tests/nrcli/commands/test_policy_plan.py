"""`nrcli policy plan` hands a policy, and what is live, to the simulator beside it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster
from node_process import ROOT, NodeProcess, nodes_of
from policy_texts import network_texts, policy_text
from typer.testing import CliRunner

from nrcli.commands import policy_plan
from nrcli.commands.main import app

SMALL = ("--scenario", "quick-start", "-n", "1", "--set", "duration_s=300")


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a `nirc-sim` that is this tree's."""
    program = tmp_path / "bin" / "nirc-sim"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m simulator "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program.with_name("nrcli"))])
    return program


def policy(folder: Path, gain_s: float = 5) -> str:
    file = folder / f"default-{gain_s:g}.yaml"
    file.write_text(policy_text("default", gain_s))
    return str(file)


def test_two_files_need_no_node(
    beside: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["policy", "plan", policy(tmp_path), "--against", "stay", *SMALL]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output
    text = capfd.readouterr().out
    assert text.startswith("What differs\nname: stay to default")
    assert "Service level" in text


def test_json_is_the_simulators(
    beside: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    old = policy(tmp_path, 30)
    words = ["--json", "policy", "plan", policy(tmp_path), "--against", old, *SMALL]
    assert CliRunner().invoke(app, words).exit_code == 0
    told = json.loads(capfd.readouterr().out)
    assert told["kind"] == "plan"
    assert any("30" in line for line in told["differences"])


def test_the_simulators_exit_code_is_passed_on(beside: Path, tmp_path: Path) -> None:
    words = ["policy", "plan", policy(tmp_path), "--against", "stay", "--scenario", "none"]
    assert CliRunner().invoke(app, words).exit_code == 2


def test_a_simulator_that_is_not_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "nrcli")])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(policy_plan.shutil, "which", lambda _: None)
    found = CliRunner().invoke(app, ["policy", "plan", policy(tmp_path), "--against", "stay"])
    assert found.exit_code == 2
    assert "pip install '.[simulator]' in a clone" in found.output


def test_mistakes_are_told_before_anything_is_asked(beside: Path, tmp_path: Path) -> None:
    file = policy(tmp_path)
    found = CliRunner().invoke(app, ["policy", "plan", file, "--against", "none.yaml"])
    assert found.exit_code == 2
    assert "no such file; or write NAME@VERSION" in found.output
    assert CliRunner().invoke(app, ["policy", "plan", str(tmp_path / "none.yaml")]).exit_code == 2


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    folder = tmp_path_factory.mktemp("plan")
    with EtcdCluster(folder / "etcd") as etcd:
        made = nodes_of(folder, etcd.addresses, None, count=1)[0]
        try:
            yield made.start()
        finally:
            made.kill()


@pytest.mark.services
def test_what_is_live_is_fetched_from_a_node(
    node: NodeProcess, beside: Path, tmp_path: Path
) -> None:
    def nrcli(*words: str) -> subprocess.CompletedProcess[str]:
        code = f"import sys; sys.argv[0] = {str(beside.with_name('nrcli'))!r}; "
        code += "from nrcli.commands.main import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=ROOT,
            env=os.environ | {"NRCLI_URL": node.url, "NRCLI_TOKEN_FILE": str(node.token_file)},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    files = []
    for key, text in network_texts("lisbon", "porto").items():
        file = tmp_path / f"{key.replace('/', '-')}.yaml"
        file.write_text(text)
        files.append(str(file))
    assert nrcli("documents", "put", *files).returncode == 0
    live = nrcli("policy", "publish", policy(tmp_path, 30), "-m", "a start")
    assert live.returncode == 0, live.stderr
    done = nrcli("policy", "plan", policy(tmp_path, 5), *SMALL)
    assert done.returncode == 0, done.stderr
    assert "30" in done.stdout.partition("quick-start")[0]
    assert "Service level" in done.stdout
    assert nrcli("policy", "plan", policy(tmp_path, 5), "--against", "default@9").returncode != 0


def test_without_a_node_an_old_policy_is_asked_for(
    beside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NRCLI_TOKEN_FILE", raising=False)
    found = CliRunner().invoke(app, ["policy", "plan", policy(tmp_path)])
    assert found.exit_code == 2
    assert "--against FILE needs no network" in " ".join(found.output.split())
