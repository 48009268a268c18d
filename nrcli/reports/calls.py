"""Counts what became of callers, and the work on their calls.

Rule of this file: each stay has one end and counts once in each place; a move within a place (of a
service, from one site to another) is nothing that place sees. What is counted when is one of three
views, and nothing else differs between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from nrcli.reports.facts import End, Facts, Stay, Work
from nrcli.reports.periods import US
from nrcli.reports.places import CallPlace, call_place, promise_place
from nrcli.reports.stories import Stories, Story
from nrcli.reports.tables import Table
from nrcli.reports.tally import Tally


class View(Enum):
    """Where and when an end counts."""

    DECIDED = "decided"
    "In the interval and at the place where it was decided."
    OFFERED = "offered"
    "At the same place, in the interval in which the caller came in there."
    ENTRY = "entry"
    "Where and when the caller entered the network, whoever served them."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRules:
    """What the definitions leave open."""

    short_abandon_us: int = 5 * US
    "Who gives up in less is told apart."
    threshold_us: int = 20 * US
    "Of the service level, where records tell none."
    tariffs_micro: Mapping[str, int] = field(default_factory=dict)
    "By path: what one move by it costs, in millionths of the currency."


ENDS: Mapping[End, tuple[str, ...]] = {
    End.ANSWERED: ("answered",),
    End.ABANDONED: ("abandoned",),
    End.MOVED_OUT: ("moved_out",),
    End.REDIRECTED: ("redirected",),
    End.REFUSED: ("failed", "refused"),
    End.FAILED: ("failed",),
    End.NO_ANSWER: ("failed", "no_answer"),
    End.CALLBACK: ("callbacks",),
    End.WAITING: (),
}
"Columns in which each end counts one."
WAITED = frozenset({End.ANSWERED, End.ABANDONED, End.REFUSED, End.FAILED, End.NO_ANSWER})
"Ends of callers who wanted an agent, and were decided here."


def count_calls(table: Table, facts: Facts, stories: Stories, rules: CallRules, view: View) -> None:
    """Add stays, work and promises to a table."""
    place = call_place(table.by)
    if view is View.ENTRY:
        for story in stories.whole():
            _entry(table, story, rules)
    else:
        for one in stories.stays:
            _stay(table, one, stories, rules, view)
    for work in facts.works:
        _work(table.at(place(work), work.ended_us), work)
    for promise in facts.promises:
        said = "callbacks_reached" if promise.reached else "callbacks_given_up"
        table.add(promise_place(table.by, promise), promise.ended_us, said)


def _stay(table: Table, one: Stay, stories: Stories, rules: CallRules, view: View) -> None:
    place_of = call_place(table.by)
    place = place_of(one)
    if not one.came_in:
        table.add(place, one.decided_us, "blocked")
        return
    before, after = stories.before(one), stories.after(one)
    if before is None or place_of(before) != place:
        table.add(place, one.offered_us, "offered", *(("moved_in",) if one.moved_in else ()))
    at_us = _came_us(one, stories, place_of) if view is View.OFFERED else one.decided_us
    if one.end is End.MOVED_OUT:
        _cost(table.at(place, at_us), (one,), rules)
    if after is not None and place_of(after) == place:
        if view is View.DECIDED:
            table.stand(place, one.offered_us, after.offered_us)
        return
    if view is View.DECIDED:
        until_us = one.decided_us if one.end is not End.WAITING else table.periods.edges_us[-1]
        table.stand(place, one.offered_us, until_us)
    elif one.end is End.WAITING:
        table.add(place, at_us, "unended")
    if one.end is not End.WAITING:
        _end(table.at(place, at_us), one, rules)


def _came_us(one: Stay, stories: Stories, place_of: CallPlace) -> int:
    """When the caller came into the place: before the moves that stayed inside it."""
    place, before = place_of(one), stories.before(one)
    while before is not None and place_of(before) == place:
        one, before = before, stories.before(before)
    return one.offered_us


def _entry(table: Table, story: Story, rules: CallRules) -> None:
    """A whole call at the place and in the interval of its beginning."""
    first, last = story.first, story.last
    tally = table.at(call_place(table.by)(first), first.offered_us)
    if tally is None:
        return
    if not first.came_in:
        tally.add("blocked")
        return
    tally.add("offered")
    _cost(tally, story.stays, rules)
    if last.end in (End.WAITING, End.MOVED_OUT):
        tally.add("unended")
    else:
        _end(tally, last, rules)


def _end(tally: Tally | None, one: Stay, rules: CallRules) -> None:
    if tally is None:
        return
    for name in ENDS[one.end]:
        tally.add(name)
    in_time = one.waited_us <= (one.threshold_us or rules.threshold_us)
    if one.end in WAITED:
        tally.add("wait_us", one.waited_us)
        tally.most("wait_max_us", one.waited_us)
    if one.end is End.ANSWERED:
        tally.add("answer_wait_us", one.waited_us)
        tally.add("answered_in_time", int(in_time))
        _expected(tally, one)
    elif one.end is End.ABANDONED:
        tally.add("abandoned_in_time", int(in_time))
        if one.waited_us < rules.short_abandon_us:
            tally.add("abandoned_short")
        else:
            tally.add("abandon_wait_us", one.waited_us)


def _expected(tally: Tally, one: Stay) -> None:
    """How far the wait that was expected on coming in was from the wait there was."""
    if one.ewt_us is not None and not one.moved_in:
        error_us = one.ewt_us - (one.decided_us - one.offered_us)
        tally.add("ewt_count")
        tally.add("ewt_error_us", error_us)
        tally.add("ewt_size_us", abs(error_us))


def _cost(tally: Tally | None, stays: tuple[Stay, ...], rules: CallRules) -> None:
    if tally is not None:
        paths = (one.path for one in stays if one.end is End.MOVED_OUT)
        tally.add("cost_micro", sum(rules.tariffs_micro.get(path, 0) for path in paths))


def _work(tally: Tally | None, one: Work) -> None:
    if tally is None:
        return
    tally.add("ring_us", one.rang_us)
    if not one.answered:
        tally.add("rings_unanswered")
        return
    tally.add("handled")
    tally.add("handled_foreign", int(one.foreign))
    tally.add("passed_on", int(one.passed_on))
    tally.add("talk_us", one.talked_us)
    tally.add("hold_us", one.held_us)
    tally.add("acw_us", one.acw_us)
