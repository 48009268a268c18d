"""Everything is joined, and known before the first happening."""

from sim_models import network

from simulator.model.instants import START_S, US
from simulator.model.network import FaultModel
from simulator.world.engine import WorldEngine
from simulator.world.faulty_links import FaultyLinks
from simulator.world.links import SteadyLinks


def test_the_node_knows_every_site_before_the_first_happening() -> None:
    made = WorldEngine().start(network((2, 3))).world
    [node] = made.nodes.values()
    queues = [site.queues[0] for site in node.router.view(made.now_s()).sites]
    assert [queue.ready_count for queue in queues] == [2, 3]
    assert made.timeline.now_us == 0
    assert made.now_s() == START_S


def test_lost_sites_alone_leave_the_links_steady() -> None:
    window = (0, US)
    lost = network((1,), faults=(FaultModel(kind="site", window=window, site=0),))
    cut = network((1,), faults=(FaultModel(kind="link", window=window, site=0),))
    assert isinstance(WorldEngine().start(lost).world.links, SteadyLinks)
    assert isinstance(WorldEngine().start(cut).world.links, FaultyLinks)


def test_addresses_lead_to_sites() -> None:
    made = WorldEngine().start(network((1, 1))).world
    assert made.site_at("sip:token@porto:2") == 1
    made.problem("odd")
    assert made.problems == ["0.000000 s: odd"]
