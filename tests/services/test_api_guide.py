"""The examples of docs/api.md do what the page says, on a node of their own."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from documents import blocks_of
from lone_node import lone_node
from node_process import NodeProcess

pytestmark = [pytest.mark.services, pytest.mark.timeout(120)]
PAGE = Path("docs/api.md")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[NodeProcess]:
    with lone_node(tmp_path) as node:
        yield node


def test_the_examples_run_as_written(node: NodeProcess, tmp_path: Path) -> None:
    first, *examples = [block.text for block in blocks_of(PAGE) if block.language == "sh"]
    assert first.startswith("NODE=") and len(examples) >= 5
    token = node.token_file.read_text(encoding="utf-8").strip()
    told = []
    for text in examples:
        done = subprocess.run(
            ["sh", "-eu", "-c", text],
            cwd=tmp_path,
            env={**os.environ, "NODE": node.url, "TOKEN": token},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        told.append(done.stdout)
    assert "event: reset" in told[-1]
    assert '"act":"deleteDocument"' in "".join(told)
