"""Which node a site turns to."""

from __future__ import annotations

from nrcli.failover import preferred_node

NODES = ("n1", "n2", "n3")


def test_the_leader_while_its_link_stands() -> None:
    assert preferred_node(NODES, {"n1", "n2", "n3"}, site="lisbon", leader="n2") == "n2"


def test_else_the_same_other_node_each_time() -> None:
    chosen = [preferred_node(NODES, {"n1", "n3"}, site="lisbon", leader="n2") for _ in range(5)]
    assert len(set(chosen)) == 1
    assert chosen[0] in {"n1", "n3"}


def test_sites_spread_over_the_nodes() -> None:
    chosen = {preferred_node(NODES, set(NODES), site=f"site{n}") for n in range(30)}
    assert chosen == set(NODES)


def test_nobody_when_no_link_stands() -> None:
    assert preferred_node(NODES, (), site="lisbon", leader="n1") is None
    assert preferred_node((), (), site="lisbon") is None
