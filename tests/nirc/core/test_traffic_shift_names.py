"""Names that cannot be meant are refused with their place, and a shift is told in words."""

from __future__ import annotations

from typing import Any

import pytest
from control_samples import control, wanted
from router_network import documents

from nirc.core.controls_kinds import wrong
from nirc.core.traffic_shift_names import means_shift
from nrcli.wire.shift_models import ShiftParameters

DOCS = documents(["lisbon", "porto"])


@pytest.mark.parametrize(
    ("kind", "given", "place", "told"),
    [
        ("shift", None, "parameters.shift", "is missing"),
        ("shift", {}, "parameters.shift.to_site", "names no other site"),
        ("shift", {"to_site": "lisbon"}, "parameters.shift.to_site", "names no other site"),
        ("shift", {"to_site": "prto"}, "parameters.shift.to_site", "there is no site prto"),
        ("shift", {"to_site": "porto", "service": "x"}, "parameters.shift.service", "no service x"),
        ("shift", {"to_site": "porto", "steps": (50, 10)}, "parameters.shift.steps", "larger"),
        ("drain_site", {"to_site": "porto"}, "parameters.shift.to_site", "drained to all others"),
        ("freeze", {"to_site": "porto"}, "parameters.shift", "means nothing"),
    ],
)
def test_what_cannot_be(kind: str, given: dict[str, Any] | None, place: str, told: str) -> None:
    more = {} if given is None else {"shift": ShiftParameters(**given)}
    problem = wrong(wanted(kind, "site lisbon", **more), DOCS)
    assert problem is not None and problem[0] == place and told in problem[1] and problem[2]


def test_what_can_be() -> None:
    to_porto = ShiftParameters(to_site="porto", service="sales")
    assert wrong(wanted("shift", "site lisbon", shift=to_porto), DOCS) is None
    assert wrong(wanted("drain_site", "site lisbon"), DOCS) is None


def test_a_shift_in_one_clause() -> None:
    given = ShiftParameters(to_site="porto", service="sales", steps=(10, 50), step_s=300.0)
    assert means_shift(control("shift", "site lisbon", shift=given)) == (
        "10%, 50% of the callers of lisbon for sales go to porto (a step each 5 min)"
    )
    assert means_shift(control("drain_site", "site lisbon")) == (
        "100% of the callers of lisbon go elsewhere, and none comes there"
    )
