"""Commands, options and files are completed by a real bash, without a program being started."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from nrcli.commands.completion import SCRIPTS, Shell, bash, tree_of
from nrcli.commands.main import app

TREE = tree_of(app)
ASK = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
compopt() { :; }
_nrcli
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bash") / "nrcli.bash"
    path.write_text(bash(TREE))
    return path


def completed(script: Path, *words: str, folder: Path | None = None) -> list[str]:
    """What a real bash offers for the last word; nothing is on its PATH."""
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", ASK, "bash", str(script), *words],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        cwd=folder,
        env={"PATH": "/nowhere"},
    )
    assert not done.stderr
    return sorted(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["al"], ["alarms"]),
        (["dr"], ["drain", "drain-site"]),
        (["--js"], ["--json"]),
        (["--url", "http://n2:8001", "al"], ["alarms"]),
        (["--url", "al"], []),
        (["policy", "his"], ["history"]),
        (["top", "--fi"], ["--filter"]),
        (["top", "--view", "x"], []),
        (["--json", "top", "--once", "--ev"], ["--every"]),
        (["completion", "z"], ["zsh"]),
        (["no-such", "al"], ["alarms"]),
    ],
)
def test_what_bash_offers(script: Path, words: list[str], offered: list[str]) -> None:
    assert completed(script, "nrcli", *words) == offered


def test_files_are_offered_where_a_file_is_wanted(script: Path, tmp_path: Path) -> None:
    (tmp_path / "node one.token").write_text("")
    (tmp_path / "plan.yaml").write_text("")
    assert completed(script, "nrcli", "--token-file", "no", folder=tmp_path) == [
        "node",
        "one.token",
    ]
    assert completed(script, "nrcli", "documents", "put", "pl", folder=tmp_path) == ["plan.yaml"]


def test_every_command_and_option_of_the_program_stands_in_every_script() -> None:
    assert {" status", " policy publish", " report daily", " top"} <= set(TREE.words)
    for shell in Shell:
        text = SCRIPTS[shell](TREE)
        for place, words in TREE.words.items():
            assert not place or f'"{place}"' in text
            assert words in text


def test_in_a_bash_of_a_person_the_tab_key_completes(script: Path) -> None:
    number, inner = pty.openpty()
    process = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env={**os.environ, "PS1": "$ ", "TERM": "dumb"},
        start_new_session=True,
    )
    seen = ""
    try:
        os.write(number, f"source {script}; echo rea''dy\n".encode())
        seen = _until(number, "ready")
        os.write(number, b"echo nrcli; nrcli --json ackn\x15nrcli --json ala\t")
        seen = _until(number, "nrcli --json alarms ")
    finally:
        process.kill()
        process.wait(10)
        os.close(number)
        os.close(inner)
    assert "nrcli --json alarms " in seen


def _until(number: int, text: str) -> str:
    seen, ends = "", time.monotonic() + 30.0
    while text not in seen and time.monotonic() < ends:
        if select.select([number], [], [], 0.2)[0]:
            seen += os.read(number, 4096).decode("utf-8", "replace")
    return seen
