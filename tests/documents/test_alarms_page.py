"""docs/alarms.md: every rule that is shipped and every figure has its row."""

import re

from documents import ROOT

from routing_policies.alarm_figures import FIGURES
from routing_policies.alarm_rules_in_use import shipped_rules

ROW = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)


def rows(heading: str) -> dict[str, list[str]]:
    """What stands in each row of the table under a heading, by its first cell."""
    page = (ROOT / "docs/alarms.md").read_text(encoding="utf-8")
    part = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return {name: rest.split(" | ") for name, rest in ROW.findall(part)}


def test_every_shipped_rule_has_its_row_with_figure_and_severity() -> None:
    found = {
        name: (cells[0].strip("`"), cells[-1])
        for name, cells in rows("Rules that come with NIRC").items()
    }
    shipped = {one.name: (one.figure, one.severity) for one in shipped_rules().spec.rules}
    assert found == shipped


def test_every_figure_has_its_row_with_kind_and_unit() -> None:
    found = {name: (cells[0], cells[1]) for name, cells in rows("Figures").items()}
    assert found == {one.name: (one.kind, one.unit) for one in FIGURES}
