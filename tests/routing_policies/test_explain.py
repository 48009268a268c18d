"""A decision in plain words."""

from __future__ import annotations

from routing_policies.explain import explain

RECORD = {
    "interaction_id": "i1",
    "service": "sales",
    "origin_site": "lisbon",
    "outcome": "move",
    "target_site": "porto",
    "queue": "sales",
    "agent": "diogo",
    "policy": "default",
    "policy_version": 4,
    "took_s": 0.0123,
    "rules_tried": ["own-agent", "idle-elsewhere"],
    "candidates": [
        {"site": "porto", "queue": "sales", "agent": "diogo", "age_s": 0.24, "lost_because": ""},
        {"site": "faro", "queue": "sales", "agent": "", "age_s": 1.0, "lost_because": "closed"},
    ],
    "refusals": ["beja refused: no_agent"],
}


def test_a_move() -> None:
    assert explain(RECORD) == [
        "call i1 for sales at lisbon moved to porto, queue sales, diogo (in 12 ms)",
        "policy default version 4; rules tried: own-agent, idle-elsewhere",
        "porto/sales/diogo: chosen, seen 0.2 s before",
        "faro/sales: closed, seen 1.0 s before",
        "asked in vain: beja refused: no_agent",
    ]


def test_old_or_empty_records_are_readable() -> None:
    assert explain({"outcome": "stay"})[0] == "call ? for ? at ? stayed"
    assert explain({})
