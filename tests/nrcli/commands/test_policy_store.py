"""`nrcli policy` against a real node: publish, go back, try out, schedule, and what is refused."""

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

from nrcli.commands.main import app
from nrcli.commands.policy_store import _moment

Done = subprocess.CompletedProcess[str]


class Bench:
    """A node, and files to publish."""

    def __init__(self, node: NodeProcess, folder: Path) -> None:
        self.node = node
        self.folder = folder

    def __call__(self, *words: str) -> Done:
        environment = {
            **os.environ,
            "NRCLI_URL": self.node.url,
            "NRCLI_TOKEN_FILE": str(self.node.token_file),
            "NRCLI_AUTHOR": "ana",
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

    def file(self, name: str, text: str) -> str:
        path = self.folder / f"{name}.yaml"
        path.write_text(text)
        return str(path)

    def policy(self, name: str, gain_s: float) -> str:
        return self.file(f"{name}-{gain_s:g}", policy_text(name, gain_s))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("policies")
    with EtcdCluster(folder / "etcd") as etcd:
        node = nodes_of(folder, etcd.addresses, None, count=1)[0]
        try:
            made = Bench(node.start(), folder)
            texts = network_texts("lisbon", "porto")
            files = [made.file(key.replace("/", "-"), text) for key, text in texts.items()]
            assert made("documents", "put", *files).returncode == 0
            yield made
        finally:
            node.kill()


def said(done: Done, code: int = 0) -> str:
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.mark.services
def test_publish_history_show_diff_and_back(bench: Bench) -> None:
    text = said(bench("policy", "publish", bench.policy("one", 5), "-m", "a start"))
    assert "one: version 1 became live" in text and "warning" in text, "it has no cases"
    assert "no service uses one, so it decides no call" in text
    text = said(bench("policy", "publish", bench.policy("one", 5), "-m", "again"))
    assert "nothing changed, version 1 is live" in text
    said(bench("policy", "publish", bench.policy("one", 9), "-m", "calmer", "--if-version", "1"))
    text = said(
        bench("policy", "publish", bench.policy("one", 7), "-m", "late", "--if-version", "1"), 4
    )
    assert "you saw version 1, now version 2 is live" in text and "by ana" in text
    assert "version 2" in said(bench("policy", "show", "one"))
    assert said(bench("policy", "diff", "one@1", "one@2"))
    assert "version 3, equal to version 1" in said(
        bench("policy", "rollback", "one", "-m", "worse")
    )
    assert "nothing is recorded of a policy none" in said(bench("policy", "history", "none"), 1)
    history = said(bench("policy", "history", "one"))
    assert "by ana: a start" in history and "equal to version 1" in history
    listed = json.loads(bench("--json", "policy", "list").stdout)["policies"]
    assert [(one["policy"], one["live"]) for one in listed] == [("one", 3)]


@pytest.mark.services
def test_shadow_canary_promote_stop_and_schedule(bench: Bench) -> None:
    said(bench("policy", "publish", bench.policy("two", 1), "-m", "a start"))
    said(bench("policy", "shadow", bench.policy("two", 2), "-m", "try"))
    words = ("policy", "canary", "two", "--version", "2", "-m", "try")
    assert "for every call" in said(bench(*words), 5)
    assert "decides for the calls from lisbon" in said(bench(*words, "--site", "lisbon"))
    assert "version 2 for the calls from lisbon" in said(bench("policy", "list"))
    assert "became live instead of version 1" in said(bench("policy", "promote", "two", "-m", "ok"))
    assert "no canary" in said(bench("policy", "stop", "two", "--canary", "-m", "end"), 5)
    words = ("policy", "schedule", "two", "--version", "1", "-m", "later")
    assert "is past" in said(bench(*words, "--at", "2020-01-01T00:00"), 5)
    assert "2090-01-01 17:00:00 UTC" in said(
        bench(*words, "--at", "2090-01-01T18:00", "--time-zone", "Europe/Berlin")
    )
    assert "called off" in said(bench("policy", "stop", "two", "--schedule", "-m", "no"))


@pytest.mark.services
def test_what_is_refused(bench: Bench) -> None:
    broken = bench.file("broken", policy_text("three").replace("min_expected", "max_expected"))
    assert "^" in said(bench("policy", "publish", broken, "-m", "no"), 5)
    assert "no policy absent" in said(bench("policy", "show", "absent"), 1)
    assert "say why" in said(bench("policy", "publish", broken, "-m", " "), 2)
    assert "no version 9" in said(bench("policy", "show", "one", "--version", "9"), 5)
    assert "add --version" in said(bench("policy", "shadow", "one", "-m", "no"), 2)
    site = bench.file("site", network_texts("lisbon")["Site/lisbon"])
    assert "no RoutingPolicy" in said(bench("policy", "publish", site, "-m", "no"), 5)


@pytest.mark.services
def test_a_dry_run_says_where_a_call_would_go_and_why(bench: Bench) -> None:
    words = ("route", "--origin", "lisbon", "--service", "sales", "--waited", "20")
    assert "add --dry-run" in said(bench(*words), 2)
    bench.node.wait_until(bench.node.leads)
    told = json.loads(bench("--json", *words, "--dry-run").stdout)
    assert told["mode"] == "dry run" and told["origin_site"] == "lisbon"
    file = bench.policy("tried", 3)
    told = json.loads(bench("--json", *words, "--dry-run", "--policy", file).stdout)
    assert told["policy"] == "tried"
    assert "tried" in said(bench(*words, "--dry-run", "--policy", file))


def test_what_to_stop_must_be_named() -> None:
    done = CliRunner().invoke(app, ["policy", "stop", "one", "-m", "x"])
    assert done.exit_code == 2 and "--shadow, --canary or --schedule" in done.stderr


def test_a_time_has_a_zone() -> None:
    assert _moment("2026-12-24T18:00", "UTC") == _moment("2026-12-24T19:00", "Europe/Berlin")
    assert _moment("2026-12-24T18:00+02:00", "Asia/Tokyo") == _moment("2026-12-24T16:00", "UTC")
    for at, zone in (("noon", "UTC"), ("2026-12-24T18:00", "Mars/Base")):
        done = CliRunner().invoke(
            app,
            f"policy schedule a --version 1 -m x --at {at} --time-zone {zone}".split(),
        )
        assert done.exit_code == 2 and "write a time such as" in done.stderr
