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


FULL = RECORD | {
    "mode": "canary",
    "author": "ana",
    "call": [["waited_s", "12.0"], ["ani", "+35191......."]],
    "rules": [["own-agent", "not now"], ["idle-elsewhere", "nobody"], ["least-delay", "decided"]],
    "value_names": [
        *("open", "estimator", "waiting_count", "free_count", "staffed_count", "aht_s"),
        *("last_wait_s", "oldest_wait_s", "service_level"),
    ],
    "origin_values": [1, 1, 5, 0, 2, 60.0, 0.0, 30.0, None],
    "candidates": [
        {
            "site": "porto",
            "queue": "sales",
            "agent": "",
            "age_s": 0.24,
            "lost_because": "",
            "means": "expected wait 30 s",
            "values": [1, 1, 1, 0, 4, 60.0, 0.0, None, 0.75],
        },
        {
            "site": "faro",
            "queue": "sales",
            "age_s": -1.0,
            "lost_because": "gains too little: 2 s",
            "rule": "least-delay",
            "values": {"open": 0, "waiting_count": 3},
        },
    ],
}


def test_rules_values_and_ages_are_told() -> None:
    assert explain(FULL)[1:] == [
        "the call: waited_s 12.0, ani +35191.......",
        "policy default version 4 by ana, tried as a canary",
        "  rule own-agent: its condition did not hold",
        "  rule idle-elsewhere: found nobody",
        "  rule least-delay: decided",
        "own queue at lisbon: expected wait 150 s, open, estimator queue length, waiting 5, free 0,"
        " staffed 2, aht 60.0 s, last_wait 0.0 s, oldest_wait 30.0 s",
        "porto/sales: chosen, expected wait 30 s, seen 0.2 s before",
        "  expected wait 30 s, open, estimator queue length, waiting 1, free 0, staffed 4,"
        " aht 60.0 s, last_wait 0.0 s, service_level 75%",
        "faro/sales: gains too little: 2 s (rule least-delay), never reported",
        "  not open, waiting 3",
        "asked in vain: beja refused: no_agent",
    ]


def test_other_ends_than_a_move() -> None:
    told = [
        explain({"outcome": "announce", "announcement": "closed"})[0],
        explain({"outcome": "retry_after", "retry_after_s": 30.0})[0],
        explain({"outcome": "reject", "reject_reason": "busy"})[0],
        explain({"outcome": "stay", "mode": "shadow", "live_outcome": "move to porto/sales"})[-1],
    ]
    assert told == [
        "call ? for ? at ? stayed and hears an announcement (closed)",
        "call ? for ? at ? stayed, to be asked about again in 30 s",
        "call ? for ? at ? was rejected (busy)",
        "the live version said: move to porto/sales",
    ]


def test_controls_that_a_decision_was_made_under_are_told_first() -> None:
    told = "control c1: freeze of site lisbon, by ana@noc: carrier storm"
    lines = explain(RECORD | {"outcome": "stay", "controls": [told]})
    assert lines[1] == f"made under {told}"
