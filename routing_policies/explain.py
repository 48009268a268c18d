"""Tells a decision in plain words.

Rule of this file: it reads a decision record as plain values (the decision log) and adds
nothing that is not in it. Missing values are left out, for old records stay readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_OUTCOMES = {
    "move": "moved",
    "stay": "stayed",
    "act_locally": "was left to its own site",
    "cancelled": "needed no answer any more",
    "deadline": "stayed: no target answered in time",
    "not_leading": "was left to the next leader",
}


def explain(record: Mapping[str, object]) -> list[str]:
    """The decision in lines of text: what happened, who was best, and why the others lost."""
    lines = [_headline(record)]
    policy = record.get("policy") or "(none)"
    rules = ", ".join(map(str, _items(record.get("rules_tried")))) or "none"
    lines.append(
        f"policy {policy} version {record.get('policy_version', '?')}; rules tried: {rules}"
    )
    lines += [_candidate(c) for c in _items(record.get("candidates")) if isinstance(c, Mapping)]
    lines += [f"asked in vain: {refusal}" for refusal in _items(record.get("refusals"))]
    return lines


def _headline(record: Mapping[str, object]) -> str:
    outcome = str(record.get("outcome", ""))
    told = _OUTCOMES.get(outcome, outcome)
    text = f"call {record.get('interaction_id', '?')} for {record.get('service', '?')}"
    text += f" at {record.get('origin_site', '?')} {told}"
    if outcome == "move":
        whom = record.get("agent") or "a place"
        text += f" to {record.get('target_site', '?')}, queue {record.get('queue', '?')}, {whom}"
    took_s = record.get("took_s")
    return text + (f" (in {took_s * 1000:.0f} ms)" if isinstance(took_s, int | float) else "")


def _candidate(candidate: Mapping[str, object]) -> str:
    name = f"{candidate.get('site', '?')}/{candidate.get('queue', '?')}"
    if candidate.get("agent"):
        name += f"/{candidate['agent']}"
    age_s = candidate.get("age_s")
    age = f", seen {age_s:.1f} s before" if isinstance(age_s, int | float) else ""
    lost = candidate.get("lost_because")
    return f"{name}: {lost}{age}" if lost else f"{name}: chosen{age}"


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()
