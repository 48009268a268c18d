"""The program as a whole: help at once, plain words for every failure, exit codes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from simulator.commands.main import COMMANDS, app


def program(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "simulator", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_lists_the_commands_and_loads_nothing_heavy() -> None:
    heavy = ("numba", "scipy", "matplotlib", "pyarrow", "distributed", "pandas")
    code = (
        "import sys; from simulator.commands.main import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.rstrip().endswith("[]"), done.stdout
    assert "Exit codes: 0 done" in done.stdout
    assert "check" in done.stdout


def test_commands_stand_in_the_order_of_the_help() -> None:
    names = [one.name or one.callback.__name__ for one in app.registered_commands if one.callback]
    modules = [module.__name__.rpartition(".")[2] for module in COMMANDS]
    groups = {one.name for one in app.registered_groups}
    assert [name for name in modules if name not in groups] == names


def test_an_unknown_command_is_a_mistake() -> None:
    done = program("simulate")
    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m simulator --help | true"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_with_3_and_one_line(number: signal.Signals) -> None:
    code = (
        "import time, typer\n"
        "from simulator.commands import main\n"
        "def sleepy() -> None:\n"
        "    print('here', flush=True)\n"
        "    time.sleep(30)\n"
        "main.app.command()(sleepy)\n"
        "import sys; sys.argv = ['nirc-sim', 'sleepy']\n"
        "main.main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "here\n"
    time.sleep(0.1)
    os.kill(process.pid, number)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 3
    assert told == "nirc-sim: interrupted; nothing was finished\n"


def test_commands_have_options_for_programs_and_people() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__
        parameters = typer.main.get_command_from_info(
            command, pretty_exceptions_short=False, rich_markup_mode="rich"
        ).params
        names = {option for parameter in parameters for option in parameter.opts}
        assert "--json" in names, command.callback.__name__


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(app, ["--version"]).output.startswith("nirc-sim ")
