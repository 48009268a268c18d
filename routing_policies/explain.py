"""Tells a decision in plain words.

Rule of this file: it reads a decision record as plain values (the decision log) and adds
nothing that is not in it; an expected wait is worked out anew from the figures recorded. Missing
values are left out, for old records stay readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite, nan

from routing_policies.kernel import expected_wait

_OUTCOMES = {
    "move": "moved",
    "stay": "stayed",
    "act_locally": "was left to its own site",
    "announce": "stayed and hears an announcement",
    "callback": "to be called back",
    "to_handler": "was sent to a handler",
    "retry_after": "stayed, to be asked about again",
    "reject": "was rejected",
    "network_queue": "waits in the network queue",
    "cancelled": "needed no answer any more",
    "deadline": "stayed: no target answered in time",
    "not_leading": "was left to the next leader",
    "redirect": "was sent, before any site had it,",
    "redirect_default": "got the default answer and was sent",
}
_MODES = {
    "canary": ", tried as a canary",
    "shadow": ", a shadow: it decided nothing",
    "dry run": ", a dry run: nothing was done",
}
_FATES = {
    "decided": "decided",
    "not now": "its condition did not hold",
    "asleep": "asleep between its two thresholds",
    "nobody": "found nobody",
}
_YES_NO = frozenset({"open", "shared", "accepting", "site_open"})
_SHARES = frozenset({"service_level"})
_ESTIMATORS = {1.0: "queue length", 2.0: "with abandonment", 3.0: "head of line", 4.0: "last wait"}
Values = Mapping[str, float]


def explain(record: Mapping[str, object]) -> list[str]:
    """The decision in lines of text: what happened, rules tried, who was best, and why the others
    lost."""
    return [_headline(record), *reasons_told(record)]


def reasons_told(record: Mapping[str, object]) -> list[str]:
    """What was known, rules tried, each candidate's values, and why the others lost."""
    names = [str(name) for name in _items(record.get("value_names"))]
    under = [f"made under {one}" for one in _items(record.get("controls"))]
    lines = [*_call(record), *under, *_policy(record)]
    origin = _values(record.get("origin_values"), names)
    if origin:
        lines.append(
            f"own queue at {record.get('origin_site', '?')}: {_told(origin, at_home=True)}"
        )
    for one in _items(record.get("candidates")):
        if isinstance(one, Mapping):
            lines += _candidate(one, names)
    lines += [f"asked in vain: {refusal}" for refusal in _items(record.get("refusals"))]
    if record.get("live_outcome"):
        lines.append(f"the live version said: {record['live_outcome']}")
    return lines


def _headline(record: Mapping[str, object]) -> str:
    outcome = str(record.get("outcome", ""))
    told = _OUTCOMES.get(outcome, outcome)
    text = f"call {record.get('interaction_id', '?')} for {record.get('service', '?')}"
    text += f" at {record.get('origin_site', '?')} {told}"
    if outcome == "move":
        whom = record.get("agent") or "a place"
        text += f" to {record.get('target_site', '?')}, queue {record.get('queue', '?')}, {whom}"
    elif outcome in {"redirect", "redirect_default"}:
        text += f" to {record.get('target_site') or 'no site'}"
        text += f", queue {record['queue']}" if record.get("queue") else ""
    elif outcome == "announce":
        text += f" ({record.get('announcement', '?')})"
    elif outcome == "retry_after" and isinstance(seconds := record.get("retry_after_s"), float):
        text += f" in {seconds:.0f} s"
    elif outcome == "reject":
        text += f" ({record.get('reject_reason', '?')})"
    elif outcome == "to_handler":
        text += f" ({record.get('handler', '?')})"
    took_s = record.get("took_s")
    return text + (f" (in {took_s * 1000:.0f} ms)" if isinstance(took_s, int | float) else "")


