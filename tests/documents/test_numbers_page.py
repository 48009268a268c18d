"""docs/numbers.md: its documents are one good set, and its commands say what stands under them."""

import re
from pathlib import Path

import pytest
from documents import blocks_of
from typer.testing import CliRunner

from nrcli.commands.main import app
from routing_policies.document import load_document

PAGE = Path("docs/numbers.md")
BLOCKS = blocks_of(PAGE)
(YAML,) = [block.text for block in BLOCKS if block.language == "yaml"]
COMMANDS = [block for block in BLOCKS if block.language == "console"]


def test_the_documents_are_good() -> None:
    for text in re.split(r"^---$", YAML, flags=re.MULTILINE):
        load_document(text, source=str(PAGE))


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: f"line-{block.line}")
def test_commands_say_what_is_written(
    block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numbers.yaml").write_text(YAML)
    monkeypatch.chdir(tmp_path)
    command, _, expected = block.text.partition("\n")
    words = re.findall(r'"[^"]*"|\S+', command.removeprefix("$ nrcli "))
    done = CliRunner().invoke(app, [word.strip('"') for word in words])
    assert done.exit_code == 0, done.output
    shown = [line.rstrip() for line in done.output.strip().splitlines()]
    wanted = expected.strip().splitlines()
    if wanted[-1] == "...":
        wanted = wanted[:-1]
        shown = shown[: len(wanted)]
    assert shown == wanted
