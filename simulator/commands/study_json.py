"""A study as one object for programs; docs/simulator.md tells of every key.

Rule of this file: keys are added, never renamed or given another meaning.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.measures.comparisons import Comparison
from simulator.measures.estimates import Estimate
from simulator.measures.places import NETWORK, Key
from simulator.measures.replications import EstimatedPlaces
from simulator.studies.result import Facts, StudyResult, Variant

TABLES = (
    ("sites", "site"),
    ("queues", "row"),
    ("services", "service"),
    ("intervals", "interval"),
    ("flows", "flow"),
    ("trunks", "trunk"),
)
"(key of the object, kind of place)"


def study_object(result: StudyResult) -> dict[str, Any]:
    """Everything about a study."""
    told: dict[str, Any] = {
        "kind": result.kind,
        "scenario": result.scenario,
        "source": result.source,
        "description": result.description,
        "seed": result.seed,
        "commit": result.commit,
        "spent_s": result.spent_s,
        "interrupted": result.interrupted,
        "stopped": result.stopped,
        "acknowledgement": result.acknowledgement,
        "notes": list(result.notes),
        "warnings": list(result.warnings),
        "settings": dict(result.settings),
        "facts": asdict(result.facts),
        "variants": [variant_object(variant, result.facts) for variant in result.variants],
        "comparisons": [comparison_object(one) for one in result.comparisons],
        "model_errors": [asdict(one) for one in result.model_errors],
    }
    if len(result.variants) == 1:
        told["network"] = told["variants"][0].get("network")
    return told


def variant_object(variant: Variant, facts: Facts) -> dict[str, Any]:
    """One variant with its estimates."""
    calls = sum(run.calls_count for run in variant.runs)
    spent_s = sum(run.spent_s for run in variant.runs)
    told: dict[str, Any] = {
        "name": variant.name,
        "policy": variant.policy,
        "changes": list(variant.case.changes),
        "engine": variant.engine,
        "why_engine": variant.why_engine,
        "replications": len(variant.measures),
        "replications_asked": variant.asked_count,
        "overloaded": variant.overloaded,
        "problems": list(variant.problems),
        "calls_count": calls,
        "calls_per_s": calls / spent_s if spent_s > 0 else None,
    }
    summary = variant.summary()
    if summary is None:
        return told
    told["notes"] = list(summary.notes)
    told["counters"] = dict(summary.counters)
    told["network"] = places_objects(summary.tables["network"], facts)[0]["figures"]
    for key, kind in TABLES:
        told[key] = places_objects(summary.tables[kind], facts)
    return told


def places_objects(places: EstimatedPlaces, facts: Facts) -> list[dict[str, Any]]:
    """One object a place: what it is, and its figures."""
    return [
        _named(places, key, facts)
        | {
            "figures": {
                name: estimate_object(found)
                for name in places.columns
                if (found := places.value(name, at)) is not None
            }
        }
        for at, key in enumerate(places.keys_in_order)
    ]


def estimate_object(found: Estimate | None) -> dict[str, Any] | None:
    """A mean with its interval; `low` and `high` are null where there was one replication."""
    if found is None:
        return None
    return {"mean": found.mean, "low": found.low, "high": found.high, "count": found.count}


def comparison_object(one: Comparison) -> dict[str, Any]:
    """A figure of A and of B, their difference, and the verdict."""
    return {
        "figure": one.figure,
        "place": one.key if isinstance(one.key, str) else list(_parts(one.key)),
        "a": estimate_object(one.a),
        "b": estimate_object(one.b),
        "difference": estimate_object(one.difference),
        "p_value": one.p_value,
        "p_holm": one.p_holm,
        "better": one.better or None,
        "variance_reduction": one.variance_reduction,
        "verdict": one.verdict,
    }


def time_of(interval: int, facts: Facts) -> datetime:
    """Local time at which an interval of the run begins."""
    at_s = facts.start_unix_s + interval * facts.interval_s
    return datetime.fromtimestamp(at_s, ZoneInfo(facts.time_zone))


def _named(places: EstimatedPlaces, key: Key, facts: Facts) -> dict[str, Any]:
    if key == NETWORK:
        return {}
    named: dict[str, Any] = dict(zip(places.names, _parts(key), strict=True))
    if "interval" in named:
        named["from"] = time_of(int(named["interval"]), facts).isoformat()
    return named


def _parts(key: Key) -> tuple[str | int, ...]:
    return key if isinstance(key, tuple) else (key,)
