"""What a Handler document says: where, from which trunk groups, by which methods."""

from __future__ import annotations

import pytest

from routing_policies.errors import DocumentError
from routing_policies.handler_kinds import (
    HandlerDoc,
    HandlerSpec,
    address_of,
    host_is_name,
    methods_of,
)
from routing_policies.loading import load_document

HEAD = "apiVersion: nirc/v1\nkind: Handler\nmetadata: {name: mail}\nspec: "


def spec(uri: str = "sip:mail@192.0.2.5", more: str = "") -> HandlerSpec:
    ways = (
        "[{trunk_group: carrier, methods: [redirect_302, refer, bridge], follows_contacts: true},"
        " {site: porto, trunk_group: carrier, methods: [bridge]}]"
    )
    found = load_document(f'{HEAD}{{uri: "{uri}", ways: {ways}{more}}}\n', source="t")
    assert isinstance(found, HandlerDoc)
    return found.spec


def test_a_sites_own_way_goes_before_that_of_all() -> None:
    found = spec()
    assert methods_of(found.way("porto", "carrier"), answered=False) == ("bridge",)
    assert methods_of(found.way("faro", "carrier"), answered=False) == ("redirect_302", "bridge")
    assert methods_of(found.way("faro", "carrier"), answered=True) == ("refer", "bridge")
    assert found.way("faro", "pbx") is None and methods_of(None, answered=True) == ()


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("sip:mail@192.0.2.5", ("192.0.2.5", 5060, "udp")),
        ("sip:mail@192.0.2.5:5080;transport=tcp", ("192.0.2.5", 5080, "tcp")),
        ("sips:mail@[2001:db8::5]", ("2001:db8::5", 5061, "tls")),
        ("sip:+351210000001@192.0.2.5;user=phone", ("192.0.2.5", 5060, "udp")),
    ],
)
def test_addresses_that_are_read(uri: str, address: tuple[str, int, str]) -> None:
    assert spec(uri).uri == uri
    assert address_of(uri) == address
    assert not host_is_name(uri) and host_is_name("sip:mail@vm.example")


@pytest.mark.parametrize(
    "uri",
    [
        "sip:192.0.2.5",
        "sip:mail@192.0.2.5?Replaces=x",
        "sip:mail@192.0.2.5;maddr=203.0.113.1",
        "tel:+351210000001",
        "sip:ma il@192.0.2.5",
        "sip:mail@192.0.2.5:99999",
        "sip:mail:secret@192.0.2.5",
    ],
)
def test_what_could_be_more_than_an_address_is_refused(uri: str) -> None:
    with pytest.raises(DocumentError, match="should be a SIP address"):
        spec(uri)
