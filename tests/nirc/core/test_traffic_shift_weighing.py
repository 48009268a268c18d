"""A shift is weighed by what the leader knows, and refused where those who get the calls cannot."""

from __future__ import annotations

from typing import Any

import pytest
from control_samples import BEGAN_UNIX_S, wanted
from playbook import Playbook
from router_network import FakeSite, documents, leading, report

from nirc.core.actions import ControlWeighed
from nirc.core.events import WallTimeRead, WeighControl
from nrcli.wire.shift_models import ShiftParameters


def network(porto: dict[str, Any] | None = None) -> Playbook:
    """Lisbon gets 60 calls of 60 s per hour and porto 30; each has 4 agents."""
    given: dict[str, Any] = {"staffed_count": 4, "max_loan": 10}
    sites = [
        FakeSite("lisbon", **given, window_offered_count=15),
        FakeSite("porto", **(given | {"window_offered_count": 8} | (porto or {}))),
    ]
    book = leading(*sites, docs=documents([one.name for one in sites]))
    for site in sites:
        report(book, site)
    return book.event(WallTimeRead(unix_s=BEGAN_UNIX_S))


def weighed(book: Playbook, kind: str = "shift", *, effect: bool, **more: Any) -> ControlWeighed:
    given = {"to_site": "porto"} if kind == "shift" else {}
    one = wanted(kind, "site lisbon", shift=ShiftParameters(**(given | more)))
    book.event(WeighControl(id="w", control_id="c1", wanted=one, wants_effect=effect))
    return book.take(ControlWeighed)


def test_the_preview_tells_figures_before_and_after_in_words_and_numbers() -> None:
    told = weighed(network(), effect=True).effect
    assert told is not None and told.shift is not None
    assert told.lines[0].startswith("100% of the callers of lisbon go to porto, until")
    (porto,), (lisbon,) = told.shift.targets, told.shift.origins
    assert (lisbon.calls_per_hour, lisbon.calls_per_hour_after) == (60.0, 0.0)
    assert (porto.calls_per_hour, porto.calls_per_hour_after) == (32.0, 92.0)
    assert porto.occupancy_after == pytest.approx(92 / 60 / 4) and told.shift.problems == ()
    assert any(line.startswith("porto sales: 32 calls per hour become 92") for line in told.lines)
    assert weighed(network(), effect=False).problem is None


def test_who_cannot_carry_it_is_refused_with_what_they_could_and_can_be_forced() -> None:
    book = network({"staffed_count": 2})
    problem = weighed(book, effect=False).problem
    assert problem is not None and problem[0] == "parameters.shift"
    assert "porto sales would answer" in problem[1] and "`--force`" in problem[2]
    assert weighed(book, effect=False, force=True).problem is None
    assert weighed(book, effect=False, floor=0.0).problem is None
    told = weighed(book, effect=True).effect
    assert told is not None and any(line.startswith("PROBLEM: porto") for line in told.lines)
    assert weighed(book, effect=False, steps=(10,)).problem is None


@pytest.mark.parametrize(
    ("porto", "why"),
    [
        ({"open": False}, "closed"),
        ({"shared": False}, "not shared"),
        ({"accepting": False}, "would not serve more before it closes"),
        ({"staffed_count": 0}, "nobody is at work"),
    ],
)
def test_where_nobody_can_take_them_nothing_can_be_forced(porto: dict[str, Any], why: str) -> None:
    problem = weighed(network(porto), effect=False, force=True).problem
    assert problem is not None and why in problem[1] and "cannot be forced" in problem[2]


def test_a_queue_that_the_site_does_not_have_is_refused() -> None:
    problem = weighed(network(), effect=False, queue="none").problem
    assert problem is not None and problem[:2] == (
        "target.name",
        "lisbon has no queue of that kind",
    )


def test_what_porto_lends_is_looked_at() -> None:
    problem = weighed(network({"max_loan": 1}), effect=False).problem
    assert problem is not None and "porto sales lends at most 1 agents at once" in problem[1]


def test_draining_asks_whether_all_others_can_carry_it() -> None:
    assert weighed(network(), "drain_site", effect=False).problem is None
    assert weighed(network({"staffed_count": 1}), "drain_site", effect=False).problem is not None
