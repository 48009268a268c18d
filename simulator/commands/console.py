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

WIDTH_MIN = 120
"Tables are not cut to less than this; a narrower terminal wraps their lines."


def show(*parts: RenderableType) -> None:
    """Print to standard output, in colour on a terminal."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.width = max(console.width, WIDTH_MIN)
    for part in parts:
        console.print(part)


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
