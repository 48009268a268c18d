"""Rows of the fault matrix: what people do while calls move: publish, roll back, upgrade.

Rule of this file: the network has its own documents and its own version again afterwards. The
version before is that of a commit that is written down in `released.txt`; where there is no history
of git the row says so.
"""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from nirc.demo import json_http
from nirc.demo.documents import POLICY
from nirc.demo.json_http import HttpFailed
from nrcli.wire.api_models import API
from tests.cluster.machine_faults import NotHere
from tests.cluster.row_run import AT_HOME, LASTS_S, Row, RowRun

ROOT = Path(__file__).resolve().parents[2]
RELEASED = Path(__file__).with_name("released.txt")
ROUNDS = 3
NETWORK_POLICY = "/policies/default"
NOC = {"author": "noc"}


def broken_policy_put(run: RowRun) -> None:
    """A policy that is wrong is sent to the leader: refused, and every call goes by the old one."""
    admin = run.network.admin(run.leader())
    text = "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: default}\nspec: {rules: 7}\n"
    try:
        admin.put_documents({"RoutingPolicy/default": text})
    except HttpFailed as error:
        if not 400 <= error.status < 500:
            raise
    else:
        run.complaints.append("a broken policy was taken")
    time.sleep(LASTS_S)


def documents_put_under_load(run: RowRun) -> None:
    """The whole set of documents is written again and again while calls move."""
    for _ in range(5):
        run.network.put_documents()
        time.sleep(1.0)


def nodes_restarted_in_turn(run: RowRun) -> None:
    """What an upgrade does: each node is stopped and started, the next when it is back."""
    processes = run.network.processes
    for name in run.network.node_hosts:
        processes.stop(name)
        processes.restart(name)
        run.wait_peers(name)


def policy_rolled_back_under_load(run: RowRun) -> None:
    """A policy that moves nobody is made live, and taken back, again and again."""
    home: dict[str, Any] = {**POLICY, "rules": [{"name": "stay", "action": "queue_at_origin"}]}
    for _ in range(ROUNDS):
        _act(run, "publish", {"text": _policy(home), "reason": "a mistake", **NOC})
        time.sleep(LASTS_S / 2)
        _act(run, "rollback", {"reason": "callers wait", **NOC})
        time.sleep(LASTS_S / 2)


def _act(run: RowRun, what: str, document: dict[str, Any]) -> None:
    admin = run.network.admin(run.leader())
    path, headers = f"{API}{NETWORK_POLICY}/{what}", json_http.bearer(admin.token_file)
    json_http.send("POST", admin.address, path, document, headers)


def _policy(spec: dict[str, Any]) -> str:
    document = {
        "apiVersion": "nirc/v1",
        "kind": "RoutingPolicy",
        "metadata": {"name": "default"},
        "spec": spec,
    }
    return yaml.safe_dump(document, sort_keys=False)


def rolling_upgrade(run: RowRun) -> None:
    """Every node goes back to the version before, one after another, and then comes up to this one:
    both versions serve the same callers all the while."""
    processes = run.network.processes
    now = {name: processes.command(name) for name in run.network.node_hosts}
    with before() as tree:
        try:
            for name, command in now.items():
                at = next(i for i, word in enumerate(command) if word == "-m") - 1
                old = [*command[:at], "env", "-C", str(tree), *command[at:]]
                _replaced(run, name, old)
        finally:
            for name, command in now.items():
                _replaced(run, name, list(command))


def _replaced(run: RowRun, name: str, command: list[str]) -> None:
    run.network.processes.stop(name)
    run.network.processes.start(name, command)
    run.wait_peers(name)


@contextlib.contextmanager
def before() -> Iterator[Path]:
    """The source of the version before, in a folder of its own. Raises NotHere."""
    commit = RELEASED.read_text(encoding="utf-8").split()[0]
    with tempfile.TemporaryDirectory(prefix="nirc-before-") as folder:
        made = subprocess.run(
            ["git", "archive", commit], cwd=ROOT, capture_output=True, check=False
        )
        if made.returncode:
            said = made.stderr.decode(errors="replace").strip() or "no git history"
            raise NotHere(f"the version before ({commit[:10]}) is not to be had: {said}")
        subprocess.run(["tar", "-x", "-C", folder], input=made.stdout, check=True)
        yield Path(folder)


ROWS = (
    Row(name="broken_policy_put", fault=broken_policy_put, expects="nothing"),
    Row(name="documents_put_under_load", fault=documents_put_under_load, expects="nothing"),
    Row(
        name="policy_rolled_back_under_load",
        fault=policy_rolled_back_under_load,
        expects="callers wait at home while the mistake is live; nobody is lost",
        calls_count=60,
    ),
    Row(
        name="nodes_restarted_in_turn",
        fault=nodes_restarted_in_turn,
        expects="moves pause for less than a second at the leader's turn",
        calls_count=60,
    ),
    Row(
        name="rolling_upgrade",
        fault=rolling_upgrade,
        expects=AT_HOME,
        calls_count=100,
    ),
)