def _call(record: Mapping[str, object]) -> list[str]:
    """What was known of the call."""
    call = record.get("call")
    pairs = call.items() if isinstance(call, Mapping) else _pairs(call)
    known = ", ".join(f"{name} {value}" for name, value in pairs)
    return [f"the call: {known}"] if known else []


def _policy(record: Mapping[str, object]) -> list[str]:
    """Which version decided, and what became of each of its rules."""
    policy = record.get("policy") or "(none)"
    text = f"policy {policy} version {record.get('policy_version', '?')}"
    text += f" by {record['author']}" if record.get("author") else ""
    text += _MODES.get(str(record.get("mode", "")), "")
    fates = _pairs(record.get("rules"))
    if not fates:
        tried = ", ".join(map(str, _items(record.get("rules_tried")))) or "none"
        return [f"{text}; rules tried: {tried}"]
    return [text, *(f"  rule {name}: {_FATES.get(str(f), str(f))}" for name, f in fates)]


def _candidate(candidate: Mapping[str, object], names: list[str]) -> list[str]:
    name = f"{candidate.get('site', '?')}/{candidate.get('queue', '?')}"
    if candidate.get("agent"):
        name += f"/{candidate['agent']}"
    lost = candidate.get("lost_because")
    text = f"{name}: {lost}" if lost else f"{name}: chosen"
    text += f" (rule {candidate['rule']})" if lost and candidate.get("rule") else ""
    text += f", {candidate['means']}" if candidate.get("means") else ""
    age_s = candidate.get("age_s")
    if isinstance(age_s, int | float):
        text += f", seen {age_s:.1f} s before" if age_s >= 0 else ", never reported"
    told = _told(_values(candidate.get("values"), names), at_home=False)
    return [text, f"  {told}"] if told else [text]


def _told(values: Values, *, at_home: bool) -> str:
    """Figures with their units; the expected wait first, where it can be worked out."""
    wait_s = _wait_s(values, at_home=at_home)
    first = [] if wait_s is None else [f"expected wait {wait_s:.0f} s"]
    if wait_s is not None and not isfinite(wait_s):
        first = ["no end of the wait to be expected"]
    return ", ".join(first + [_figure(name, value) for name, value in values.items()])


def _figure(name: str, value: float) -> str:
    if name in _YES_NO:
        return name if value else f"not {name}"
    if name in _SHARES:
        return f"{name} {value:.0%}"
    if name == "estimator":
        return f"estimator {_ESTIMATORS.get(value, value)}"
    if name.endswith("_s"):
        return f"{name.removesuffix('_s')} {value:.1f} s"
    return f"{name.removesuffix('_count')} {value:g}"


def _wait_s(values: Values, *, at_home: bool) -> float | None:
    """The expected wait the policy saw; None where a figure for it was not read."""
    needed = ("estimator", "waiting_count", "free_count", "staffed_count", "aht_s", "last_wait_s")
    if any(name not in values for name in needed):
        return None
    waits, oldest_s = "oldest_wait_s" in values, values.get("oldest_wait_s", 0.0)
    return expected_wait(
        values["estimator"],
        values["waiting_count"] - at_home,
        values["free_count"],
        values["staffed_count"],
        values["aht_s"],
        values.get("patience_s", nan),
        0.0 if waits else nan,
        values["last_wait_s"],
        oldest_s,
    )


def _values(written: object, names: list[str]) -> dict[str, float]:
    """Figures by name: as an object, or as a list beside the names. What is missing is left out."""
    if isinstance(written, Mapping):
        pairs: Iterable[tuple[object, object]] = written.items()
    else:
        pairs = zip(names, _items(written), strict=False)
    return {str(n): float(v) for n, v in pairs if isinstance(v, int | float)}


def _pairs(value: object) -> list[tuple[object, object]]:
    found = []
    for one in _items(value):
        if isinstance(one, list | tuple) and len(one) == 2:
            found.append((one[0], one[1]))
    return found


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()
