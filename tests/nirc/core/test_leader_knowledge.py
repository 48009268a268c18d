"""Who leads now, by this node's knowledge: never on old word."""

from __future__ import annotations

from nirc.core.alarms import Alarms
from nirc.core.events import CampaignWon, EtcdAnswered, LeaderObserved
from nirc.core.leader_knowledge import KnownLeader, LeaderKnowledge
from nirc.core.leadership import Leadership
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import NO_EPOCH, Epoch, KnownEpoch

D = "default"
EPOCH = Epoch(generation=1, revision=5)
HIGHER = Epoch(generation=1, revision=9)
SETTINGS = RouterSettings(leader_heard_s=3.0, etcd_away_s=3.0, leader_margin_s=0.3)
NOBODY = KnownLeader(node="", epoch=EPOCH)


def make() -> tuple[LeaderKnowledge, Leadership]:
    leadership = Leadership("n1", SETTINGS, Alarms(SETTINGS))
    knowledge = LeaderKnowledge("n1", SETTINGS, leadership)
    knowledge.etcd_answered(EtcdAnswered(asked_at_s=100.0))
    return knowledge, leadership


def named(knowledge: LeaderKnowledge, node: str, now_s: float) -> None:
    event = LeaderObserved(domain=D, node=node, epoch=EPOCH if node else NO_EPOCH)
    knowledge.observed(event, now_s)


def says(knowledge: LeaderKnowledge, node: str, epoch: Epoch | None, now_s: float) -> None:
    leading = (KnownEpoch(domain=D, epoch=epoch),) if epoch else ()
    knowledge.peer_said(node, leading, now_s)


def test_this_node_leads_within_its_deadline_and_no_longer() -> None:
    knowledge, leadership = make()
    won = CampaignWon(domain=D, epoch=EPOCH, sent_at_s=100.0, ttl_s=2.0)
    leadership.won(won, (), 100.0, [])
    named(knowledge, "n1", 100.0)
    assert knowledge.leader(D, 100.0).node == "n1"
    held = knowledge.leader(D, 101.0)
    assert (held.node, held.since_s, held.heard_s) == ("n1", 1.0, 0.0)
    assert knowledge.leader(D, 101.7) == NOBODY


def test_etcds_word_counts_while_etcd_answers() -> None:
    knowledge, _ = make()
    assert knowledge.leader(D, 100.0) == KnownLeader(node="", epoch=NO_EPOCH)
    named(knowledge, "n2", 100.5)
    assert knowledge.leader(D, 100.5).node == "n2"
    assert knowledge.leader(D, 102.9).heard_s == 102.9 - 100.5
    assert not knowledge.etcd_in_reach(103.0)
    assert knowledge.leader(D, 103.0) == NOBODY
    knowledge.etcd_answered(EtcdAnswered(asked_at_s=103.0))
    assert knowledge.leader(D, 103.5).node == "n2"


def test_the_leaders_own_word_counts_without_etcd_while_it_is_fresh() -> None:
    knowledge, _ = make()
    says(knowledge, "n2", EPOCH, 110.0)
    assert not knowledge.etcd_in_reach(110.0)
    assert knowledge.leader(D, 110.0).node == "n2"
    assert knowledge.leader(D, 113.0) == NOBODY
    says(knowledge, "n2", EPOCH, 114.0)
    knowledge.peer_down("n2")
    assert knowledge.leader(D, 114.0).node == ""


def test_a_deposed_leaders_word_outranks_the_key_that_still_names_it() -> None:
    knowledge, _ = make()
    named(knowledge, "n2", 100.0)
    says(knowledge, "n2", EPOCH, 100.5)
    assert knowledge.leader(D, 100.6).node == "n2"
    says(knowledge, "n2", None, 101.0)
    assert knowledge.leader(D, 101.0) == NOBODY


def test_a_key_that_is_gone_outranks_an_older_word() -> None:
    knowledge, _ = make()
    says(knowledge, "n2", EPOCH, 100.0)
    assert knowledge.leader(D, 100.5).node == "n2"
    named(knowledge, "", 101.0)
    assert knowledge.leader(D, 101.0) == NOBODY


def test_of_two_words_the_higher_epoch_counts() -> None:
    knowledge, _ = make()
    says(knowledge, "n2", EPOCH, 100.0)
    says(knowledge, "n3", HIGHER, 100.0)
    assert knowledge.leader(D, 100.0).node == "n3"
    assert knowledge.domains() == [D]
