"""Tells one decision in whole sentences: who asked, which rule decided, who lost and why.

Rule of this file: it says nothing that is not in the decision's record; of a record of before, in
which something is missing, it says less.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from nrcli.explaining.reason_words import NOT_NEEDED, lost_told, refused_told
from nrcli.explaining.spans import clock_told, span_told
from nrcli.wire.api_models import Candidate, Decision
from nrcli.wire.explanation_models import CandidateTold, DecisionTold
from routing_policies.explain import explain

Conditions = Mapping[str, str]
"Rule to the text of its `when`, of the version that decided; empty where it is not known."
HELD_BEFORE = "held-before"
_DEADLINE = "deadline"
_ABOUT = {
    "refused": "asked NIRC again, for the move before was refused",
    "busy": "asked NIRC again, for the move before had found the other side busy",
    "no_answer": "asked NIRC again, for the move before was not answered",
    "error": "asked NIRC again, for the move before had gone wrong",
    "timeout": "asked NIRC again, for the move before had not ended in time",
    "aborted": "asked NIRC again, for the move before was broken off",
}
_REJECTED = {
    "busy": "all lines are busy",
    "closed": "the service is closed",
    "blocked": "the caller is blocked",
    "not_in_service": "the number is not in service",
    "try_later": "they should try later",
}
_AT_AN_EDGE = ("redirect", "redirect_default")
_CANDIDATES_NAMED_MAX = 8
"Losers told one by one in the sentences; the table has them all."


def decision_told(decision: Decision, conditions: Conditions) -> DecisionTold:
    """A decision in sentences, its candidates, and its figures."""
    candidates = tuple(_candidate(one, decision) for one in decision.candidates)
    return DecisionTold(
        decision_id=decision.decision_id,
        at_unix_s=decision.at_unix_s,
        outcome=decision.outcome,
        mode=decision.mode,
        sentences=(
            asked_told(decision),
            *(f"An emergency control was in force: {one}." for one in decision.controls),
            *rules_told(decision, conditions),
            *choice_told(decision, candidates),
            ended_told(decision),
        ),
        candidates=candidates,
        figures=(*explain(decision.model_dump()), _decided_by(decision)),
    )


def _decided_by(decision: Decision) -> str:
    epoch = f"{decision.generation}.{decision.revision}"
    return f"request {decision.request_id}, decided by {decision.node} with epoch {epoch}"


def asked_told(decision: Decision) -> str:
    """Who asked, when, and what was known of the caller."""
    at = f"At {clock_told(decision.at_unix_s)} " if decision.at_unix_s else ""
    known = dict(decision.call)
    waited = f", who had waited {_seconds(known['waited_s'])}" if "waited_s" in known else ""
    if decision.about == "offer":
        return (
            f"{at}NIRC looked for an agent for the caller{waited} in the network queue for"
            f" {decision.service}."
        )
    if decision.about == "callback_offer":
        return f"{at}NIRC looked for an agent to call the caller back for {decision.service}."
    if decision.origin_site.startswith("("):
        edge = decision.origin_site.strip("()")
        return f"{at}the edge {edge} asked NIRC where to send a call for {decision.service}."
    asked = _ABOUT.get(decision.about, "asked NIRC where the call could be served")
    if waited:
        waited = f", when the caller had waited {_seconds(known['waited_s'])},"
    return f"{at}{decision.origin_site}{waited} {asked}."


def rules_told(decision: Decision, conditions: Conditions) -> list[str]:
    """What became of each rule of the policy."""
    if not decision.policy:
        return [f"No policy was asked: {decision.reason}."] if decision.reason else []
    mode = {
        "canary": ", which was being tried on a part of the calls,",
        "shadow": ", which decides nothing yet,",
        "dry run": ", asked for a dry run,",
    }.get(decision.mode, "")
    lines = [f"Policy {decision.policy} version {decision.policy_version}{mode} was asked."]
    for rule, fate in decision.rules:
        lines.append(_fate_told(rule, fate, conditions))
    if not decision.rules and decision.reason:
        lines.append(f"None of its rules was tried: {decision.reason}.")
    elif decision.rules and all(fate != "decided" for _, fate in decision.rules):
        lines.append("No rule applied, so its `otherwise` decided.")
    return lines


def _fate_told(rule: str, fate: str, conditions: Conditions) -> str:
    condition = conditions.get(rule, "")
    if rule == HELD_BEFORE:
        return (
            "A site still held what an earlier leader had asked it for this caller, so it came"
            " first."
        )
    if fate == "decided":
        held = f": its condition `{condition}` held" if condition else ""
        return f"Rule {rule} decided{held}."
    if fate == "not now":
        which = f"`{condition}` " if condition else ""
        return f"Rule {rule} did not apply: its condition {which}did not hold."
    if fate == "asleep":
        return f"Rule {rule} did not apply: it sleeps until its threshold is passed."
    if fate == "nobody":
        return f"Rule {rule} applied, but found nobody who could take the call."
    if fate.startswith("failed: "):
        return f"{rule} went wrong ({fate.removeprefix('failed: ')}); the built-in policy decided."
    return f"Rule {rule} could not be used: {fate}."


def choice_told(decision: Decision, candidates: tuple[CandidateTold, ...]) -> list[str]:
    """Who was best, who was asked in vain, and why the others lost."""
    lines = [
        f"{_refuser(one, decision)} was asked and holds nothing: {refused_told(reason)}."
        for one in decision.refusals
        for reason in [one.removeprefix(f"{_refuser(one, decision)} ")]
    ]
    lines += [one.why for one in candidates if one.chosen]
    losers = [one.why for one in candidates if not one.chosen]
    lines += losers[:_CANDIDATES_NAMED_MAX]
    more = len(losers) - _CANDIDATES_NAMED_MAX
    if more > 0:
        lines.append(f"{more} more places lost as well.")
    return lines


def _refuser(refusal: str, decision: Decision) -> str:
    """The site whose name a refusal begins with."""
    names = {one.site for one in decision.candidates if refusal.startswith(f"{one.site} ")}
    return max(names, key=len, default=refusal.partition(" ")[0])


def _candidate(one: Candidate, decision: Decision) -> CandidateTold:
    chosen = not one.lost_because
    place = _place(one.site, one.queue, one.agent)
    seen = ""
    if one.age_s >= 0 and not (chosen and decision.outcome in _AT_AN_EDGE):
        seen = f", by what was known {span_told(one.age_s)} before" if one.age_s >= 0.05 else ""
    if chosen:
        means = f": {one.means}" if one.means else ""
        why = f"Best was {place}{means}{seen}."
    else:
        means = f" ({one.means})" if one.means and one.lost_because == NOT_NEEDED else ""
        taken_by = "" if decision.outcome not in ("move", "redirect") else decision.target_site
        lost = lost_told(one.lost_because, taken_by)
        why = f"Not {place}{means}: {lost}" + (f", says rule {one.rule}." if one.rule else ".")
    return CandidateTold(site=one.site, queue=one.queue, agent=one.agent, chosen=chosen, why=why)


def ended_told(decision: Decision) -> str:
    """What was answered."""
    took = f", {span_told(decision.took_s)} after the question" if decision.took_s > 0 else ""
    origin, site, outcome = decision.origin_site, decision.target_site, decision.outcome
    place = _place(site, decision.queue, decision.agent)
    words = {
        "move": f"{site} held {_held(decision)}, {_moved(decision)}{took}.",
        "act_locally": f"{origin} was told to serve the caller by its own means.",
        "announce": f"The caller stayed at {origin}, to hear the announcement"
        f" {decision.announcement}.",
        "retry_after": f"The caller stayed at {origin}, which asks again in"
        f" {span_told(decision.retry_after_s)}.",
        "reject": f"The call was to be ended: {_rejected(decision)}.",
        "callback": f"The caller was to be promised a call back, and let go{took}.",
        "to_handler": f"The caller was to be sent to {decision.handler}"
        + (f": {_rejected(decision)}." if decision.reject_reason else "."),
        "network_queue": f"The caller waits at {origin} for an agent at any site, in the network"
        f" queue for {decision.service}.",
        "cancelled": f"{origin} needed no answer any more, for the caller was served there or had"
        " hung up.",
        _DEADLINE: f"No site that was asked could hold anything in time, so the caller stayed at"
        f" {origin}.",
        "not_leading": "This node led no more, so the question was left to the next leader.",
        "redirect": f"The call was sent to {place}.",
        "redirect_default": f"The call was sent to {site}, the number's entry site."
        if site
        else "No site could take the call.",
    }
    if decision.mode in ("shadow", "dry run"):
        return _would_told(decision, place)
    if outcome == "stay":
        return f"The caller stayed at {origin}{_stayed_because(decision)}."
    return words.get(outcome, f"It ended as {outcome}.")


def _would_told(decision: Decision, place: str) -> str:
    would = "have asked " + place if decision.outcome == "move" else f"say {decision.outcome}"
    live = f"; the live version said: {decision.live_outcome}" if decision.live_outcome else ""
    return f"It would {would}{live}."


def _stayed_because(decision: Decision) -> str:
    if decision.reason == "no target granted":
        return ", for no site that was asked could hold anything for them"
    decided = any(fate == "decided" for _, fate in decision.rules)
    if decided and not decision.refusals and not decision.candidates:
        return ", as the rule says"
    named = decision.reason in {rule for rule, _ in decision.rules} or not decision.rules
    if decision.reason and not named and decision.reason != "otherwise":
        return f": {decision.reason}"
    return ""


def _held(decision: Decision) -> str:
    if decision.agent:
        return f"agent {decision.agent} for the caller"
    return f"a place in queue {decision.queue} for the caller"


def _moved(decision: Decision) -> str:
    if decision.about == "callback_offer":
        return "to ring the caller back"
    return f"and {decision.origin_site} was told to move the call to {decision.target_site}"


def _rejected(decision: Decision) -> str:
    return _REJECTED.get(decision.reject_reason, decision.reject_reason or "the policy says so")


def _place(site: str, queue: str, agent: str) -> str:
    if agent:
        return f"agent {agent} at {site}"
    return f"queue {queue} at {site}" if queue else site


def _seconds(text: str) -> str:
    try:
        seconds = float(text)
    except ValueError:
        return text
    return span_told(seconds) if isfinite(seconds) else text
