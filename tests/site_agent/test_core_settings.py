"""What the settings file says reaches the site daemon."""

from site_agent.config import parse_config
from site_agent.core.settings import SiteSettings
from site_agent.core_settings import site_settings

FILE = """
site: lisbon
incarnation_file: /x/state.json
nodes: [{name: n1, address: "127.0.0.1:7001"}]
overflow: {deadline_s: 2.5}
acd:
  kind: sip_acd
  trunk_groups:
    - {name: carrier, listen: "127.0.0.1:5061", peers: [127.0.0.0/8], channels_max: 20, min_free: 5,
       numbers: {"*": sales}, allow: {redirect_302: false, refer: true}}
  queues: [{name: sales, max_loan: 3, min_reserve: 1}]
"""


def settings() -> SiteSettings:
    return site_settings(parse_config(FILE, source="f"))


def test_queues_and_trunk_groups_are_carried_over() -> None:
    found = settings()
    assert (found.queues["sales"].max_loan, found.queues["sales"].min_reserve) == (3, 1)
    carrier = found.trunks["carrier"]
    assert (carrier.min_free, carrier.address) == (5, "127.0.0.1:5061")
    assert carrier.refer
    assert not carrier.redirect_302


FREESWITCH = """
site: lisbon
incarnation_file: /x/state.json
acd:
  kind: freeswitch
  password_file: /x/password
  trunk_groups:
    - {name: carrier, profile: external, address: "10.1.0.2:5080", channels_max: 20, min_free: 3}
    - {name: network, profile: nirc, kind: network, address: "10.1.0.2:5090", transport: tcp,
       channels_max: 30}
  queues: [{name: sales, max_loan: 3}]
"""


def test_a_freeswitch_is_not_asked_for_refer_unless_it_was_seen_to_keep_callers() -> None:
    for said, expected in (("", False), ("  refer: true\n", True)):
        found = site_settings(parse_config(FREESWITCH + said, source="f"))
        carrier, network = found.trunks["carrier"], found.trunks["network"]
        assert (carrier.min_free, carrier.address) == (3, "10.1.0.2:5080")
        assert (carrier.refer, carrier.redirect_302) == (expected, True)
        assert (network.kind, network.transport) == ("network", "tcp")
        assert found.queues["sales"].max_loan == 3


def test_what_is_not_said_has_its_default() -> None:
    found = settings()
    assert found.deadline_s == 2.5
    assert found.requery_s == SiteSettings().requery_s
    assert found.blind_shares == {}
