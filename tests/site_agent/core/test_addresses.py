"""Addresses come from the operator's table, and from nothing else."""

from site_playbook import SETTINGS, TABLE

from site_agent.core.actions import RaiseAlarm, SaveSiteTable
from site_agent.core.addresses import Addresses, token_uri
from site_agent.core.outbox import Outbox

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
