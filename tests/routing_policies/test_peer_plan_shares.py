"""Shares follow from who is at work, are equal where that is not known, and never pass 1 in all."""

import pytest

from routing_policies.peer_plan_shares import Capacity, shares

PEERS = [("faro", "q"), ("lisbon", "q"), ("porto", "q")]


def known(*agents: float, **fields: object) -> dict[tuple[str, str], Capacity]:
    return {
        peer: Capacity(agents=count, **fields)  # type: ignore[arg-type]
        for peer, count in zip(PEERS, agents, strict=True)
    }


@pytest.mark.parametrize("agents", [(1, 1, 1), (7, 2, 4), (1, 999, 3), (0.5, 0.25, 11)])
def test_shares_add_up_to_no_more_than_one(agents: tuple[float, float, float]) -> None:
    found = shares(PEERS, known(*agents), None)
    assert 0.99 < sum(one.share for one in found.peers) <= 1.0
    assert all(one.share > 0 for one in found.peers)
    assert found.reason.startswith("shares by agents at work")


def test_more_agents_get_more_and_what_is_lent_is_the_bound() -> None:
    found = shares(PEERS, known(8, 2, 2), None).peers
    assert [(one.share, one.calls_max) for one in found] == [(0.666, 8), (0.166, 2), (0.166, 2)]
    bound = shares(PEERS, known(8, 2, 2, loan_max=2), None).peers
    assert [(one.share, one.calls_max) for one in bound] == [(0.333, 2)] * 3


def test_equal_where_nobody_was_asked_or_somebody_is_not_known() -> None:
    for capacities, word in (
        (None, "no node was asked"),
        ({PEERS[0]: Capacity(agents=3)}, "nothing is known of q at lisbon"),
        (known(3, 0, 1), "nobody is at work in q at lisbon"),
    ):
        found = shares(PEERS, capacities, None)
        assert [one.share for one in found.peers] == [0.333] * 3
        assert found.reason.startswith("equal shares") and word in found.reason


def test_who_lends_nobody_or_cannot_be_reached_is_left_out_and_named() -> None:
    capacities = known(3, 1, 1) | {PEERS[0]: Capacity(agents=3, loan_max=0)}
    found = shares(PEERS, capacities, {"faro", "porto"})
    assert [one.site for one in found.peers] == ["porto"]
    assert found.left_out == (
        "faro: it lends nobody of q",
        "lisbon: no proven path for bridges leads there",
    )
