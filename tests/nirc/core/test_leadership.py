"""A node decides only while its lease surely stands, and only with sites that acknowledged it."""

from __future__ import annotations

from nirc.core.actions import Action, RaiseGeneration, SendToSite, StartTimer, StepDown
from nirc.core.alarms import Alarms
from nirc.core.events import CampaignWon, KeepaliveConfirmed, LeaderObserved
from nirc.core.leadership import Leadership
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import Epoch, Heartbeat, KnownEpoch

D = "default"
EPOCH = Epoch(generation=1, revision=5)
HIGHER = Epoch(generation=1, revision=9)


def leader(ttl_s: float = 2.0) -> tuple[Leadership, list[Action]]:
    settings = RouterSettings(leader_margin_s=0.3)
    leadership = Leadership("n1", settings, Alarms(settings))
    out: list[Action] = []
    won = CampaignWon(domain=D, epoch=EPOCH, sent_at_s=100.0, ttl_s=ttl_s)
    assert leadership.won(won, ("porto",), 100.1, out)
    return leadership, out


def test_winning_tells_every_site_and_arms_the_deadline() -> None:
    _, out = leader()
    assert StartTimer(name="leadership:default", at_s=101.7) in out
    (sent,) = [a for a in out if isinstance(a, SendToSite)]
    assert (sent.site, sent.not_after_s) == ("porto", 101.7)


def test_the_deadline_counts_from_the_sending_of_the_keepalive() -> None:
    leadership, out = leader()
    assert leadership.leads(D, 101.69)
    assert not leadership.leads(D, 101.7)
    confirmed = KeepaliveConfirmed(domain=D, sent_at_s=100.5, ttl_s=2.0)
    leadership.confirmed(confirmed, 101.6, out)
    assert leadership.leads(D, 102.19)
    late = KeepaliveConfirmed(domain=D, sent_at_s=102.1, ttl_s=2.0)
    leadership.confirmed(late, 102.3, out)
    assert not leadership.leads(D, 102.3)


def test_a_lease_that_is_old_when_won_is_given_back() -> None:
    leadership, _ = leader()
    out: list[Action] = []
    won = CampaignWon(domain=D, epoch=HIGHER, sent_at_s=100.0, ttl_s=2.0)
    assert not leadership.won(won, (), 102.0, out)
    assert any(isinstance(action, StepDown) for action in out)
    assert not leadership.leads(D, 100.5)


def test_no_command_without_acknowledgement_or_after_the_deadline() -> None:
    leadership, out = leader()
    out.clear()
    assert not leadership.command(D, "porto", Heartbeat(), 100.2, out)
    assert not leadership.acked("porto", D, EPOCH, out)
    assert leadership.command(D, "porto", Heartbeat(), 100.2, out)
    assert not leadership.command(D, "porto", Heartbeat(), 101.7, out)
    assert out == [SendToSite(site="porto", message=Heartbeat(), not_after_s=101.7)]


def test_an_acknowledgement_ends_with_the_stream() -> None:
    leadership, out = leader()
    leadership.acked("porto", D, EPOCH, out)
    leadership.link_down("porto")
    assert not leadership.usable(D, "porto")


def test_a_site_that_knows_more_ends_it_and_raises_the_generation() -> None:
    leadership, out = leader()
    known = (KnownEpoch(domain=D, epoch=HIGHER),)
    assert leadership.link_up("faro", known, out) == [D]
    assert RaiseGeneration(domain=D, above=HIGHER) in out
    assert not leadership.leads(D, 100.2)


def test_a_newer_leader_seen_in_etcd_needs_no_new_generation() -> None:
    leadership, out = leader()
    assert not leadership.observed(LeaderObserved(domain=D, node="n2", epoch=EPOCH), out)
    assert leadership.observed(LeaderObserved(domain=D, node="n2", epoch=HIGHER), out)
    assert not any(isinstance(action, RaiseGeneration) for action in out)


def test_lower_epochs_change_nothing() -> None:
    leadership, out = leader()
    low = Epoch(generation=1, revision=1)
    assert not leadership.heard("porto", D, low, out)
    assert not leadership.acked("porto", D, low, out)
    assert not leadership.usable(D, "porto")


def test_our_epoch_at_another_node_ends_ours_and_raises_the_generation() -> None:
    leadership, out = leader()
    for known in ("n1", ""):
        assert not leadership.heard("porto", D, EPOCH, out, claimed_by=known)
    assert leadership.heard("porto", D, EPOCH, out, claimed_by="n2")
    assert RaiseGeneration(domain=D, above=EPOCH) in out
    assert not leadership.leads(D, 100.2)


def test_expire_looks_at_the_clock() -> None:
    leadership, out = leader()
    assert not leadership.expire(D, 101.0, out)
    assert leadership.expire(D, 101.7, out)
    assert not leadership.lose(D, out)


def test_domains_are_apart() -> None:
    leadership, out = leader()
    assert not leadership.leads("second", 100.1)
    won = CampaignWon(domain="second", epoch=HIGHER, sent_at_s=100.0, ttl_s=9.0)
    leadership.won(won, (), 100.0, out)
    assert [known.domain for known in leadership.leading(100.1)] == ["default", "second"]
    assert leadership.resign(out) == ["default", "second"]
    assert leadership.leading(100.1) == ()
