"""Records decisions of a simulated run, with the policies that made them, for test_replays.py.

    PYTHONPATH=.:tests/helpers python tests/replays/record.py > tests/replays/decisions.json

Run it when what a record holds has changed; one decision of each kind is kept.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from joint_carriers import Ways
from joint_runs import build_with_policies, run_on

from nirc.core.actions import DecisionRecord
from nirc.stores.redis_records import as_text

SEEDS = range(300, 330)
SELECTIONS_MAX = 1
"Decisions of one kind that are kept."


def recorded(seed: int) -> list[dict[str, Any]]:
    """Decisions of one run, each with its policy's text."""
    world, store = build_with_policies(seed, Ways())
    found: list[dict[str, Any]] = []

    def keep(record: DecisionRecord) -> None:
        if record.replay is not None:
            text = store.text_of(record.policy, record.policy_version)
            found.append({"policy_text": text, "record": json.loads(as_text(record))})

    world.network.recorded = keep
    run_on(world, store, faults=4, changes=10, for_s=30.0)
    return found


def kind_of(decision: dict[str, Any]) -> str:
    """What makes one decision unlike another: the deciding rule as written, and its outcome."""
    record = decision["record"]
    decided = [name for name, fate in record["rules"] if fate == "decided"]
    lines = decision["policy_text"].splitlines()
    rule = next((one for one in lines if decided and f"name: {decided[0]}" in one), "otherwise")
    selection = rule.partition("select: ")[2][:30]
    return f"{record['mode']} {record['outcome']} {selection} {bool(record['memory'])}"


def main() -> None:
    kept: dict[str, list[dict[str, Any]]] = {}
    for seed in SEEDS:
        for decision in recorded(seed):
            same = kept.setdefault(kind_of(decision), [])
            if len(same) < SELECTIONS_MAX and len(decision["record"]["candidates"]) > 1:
                same.append(decision)
    decisions = [one for same in kept.values() for one in same]
    sys.stdout.write("[\n" + ",\n".join(json.dumps(one) for one in decisions) + "\n]\n")


if __name__ == "__main__":
    main()
