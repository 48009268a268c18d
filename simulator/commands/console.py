"""Shows answers: tables and plain words for a person, one object for a program.

Rule of this file: answers go to standard output, everything else to standard error; nothing is
reckoned here.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

WORDS_MIN = 40
"A column of words has this much room at least."
WIDTH_MIN = 120
"Lines of words are as long as this, or as the terminal. Names and numbers are never cut."


def show(*parts: RenderableType) -> None:
    """Print to standard output, in colour on a terminal."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True)
    width = max(console.width, WIDTH_MIN)
    for part in parts:
        console.width = max(width, _width(part)) if isinstance(part, Table) else width
        console.print(part)


def _width(made: Table) -> int:
    """Of a table of which no name and no number is cut; columns of words may be folded."""
    from rich.cells import cell_len
    from rich.text import Text

    width = 0
    for column in made.columns:
        cells = [Text.from_markup(str(cell)).plain for cell in (column.header, *column.cells)]
        longest = max(map(cell_len, cells))
        width += (longest if column.no_wrap else min(longest, WORDS_MIN)) + 2
    return width


def plain(text: str) -> str:
    """Text that is not read as markup."""
    return text.replace("[", r"\[")


def note(text: str) -> None:
    """Say something beside the answer."""
    sys.stderr.write(f"{text}\n")


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> Table:
    """Plain columns; all but the first `words` are numbers and stand to the right."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="bold")
    for number, title in enumerate(titles):
        made.add_column(title, justify="left" if number < words else "right", no_wrap=True)
    for row in rows:
        made.add_row(*(plain(cell) for cell in row))
    return made


def put_json(answer: Any) -> None:
    """One JSON object on standard output; what is no number becomes null."""
    text = json.dumps(_finite(answer), indent=2, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(text + "\n")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return _finite(value.item()) if hasattr(value, "item") else str(value)
