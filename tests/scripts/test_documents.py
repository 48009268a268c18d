"""Included code is found by symbol or by lines, and a refreshed document holds the source."""

from pathlib import Path

import documents
import pytest
import refresh_documents

SOURCE = '''"""A module."""

LIMIT = 3


class Router:
    @property
    def size(self) -> int:
        return LIMIT


def handle(event):
    first = 1
    second = 2
    return first + second
'''

FENCE = "```"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "core.py").write_text(SOURCE)
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    monkeypatch.setattr(refresh_documents, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("symbol", "text"),
    [
        ("LIMIT", "LIMIT = 3\n"),
        ("Router.size", "@property\ndef size(self) -> int:\n    return LIMIT\n"),
        ("first =:second =", "    first = 1\n    second = 2\n"),
    ],
)
def test_a_symbol_is_its_source(root: Path, symbol: str, text: str) -> None:
    assert documents.included(Path("a.md"), f"include: core.py#{symbol}") == text


@pytest.mark.parametrize("marker", ["core.py#gone", "gone.py#x", "core.py#first =:gone"])
def test_what_is_not_there_is_named(root: Path, marker: str) -> None:
    with pytest.raises(documents.DocumentError, match="gone"):
        documents.included(Path("a.md"), f"include: {marker}")


def test_a_document_is_refreshed_and_then_left_alone(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (
        f"# A\n\n<!-- include: core.py#LIMIT -->\n{FENCE}python\nLIMIT = 2\nold\n{FENCE}\nend\n"
    )
    (root / "docs" / "a.md").write_text(before)
    assert refresh_documents.main() == 0
    assert (root / "docs" / "a.md").read_text() == before.replace("LIMIT = 2\nold", "LIMIT = 3")
    assert capsys.readouterr().out == "refreshed docs/a.md\n"
    assert refresh_documents.main() == 0
    assert capsys.readouterr().out == ""


def test_a_block_knows_its_line_and_its_marker(root: Path) -> None:
    (root / "a.md").write_text(
        f"<!-- run -->\n{FENCE}console\n$ true\n{FENCE}\n{FENCE}\nx\n{FENCE}\n"
    )
    first, second = documents.blocks_of(Path("a.md"))
    assert (first.line, first.language, first.marker) == (2, "console", "run")
    assert (second.text, second.marker) == ("x\n", "")


def test_a_block_that_is_never_closed_is_an_error(root: Path) -> None:
    (root / "a.md").write_text(f"{FENCE}\nx\n")
    with pytest.raises(documents.DocumentError, match=r"a\.md:1"):
        documents.blocks_of(Path("a.md"))
