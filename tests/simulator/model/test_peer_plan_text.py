"""A written plan is one that sites read, and says who takes what."""

from routing_policies.loading import load_document
from routing_policies.peer_plan_kinds import PeerPlanDoc
from simulator.model.peer_plan_text import PlanWords, host_of, plan_text

START_UNIX_S = 1_767_600_000.0


def read(words: PlanWords) -> PeerPlanDoc:
    services = {"sales": ("orders", ("lisbon", "porto")), "help": ("help", ("porto",))}
    document = load_document(
        plan_text(("lisbon", "porto"), services, words, START_UNIX_S), source="plan"
    )
    assert isinstance(document, PeerPlanDoc)
    return document


def test_it_says_who_takes_what() -> None:
    plan = read(PlanWords(calls_max=3, calls_per_minute_max=9, shares=(0.7, 0.3), serial=4))
    assert plan.spec.serial == 4
    peer = plan.peer("sales", "porto")
    assert peer is not None
    assert (peer.queue, peer.share, peer.calls_max, peer.calls_per_minute_max) == (
        "orders",
        0.3,
        3,
        9,
    )
    assert plan.peer("help", "lisbon") is None
    assert [site.host for site in plan.spec.sites] == [host_of(0), host_of(1)]


def test_it_ends_when_it_is_told_to() -> None:
    assert read(PlanWords(ends_unix_s=START_UNIX_S + 60)).valid_until_unix_s == START_UNIX_S + 60
    assert read(PlanWords()).valid_until_unix_s > START_UNIX_S + 86_400


def test_no_two_sites_have_one_host() -> None:
    assert len({host_of(site) for site in range(1000)}) == 1000
