import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from nirc.demo import main


def _app() -> typer.Typer:
    app = typer.Typer()
    app.command()(main.run_demo)
    return app


@pytest.mark.parametrize(
    "words",
    [
        ["--calls", "-3"],
        ["--duration", "0"],
        ["--hold", "--calls", "3"],
        ["--calls", "x"],
        ["--hold", "--stay"],
        ["--site-a", "freeswitch"],
        ["--site-b", "asterisk", "--asterisk-root", "/nowhere"],
    ],
)
def test_bad_arguments_end_with_2_and_start_nothing(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "DemoRun", None)
    result = CliRunner().invoke(_app(), words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_options_reach_the_run_and_its_exit_code_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    class Run:
        def __init__(self, options: object, console: object) -> None:
            seen.append(options)

        def run(self) -> int:
            return 1

    monkeypatch.setattr(main, "DemoRun", Run)
    words = ["--calls", "200", "--seed", "7", "--no-ui", "--report", str(tmp_path / "demo.json")]
    result = CliRunner().invoke(_app(), words)
    assert result.exit_code == 1
    options = seen[0]
    assert (options.calls, options.seed, options.ui) == (200, 7, False)
    assert json.dumps(str(options.report)).endswith('demo.json"')
