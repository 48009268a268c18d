"""Trunk groups and lent numbers of documents, as they are written."""

from __future__ import annotations

import pytest

from routing_policies.document import NetworkDocuments, assemble
from routing_policies.written_groups import group_doubts, group_faults, groups_of

ROWS = "[{site: a, trunk_group: net, host: 10.0.0.1, port: 5060}"
BOTH = ROWS + ", {site: b, trunk_group: net, host: 10.0.0.2, port: 5060}]"


def network(path: str = "", pool: str = "", rows: str = BOTH) -> NetworkDocuments:
    texts = {f"Site/{name}": "{}" for name in "abc"}
    if path:
        spec = {"from_site": "a", "to_site": "b", "trunk_group": "pstn", "arrives_on": "net"}
        spec |= dict(pair.split("=") for pair in path.split(","))
        inner = ", ".join(f"{key}: '{value}'" for key, value in spec.items())
        texts["Path/p"] = f"{{{inner}, methods: [bridge]}}"
    if pool:
        texts["NumberPool/n"] = f"{{{pool}}}"
    if rows:
        texts["SiteTable/t"] = f"{{addresses: {rows}}}"
    written = {
        key: (
            f"apiVersion: nirc/v1\nkind: {key.split('/')[0]}\n"
            f"metadata: {{name: {key.split('/')[1]}}}\nspec: {spec}\n",
            1,
        )
        for key, spec in texts.items()
    }
    return assemble(written, 1)


def faults(path: str = "", pool: str = "", rows: str = BOTH) -> list[tuple[str, str]]:
    documents = network(path, pool, rows)
    return [(one.place, one.remedy) for one in group_faults(documents, documents.addresses)]


def test_a_path_arrives_where_the_site_table_has_an_address() -> None:
    assert faults("trunk_group=pstn") == faults("to_site=*") == []
    assert faults("arrives_on=nt") == [("spec.arrives_on", "did you mean net?")]
    assert faults("to_site=*,arrives_on=nt") == [("spec.arrives_on", "did you mean net?")]
    ((place, remedy),) = faults("to_site=c")
    assert place == "spec.arrives_on" and "add that row to the SiteTable" in remedy
    assert faults("arrives_on=nt", rows="") == []
    only_home = ROWS + "]"
    assert [place for place, _ in faults("to_site=*", rows=only_home)] == ["spec.arrives_on"]


@pytest.mark.parametrize(
    ("pool", "places"),
    [
        ("site: b, trunk_group: net, numbers: ['+351211']", []),
        ("site: b, trunk_group: nt, numbers: ['+351211']", ["spec.trunk_group"]),
        ("site: c, trunk_group: nt, numbers: ['+351211']", []),
        ("site: b, numbers: ['+351211', '0220000005']", ["spec.numbers[1]"]),
        ("site: b, numbers: ['+0351']", ["spec.numbers[0]"]),
    ],
)
def test_a_pool_has_numbers_with_a_country_and_comes_in_on_a_known_group(
    pool: str, places: list[str]
) -> None:
    assert [place for place, _ in faults(pool=pool)] == places


def test_what_may_come_later_is_a_doubt() -> None:
    documents = network("to_site=*,trunk_group=pstm")
    reported = {"a": frozenset({"pstn", "net"}), "b": frozenset({"net"})}
    doubts = group_doubts(documents, {"Path/p"}, reported)
    assert doubts == [
        "Path/p: spec.trunk_group: a reports no trunk group pstm now (did you mean pstn?)",
        "Path/p: spec.arrives_on: the SiteTable has no address of c for trunk group net: no call"
        " goes there by it",
    ]
    assert group_doubts(documents, {"Site/a"}, reported) == []
    (told,) = group_doubts(network("to_site=b", rows=""), {"Path/p"}, {})
    assert "there is no SiteTable yet" in told
    told = group_doubts(documents, {"SiteTable/t"}, {"b": frozenset()})[0]
    assert told == (
        "SiteTable/t: spec.addresses[1].trunk_group: b reports no trunk group net now (it has none)"
    )
    pool = network(pool="site: b, trunk_group: net, numbers: ['+351']")
    assert group_doubts(pool, {"NumberPool/n"}, {"b": frozenset({"x"})}) == [
        "NumberPool/n: spec.trunk_group: b reports no trunk group net now (it has x)"
    ]


def test_groups_of_one_site() -> None:
    assert groups_of("a", [("a", "y"), ("b", "z"), ("a", "x")]) == ["x", "y"]
