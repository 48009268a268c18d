"""From text to typed documents, or to an error that a person can act on."""

from __future__ import annotations

import pytest

from routing_policies.document import DocumentError, ServiceDoc, load_document, load_site_table
from routing_policies.kinds import KINDS
from routing_policies.loading import load_typed

SERVICE = """apiVersion: nirc/v1
kind: NetworkService
metadata: {name: sales}
spec:
  queue: sales
  numbers: ["+351210000001"]
"""
TABLE = """apiVersion: nirc/v1
kind: SiteTable
metadata: {name: network}
spec:
  addresses:
    - {site: porto, trunk_group: network, host: 127.0.0.1, port: 5062}
"""


def test_a_document_is_typed() -> None:
    document = load_document(SERVICE, source="s.yaml")
    assert isinstance(document, ServiceDoc)
    assert document.spec.aht_s == 180.0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("queue: sales", "queue: [sales]", "s.yaml:5: spec.queue should be text"),
        ("  queue: sales\n", "", "s.yaml:4: spec.queue is missing (add it)"),
        ("queue: sales", "queue: sales\n  qeue: x", "s.yaml:6: spec.qeue unknown key"),
        ('["+351210000001"]', "[+351x]", "s.yaml:6: spec.numbers[0]"),
        (
            "NetworkService",
            "Netservice",
            "s.yaml:2: kind unknown kind 'Netservice' (did you mean NetworkS",
        ),
        ("nirc/v1", "nirc/v9", "s.yaml:1: apiVersion"),
        ("name: sales", "name: UPPER", "s.yaml:3: metadata.name"),
    ],
)
def test_errors_name_line_place_and_remedy(old: str, new: str, told: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load_document(SERVICE.replace(old, new), source="s.yaml")
    assert str(caught.value).startswith(told)
    assert caught.value.remedy


def test_no_mapping_no_kind() -> None:
    for text, problem in (("[1]", "is not a mapping"), ("a: 1", "kind is missing")):
        with pytest.raises(DocumentError, match=problem):
            load_document(text, source="s")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("127.0.0.1", "sbc.example", 'host should be an IP address, got "sbc.example" (write'),
        ("5062}", "5062, transport: ws}", "transport should be 'udp', 'tcp' or 'tls'"),
    ],
)
def test_an_address_that_no_site_can_dial_is_refused(old: str, new: str, told: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load_site_table(TABLE.replace(old, new).encode(), source="t")
    assert str(caught.value).startswith(f"t:6: spec.addresses[0].{told}")
    load_site_table(TABLE.replace("127.0.0.1", '"2001:db8::1"').encode(), source="t")


@pytest.mark.parametrize("form", ["e164_pool@trunk_domain", "e164_pool@site"])
def test_a_path_by_number_can_be_read(form: str) -> None:
    text = f"""apiVersion: nirc/v1
kind: Path
metadata: {{name: p}}
spec: {{from_site: a, trunk_group: c, to_site: b, methods: [refer], arrives_on: n, address: {form}}}
"""
    assert load_document(text, source="p").name == "p"


def test_site_table() -> None:
    table = load_site_table(TABLE.encode(), source="t")
    assert table.addresses == {("porto", "network"): ("127.0.0.1", 5062, "udp")}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SERVICE.encode(), "is a NetworkService"),
        (b"\xff\xfe", "is not UTF-8"),
        ((TABLE + TABLE.splitlines()[-1]).encode(), "is given twice"),
        (TABLE.replace("5062", "70000").encode(), "port"),
    ],
)
def test_a_wrong_site_table(text: bytes, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem):
        load_site_table(text, source="t")


def test_a_name_or_number_that_cannot_be_is_told_in_words() -> None:
    for old, new in (("sales", "Sales!"), ("+351", "351 x")):
        with pytest.raises(DocumentError) as caught:
            load_document(SERVICE.replace(old, new), source="s.yaml")
        assert "should be a" in str(caught.value) and "pattern" not in str(caught.value)


def test_another_table_of_kinds_is_read_by_the_same_machinery() -> None:
    kinds = {"Site": KINDS["Site"]}
    text = "apiVersion: nirc/v1\nkind: Site\nmetadata: {name: lisbon}\n"
    document, read = load_typed(text, source="x", kinds=kinds)
    assert document.name == "lisbon" and read.text == text
    with pytest.raises(DocumentError, match=r"x:2: kind unknown kind 'Plan' \(one of Site\)"):
        load_typed(text.replace("Site", "Plan"), source="x", kinds=kinds)
