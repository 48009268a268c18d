"""`nrcli top` as a process: in a terminal, in one that only writes, in a pipe."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from click.testing import Result
from told_node import TOKEN, answers, told_node
from typer.testing import CliRunner

from nrcli.commands.main import app

CALL = [sys.executable, "-c", "from nrcli.commands.main import main; main()"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "token").write_text(TOKEN)
    more = {"NRCLI_TOKEN_FILE": str(tmp_path / "token"), "TERM": "xterm"}
    return {**os.environ, **more, "COLUMNS": "", "LINES": ""}


def run(environment: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(app, list(words), env=environment)


def test_in_a_pipe_everything_is_written_once_or_as_json(environment: dict[str, str]) -> None:
    with told_node(answers()) as url:
        once = run(environment, "--url", url, "top", "--once", "--filter", "porto")
        told = run(environment, "--url", url, "--json", "top")
    assert once.exit_code == 0 and "\x1b" not in once.stdout
    assert "SITES" in once.stdout and "porto" in once.stdout and "lisbon" not in once.stdout
    assert [one["site"] for one in json.loads(told.stdout)["sites"]] == ["lisbon", "porto"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--view", "nonsense"], "--view nonsense: there is none (there are sites, queues"),
        (["--sort", "colour"], "--sort colour: there is no such column (there are site, "),
        (["--also", "nonsense"], "--also nonsense: write URL=TOKEN_FILE"),
    ],
)
def test_a_slip_is_told(environment: dict[str, str], words: list[str], told: str) -> None:
    done = run(environment, "top", *words)
    assert done.exit_code == 2 and told in done.stderr


def test_a_node_that_is_not_there_ends_a_look_with_three(environment: dict[str, str]) -> None:
    done = run(environment, "--url", "http://127.0.0.1:9", "top", "--once")
    assert done.exit_code == 3 and "cannot reach" in done.stderr


class Terminal:
    """A program in a terminal of 100 columns and 24 lines."""

    def __init__(self, environment: dict[str, str], *words: str) -> None:
        self.number, inner = pty.openpty()
        termios.tcsetwinsize(inner, (24, 100))
        self.before = termios.tcgetattr(inner)
        self.inner = inner
        self.process = subprocess.Popen(
            [*CALL, *words], env=environment, stdin=inner, stdout=inner, stderr=inner
        )
        self.seen = ""

    def until(self, text: str) -> None:
        ends = time.monotonic() + 30.0
        while text not in self.seen and time.monotonic() < ends:
            if select.select([self.number], [], [], 0.2)[0]:
                self.seen += os.read(self.number, 65_536).decode("utf-8", "replace")
        assert text in self.seen, self.seen[-2000:]

    def press(self, keys: str) -> None:
        self.seen = ""
        os.write(self.number, keys.encode())

    def ends(self) -> int:
        code = self.process.wait(30)
        self.until("\x1b[?1049l")
        assert termios.tcgetattr(self.inner) == self.before, "the terminal is as it was"
        os.close(self.number)
        os.close(self.inner)
        return code


def test_in_a_terminal_keys_work_another_node_takes_over_and_all_is_left_as_it_was(
    environment: dict[str, str],
) -> None:
    token = environment["NRCLI_TOKEN_FILE"]
    with told_node(answers()) as other:
        with told_node(answers()) as first:
            words = ("--url", first, "top", "--every", "0.2", "--also", f"{other}={token}")
            terminal = Terminal(environment, *words)
            terminal.until(f"n1 at {first}")
            terminal.until("[1] SITES")
            terminal.press("2")
            terminal.until("[2] QUEUES")
            terminal.press("/porto\r")
            terminal.until("filter: porto  (Esc: none)")
        terminal.press("")
        terminal.until(f"n1 at {other}")
    terminal.press("")
    terminal.until("NOT CURRENT: cannot reach")
    terminal.press("\x1bq")
    assert terminal.ends() == 0


def test_a_dumb_terminal_gets_lines_and_nothing_that_moves_its_cursor(
    environment: dict[str, str],
) -> None:
    with told_node(answers()) as url:
        number, inner = pty.openpty()
        process = subprocess.Popen(
            [*CALL, "--url", url, "top", "--every", "0.2"],
            env={**environment, "TERM": "dumb"},
            stdin=inner,
            stdout=inner,
            stderr=inner,
        )
        text = ""
        ends = time.monotonic() + 30.0
        while text.count("NETWORK QUEUE") < 2 and time.monotonic() < ends:
            text += os.read(number, 65_536).decode()
        process.terminate()
        process.wait(30)
        os.close(number)
        os.close(inner)
    assert text.count("NETWORK QUEUE") >= 2 and "\x1b" not in text
