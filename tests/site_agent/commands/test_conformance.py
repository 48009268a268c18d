"""The kit and the sample client as real processes; and what a CTI that does nothing is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pushing_cti import SETTINGS
from source_tree import ROOT
from typer.testing import CliRunner

from nirc.demo.ports import PortTaker
from site_agent.commands.conformance import Found, app, judged, table
from site_agent.commands.conformance_bench import Bench

CLIENT = ROOT / "docs" / "examples" / "http_push_client.py"


BROKEN = {
    "duplicate command": ('if command["number"] > self.done:', "if True:"),
    "lost stream and resume": ('"Last-Event-ID": str(self.done)', '"Last-Event-ID": "0"'),
    "hold of a busy agent": ('if self.agents.get(agent) != "ready":', "if not agent:"),
}
"Steps, and a mistake in the client that each must find."


@contextmanager
def client(program: Path, url: str, token: Path) -> Iterator[None]:
    command = [sys.executable, str(program), "--url", url, "--token-file", str(token)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def kit(program: Path, folder: Path, wait_s: int) -> tuple[int, dict[str, dict[str, str]]]:
    """Exit code and what each step found, both ends as processes of their own."""
    token, address = folder / "token", f"127.0.0.1:{PortTaker()()}"
    token.write_text("a-token-of-enough-letters")
    command = [sys.executable, "-m", "site_agent", "conformance", "http-push", "--json"]
    command += ["--listen", address, "--token-file", str(token), "--wait-s", str(wait_s)]
    with client(program, f"http://{address}", token):
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
        )
    assert done.stdout, done.stderr
    assert f"waiting for a CTI at http://{address} with the token in {token}" in done.stderr
    return done.returncode, {one["step"]: one for one in json.loads(done.stdout)}


@pytest.mark.services
@pytest.mark.timeout(110)
def test_the_sample_client_passes_every_step(tmp_path: Path) -> None:
    code, found = kit(CLIENT, tmp_path, 20)
    assert [one for one in found.values() if one["verdict"] != "good"] == []
    assert code == 0 and len(found) >= 15


@pytest.mark.services
@pytest.mark.timeout(110)
@pytest.mark.parametrize("step", BROKEN)
def test_a_client_with_a_mistake_is_found_by_its_step(tmp_path: Path, step: str) -> None:
    text, (good, bad) = CLIENT.read_text(encoding="utf-8"), BROKEN[step]
    assert good in text
    (tmp_path / "client.py").write_text(text.replace(good, bad), encoding="utf-8")
    code, found = kit(tmp_path / "client.py", tmp_path, 6)
    assert code == 1
    assert found[step]["verdict"] == "bad" and found[step]["remedy"]


def test_the_sample_client_is_short_and_needs_aiohttp_alone() -> None:
    text = CLIENT.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    assert "site_agent" not in text and "import aiohttp" in text


def test_a_folder_that_is_not_there_is_a_mistake_and_stays_away(tmp_path: Path) -> None:
    token = tmp_path / "typo" / "cti.token"
    words = ["http-push", "--listen", "127.0.0.1:0", "--token-file", str(token)]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 2 and f"there is no folder {token.parent}" in found.output
    assert not token.parent.exists()


async def test_a_cti_that_says_nothing_is_told_what_to_do() -> None:
    found = await judged(Bench(SETTINGS, 0.05))
    assert (found[0].verdict, found[1].verdict) == ("bad", "not tried")
    shown = table(found)
    assert "no hello came" in shown and "remedy: POST /v1/hello" in shown
    assert shown.endswith("steps are not good")


def test_a_good_table_says_so() -> None:
    assert table([Found(step="hello", verdict="good")]).endswith("the CTI conforms")


def test_a_wrong_address_is_a_mistake(tmp_path: Path) -> None:
    given = ["http-push", "--listen", "here", "--token-file", str(tmp_path / "t")]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 2 and "host:port" in done.output


def test_the_document_is_printed() -> None:
    done = CliRunner().invoke(app, ["openapi"])
    assert done.exit_code == 0 and json.loads(done.output)["openapi"] == "3.1.0"
