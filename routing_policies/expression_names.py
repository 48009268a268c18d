"""Which names stand in which place of a policy, and what was probably meant by one that does not.

Rule of this file: names and places only. A name that exists elsewhere is told as such; one that
exists nowhere is answered with the nearest that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from enum import Enum

from routing_policies.expression_words import shortened
from routing_policies.vocabulary import SCOPES, VOCABULARY, Entry

FUNCTIONS = (
    "default",
    "known",
    "min",
    "max",
    "abs",
    "listed",
    "starts",
    "data",
    "number",
    "calendar",
)
CALENDAR_NAMES = ("open", "holiday", "closes_in_s", "opens_in_s")


class Scope(Enum):
    """Where an expression stands; decides which names it may use."""

    WHEN = "when"
    CANDIDATES = "candidates"
    ADJUST = "adjust"
    WEIGHT = "weight"
    HYSTERESIS = "hysteresis"
    ASK = "ask"
    "A site's OverflowRules: `queue` is the caller's own queue."


_CALL = frozenset({"call", "origin", "service", "calendar", "network"})
_CANDIDATE = _CALL | {"queue", "site", "agent"}
SCOPES_AT: dict[Scope, frozenset[str]] = {
    Scope.WHEN: _CALL,
    Scope.HYSTERESIS: _CALL,
    Scope.CANDIDATES: _CANDIDATE,
    Scope.ADJUST: _CANDIDATE,
    Scope.WEIGHT: _CANDIDATE,
    Scope.ASK: frozenset({"call", "queue", "site", "service", "calendar"}),
}
_NOT_AT_A_SITE = frozenset({"site.cost", "site.set_up_s"})
_PLACEHOLDER = re.compile(r"\bQ\[")

_MEANT = {
    "expected_wait": "ewt_s",
    "expected_wait_s": "ewt_s",
    "wait_s": "ewt_s",
    "length": "waiting_count",
    "size": "waiting_count",
    "calls": "waiting_count",
    "calls_waiting": "waiting_count",
    "in_queue": "waiting_count",
    "oldest_call": "oldest_wait_s",
    "agents": "staffed_count",
    "agents_count": "staffed_count",
    "logged_in": "staffed_count",
    "signed_in": "staffed_count",
    "ready_count": "free_count",
    "idle_count": "free_count",
    "available_count": "free_count",
    "agents_ready": "free_count",
    "agents_available": "free_count",
    "skill": "level",
    "closed": "open",
    "caller": "ani",
    "number": "ani",
    "dnis": "dialed_number",
}
"What other systems call it."

Told = tuple[str, str]
"Problem and remedy."


def entry_at(name: str, scope: Scope) -> Entry | None:
    """The vocabulary's entry for `name` as it is meant at `scope`; None where it does not stand."""
    if name not in VOCABULARY or name.partition(".")[0] not in SCOPES_AT[scope]:
        return None
    if scope is Scope.ASK:
        if name in _NOT_AT_A_SITE:
            return None
        own = "origin.queue" if name == "queue.name" else name.replace("queue.", "origin.", 1)
        return VOCABULARY.get(own) or VOCABULARY[name]
    return VOCABULARY[name]


def emits_at(name: str, entry: Entry, scope: Scope) -> str:
    """Its source: values of the caller's own queue stand in O[n], but for a site's own rules."""
    own_row = name.startswith("origin.") and scope is not Scope.ASK
    return _PLACEHOLDER.sub("O[", entry.emits) if own_row else entry.emits


def wrong_name(scope_name: str, name: str, scope: Scope) -> Told:
    """What to say about `scope_name.name`, which does not stand here."""
    full = f"{scope_name}.{name}"
    if scope_name == "calendar":
        return ("a calendar is named first", f'write calendar("NAME").{nearest_calendar(name)}')
    if scope_name == "data":
        return ("attached data is asked for by its key", f'write data("{shortened(name)}")')
    if full in VOCABULARY:
        return _elsewhere(scope_name, full, scope)
    if scope_name not in SCOPES:
        return _wrong_scope(scope_name, name, scope)
    if scope_name not in SCOPES_AT[scope]:
        return _elsewhere(scope_name, full, scope)
    visible = _visible(scope)
    own = [one.partition(".")[2] for one in visible if one.startswith(f"{scope_name}.")]
    others = [one for one in visible if one.endswith(f".{name}")]
    if others:
        return (f"there is no `{shortened(full)}`", _did_you_mean(others))
    near = _nearest(name, own)
    if near:
        return (
            f"there is no `{shortened(full)}`",
            _did_you_mean(f"{scope_name}.{n}" for n in near),
        )
    return (f"there is no `{shortened(full)}`", f"`{scope_name}` has {_some(own)}")


