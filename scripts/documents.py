"""Reads our Markdown: fenced blocks, what a marker above them asks for, links, included code.

A marker is an HTML comment on the line above a fenced block:

- `<!-- run -->` the block is run as written by the tests: console, python or yaml;
- `<!-- run: services -->` the same, by `make test` only;
- `<!-- include: path#symbol -->` the block is that symbol's source, as it stands in the file;
  `path#first:last` takes the lines from the first that holds one text to the first that holds
  the other;
- `<!-- picture: name -->` the block is the picture of that name, drawn from a table of the code.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from pictures import PICTURES

ROOT = Path(__file__).resolve().parents[1]

FENCE = re.compile(r"^```(\w*)\s*$")
MARKER = re.compile(r"^<!-- (run|run: services|picture: \w+|include: (\S+)#(.+?)) -->$")
DRAWN = ("include: ", "picture: ")
"Markers of blocks whose text comes from the code."
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


class DocumentError(Exception):
    """A document asks for something that is not there; the text names the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block: where it opens, its language, its text and the marker above it."""

    document: Path
    line: int
    language: str
    text: str
    marker: str


def documents() -> list[Path]:
    """All Markdown of the project, as paths from the root."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")]
    return sorted(path.relative_to(ROOT) for path in found)


def blocks_of(document: Path) -> list[Block]:
    """The fenced blocks of a document, in order."""
    lines = (ROOT / document).read_text(encoding="utf-8").splitlines()
    blocks: list[Block] = []
    opened: int | None = None
    for index, line in enumerate(lines):
        if opened is None and FENCE.match(line):
            opened = index
        elif opened is not None and line.rstrip() == "```":
            blocks.append(_block(document, lines, opened, index))
            opened = None
    if opened is not None:
        raise DocumentError(f"{document}:{opened + 1}: this block is never closed")
    return blocks


def links_of(document: Path) -> list[str]:
    """Targets of links inside the project, without their anchors."""
    text = re.sub(r"```.*?```", "", (ROOT / document).read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = (target.partition("#")[0] for target in LINK.findall(text))
    return [target for target in targets if target and "://" not in target]


def included(document: Path, marker: str) -> str:
    """The source, or the picture, that a marker asks for.

    Raises DocumentError where the file, the symbol or the picture does not exist.
    """
    if marker.startswith("picture: "):
        return picture(marker.removeprefix("picture: "))
    found = MARKER.match(f"<!-- {marker} -->")
    if found is None or found[2] is None:
        raise DocumentError(f"{document}: not an include marker: {marker}")
    path, symbol = Path(found[2]), found[3]
    if not (ROOT / path).is_file():
        raise DocumentError(f"{document}: {marker}: there is no file {path}")
    source = (ROOT / path).read_text(encoding="utf-8")
    text = _lines_between(source, symbol) if ":" in symbol else _symbol(source, symbol)
    if text is None:
        raise DocumentError(f"{document}: {marker}: {path} has no {symbol}")
    return text


def picture(name: str) -> str:
    """A state table of the code, as text. Raises DocumentError if there is none of that name."""
    if name not in PICTURES:
        raise DocumentError(f"there is no picture {name}; there are {', '.join(PICTURES)}")
    return PICTURES[name]()


def refreshed(document: Path) -> str:
    """A document's text with every included block as the source has it now."""
    lines = (ROOT / document).read_text(encoding="utf-8").splitlines()
    for block in reversed(blocks_of(document)):
        if block.marker.startswith(DRAWN):
            end = block.line + len(block.text.splitlines())
            lines[block.line : end] = included(document, block.marker).splitlines()
    return "\n".join(lines) + "\n"


def _block(document: Path, lines: list[str], opened: int, closed: int) -> Block:
    fence = FENCE.match(lines[opened])
    marker = MARKER.match(lines[opened - 1].strip()) if opened else None
    return Block(
        document=document,
        line=opened + 1,
        language=fence[1] if fence else "",
        text="".join(f"{line}\n" for line in lines[opened + 1 : closed]),
        marker=marker[1] if marker else "",
    )


def _symbol(source: str, symbol: str) -> str | None:
    """The lines of `function`, `Class`, `Class.method` or an assigned name, decorators included."""
    body: list[ast.stmt] = ast.parse(source).body
    node: ast.stmt | None = None
    for part in symbol.split("."):
        node = next((child for child in body if part in _names(child)), None)
        body = node.body if isinstance(node, ast.ClassDef) else []
    if node is None:
        return None
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    lines = source.splitlines()[first - 1 : node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "".join(f"{line[indent:]}\n" for line in lines)


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _lines_between(source: str, symbol: str) -> str | None:
    first, last = (part.strip() for part in symbol.split(":", maxsplit=1))
    lines = source.splitlines()
    start = next((i for i, line in enumerate(lines) if first in line), None)
    if start is None:
        return None
    end = next((i for i in range(start, len(lines)) if last in lines[i]), None)
    return None if end is None else "".join(f"{line}\n" for line in lines[start : end + 1])
