"""What the programs say of themselves: a sentence for a user, their exit codes, their version."""

import subprocess
import sys

import pytest

MODULES = {
    "nirc": "nirc",
    "nrcli": "nrcli.commands.main",
    "site-agent": "site_agent",
    "nirc-sim": "simulator",
}


def said(program: str, *words: str) -> str:
    call = f"import sys; sys.argv[0] = {program!r}; from {entry(program)} import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", call, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def entry(program: str) -> str:
    module = MODULES[program]
    return module if "." in module else f"{module}.__main__"


@pytest.mark.parametrize("program", MODULES)
def test_help_speaks_to_a_user(program: str) -> None:
    text = said(program, "--help")
    assert "Exit codes: 0 done" in text or "Exit codes: 0 all holds" in text
    assert "Rule of this file" not in text
    assert "--version" in text


@pytest.mark.parametrize("program", MODULES)
def test_every_program_knows_its_version(program: str) -> None:
    name, version = said(program, "--version").split()
    assert name == program
    assert version[0].isdigit()


def test_the_demo_is_listed_with_and_without_help() -> None:
    assert "demo" in said("nirc", "--help")
    assert "demo" in said("nirc")
