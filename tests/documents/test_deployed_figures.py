"""The dashboard, the alert rules and docs/telemetry.md name figures that the daemons tell.

A running network's `/metrics` are held to them in tests/services/test_overflow.py.
"""

from __future__ import annotations

import re

import pytest
from deployed_figures import dashboard, expressions, rules
from documents import ROOT
from node_views import MadeReport
from promql_names import balanced, series_in, told
from site_playbook import led

from nirc.telemetry.node_metrics import NodeMetrics
from nrcli.telemetry.exporting import Exporter
from nrcli.telemetry.metric_families import prometheus_text
from nrcli.telemetry.process_figures import process_families
from site_agent.config import SiteConfig
from site_agent.exporting import SiteExporter
from site_agent.links.site_figures import site_families

DOCUMENT = ROOT / "docs" / "telemetry.md"
SITE = {
    "site": "lisbon",
    "incarnation_file": "state.json",
    "acd": {"kind": "in_memory", "queues": [{"name": "sales"}]},
}


def of_daemons() -> set[str]:
    """All that the code can tell, of both daemons."""
    node = NodeMetrics(
        counters=dict,
        inbox_count=lambda: 0,
        alarms_count=lambda: 0,
        records_shed_count=lambda: 0,
    )
    families = [
        *node.registry.families(),
        *MadeReport().report.families(),
        *Exporter(None, service="", instance="", version="", unix_s=float).families(),
        *SiteExporter(SiteConfig.model_validate(SITE)).families(),
        *site_families(led().daemon.view(101.0), {}),
        *process_families(),
    ]
    return told(prometheus_text(families))


@pytest.mark.parametrize("expression", expressions())
def test_expressions_read_figures_that_are_told(expression: str) -> None:
    assert balanced(expression)
    assert {name for name, _ in series_in(expression)} <= of_daemons()


def test_the_document_names_every_figure_and_no_other() -> None:
    text = DOCUMENT.read_text(encoding="utf-8").split("\n### Of a node", 1)[1]
    named = set(re.findall(r"`((?:nirc|process|python)_[a-z0-9_]+)`", text.split("\n## Logs")[0]))
    plain = {re.sub(r"_(bucket|sum|count)$", "", name) for name in of_daemons()}
    assert named == plain


def test_panels_have_names_and_places_of_their_own() -> None:
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({panel["title"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])
        }
        assert not cells & taken and max(x for x, _ in cells) < 24
        taken |= cells
        assert panel["type"] == "row" or panel["targets"]


def test_each_rule_says_how_bad_it_is_and_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "major", "minor", "warning")
        assert rule["annotations"]["summary"] and rule["annotations"]["advice"]
        document = re.search(r"docs/[a-z_]+\.md", rule["annotations"]["advice"])
        assert document is None or (ROOT / document[0]).is_file()
