from collections import Counter

from routing_policies.peer_plan_kinds import PlanPeer
from site_agent.core.peer_choice import PeerChoice
from site_agent.core.settings import SiteSettings

PEERS = [
    PlanPeer(site="porto", queue="sales", share=0.6),
    PlanPeer(site="faro", queue="sales", share=0.3),
    PlanPeer(site="braga", queue="sales", share=0.1),
]


def picked(choice: PeerChoice, count: int, now_s: float = 0.0) -> list[str]:
    found = [choice.pick("sales", PEERS, now_s) for _ in range(count)]
    return [peer.site if peer else "" for peer in found]


def test_shares_hold_in_any_ten_calls_in_a_row() -> None:
    sites = picked(PeerChoice(SiteSettings()), 40)
    for start in range(30):
        counts = Counter(sites[start : start + 10])
        assert counts == {"porto": 6, "faro": 3, "braga": 1}


def test_a_peer_that_fails_is_left_out_twice_as_long_each_time() -> None:
    choice = PeerChoice(SiteSettings())
    choice.failed("sales", "porto", 0.0, silent=False)
    assert "porto" not in picked(choice, 10, 1.9) and "porto" in picked(choice, 10, 2.0)
    choice.failed("sales", "porto", 2.0, silent=False)
    assert "porto" not in picked(choice, 10, 5.9) and "porto" in picked(choice, 10, 6.0)
    assert choice.out_of_reach(3.0) == ("sales/porto",)
    choice.failed("sales", "porto", 6.0, silent=True)
    assert "porto" not in picked(choice, 10, 13.9)
    for _ in range(10):
        choice.failed("sales", "porto", 20.0, silent=True)
    assert "porto" in picked(choice, 10, 80.0)
    choice.took("sales", "porto")
    assert choice.out_of_reach(21.0) == () and "porto" in picked(choice, 10, 21.0)


def test_another_service_of_the_same_peer_is_not_left_out() -> None:
    choice = PeerChoice(SiteSettings())
    choice.failed("support", "porto", 0.0, silent=True)
    assert "porto" in picked(choice, 3)


def test_nobody_in_reach_is_nobody() -> None:
    choice = PeerChoice(SiteSettings())
    assert choice.pick("sales", [], 0.0) is None
    nothing = PlanPeer(site="porto", queue="sales", calls_max=0)
    assert choice.pick("sales", [nothing], 0.0) is None
