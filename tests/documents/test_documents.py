"""Documents say what is so: commands run, included code is the source, links lead somewhere."""

import difflib
import importlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from documents import DRAWN, ROOT, Block, blocks_of, documents, included, links_of

ALL_BLOCKS = [block for document in documents() for block in blocks_of(document)]
MAKE_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
MAKE_WORDS = re.compile(r"(?:`|\$ |^)make ([a-z][a-z-]*)", re.MULTILINE)
PATH = re.compile(
    r"`((?:nirc|nrcli|routing_policies|simulator|site_agent|tests|docs|scripts)/[\w/.]*)`"
)
EXAMPLE = re.compile(r"[/_]x[/.]")
TEST_NAME = re.compile(r"`(tests/[\w/.]+\.py)::(\w+)`")
COMMAND_SECONDS_MAX = 110


def id_of(block: Block) -> str:
    return f"{block.document}:{block.line}"


def marked(marker: str) -> list[object]:
    marks = [pytest.mark.services, pytest.mark.timeout(2 * COMMAND_SECONDS_MAX)]
    marks = marks if marker == "run: services" else []
    found = [block for block in ALL_BLOCKS if block.marker == marker]
    return [pytest.param(block, id=id_of(block), marks=marks) for block in found]


@pytest.mark.parametrize("block", [*marked("run"), *marked("run: services")])
def test_a_block_marked_run_works_as_written(block: Block, tmp_path: Path) -> None:
    run = {"console": run_console, "python": run_python, "yaml": read_yaml}
    assert block.language in run, f"{id_of(block)}: cannot run {block.language or 'unnamed'} blocks"
    run[block.language](block, tmp_path)


def run_console(block: Block, tmp_path: Path) -> None:
    """Run what follows `$ `, from the root; lines under it are its output, `...` stands for any."""
    for command, expected in commands_of(block.text):
        written = expanded(command, tmp_path)
        done = subprocess.run(
            ["sh", "-c", written],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND_SECONDS_MAX,
            check=False,
        )
        assert done.returncode == 0, f"{id_of(block)}: {command}\n{done.stdout}"
        if expected:
            assert matches(expected, done.stdout), f"{id_of(block)}: {command}\n{done.stdout}"


def run_python(block: Block, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block.text],
        cwd=ROOT,
        env=environment() | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS_MAX,
        check=False,
    )
    assert done.returncode == 0, f"{id_of(block)}:\n{done.stderr}"


def read_yaml(block: Block, tmp_path: Path) -> None:
    documents_in = [text for text in re.split(r"^---$", block.text, flags=re.MULTILINE) if text]
    for text in documents_in:
        assert yaml.safe_load(text), f"{id_of(block)} is empty"
        if "apiVersion: nirc/" in text:
            importlib.import_module("routing_policies.document").load_document(
                text, source=id_of(block)
            )


def environment() -> dict[str, str]:
    """What a reader has who has typed `. .venv/bin/activate`."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def expanded(command: str, tmp_path: Path) -> str:
    """Files that a document writes go to a folder of the test: `/tmp/` becomes it."""
    return command.replace("/tmp/", f"{shlex.quote(str(tmp_path))}/")


def commands_of(text: str) -> list[tuple[str, str]]:
    commands: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], ""))
        elif commands:
            command, expected = commands[-1]
            commands[-1] = (command, f"{expected}{line}\n")
    return commands


def matches(expected: str, output: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("..."))
    return re.fullmatch(pattern, output.strip(), flags=re.DOTALL) is not None


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=id_of(block))
        for block in ALL_BLOCKS
        if block.marker.startswith(DRAWN)
    ],
)
def test_included_code_is_the_source(block: Block) -> None:
    source = included(block.document, block.marker)
    difference = "".join(
        difflib.unified_diff(
            block.text.splitlines(keepends=True),
            source.splitlines(keepends=True),
            fromfile=id_of(block),
            tofile=block.marker,
        )
    )
    assert not difference, f"type `make docs` to refresh:\n{difference}"


@pytest.mark.parametrize("document", documents(), ids=str)
def test_links_lead_to_files(document: Path) -> None:
    missing = [
        target for target in links_of(document) if not (ROOT / document.parent / target).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("document", documents(), ids=str)
def test_make_targets_that_are_named_exist(document: Path) -> None:
    targets = set(MAKE_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    named = set(MAKE_WORDS.findall((ROOT / document).read_text(encoding="utf-8")))
    assert named - targets == set()


@pytest.mark.parametrize("document", documents(), ids=str)
def test_tests_that_are_named_exist(document: Path) -> None:
    named = TEST_NAME.findall((ROOT / document).read_text(encoding="utf-8"))
    missing = [f"{path}::{name}" for path, name in named if not has_test(ROOT / path, name)]
    assert missing == []


LIVING = [document for document in documents() if "adr" not in document.parts]


@pytest.mark.parametrize("document", LIVING, ids=str)
def test_files_that_are_named_exist(document: Path) -> None:
    """Decision records are left out: what they name may be gone since."""
    named = PATH.findall((ROOT / document).read_text(encoding="utf-8"))
    missing = [path for path in named if not EXAMPLE.search(path) and not (ROOT / path).exists()]
    assert missing == []


def has_test(path: Path, name: str) -> bool:
    return path.is_file() and f"def {name}(" in path.read_text(encoding="utf-8")


def test_every_adr_is_numbered_and_states_its_status() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    for path in records:
        assert re.search(r"^Status: (accepted|superseded by \d{4})", path.read_text(), re.MULTILINE)


def test_output_is_compared_with_dots_for_anything() -> None:
    assert matches("served ... calls\nlost 0\n", "served 200 calls\nlost 0\n")
    assert not matches("lost 0\n", "lost 1\n")
