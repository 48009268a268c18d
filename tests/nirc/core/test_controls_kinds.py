"""What a control may be about: everything else is refused with place and remedy."""

from __future__ import annotations

import typing
from typing import Any

import pytest
from control_samples import BEGAN_UNIX_S, control, wanted
from router_network import documents

from nirc.core.controls_kinds import KINDS, told, until, wrong
from nrcli.wire.control_models import Kind, TargetKind

CALENDAR = "kind: Calendar\nmetadata: {name: office}\nspec: {time_zone: Europe/Lisbon}\n"
PLAN = "kind: Plan\nmetadata: {name: porto-lost}\nspec: {closed_sites: [porto], lasts_s: 900}\n"
DOCUMENTS = documents(
    ["lisbon", "porto"], more={"Calendar/office": CALENDAR, "Plan/porto-lost": PLAN}
)


def test_every_kind_has_its_row_and_names_known_targets() -> None:
    assert set(KINDS) == set(typing.get_args(Kind))
    for one in KINDS.values():
        assert set(one.targets) <= set(typing.get_args(TargetKind))


@pytest.mark.parametrize("target", ["all", "site lisbon", "service sales", "path porto-out"])
def test_a_freeze_may_be_of_what_there_is(target: str) -> None:
    assert wrong(wanted("freeze", target), DOCUMENTS) is None
    assert target.rsplit(maxsplit=1)[-1] in KINDS["freeze"].means(control("freeze", target)) + "all"


@pytest.mark.parametrize(
    ("target", "place", "remedy"),
    [
        ("site lisbn", "target.name", "did you mean lisbon?"),
        ("service vip", "target.name", "there are: sales"),
        ("path x", "target.name", "there are: lisbon-out, porto-out"),
        ("site ", "target.name", "there are: lisbon, porto"),
        ("all lisbon", "target.name", "leave it out, or name a site or a service"),
    ],
)
def test_what_is_not_there_is_refused(target: str, place: str, remedy: str) -> None:
    found = wrong(wanted("freeze", target), DOCUMENTS)
    assert found is not None and (found[0], found[2]) == (place, remedy)


def test_who_why_and_until_when_are_told() -> None:
    one = control("freeze", "site lisbon")
    assert told(one) == "control c1: freeze of site lisbon, by ana@noc: carrier storm"
    assert until(one) == "1970-01-12 13:56:40 UTC"


@pytest.mark.parametrize(
    ("kind", "target", "more"),
    [
        ("path_off", "path lisbon-out", {}),
        ("close", "service sales", {}),
        ("holiday", "all", {}),
        ("holiday", "calendar office", {}),
        ("announce", "site lisbon", {"announcement": "storm"}),
        ("flush", "service sales", {}),
        ("plan", "plan porto-lost", {"for_s": 600.0}),
    ],
)
def test_every_kind_may_be_and_says_what_it_does(
    kind: str, target: str, more: dict[str, Any]
) -> None:
    assert wrong(wanted(kind, target, **more), DOCUMENTS) is None
    more.pop("for_s", None)
    assert target.rsplit(maxsplit=1)[-1] in KINDS[kind].means(control(kind, target, **more)) + "all"


@pytest.mark.parametrize(
    ("kind", "target", "more", "place"),
    [
        ("path_off", "site lisbon", {}, "target.of"),
        ("close", "all", {}, "target.of"),
        ("holiday", "calendar ofice", {}, "target.name"),
        ("holiday", "service sales", {}, "target.name"),
        ("holiday", "calendar office", {"for_s": 600.0}, "for_s"),
        ("announce", "all", {}, "parameters.announcement"),
        ("freeze", "all", {"announcement": "storm"}, "parameters.announcement"),
        ("plan", "plan porto-lost", {"for_s": 1_000.0}, "for_s"),
        ("plan", "plan faro-lost", {}, "target.name"),
    ],
)
def test_what_a_kind_does_not_allow_is_refused_with_its_place(
    kind: str, target: str, more: dict[str, Any], place: str
) -> None:
    found = wrong(wanted(kind, target, **more), DOCUMENTS)
    assert found is not None and found[0] == place and found[2], found


def test_a_plan_and_a_holiday_know_their_end() -> None:
    plan, day = control("plan", "plan porto-lost"), control("holiday", "all")
    assert KINDS["plan"].ends(plan, DOCUMENTS) == BEGAN_UNIX_S + 900
    assert KINDS["holiday"].ends(day, DOCUMENTS) == 1_033_200.0, "midnight of 12 January, +01:00"
