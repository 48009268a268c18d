"""Says in a sentence why a candidate was not chosen, why a site refused, why nobody decided.

Rule of this file: every reason of `routing_policies.reasons` and every refusal of a site has its
words here; what a policy, a node or a site has worded itself is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import nan

from nrcli.wire.messages import ReserveRefusal
from routing_policies import reasons
from routing_policies.reasons import WORDS

PLAIN: Mapping[int, str] = {
    reasons.CLOSED: "its queue was closed",
    reasons.NOT_SHARED: "it does not share this queue with other sites",
    reasons.NOT_ADMITTED: "the rule's condition for candidates left it out",
    reasons.NO_AGENT: "it had no ready agent to lend",
    reasons.NO_PLACE: "its queue had no free place",
    reasons.NO_STAFF: "nobody was logged in to its queue",
    reasons.GAINS_TOO_LITTLE: "the caller would have gained too little by going there",
    reasons.NOT_LISTED: "the rule does not name it",
    reasons.LOAN_LIMIT: "it lent {value} agents already, as many as the rule allows",
    reasons.RESERVE: "it keeps its last {value} ready agents for its own callers",
    reasons.DONOR_GUARD: "its own service level was down to {value}, and so it lent nobody",
    reasons.NOT_ACCEPTING: "a caller who came now would not have been served before it closed",
    reasons.NO_SHARE: "the rule gives it no share of the calls",
    reasons.NOT_LAST_AGENT: "the agent who served this caller last was not ready there",
    reasons.SKILL_TOO_LOW: "its best ready agent had skill level {value}, less than the rule"
    " asks for",
    reasons.VALUE_MISSING: "a figure that the rule needs was not known of it",
    reasons.NIGHT_SERVICE: "the site was closed by its calendar",
    reasons.OUTRANKED: "others were better by what the rule goes by ({value} here)",
    reasons.PLACE_ONLY: "the way there takes too long to hold an agent meanwhile",
    reasons.NAMED_ONLY: "it serves another service, and the rule does not name it outright",
    reasons.VISITED: "the caller had been there before",
    reasons.FAILED_JUST_NOW: "a move of this caller to it had failed just before",
    reasons.SITE_NOT_ALIVE: "nothing was heard from the site",
    reasons.NOT_ACKNOWLEDGED: "the site had not yet acknowledged who leads",
    reasons.NOT_SYNCED: "what goes on at the site was not known yet",
    reasons.NO_PATH: "no path leads there from where the call is",
    reasons.NO_CHANNEL: "no channel was free for the call",
    reasons.WAY_TOO_LONG: "its queue had no free place, and the way takes too long to hold an agent"
    " meanwhile",
    reasons.SUSPENDED: "it was suspended, for calls that went there had ended badly",
    reasons.NO_CHANNEL_AT_HOME: "the caller's own site had no free channel for the move",
    reasons.CONTROLLED: "an emergency control kept it out",
}

REFUSED: Mapping[str, str] = {
    ReserveRefusal.NO_AGENT.value: "no agent was ready any more",
    ReserveRefusal.NO_PLACE.value: "its queue had no free place",
    ReserveRefusal.NO_CHANNEL.value: "it had no free channel",
    ReserveRefusal.NOT_SHARED.value: "it does not share this queue",
    ReserveRefusal.LOAN_LIMIT.value: "it had lent as many agents as it allows",
    ReserveRefusal.CLOSED.value: "its queue was closed",
    ReserveRefusal.UNKNOWN_TARGET.value: "it knows no such queue or agent",
    ReserveRefusal.OVERLOAD.value: "it had too much to do",
    ReserveRefusal.HOP_BUDGET.value: "the call had been moved too often",
    ReserveRefusal.NO_NUMBER.value: "it had no number left to lend to the call",
}
NOT_NEEDED = "not needed"
_SILENT = "silent"

_VALUE = re.compile(r"\\\{value:\\\.\df\\\}")
_FORMS = [
    (number, re.compile(_VALUE.sub(lambda _: r"(?P<value>-?[\d.]+)", re.escape(words))))
    for number, words in WORDS.items()
]
_WITHOUT_VALUE = {reasons.told(number, nan): number for number in WORDS}


def lost_told(lost_because: str, taken_by: str) -> str:
    """Why a candidate is not where the call went, as a clause; `taken_by`: who has it, or empty.

    >>> lost_told("gains too little: 2 s", "porto")
    'the caller would have gained only 2 s by going there, less than the rule asks for'
    """
    if lost_because == NOT_NEEDED:
        return f"it was not asked, for {taken_by} came first" if taken_by else "it was not asked"
    if lost_because == _SILENT:
        return "it did not answer in time when it was asked"
    if lost_because.startswith("refused: "):
        return f"it refused when it was asked: {refused_told(lost_because)}"
    if (known := _WITHOUT_VALUE.get(lost_because)) is not None:
        return PLAIN[known].replace("{value}", "not known")
    for number, form in _FORMS:
        if found := form.fullmatch(lost_because):
            value = found.groupdict().get("value") or ""
            if number == reasons.GAINS_TOO_LITTLE:
                return _gain_told(float(value))
            return PLAIN[number].replace("{value}", value)
    return lost_because


def _gain_told(gain_s: float) -> str:
    if gain_s < 0:
        return f"the caller would have waited {-gain_s:.0f} s longer there"
    if gain_s == 0:
        return "the caller would have gained nothing by going there"
    return (
        f"the caller would have gained only {gain_s:.0f} s by going there, less than the rule"
        " asks for"
    )


def refused_told(refusal: str) -> str:
    """Why a site holds nothing, as a clause, from `refused: no_agent` or a node's own words."""
    if refusal == _SILENT:
        return "it did not answer in time"
    word, _, detail = refusal.removeprefix("refused: ").partition(" (")
    if word in REFUSED:
        return REFUSED[word] + (f" ({detail}" if detail else "")
    return refusal
