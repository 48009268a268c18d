from site_agent.adapters.sip_acd.settings import TrunkGroupSettings
from site_agent.adapters.sip_acd.trunks import Trunks

CARRIER = TrunkGroupSettings(
    name="carrier",
    listen=("127.0.0.1", 5061),
    peers=("10.0.0.0/8", "fd00::/8"),
    ivr_peers=("10.9.0.0/16",),
    channels_max=2,
    numbers={"+351210000001": "vip", "*": "sales"},
)


def test_the_listen_address_names_the_group_and_peers_are_checked():
    trunks = Trunks([CARRIER])
    group = trunks.at(("127.0.0.1", 5061))
    assert group is not None and trunks.at(("127.0.0.1", 5060)) is None
    assert group.may_call("10.1.2.3") and group.may_call("fd00::1")
    assert not group.may_call("11.0.0.1") and not group.may_call("localhost")
    assert group.is_ivr("10.9.1.1") and not group.is_ivr("10.1.2.3")


def test_numbers_lead_to_services():
    group = Trunks([CARRIER]).get("carrier")
    assert group.service_of("+351210000001") == "vip"
    assert group.service_of("anything") == "sales"
    other = Trunks([TrunkGroupSettings(name="n", listen=("127.0.0.1", 1), kind="network")])
    assert other.get("n").service_of("1") is None


def test_channels_are_taken_up_to_the_limit_and_given_back():
    trunks = Trunks([CARRIER])
    group = trunks.get("carrier")
    trunks.changed.clear()
    assert trunks.take(group) and trunks.take(group) and not trunks.take(group)
    trunks.give_back(group)
    assert group.used_count == 1 and trunks.changed == {"carrier"}
