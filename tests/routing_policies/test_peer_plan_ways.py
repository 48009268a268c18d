"""What paths deny of a way of the peer plan; joined with documents in `test_references`."""

from __future__ import annotations

from typing import Any

from routing_policies.kinds import PathDoc
from routing_policies.peer_plan_kinds import PlanPeer
from routing_policies.peer_plan_ways import way_wrong


def wrong(path: dict[str, Any], **way: Any) -> list[str]:
    known = {"from_site": "lisbon", "trunk_group": "pbx", "to_site": "*", "arrives_on": "network"}
    head = {"apiVersion": "nirc/v1", "kind": "Path", "metadata": {"name": "p"}}
    found = PathDoc.model_validate(head | {"spec": known | path})
    ways = ({"from_site": "lisbon", "trunk_group": "pbx"} | way,)
    peer = PlanPeer.model_validate({"site": "porto", "queue": "sales", "ways": ways})
    return [problem for _, problem, _ in way_wrong(peer, peer.ways[0], [found], [])]


def test_a_method_needs_a_path_that_does_it_where_there_are_any() -> None:
    assert wrong({"methods": ("refer", "bridge")}) == []
    assert wrong({"methods": ("refer",)}) == ["no Path from lisbon/pbx to porto does bridge"]
    assert wrong({"methods": ("bridge",), "to_site": "faro"})
    assert wrong({"methods": ("refer",), "trunk_group": "other"}) == []


def test_a_way_by_number_is_a_bridge_that_the_trunk_group_dials() -> None:
    by_number = {"methods": ("translation_route",), "address": "e164_pool@trunk_domain"}
    assert wrong(by_number, number="+351220000001") == []
