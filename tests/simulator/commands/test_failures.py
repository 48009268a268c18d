"""Every error becomes one plain text and an exit code."""

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from routing_policies.errors import DocumentError, Fault, PolicyError
from simulator.commands.failures import TRACEBACK, Commands, explained, surprised
from simulator.errors import CallsError, NotModelledError, OverloadedError, StudyError


@pytest.mark.parametrize(
    ("error", "text", "code"),
    [
        (KeyboardInterrupt(), "interrupted; nothing was finished", 3),
        (MemoryError(), "out of memory: use fewer --workers, or a smaller scenario", 3),
        (OverloadedError(60.0, "lisbon/sales", 9), "overloaded: 9 calls wait in lisbon/sales", 3),
        (StudyError("x is wrong", "write y"), "x is wrong; write y", 2),
        (CallsError("a.csv:3", "no time", "write one"), "a.csv:3: no time; write one", 2),
        (NotModelledError("compiled", "nodes", "use world"), "does not model nodes; use world", 2),
        (FileNotFoundError(2, "No such file", "a.yaml"), "a.yaml: No such file", 2),
        (OSError("odd"), "odd", 2),
        (PolicyError(), "PolicyError", 2),
    ],
)
def test_each_error_is_explained(error: BaseException, text: str, code: int) -> None:
    told, found = explained(error)
    assert text in told
    assert found == code


def test_a_fault_in_a_file_is_shown_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("spec:\n  sites: none\n")
    fault = Fault(source=str(file), line=2, place="spec.sites", problem="is no list", column=10)
    other = Fault(source="elsewhere.yaml", line=1, place="spec", problem="is odd")
    told, _ = explained(DocumentError(fault, other))
    assert "  sites: none\n" in told
    assert "^^^^" in told
    assert "elsewhere.yaml:1: spec is odd" in told


def test_a_command_that_fails_ends_in_words() -> None:
    app = typer.Typer(cls=Commands)

    @app.command()
    def fail() -> None:
        raise StudyError("x is wrong", "write y")

    @app.command()
    def other() -> None:
        pass

    found = CliRunner().invoke(app, ["fail"])
    assert found.exit_code == 2
    assert found.output == "nirc-sim: x is wrong; write y\n"


def test_what_nobody_foresaw_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(TRACEBACK, raising=False)
    assert surprised(ValueError("odd")) == 2
    assert "a mistake of this program: ValueError: odd" in capsys.readouterr().err
    monkeypatch.setenv(TRACEBACK, "1")
    with pytest.raises(ValueError, match="odd"):
        surprised(ValueError("odd"))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ImportError("No module named 'scipy'"), r"scipy.*pip install '\.\[simulator\]'"),
        (RecursionError(), "nested too deeply"),
        (OSError(28, "No space left on device"), "the output, or a connection: No space left"),
        (OSError(13, "Permission denied", "a.csv"), "^a.csv: Permission denied"),
    ],
)
def test_what_a_machine_lacks_is_told(error: BaseException, told: str) -> None:
    text, code = explained(error)
    assert re.search(told, text)
    assert code == 2
