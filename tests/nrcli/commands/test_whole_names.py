"""Names are whole at every width."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from nrcli.commands.tables import alarms_parts, table
from nrcli.commands.whole_names import put
from nrcli.wire.alarm_models import Alarm

NAME = "lisbon-porto-by-the-legacy-trunk"


def page(width: int, *, terminal: bool, part: Table) -> str:
    out = io.StringIO()
    put(Console(file=out, width=width, force_terminal=terminal, soft_wrap=True), part)
    return out.getvalue()


def paths() -> Table:
    titles = ("path", "from", "to", "address", "proof", "used")
    row = (NAME, "lisbon/legacy", "porto", "+351220000005", "vouched by ops", True)
    return table(titles, [row, ("b", "lisbon/legacy", "faro", "", "proved", False)])


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("width", [30, 40, 60, 80, 200])
def test_no_name_is_cut(width: int, terminal: bool) -> None:
    said = page(width, terminal=terminal, part=paths())
    assert NAME in said and "lisbon/legacy" in said and "…" not in said


def test_a_row_is_a_line_where_it_is_piped() -> None:
    lines = page(80, terminal=False, part=paths()).splitlines()
    assert len(lines) == 3 and NAME in lines[1] and "vouched by ops" in lines[1]


def test_an_alarm_is_whole_on_a_narrow_page() -> None:
    alarm = Alarm(
        code="site_speaks_for_another", place=NAME, text="x said it was y", since_unix_s=1.0
    )
    (part,) = alarms_parts([alarm])
    assert isinstance(part, Table)
    said = page(50, terminal=True, part=part)
    assert "site_speaks_for_another" in said and NAME in said


def test_pairs_without_titles_stay_pairs() -> None:
    said = page(24, terminal=True, part=table(("", ""), [("node", NAME)]))
    assert "node" in said and NAME in said.replace("\n", "").replace(" ", "")
