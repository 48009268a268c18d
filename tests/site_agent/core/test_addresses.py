"""Addresses come from the operator's table, and from nothing else."""

from dataclasses import replace
from typing import Any

from site_playbook import SETTINGS, TABLE, move_answer

from nrcli.wire.messages import Rung, TransferMethod
from routing_policies.document import SiteTable
from site_agent.core.actions import RaiseAlarm, SaveSiteTable
from site_agent.core.addresses import Addresses, token_uri
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings, TrunkRules

TEXT = b"""apiVersion: nirc/v1
kind: SiteTable
metadata: {name: all}
spec:
  addresses:
    - {site: faro, trunk_group: network, host: 192.0.2.9, port: 5062}
"""


def make() -> tuple[Addresses, Outbox]:
    out = Outbox()
    return Addresses("lisbon", SETTINGS, TABLE, out), out


def test_known_and_unknown_sites() -> None:
    addresses, _ = make()
    assert addresses.of("porto", "network", "t") == "sip:t@198.51.100.7:5062;transport=tcp"
    assert addresses.of("porto", "other", "t") == ""
    assert addresses.home("carrier", "t") == "sip:t@192.0.2.1:5060"
    assert addresses.home("network", "t") == ""


def test_a_newer_table_replaces_the_old_and_is_kept() -> None:
    addresses, out = make()
    addresses.told(4, TEXT)
    assert out.take() == [SaveSiteTable(revision=4, site_table=TEXT)]
    assert addresses.of("faro", "network", "t") == "sip:t@192.0.2.9:5062"
    addresses.told(3, b"older")
    assert out.take() == []


def test_a_broken_table_leaves_the_old_one_in_force() -> None:
    addresses, out = make()
    addresses.told(4, b"kind: [")
    assert isinstance(out.take()[0], RaiseAlarm)
    assert addresses.of("porto", "network", "t")


def test_a_site_may_be_reached_by_tls() -> None:
    assert token_uri("nirc-x", "10.0.0.1", 5061, "tls") == "sip:nirc-x@10.0.0.1:5061;transport=tls"


NUMBER = "+351220001234"


def by_number(
    method: TransferMethod = TransferMethod.REFER, number: str = NUMBER, **rung: object
) -> str:
    carrier = TrunkRules(
        trunk_group="carrier", dial_to="192.0.2.5:5060", number_domains=("t.example", "u.example")
    )
    settings = SiteSettings(trunks={"carrier": carrier})
    known: dict[str, Any] = {"path": "p", "arrives_on": "", "number_on": "network"}
    answer = move_answer("r1", number=number)
    rung_ = Rung(method=method, **(known | rung))
    return Addresses("lisbon", settings, TABLE, Outbox()).of_rung("carrier", answer, rung_)


def test_a_lent_number_goes_where_the_sites_own_word_and_the_table_lead() -> None:
    assert by_number() == f"sip:{NUMBER}@198.51.100.7:5062;transport=tcp"
    assert by_number(at_trunk=True) == f"sip:{NUMBER}@t.example"
    assert by_number(at_trunk=True, trunk_domain="u.example") == f"sip:{NUMBER}@u.example"
    assert by_number(TransferMethod.TRANSLATION_ROUTE) == f"sip:{NUMBER}@192.0.2.5:5060"


def test_no_number_or_domain_that_others_name_is_dialed() -> None:
    assert by_number(at_trunk=True, trunk_domain="evil.example") == ""
    for number in ("", "+19005550100", "+35122000 1", "x@evil", "+35122000;tag=1"):
        assert by_number(number=number) == ""
        assert by_number(TransferMethod.TRANSLATION_ROUTE, number) == ""
    assert by_number(number_on="carrier") == ""
    assert by_number(TransferMethod.TRANSLATION_ROUTE, number_on="") == ""


def test_without_settings_of_its_own_a_trunk_group_dials_nothing() -> None:
    addresses, _ = make()
    answer = move_answer("r1", number=NUMBER)
    for method, at_trunk in (
        (TransferMethod.TRANSLATION_ROUTE, False),
        (TransferMethod.REFER, True),
    ):
        rung = Rung(method=method, path="p", arrives_on="", number_on="network", at_trunk=at_trunk)
        assert addresses.of_rung("carrier", answer, rung) == ""
        assert addresses.of_rung("isdn", answer, rung) == ""


def test_a_site_that_knows_only_tokens_finds_no_address_for_a_rung_by_number() -> None:
    addresses, _ = make()
    assert addresses.of("porto", "", "nirc-target") == ""


NAMED = SiteTable(
    addresses={("porto", "network"): ("198.51.100.7", 5062, "tcp")},
    names={
        ("porto", "network"): ("sip.porto.example", 0, "tcp"),
        ("faro", "network"): ("sip.faro.example", 5080, "udp"),
        ("lisbon", "carrier"): ("sip.lisbon.example", 0, "udp"),
    },
)


def test_a_name_is_written_where_somebody_else_looks_it_up_and_nowhere_else() -> None:
    addresses = Addresses("lisbon", SETTINGS, NAMED, Outbox())
    for method, uri in (
        (TransferMethod.REDIRECT_302, "sip:nirc-target@sip.porto.example;transport=tcp"),
        (TransferMethod.REFER, "sip:nirc-target@sip.porto.example;transport=tcp"),
        (TransferMethod.BRIDGE, "sip:nirc-target@198.51.100.7:5062;transport=tcp"),
    ):
        answer = move_answer("r1", method)
        (rung,) = answer.rungs
        assert addresses.of_rung("carrier", answer, rung) == uri
        assert addresses.by_name(answer, rung) == ("example" in uri)
        assert "198.51.100.7" in addresses.of_probe(answer)
    assert addresses.home("carrier", "t") == "sip:t@sip.lisbon.example"
    assert addresses.entry("faro", "network") == ("sip.faro.example", 5080, "udp")
    far = move_answer("r1", TransferMethod.BRIDGE, target_site="faro")
    assert addresses.of_rung("carrier", far, far.rungs[0]) == "", "a name alone cannot be dialed"


def why(number: str = NUMBER, target: str = "porto", table: Any = TABLE, **rung: object) -> str:
    trunks = {"carrier": TrunkRules(trunk_group="carrier")}
    known: dict[str, Any] = {"path": "p", "arrives_on": "", "number_on": "network"}
    rungs = (Rung(method=TransferMethod.BRIDGE, **(known | rung)),)
    answer = replace(
        move_answer("r1", number=number), target_site=target, rungs=rungs, probe_from="carrier"
    )
    addresses = Addresses("lisbon", SiteSettings(trunks=trunks), table, Outbox())
    assert addresses.of_probe(answer) == ""
    return addresses.why_no_probe(answer)


def test_what_keeps_a_test_call_from_being_placed_is_named() -> None:
    assert "lisbon has no site table" in why(table=None)
    assert "no address of faro for trunk group net" in why(
        target="faro", number_on="", arrives_on="net"
    )
    assert "does not give +1900 to porto/network" in why(number="+1900")
    assert "trunk group carrier of lisbon has no `dial_to`" in why(at_trunk=True)
