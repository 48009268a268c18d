"""Whether paths by number, pools and the site table fit together."""

from __future__ import annotations

from typing import Any

from routing_policies.collected import Collected
from routing_policies.kinds import KINDS
from routing_policies.path_faults import path_faults

PATH = {
    "from_site": "a",
    "trunk_group": "c",
    "to_site": "b",
    "arrives_on": "n",
    "methods": ("refer",),
    "address": "e164_pool@trunk_domain",
}
POOL = {"site": "b", "trunk_group": "n", "numbers": ("+3511", "+3512")}
ROW = {"site": "b", "trunk_group": "n", "host": "10.0.0.1", "port": 5060, "numbers": ("+351*",)}


def found(
    path: dict[str, Any] | None = None,
    pool: dict[str, Any] | None = None,
    row: dict[str, Any] | None = None,
) -> list[str]:
    documents = Collected()
    for kind, spec in (
        ("Path", path and PATH | path),
        ("NumberPool", pool and POOL | pool),
        ("SiteTable", {"addresses": (ROW | (row or {}),)}),
    ):
        if spec:
            head = {"apiVersion": "nirc/v1", "kind": kind, "metadata": {"name": "x"}}
            documents.add(KINDS[kind].model_validate(head | {"spec": spec}))
    return [f"{fault.source} {fault.place}" for fault in path_faults(documents)]


def test_a_path_by_number_needs_a_pool_that_its_numbers_get_through_to() -> None:
    assert found({"cost": 1.0}, {"hold_s": 9.0}) == []
    assert found({"cost": 1.0}) == ["Path/x spec.address"]
    assert found({"to_site": "*"}, {"hold_s": 9.0}) == []
    assert found({"arrives_on": "m"}, {"hold_s": 9.0}) == ["Path/x spec.address"]
    assert found({"user_part_max": 4}, {"hold_s": 9.0}) == ["Path/x spec.user_part_max"]


def test_a_pools_numbers_that_a_path_lends_stand_in_the_signed_table() -> None:
    assert found(None, {"numbers": ("+1900",)}) == []
    path = {"cost": 0.0}
    assert found(path, {"numbers": ("+3511", "+1900")}) == ["NumberPool/x spec.numbers[1]"]
    assert found(path, {"hold_s": 9.0}, {"site": "a"}) == ["NumberPool/x spec.numbers[0]"]
    assert found(path, {"numbers": ("3511",)}) == ["NumberPool/x spec.numbers[0]"]


def test_a_path_by_bridge_needs_an_address_to_dial() -> None:
    path = {"methods": ("refer", "bridge"), "address": "token_user"}
    named = {"host": None, "port": None, "name": "sip.b.example"}
    assert found(path, None, named) == ["SiteTable/x spec.addresses[0]"]
    assert found(path | {"methods": ("redirect_302", "refer")}, None, named) == []
    assert found(path, None, {"name": "sip.b.example"}) == []
