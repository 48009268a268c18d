"""A policy from its file to every call and back, with the real command line on three real nodes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from etcd_cluster import EtcdCluster
from link_driver import QUEUE, Driver
from node_process import ROOT, NodeProcess, nodes_of
from policy_texts import network_texts, text_of

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]

SITES = ("lisbon", "porto", "faro", "braga")
"The first two ask, the other two lend."
CASE = (
    "tests: [{name: an agent elsewhere, call: {origin: lisbon, service: sales, waited_s: 60},"
    " queues: [{site: lisbon, queue: sales},"
    " {site: faro, queue: sales, agents: [{agent: a1, ready_s: 5}]}],"
    " expect: {action: route, site: faro, agent: a1}}]"
)
Done = subprocess.CompletedProcess[str]


def policy(rule: str, after_s: float = 0, name: str = "default", action: str = "") -> str:
    """One rule with that name, and a case."""
    does = action or "select: longest_available, action: route"
    rules = f"rules: [{{name: {rule}, when: call.waited_s >= {after_s}, {does}}}]"
    return text_of("RoutingPolicy", name, rules + ("" if action else f", {CASE}"))


class Noc:
    """An operator at a terminal, and what is asked of three nodes."""

    def __init__(self, nodes: list[NodeProcess], folder: Path) -> None:
        self.nodes = nodes
        self.folder = folder

    def start(self, *words: str, at: NodeProcess | None = None) -> subprocess.Popen[str]:
        node = at or self.nodes[0]
        environment = os.environ | {
            "NRCLI_URL": node.url,
            "NRCLI_TOKEN_FILE": str(node.token_file),
            "NRCLI_AUTHOR": "ana",
            "COLUMNS": "200",
        }
        return subprocess.Popen(
            [sys.executable, "-c", "from nrcli.commands.main import main; main()", *words],
            cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def __call__(self, *words: str, at: NodeProcess | None = None, code: int = 0) -> str:
        """What a command says; it must end with `code`."""
        process = self.start(*words, at=at)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == code, said
        assert "Traceback" not in said
        return said

    def file(self, name: str, text: str) -> str:
        path = self.folder / f"{name}.yaml"
        path.write_text(text)
        return str(path)

    @property
    def leader(self) -> NodeProcess:
        self.nodes[0].wait_until(lambda: any(node.leads() for node in self.alive()))
        return next(node for node in self.alive() if node.leads())

    def alive(self) -> list[NodeProcess]:
        return [node for node in self.nodes if node.process is not None]

    def in_use(self) -> set[int]:
        """The live versions that the nodes decide by."""
        path = "/api/v1/policies/default"
        return {int(node.ask(path)["in_use_here"]) for node in self.alive()}

    def wait_in_use(self, version: int) -> None:
        self.alive()[0].wait_until(lambda: self.in_use() == {version})


@pytest.fixture(scope="module")
def noc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Noc]:
    folder = tmp_path_factory.mktemp("lifecycle")
    with EtcdCluster(folder / "etcd") as etcd:
        nodes = nodes_of(folder, etcd.addresses, None, policies={"schedule_look_s": 0.2})
        try:
            for node in nodes:
                node.start(wait=False)
            for node in nodes:
                node.wait_until(lambda node=node: node.status() is not None)
            made = Noc(nodes, folder)
            assert made.leader
            texts = network_texts(*SITES, services=(QUEUE,))
            files = [made.file(key.replace("/", "-"), text) for key, text in texts.items()]
            made("documents", "put", *files)
            yield made
        finally:
            for node in nodes:
                node.kill()


@asynccontextmanager
async def calls(noc: Noc) -> Any:
    """Sites that ask and lend over the real link."""
    driver = Driver({n.name: n.link_address for n in noc.alive()}, dict.fromkeys(SITES))
    await driver.start()
    try:
        yield driver
    finally:
        await driver.stop()


def decisions(noc: Noc) -> list[dict[str, Any]]:
    return list(noc.leader.ask("/api/v1/decisions?limit=1000")["decisions"])


def rules(made: list[dict[str, Any]], site: str, mode: str) -> set[str]:
    return {
        one["rules_tried"][0]
        for one in made
        if (one["origin_site"], one["mode"]) == (site, mode)
    }  # fmt: skip


def test_files_are_looked_at_without_any_node(noc: Noc) -> None:
    good, later = noc.file("good", policy("one")), noc.file("later", policy("one", 90))
    assert "threshold 0 s to 90 s" in noc("policy", "diff", good, later)
    wrong = noc.file("wrong", policy("one").replace("waited_s >=", "waited >="))
    assert "did you mean call.waited_s?" in noc("policy", "check", wrong, code=5)
    assert "0 passed, 1 failed" in noc("policy", "test", later, code=5)
    assert "0 errors" in noc("policy", "lint", good)


async def test_published_tried_out_promoted_and_rolled_back(noc: Noc) -> None:
    async with calls(noc) as driver:
        ask = asyncio.to_thread
        first, second = noc.file("v1", policy("first")), noc.file("v2", policy("second"))
        assert "version 1 became live" in await ask(noc, "policy", "publish", first, "-m", "start")
        noc.wait_in_use(1)
        stay = noc.file("stay", policy("stays", action="action: queue_at_origin"))
        assert "shadow" in await ask(noc, "policy", "shadow", stay, "-m", "what if nobody moved?")
        said = await ask(noc, "policy", "canary", second, "--site", "porto", "-m", "porto first")
        assert "porto" in said
        for node in noc.nodes:
            node.wait_until(lambda node=node: node.ask("/api/v1/policies/default")["canary"])
        await asyncio.sleep(0.3)
        tally = await driver.run(50.0, 2.0)
        assert (tally.moved_count, tally.other_count) == (100, 0)
        made = decisions(noc)
        assert rules(made, "lisbon", "live") == {"first"}
        assert rules(made, "porto", "canary") == {"second"}
        assert rules(made, "lisbon", "canary") | rules(made, "porto", "live") == set()
        shadows = [one for one in made if one["mode"] == "shadow"]
        assert shadows and {one["outcome"] for one in shadows} == {"stay"}
        listed = await ask(noc, "policy", "list", at=noc.leader)
        assert "canary, version 3 for" in listed and "porto" in listed
        assert (
            "shadow, version 2, differs from the live version in 100 of 100 decisions" in listed
        ), listed
        twice = {one["interaction_id"] for one in shadows}
        one = next(
            one for one in made if one["mode"] == "canary" and one["interaction_id"] not in twice
        )
        for words in (("policy", "explain"), ("explain",)):
            told = await ask(noc, *words, one["interaction_id"], at=noc.leader)
            assert "version 3, tried as a canary" in told and "rule second: decided" in told, told
        told = await ask(noc, "explain", shadows[0]["interaction_id"], at=noc.leader)
        assert "version 2, a shadow: it decided nothing" in told and told.count("decided by") == 2
        dry = ("route", "--dry-run", "--origin", "lisbon", "--service", "sales", "--trunk-group",
               "carrier", "--answered")  # fmt: skip
        told = await ask(noc, *dry, at=noc.leader)
        assert "moved to" in told and "rule first: decided" in told
        told = await ask(noc, *dry, "--policy", stay, at=noc.leader)
        assert "rule stays: decided" in told and "moved to" not in told
        assert "version 3 became live" in await ask(
            noc, "policy", "promote", "default", "-m", "porto is content"
        )
        noc.wait_in_use(3)
        assert "equal to version 1" in await ask(
            noc, "policy", "rollback", "default", "-m", "it was not"
        )
        noc.wait_in_use(4)
        await driver.run(50.0, 0.5)
        assert {one["policy_version"] for one in decisions(noc)[-10:] if one["mode"] == "live"} == {
            4
        }
    history = await asyncio.to_thread(noc, "policy", "history", "default")
    for reason in ("start", "what if nobody moved?", "porto first", "porto is content", "it was"):
        assert reason in history
    assert history.count("by ana") >= 5


def test_a_schedule_is_carried_out_in_its_second(noc: Noc) -> None:
    text = noc.file("soon", policy("soon"))
    due = datetime.now(UTC) + timedelta(seconds=4)
    said = noc(
        "policy", "schedule", text, "--at", due.strftime("%Y-%m-%dT%H:%M:%S"), "-m", "at noon"
    )
    version = int(said.split("version ")[1].split()[0])
    assert version not in noc.in_use()
    noc.wait_in_use(version)
    assert datetime.now(UTC) >= due - timedelta(seconds=1)
    assert f"version {version}" in noc("policy", "history", "default").splitlines()[-1]


def test_a_freeze_refuses_and_a_reason_overrides(noc: Noc) -> None:
    before = noc.in_use()
    always = "time_zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun],"
    always += ' from: "00:00", to: "00:00"}]'
    files = [
        noc.file("always", text_of("Calendar", "always", always)),
        noc.file("tenant", text_of("Tenant", "default", "change_freeze: always")),
    ]
    noc("documents", "put", *files)
    text = noc.file("frozen", policy("frozen"))
    said = noc("policy", "publish", text, "-m", "now", code=5)
    assert "frozen" in said and "always" in said
    assert noc.in_use() == before
    noc("policy", "publish", text, "-m", "now", "--override-freeze", "calls are lost")
    noc.wait_in_use(max(before) + 1)
    assert "calls are lost" in noc("policy", "history", "default")
    noc("documents", "put", noc.file("thaw", text_of("Tenant", "default", "")))


def test_a_broken_publish_leaves_the_running_version_on_all_nodes(noc: Noc) -> None:
    (before,) = noc.in_use()
    broken = noc.file("broken", policy("one").replace("longest_available", "longest"))
    nowhere = policy("one", action="action: redirect, to: {site: nowhere, queue: sales}")
    for node, text in zip(noc.nodes, (broken, noc.file("nowhere", nowhere), broken), strict=True):
        said = noc("policy", "publish", text, "-m", "quick", at=node, code=5)
        assert "there is no Site nowhere" in said or "^^^" in said
    time.sleep(0.3)
    assert noc.in_use() == {before}
    assert f"version {before}" in noc("policy", "history", "default").splitlines()[-1]


def test_the_leader_killed_while_versions_are_published_leaves_all_nodes_on_one(noc: Noc) -> None:
    """Old or new, the same everywhere; who published knows, or reads it in the history."""
    leader = noc.leader
    other = next(node for node in noc.nodes if node is not leader)
    (before,) = noc.in_use()
    running = [
        noc.start(
            "policy", "publish", noc.file(f"k{number}", policy(f"k{number}")), "-m", f"k{number}",
            at=node,
        )
        for number, node in enumerate((leader, leader, other, leader))
    ]  # fmt: skip
    running[2].wait(timeout=60)
    leader.kill()
    ended = [(one.communicate(timeout=60)[0], one.returncode) for one in running]
    assert all("Traceback" not in said for said, _ in ended)
    assert {code for _, code in ended} <= {0, 3, 4}, ended
    assert ended[2][1] in (0, 4), ended[2]
    assert noc.leader is not leader
    live = int(other.ask("/api/v1/policies/default")["live"])
    noc.wait_in_use(live)
    assert before < live <= before + 4
    leader.start()
    noc.nodes[0].wait_until(lambda: noc.in_use() == {live})
    kept = json.loads(noc("--json", "policy", "history", "default", at=leader))["events"]
    assert [one["live"] for one in kept][-1] == live
