"""What the file says of FreeSWITCH reaches the adapter."""

from __future__ import annotations

from site_agent.config import parse_config
from site_agent.freeswitch_config import FreeswitchConfig
from site_agent.freeswitch_settings import freeswitch_settings

FILE = """
site: lisbon
incarnation_file: /x/state.json
acd:
  kind: freeswitch
  password_file: /x/password
  refer: true
  other_queues: ["test*", old]
  hold_by: ready_time
  agent_data_keys: [customer]
  trunk_groups:
    - {name: carrier, profile: external, address: "10.1.0.2:5080", channels_max: 20}
    - {name: network, profile: nirc, kind: network, address: "10.1.0.2:5090", channels_max: 30,
       dial: sofia/gateway/core/}
  queues: [{name: sales, places_max: 7, ring_s: 12}, {name: support, open: false}]
"""


def test_names_and_numbers_are_carried_over() -> None:
    config = parse_config(FILE, source="f").acd
    assert isinstance(config, FreeswitchConfig)
    found = freeswitch_settings(config)
    assert [(one.name, one.dial) for one in found.trunks] == [
        ("carrier", "sofia/external/"),
        ("network", "sofia/gateway/core/"),
    ]
    assert [(one.name, one.places_max, one.open) for one in found.queues] == [
        ("sales", 7, True),
        ("support", 50, False),
    ]
    assert (found.refer, found.hold_by, found.ring_s) == (True, "ready_time", 12.0)
    assert (found.data_keys, found.other_queues) == (("customer",), ("test*", "old"))
