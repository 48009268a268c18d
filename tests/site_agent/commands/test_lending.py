"""`site-agent lending` needs no node and no site agent that runs; what is wrong is told plainly."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from site_agent.__main__ import app

TEXT = """
site: lisbon
incarnation_file: run/state.json
nodes: [{name: n1, address: "127.0.0.1:7001"}]
acd:
  kind: in_memory
  queues: [{name: sales}]
"""
OFF = ("off", "-m", "fire drill", "--author", "rui@porto")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "site.yaml"
    path.write_text(TEXT)
    return path


def run(file: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["lending", *words, "-c", str(file)])


def test_off_on_and_status(file: Path) -> None:
    assert run(file, "status").output == "the site lends, as far as its rules say\n"
    done = run(file, *OFF)
    told = "the site lends nobody until `site-agent lending on`, by rui@porto: fire drill\n"
    assert (done.exit_code, done.output) == (0, told), done.output
    assert run(file, "status").output == told
    assert run(file, *OFF, "--for", "30m").exit_code == 0
    assert " UTC, by rui@porto" in run(file, "status").output
    assert run(file, "on").exit_code == 0
    assert "lends, as far" in run(file, "status").output


def test_an_order_that_is_over_is_none(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("site_agent.commands.lending.unix_s", lambda: 1_000.0)
    run(file, *OFF, "--for", "60s")
    monkeypatch.setattr("site_agent.commands.lending.unix_s", lambda: 1_061.0)
    assert "lends, as far" in run(file, "status").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("off",), "say why"),
        (("off", "-m", "x" * 201), "say why"),
        ((*OFF, "--for", "soon"), "write 90s, 30m, 2h or 1d"),
        ((*OFF, "--for", "0s"), "write 90s, 30m, 2h or 1d"),
        ((*OFF, "--for", "31d"), "write 90s, 30m, 2h or 1d"),
    ],
)
def test_bad_words_are_told(file: Path, words: tuple[str, ...], told: str) -> None:
    done = run(file, *words)
    assert done.exit_code == 2 and told in done.output
    assert not (file.parent / "run").exists()


def test_a_broken_order_and_a_missing_file_are_told(file: Path) -> None:
    (file.parent / "run").mkdir()
    (file.parent / "run" / "lending.json").write_text("{")
    done = run(file, "status")
    assert done.exit_code == 2 and "lending on" in done.output
    assert run(file, "on").exit_code == 0 and run(file, "status").exit_code == 0
    assert run(file.parent / "none.yaml", "status").exit_code == 2