def wrong_word(word: str, scope: Scope) -> Told:
    """What to say about a word that stands alone."""
    if word in SCOPES:
        own = [one for one in _visible(scope) if one.startswith(f"{word}.")]
        if word == "calendar":
            return ("`calendar` alone is no value", 'write calendar("NAME").open')
        if not own:
            return _elsewhere(word, word, scope)
        return (f"`{word}` alone is no value", f"name one of its values, such as {own[0]}")
    if word in FUNCTIONS:
        return (f"`{word}` alone is no value", f"write {word}(...)")
    visible = _visible(scope)
    same = [one for one in visible if one.partition(".")[2] == word]
    if not same:
        last = {one.partition(".")[2]: one for one in visible}
        same = [last[near] for near in _nearest(word, last, cutoff=0.75)]
    if same:
        return (f"there is no `{shortened(word)}`", _did_you_mean(same))
    if word.lower() in SCOPES:
        return (f"there is no `{word}`", f"names are in small letters: {word.lower()}")
    return (f"there is no `{shortened(word)}`", f'a text stands in quotes: "{shortened(word)}"')


def wrong_function(word: str) -> Told:
    """What to say about a call of something that is no function here."""
    meant = {"exists": "known", "defined": "known", "has": "known", "isset": "known"}
    meant |= {"coalesce": "default", "ifnull": "default", "startswith": "starts"}
    meant |= {"int": "number", "float": "number", "minimum": "min", "maximum": "max"}
    near = [meant[word]] if word in meant else _nearest(word, FUNCTIONS)
    remedy = _did_you_mean(f"{one}(...)" for one in near)
    return (f"there is no function `{shortened(word)}`", remedy or f"there are {_some(FUNCTIONS)}")


def nearest_calendar(name: str) -> str:
    """The value of a calendar that was probably meant."""
    return (_nearest(name, CALENDAR_NAMES) or ["open"])[0]


def _elsewhere(scope_name: str, full: str, scope: Scope) -> Told:
    if scope is Scope.ASK:
        if scope_name in SCOPES_AT[scope]:
            return (f"`{full}` says nothing about the own site", "remove it")
        remedy = "here stand call, queue (the caller's own), site, service and calendar"
        if scope_name == "origin":
            remedy = f"the caller's own queue is `queue` here: {full.replace('origin', 'queue', 1)}"
        return (f"`{scope_name}` does not stand in a site's own rules", remedy)
    problem = f"`{scope_name}` stands only in candidates, adjust and weight"
    remedy = "here no candidate is chosen yet; the caller's own queue is `origin`"
    own = full.replace("queue.", "origin.", 1)
    if scope_name == "queue" and own in VOCABULARY:
        return (problem, f"the caller's own queue is {own}; or move it to candidates")
    return (problem, remedy)


def _wrong_scope(scope_name: str, name: str, scope: Scope) -> Told:
    problem = f"there is no `{shortened(f'{scope_name}.{name}')}`"
    near = _nearest(scope_name, SCOPES)
    meant = [f"{one}.{name}" for one in near if f"{one}.{name}" in VOCABULARY]
    if meant:
        return (problem, _did_you_mean(meant))
    same = [one for one in _visible(scope) if one.partition(".")[2] == name]
    if same:
        return (problem, _did_you_mean(same))
    if near:
        return (problem, _did_you_mean(near))
    here = [one for one in SCOPES if one in SCOPES_AT[scope]]
    return (problem, f"names begin with {_some(here)}")


def _visible(scope: Scope) -> list[str]:
    return [name for name in VOCABULARY if entry_at(name, scope) is not None]


def _nearest(word: str, names: Iterable[str], cutoff: float = 0.6) -> list[str]:
    word = word[:100].lower()
    names = list(names)
    if word in names:
        return [word]
    if _MEANT.get(word) in names:
        return [_MEANT[word]]
    begins = [one for one in names if len(word) > 2 and one.startswith(f"{word}_")]
    return begins[:2] or get_close_matches(word, names, n=1, cutoff=cutoff)


def _did_you_mean(names: Iterable[str]) -> str:
    named = list(names)
    return f"did you mean {' or '.join(named[:2])}?" if named else ""


def _some(names: Iterable[str]) -> str:
    named = list(names)
    if len(named) > 12:
        return f"{', '.join(named[:12])} and others"
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else "".join(named)
