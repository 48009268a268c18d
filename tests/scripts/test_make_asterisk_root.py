"""Where no chroot with an Asterisk can be made, that is said with its reason and code 3."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from source_tree import ROOT

SCRIPT = ROOT / "scripts" / "make_asterisk_root.sh"


@pytest.mark.parametrize(
    ("command", "answer", "reason"),
    [
        ("id", "echo 1000", "it takes root"),
        ("dpkg", "echo arm64", "only amd64 was tried"),
        ("unshare", "exit 1", "nobody make mount and process namespaces"),
    ],
)
def test_the_reason_is_told(tmp_path: Path, command: str, answer: str, reason: str) -> None:
    tools = {"id": "echo 0", "dpkg": "echo amd64", "unshare": "exit 0", command: answer}
    for name, does in tools.items():
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\n{does}\n")
        tool.chmod(0o755)
    told = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "NIRC_ASTERISK_ROOT": str(tmp_path / "r")}
    done = subprocess.run(
        ["sh", str(SCRIPT)], env=os.environ | told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert reason in done.stderr
    assert not (tmp_path / "r").exists()


def test_a_root_that_is_there_is_named_at_once(tmp_path: Path) -> None:
    for name, does in (("id", "echo 0"), ("dpkg", "echo amd64"), ("unshare", "exit 0")):
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\n{does}\n")
        tool.chmod(0o755)
    program = tmp_path / "r" / "usr" / "sbin" / "asterisk"
    program.parent.mkdir(parents=True)
    program.write_text("")
    program.chmod(0o755)
    told = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "NIRC_ASTERISK_ROOT": str(tmp_path / "r")}
    done = subprocess.run(
        ["sh", str(SCRIPT)], env=os.environ | told, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(tmp_path / "r")


def test_a_suite_that_is_none_is_refused_with_an_example(tmp_path: Path) -> None:
    told = {"NIRC_ASTERISK_SUITE": "../sid", "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        ["sh", str(SCRIPT)], env=os.environ | told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert 'NIRC_ASTERISK_SUITE is "../sid"' in done.stderr and "such as bullseye" in done.stderr
    assert list(tmp_path.iterdir()) == []
