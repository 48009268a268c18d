"""What a control may be about: everything else is refused with place and remedy."""

from __future__ import annotations

import typing

import pytest
from control_samples import control, wanted
from router_network import documents

from nirc.core.controls_kinds import KINDS, told, until, wrong
from nrcli.wire.control_models import Kind, TargetKind

DOCUMENTS = documents(["lisbon", "porto"])


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
