"""Says what differs between two policies.

Rule of this file: it compares what the documents say, place by place.
"""

from __future__ import annotations

from typing import Any

from routing_policies.kinds import RoutingPolicyDoc


def diff(old: RoutingPolicyDoc, new: RoutingPolicyDoc) -> list[str]:
    """Each difference as a line; empty when the policies say the same."""
    return _differences("spec", old.spec.model_dump(), new.spec.model_dump())


def _differences(place: str, old: Any, new: Any) -> list[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        pairs = [(f"{place}.{key}", old.get(key), new.get(key)) for key in keys]
    elif isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new):
        pairs = [(f"{place}[{i}]", old[i], new[i]) for i in range(len(old))]
    else:
        return [] if old == new else [f"{place}: {old} to {new}"]
    return [line for pair in pairs for line in _differences(*pair)]
