"""What sites say becomes what is believed; promises last until they are seen."""

from __future__ import annotations

from router_network import FakeSite

from nirc.core.network_state import NetworkState
from nirc.core.promises import Promise
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg
from routing_policies import columns as c


def state_of(site: FakeSite, now_s: float = 100.0) -> NetworkState:
    network = NetworkState(RouterSettings())
    network.link_up(site.name, site.incarnation)
    assert isinstance(network.apply(site.name, site.snapshot(now_s), now_s).reply, msg.StateAck)
    return network


def promise(network: NetworkState, agent: str = "diogo", until_s: float = 110.0) -> Promise:
    claims = (msg.ChannelClaim(trunk_group="network", count=1),)
    row = network.table.find("porto", "sales")
    return Promise("r1", "porto", "default", row, agent, claims, until_s)


def test_durations_become_instants_of_this_clock() -> None:
    network = state_of(FakeSite("porto", {"diogo": 40.0}), 100.0)
    row = network.table.find("porto", "sales")
    assert network.table.columns.queues[c.Q_LONGEST_READY_AT][row] == 40.0
    assert network.table.columns.reported_at_s[row] == 100.0


def test_a_promise_ends_when_the_site_shows_the_reservation() -> None:
    porto = FakeSite("porto", {"diogo": 40.0})
    network = state_of(porto)
    network.promise(promise(network))
    row = network.table.find("porto", "sales")
    assert network.table.columns.lendable_count[row] == 0
    reserve = msg.Reserve(
        domain="default",
        epoch=msg.NO_EPOCH,
        request_id="r1",
        interaction_id="i",
        origin_site="lisbon",
        service="sales",
        queue="sales",
        agent="diogo",
        methods=(),
    )
    grant = porto.hear(reserve, 100.0)[0]
    assert isinstance(grant, msg.ReserveGranted)
    network.apply("porto", porto.snapshot(101.0), 101.0)
    assert network.promised_count() == 0
    assert network.granting_site(grant.token) == "porto"
    assert list(network.open_reservations("r1")) == ["porto"]
    network.promise(promise(network))
    assert network.promised_count() == 0
    porto.free("r1", 102.0)
    network.apply("porto", porto.snapshot(102.0), 102.0)
    assert network.granting_site(grant.token) == ""
    assert network.open_reservations("r1") == {}
    assert network.table.columns.lendable_count[row] == 1


def test_promises_run_out_and_are_forgotten_by_domain() -> None:
    network = state_of(FakeSite("porto", {"diogo": 40.0}))
    network.promise(promise(network))
    network.extend("r1", "porto", 120.0)
    assert network.sweep(119.0) == 0
    assert network.sweep(120.0) == 1
    network.promise(promise(network, agent=""))
    network.forget_promises("other")
    assert network.promised_count() == 1
    network.forget_promises("default")
    assert network.promised_count() == 0
    assert network.table.promised(0) == (0, 0, 0)


def test_channels_are_claimed_minus_reserve_and_promises() -> None:
    porto = FakeSite("porto", {"diogo": 40.0})
    porto.channels_max = 2
    network = state_of(porto)
    two = (msg.ChannelClaim(trunk_group="network", count=2),)
    assert network.lacks_channel("porto", two) == ""
    network.promise(promise(network))
    assert network.lacks_channel("porto", two) == "no free channel on network"
    other = (msg.ChannelClaim(trunk_group="isdn", count=1),)
    assert network.lacks_channel("porto", other) == "has no trunk group isdn"


def test_without_a_stream_nothing_is_taken() -> None:
    network = NetworkState(RouterSettings())
    assert network.apply("porto", FakeSite("porto").snapshot(1.0), 1.0).fault
    assert not network.synced("porto")
    assert network.heard_sites == set()
    assert network.state_of("porto") is None


def test_a_cut_stream_makes_the_state_old() -> None:
    network = state_of(FakeSite("porto"))
    assert network.synced("porto")
    network.link_down("porto")
    assert not network.synced("porto")
    assert not network.link_up("porto", 0)
