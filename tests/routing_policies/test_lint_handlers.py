"""Handlers that nobody gets to are found."""

from __future__ import annotations

from routing_policies.lint_handlers import handler_findings
from routing_policies.loading import load_document

HEAD = "apiVersion: nirc/v1\n"
PATH = (
    "kind: Path\nmetadata: {name: p}\nspec: {from_site: lisbon, trunk_group: carrier, to_site: '*',"
    " methods: [bridge], arrives_on: network}\n"
)
TABLE = (
    "kind: SiteTable\nmetadata: {name: t}\nspec: {addresses: [{site: porto, trunk_group: pbx,"
    " host: 192.0.2.1, port: 5060}]}\n"
)


def told(way: str, *others: str) -> list[str]:
    handler = (
        "kind: Handler\nmetadata: {name: mail}\n"
        f'spec: {{uri: "sip:m@192.0.2.1", ways: [{{{way}}}]}}\n'
    )
    documents = [load_document(HEAD + text, source="t") for text in (handler, *others)]
    found = handler_findings([(one.name, one) for one in documents])
    return [one.problem for one in found]


def test_a_trunk_group_that_no_site_has() -> None:
    assert "nobody can be sent there" in told("trunk_group: carier, methods: [bridge]", PATH)[0]
    assert told("trunk_group: carrier, site: porto, methods: [bridge]", PATH, TABLE)
    assert told("trunk_group: carrier, methods: [bridge]", PATH, TABLE) == []
    assert told("trunk_group: pbx, site: porto, methods: [bridge]", PATH, TABLE) == []
    assert told("trunk_group: anything, methods: [bridge]") == []


def test_one_for_answered_callers_alone() -> None:
    assert "still ring" in told("trunk_group: carrier, methods: [refer]", PATH)[0]
