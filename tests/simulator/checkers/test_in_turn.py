"""Who is passed over for an agent whom both could have had, from histories alone."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.checkers.in_turn import check
from simulator.history import Line


def line(at_s: float, site: str, kind: str, **fields: Any) -> Line:
    return Line(at_s=at_s, site=site, kind=kind, fields=fields)


def begun(at_s: float, name: str, site: str = "lisbon", priority: int = 0, **more: Any) -> Line:
    known = {"call": f"c-{name}", "interaction": name, "entry": f"e-{name}", "since_s": at_s}
    group = {"service": "sales", "trunk_group": "carrier", "priority": priority}
    return line(at_s, site, "entry_begun", **(known | group | more))


def given(at_s: float, name: str, site: str = "lisbon", to: str = "porto") -> list[Line]:
    token = f"t-{name}-{at_s}"
    started = {"call": f"c-{name}", "interaction": name, "token": token, "target": to}
    return [
        line(at_s, to, "hold", token=token, agent="ana", queue="sales", origin=site),
        line(at_s + 0.1, site, "move_started", method="refer", **started),
        line(at_s + 0.5, site, "entry_ended", call=f"c-{name}"),
    ]


def told(site: str = "lisbon", until_s: int = 60) -> list[Line]:
    return [line(float(at_s), site, "answer") for at_s in range(until_s)]


def judged(*parts: list[Line]) -> list[str]:
    merged = sorted((one for part in parts for one in part), key=lambda one: one.at_s)
    return [wrong.text for wrong in check(merged)]


FOUR = [begun(1.0, "old"), begun(3.0, "mid"), begun(5.0, "new"), begun(6.0, "last")]


def test_in_order_nothing_is_wrong() -> None:
    assert judged(told(), FOUR, given(10, "old"), given(15, "mid"), given(20, "new")) == []


def test_who_is_passed_over_twice_is_named() -> None:
    (text,) = judged(told(), FOUR, given(10, "mid"), given(15, "new"), given(20, "old"))
    assert text.startswith("old of lisbon") and "new" in text


def test_once_may_be_an_offer_under_way_elsewhere() -> None:
    assert judged(told(), FOUR, given(10, "mid"), given(11, "new"), given(20, "old")) == []


@pytest.mark.parametrize(
    "why",
    [
        "priority",
        "not for that queue",
        "cut off",
        "new leader",
        "failed there",
        "far away",
        "other",
    ],
)
def test_what_the_rules_permit(why: str) -> None:
    first, contacts, more = begun(1.0, "old"), told(), given(20, "old")
    winners = [*given(10, "mid"), *given(15, "new")]
    rest = FOUR[1:]
    if why == "priority":
        rest = [begun(3.0, "mid", priority=2), begun(5.0, "new", priority=2)]
    elif why == "not for that queue":
        more = given(20, "old", to="faro")
    elif why == "cut off":
        contacts = [one for one in contacts if not 6 < one.at_s < 18]
    elif why == "new leader":
        more = [*more, *(line(at_s, "lisbon", "epoch") for at_s in (8.0, 13.0))]
    elif why == "failed there":
        ended = {"call": "c-old", "target": "porto", "outcome": "refused"}
        more = [*more, *(line(at_s, "lisbon", "move_ended", **ended) for at_s in (8.0, 13.0))]
    elif why == "far away":
        rest = [begun(3.0, "mid", "faro"), begun(5.0, "new", "faro")]
        winners = [*given(10, "mid", "faro"), *given(15, "new", "faro")]
    elif why == "other":
        rest = [begun(3.0, "mid", service="help"), begun(5.0, "new", service="help")]
    assert judged(contacts, [first, *rest], winners, more) == []
