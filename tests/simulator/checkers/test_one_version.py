"""S11 is broken by each of these."""

from typing import Any

import pytest
from history_lines import good_move

from simulator.checkers.one_version import check
from simulator.history import Line


def at(at_s: float, kind: str, site: str = "", **fields: Any) -> Line:
    return Line(at_s=at_s, site=site, kind=kind, fields=fields)


def published(at_s: float, version: int, policy: str = "p") -> Line:
    return at(at_s, "policy_published", policy=policy, version=version)


def uses(at_s: float, policies: str, node: str = "n1") -> Line:
    return at(at_s, "policies_in_use", node=node, policies=policies)


def decided(at_s: float, version: int, decision: str = "d1", **fields: Any) -> Line:
    rest = {"node": "n1", "policy": "p", "mode": "live", "outcome": "move", "took_s": 0.0} | fields
    return at(at_s, "decision", decision=decision, version=version, **rest)


def answered(at_s: float, version: int, decision: str = "d1", **fields: Any) -> Line:
    rest = {"policy": "p", "outcome": "move"} | fields
    return at(at_s, "answer", "lisbon", decision=decision, version=version, **rest)


GOOD = [
    published(1, 1),
    uses(2, "p=1/0/0"),
    uses(2, "p=1/0/0", "n2"),
    decided(3, 1),
    answered(3.1, 1),
    published(4, 2),
    uses(5, "p=1/2/0"),
    decided(5.5, 1, "d2"),
    decided(5.6, 2, "d3", mode="shadow"),
    uses(6, "p=1/0/2"),
    decided(6.5, 2, "d4", mode="canary"),
    decided(6.5, 1, "d5"),
    uses(7, "p=2/0/0"),
    decided(7.2, 1, "d6", took_s=0.5),
    decided(7.3, 1, "d7", node="n2"),
    uses(8, "p=2/0/0", "n2"),
    decided(9, 2, "d8", node="n2"),
    decided(9, 0, "d9", policy="default"),
    decided(9, 0, "d10", policy="", outcome="act_locally"),
    decided(9, 0, "d11", policy="", outcome="redirect_default"),
]


def test_a_good_history() -> None:
    assert check(GOOD) == []
    assert check(good_move()) == []


def test_a_switch_in_the_very_moment_leaves_both_right() -> None:
    first, second = decided(7, 2, "e1"), decided(7.5, 1, "e2", took_s=0.5)
    assert check([*GOOD[:13], first, second]) == []


def test_sites_alone_still_show_one_version_per_answer() -> None:
    assert check([answered(1, 4), answered(2, 5, "d2")]) == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([uses(1, "p=1/0/0")], "never published"),
        ([published(1, 1), uses(2, "p=1/0/2")], "never published"),
        ([*GOOD, decided(10, 1, "d20")], "when it used 2"),
        ([*GOOD, decided(10, 3, "d20")], "when it used 2"),
        ([*GOOD, decided(10, 1, "d20", mode="canary")], "when it used 0"),
        ([*GOOD, decided(10, 2, "d20", mode="shadow")], "when it used 0"),
        ([*GOOD, decided(10, 2, "d20", mode="")], "decided as nothing"),
        ([*GOOD, decided(10, 2, "d20", node="n3")], "when it used nothing"),
        ([*GOOD, decided(10, 2, "d20", policy="q")], "q version 2"),
        ([*GOOD, decided(10, 0, "d20", policy="")], "names no policy"),
        ([*GOOD, answered(10, 2)], "of p 1 and of p 2"),
        ([*GOOD, answered(10, 1, policy="q")], "of p 1 and of q 1"),
        ([*GOOD, answered(10, 0, "d30", policy="")], "names no policy"),
        ([*GOOD[:7], decided(4.9, 2, "d20", mode="shadow")], "when it used 0"),
        ([*GOOD[:13], decided(7.2, 2, "d20", took_s=0.5)], "when it used 1"),
    ],
)
def test_what_breaks_it(lines: list[Line], told: str) -> None:
    found = check(lines)
    assert len(found) == 1 and told in found[0].text
