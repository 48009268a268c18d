"""Puts a table on a page too narrow for it without cutting a name.

Rule of this file: a name that is shown is whole, for it is what the next command wants. Where
nobody's screen limits the width (a pipe, a file) a row is one line, however long; on a screen that
is too narrow a row becomes a block, one value a line.
"""

from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table

CUT = "…"
WIDEST = 10_000
"Columns of a line in a pipe."


def put(console: Console, part: RenderableType) -> None:
    """Print this part; a table as wide as it wants, or as blocks."""
    if not isinstance(part, Table):
        console.print(part)
    elif not console.is_terminal:
        wide = console.options.update(width=WIDEST)
        wanted = Measurement.get(console, wide, part).maximum
        console.width = max(console.width, wanted)
        console.print(part)
    elif part.show_header and _cut(console, part):
        for line in block_lines(part):
            console.print(line)
    else:
        for column in part.columns:
            column.overflow = "fold"
        console.print(part)


def _cut(console: Console, table: Table) -> bool:
    """Whether a word of it would not fit at this width."""
    with console.capture() as captured:
        console.print(table)
    return CUT in captured.get()


def block_lines(table: Table) -> list[str]:
    """Each row as a block: its first value, then the others with their titles.

    >>> table = Table("path", "to")
    >>> table.add_row("lisbon-porto", "porto")
    >>> block_lines(table)
    ['path lisbon-porto', '  to: porto']
    """
    titles = [str(column.header) for column in table.columns]
    lines: list[str] = []
    for row in zip(*(column.cells for column in table.columns), strict=True):
        first, *others = zip(titles, row, strict=True)
        lines += [f"{first[0]} {first[1]}"]
        lines += [f"  {title}: {value}" for title, value in others if value not in ("", "-")]
    return lines
