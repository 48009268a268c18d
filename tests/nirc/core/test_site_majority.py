"""A leader whom the sites cannot reach hands over to one whom they can, once in a while."""

from __future__ import annotations

from nirc.core.actions import Action, RaiseAlarm, StepDown
from nirc.core.alarms import Alarms
from nirc.core.events import CampaignWon, EtcdAnswered
from nirc.core.leader_knowledge import LeaderKnowledge
from nirc.core.leadership import Leadership
from nirc.core.settings import RouterSettings
from nirc.core.site_liveness import SiteLiveness
from nirc.core.site_majority import SiteMajority
from nirc.core.site_relay import SiteRelay
from nirc.core.statistics import Statistics
from nrcli.wire.messages import DOMAIN_FIRST, Epoch

SETTINGS = RouterSettings(majority_after_s=4.0, majority_share=0.1, majority_rest_s=60.0)


class Node:
    """A node that leads from second 100 on, and what it knows of sites and of the others."""

    def __init__(self, mine: str, **peers: str) -> None:
        alarms = Alarms(SETTINGS)
        self.leadership = Leadership("n1", SETTINGS, alarms)
        self.knowledge = LeaderKnowledge("n1", SETTINGS, self.leadership)
        liveness = SiteLiveness(SETTINGS)
        self.relay = SiteRelay(
            settings=SETTINGS, liveness=liveness, alarms=alarms, statistics=Statistics()
        )
        self.majority = SiteMajority(
            SETTINGS, self.leadership, self.knowledge, liveness, self.relay, alarms
        )
        for site in mine.split():
            liveness.link_up(site, 100.0)
            liveness.hear(site, 100.0)
        for name, sites in peers.items():
            self.relay.peer_sites(name, tuple(sites.split()))
        self.win(100.0)

    def win(self, now_s: float) -> None:
        won = CampaignWon(
            domain=DOMAIN_FIRST,
            epoch=Epoch(generation=1, revision=int(now_s)),
            sent_at_s=now_s,
            ttl_s=1e6,
        )
        self.leadership.won(won, (), now_s, [])

    def swept(self, *instants_s: float) -> list[Action]:
        out: list[Action] = []
        for now_s in instants_s:
            self.knowledge.etcd_answered(EtcdAnswered(asked_at_s=now_s))
            self.majority.sweep(now_s, out)
        return out


def test_it_hands_over_when_another_had_more_sites_for_a_while() -> None:
    node = Node("", n2="lisbon porto", n3="porto")
    assert node.swept(101.0, 104.9) == []
    alarm, step_down, *_ = node.swept(105.0)
    assert isinstance(alarm, RaiseAlarm) and alarm.code == "leader_cut_from_sites"
    assert "n2 has 2 sites" in alarm.text and "lisbon, porto" in alarm.text
    assert isinstance(step_down, StepDown) and step_down.reason == "n2 has more sites"
    assert not node.leadership.leads(DOMAIN_FIRST, 105.0)


def test_a_moment_is_nothing() -> None:
    node = Node("porto", n2="lisbon porto")
    assert node.swept(101.0, 104.0) == []
    node.relay.peer_sites("n2", ("porto",))
    assert node.swept(104.5) == []
    node.relay.peer_sites("n2", ("lisbon", "porto"))
    assert node.swept(105.0, 108.5) == []


def test_who_has_as_many_or_a_few_more_is_not_better() -> None:
    assert Node("porto", n2="lisbon").swept(101.0, 120.0) == []
    many = " ".join(f"s{number}" for number in range(40))
    assert Node(many, n2=many + " a b c").swept(101.0, 120.0) == []
    assert Node(many, n2=many + " a b c d e").swept(101.0, 120.0) != []


def test_not_again_within_the_time_of_rest_if_nobody_better_could_lead() -> None:
    node = Node("", n2="lisbon")
    assert node.swept(101.0, 105.0) != []
    node.win(107.0)
    assert node.swept(108.0, 120.0, 164.9) == []
    assert node.swept(165.0) != []


def test_never_while_etcd_is_away_and_only_a_leader() -> None:
    node, out = Node("", n2="lisbon"), list[Action]()
    for now_s in (101.0, 110.0, 120.0):
        assert node.majority.sweep(now_s, out) == []
    node.leadership.lose(DOMAIN_FIRST, out)
    assert node.swept(121.0, 130.0) == []
