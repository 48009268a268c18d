"""The ladder of methods for one move."""

from __future__ import annotations

import pytest

from nirc.core.paths import PathTable
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import ChannelClaim, TransferMethod
from routing_policies.document import PathDoc
from routing_policies.kinds import NumberPoolDoc

BRIDGE, REFER, REDIRECT = (
    TransferMethod.BRIDGE,
    TransferMethod.REFER,
    TransferMethod.REDIRECT_302,
)


def path(name: str = "p", **fields: object) -> PathDoc:
    spec: dict[str, object] = {
        "from_site": "lisbon",
        "trunk_group": "carrier",
        "to_site": "*",
        "arrives_on": "network",
        "methods": ("redirect_302", "refer", "bridge"),
        "proven": True,
        "follows_contacts": True,
    } | fields
    return PathDoc.model_validate(
        {"apiVersion": "nirc/v1", "kind": "Path", "metadata": {"name": name}, "spec": spec}
    )


def table(*paths: PathDoc) -> PathTable:
    return PathTable(RouterSettings(), paths)


def test_before_and_after_the_answer() -> None:
    paths = table(path())
    before = paths.ladder("lisbon", "carrier", "porto", False)
    assert before.methods == (REDIRECT, BRIDGE)
    assert paths.ladder("lisbon", "carrier", "porto", True).methods == (REFER, BRIDGE)
    assert [rung.origin_channels for rung in before.rungs] == [0, 1]
    assert [rung.follows_contacts for rung in before.rungs] == [True, False]
    assert before.claims == (ChannelClaim(trunk_group="network", count=1),)
    assert paths.ladder("lisbon", "carrier", "porto", False) is before
    assert before.origin_channels == 0  # a 302 needs none
    bridged = table(path(methods=("bridge",), origin_channels=2))
    assert bridged.ladder("lisbon", "carrier", "porto", True).origin_channels == 2
    free = table(path(target_channels=0)).ladder("lisbon", "carrier", "porto", False)
    assert free.claims == (ChannelClaim(trunk_group="network", count=0),)


@pytest.mark.parametrize(
    ("paths", "missing"),
    [
        ((), "no path leads from lisbon"),
        ((path(trunk_group="isdn"),), "no path leads from lisbon"),
        ((path(to_site="faro"),), "no path leads there"),
        ((path(proven=False),), "no path there is proven"),
        ((path(methods=("refer",)),), "before the answer"),
        ((path(methods=("redirect_302",), follows_contacts=False),), "before the answer"),
    ],
)
def test_why_there_is_none(paths: tuple[PathDoc, ...], missing: str) -> None:
    ladder = table(*paths).ladder("lisbon", "carrier", "porto", False)
    assert missing in ladder.missing
    assert ladder.rungs == ()


def test_a_named_target_comes_before_any_and_each_rung_has_its_path() -> None:
    paths = table(
        path("any", set_up_p99_s=0.1),
        path("slow", to_site="porto", methods=("refer",), set_up_p99_s=6.0, arrives_on="pstn"),
    )
    ladder = paths.ladder("lisbon", "carrier", "porto", True)
    assert [rung.path for rung in ladder.rungs] == ["slow", "any"]
    assert {claim.trunk_group for claim in ladder.claims} == {"pstn", "network"}
    assert ladder.expires_s == 12.0
    assert not ladder.place_only


def test_only_slow_ways_hold_a_place() -> None:
    ladder = table(path(set_up_p99_s=4.0)).ladder("lisbon", "carrier", "porto", True)
    assert ladder.place_only
    assert ladder.expires_s == 8.0
    quick = table(path()).ladder("lisbon", "carrier", "porto", True)
    assert quick.expires_s == 5.0


def by_number(name: str = "n", **fields: object) -> PathDoc:
    return path(name, **({"address": "e164_pool@trunk_domain", "arrives_on": "pstn"} | fields))


def pool(site: str = "porto", trunk_group: str | None = "pstn") -> NumberPoolDoc:
    spec = {"site": site, "trunk_group": trunk_group, "numbers": ("+351220000000",)}
    return NumberPoolDoc.model_validate(
        {"apiVersion": "nirc/v1", "kind": "NumberPool", "metadata": {"name": "x"}, "spec": spec}
    )


def pooled(*paths: PathDoc, pools: tuple[NumberPoolDoc, ...] = (pool(),)) -> PathTable:
    return PathTable(RouterSettings(), paths, pools)


def test_a_rung_by_number_names_where_it_arrives_beside_the_old_field() -> None:
    methods = ("redirect_302", "bridge", "translation_route")
    table_ = pooled(by_number(methods=methods, trunk_domain="t.example"))
    ladder = table_.ladder("lisbon", "carrier", "porto", False)
    assert ladder.methods == (REDIRECT, BRIDGE, TransferMethod.TRANSLATION_ROUTE)
    assert {(r.arrives_on, r.number_on, r.at_trunk, r.trunk_domain) for r in ladder.rungs} == {
        ("", "pstn", True, "t.example")
    }
    assert [rung.origin_channels for rung in ladder.rungs] == [0, 1, 1]
    assert ladder.number_on == "pstn"
    assert ladder.claims == (ChannelClaim(trunk_group="pstn", count=1),)


@pytest.mark.parametrize("pools", [(), (pool("faro"),), (pool(trunk_group="isdn"),)])
def test_without_a_pool_at_the_target_there_is_no_path_by_number(pools: tuple[()]) -> None:
    ladder = pooled(by_number(), pools=pools).ladder("lisbon", "carrier", "porto", True)
    assert (ladder.rungs, ladder.number_on) == ((), "")
    assert "no number pool" in ladder.missing


def test_a_call_has_one_number_and_tokens_beside_it() -> None:
    by_token = path("a", methods=("refer",))
    first = by_number("b", methods=("bridge",))
    other = by_number("c", methods=("translation_route",), arrives_on="isdn")
    both = pooled(by_token, first, other, pools=(pool(trunk_group=None),))
    ladder = both.ladder("lisbon", "carrier", "porto", True)
    assert ladder.methods == (REFER, BRIDGE)
    assert [rung.number_on for rung in ladder.rungs] == ["", "pstn"]
