"""Looks at all alarm rules in turn: what is raised, what is over, and which rule went wrong.

Rule of this file: a rule that goes wrong is told and left out of this look, and stops no other. Of
a changed document only rules that differ begin anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from nirc.alarms.figure_windows import Figures
from nirc.alarms.rule_watch import Over, Raised, RuleWatch
from routing_policies.alarm_kinds import AlarmRule

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look found."""

    changes: tuple[Raised | Over, ...]
    failed: dict[str, str]
    "Rules that went wrong, and why."


class RuleSet:
    """The rules in use. `use`, then `look` now and then."""

    __slots__ = ("_leads", "_watches", "problems")

    def __init__(self) -> None:
        self._watches: dict[str, RuleWatch] = {}
        self._leads = False
        self.problems: dict[str, str] = {}

    def use(self, rules: Iterable[AlarmRule]) -> list[Over]:
        """These and no others; alarms of rules that are gone or changed are over."""
        before, self._watches = self._watches, {}
        for rule in rules:
            known = before.get(rule.name)
            same = known is not None and known.rule == rule
            self._watches[rule.name] = known if known and same else RuleWatch(rule)
        return [
            Over(rule=name, place=place)
            for name, watch in before.items()
            if self._watches.get(name) is not watch
            for place in watch.standing()
        ]

    def lead(self, standing: Iterable[tuple[str, str]], now_s: float) -> list[tuple[str, str]]:
        """This node leads from now on: it goes on with these of the alarms (rule, place) that
        stand. Nothing when it led before."""
        if self._leads:
            return []
        self._leads = True
        found = []
        for name, place in standing:
            watch = self._watches.get(name)
            if watch is not None and watch.leader_only and watch.adopt(place, now_s):
                found.append((name, place))
        return found

    def follow(self) -> list[Over]:
        """It leads no more: what it told of the network is the next leader's to tell."""
        if not self._leads:
            return []
        self._leads = False
        found = []
        for name, watch in self._watches.items():
            if watch.leader_only:
                found += [Over(rule=name, place=place) for place in watch.standing()]
                self._watches[name] = RuleWatch(watch.rule)
        return found

    def look(self, figures: Figures, now_s: float) -> Looked:
        """At every rule that is this node's to look at."""
        changes: list[Raised | Over] = []
        failed: dict[str, str] = {}
        for name, watch in self._watches.items():
            if watch.leader_only and not self._leads:
                continue
            try:
                changes += watch.look(figures.get(watch.rule.figure, {}), now_s)
            except Exception as error:
                log.exception("the alarm rule %s went wrong", name)
                failed[name] = f"{type(error).__name__}: see the node's log"
            else:
                if watch.left_out_count:
                    failed[name] = f"{watch.left_out_count} places too many are not looked at"
        self.problems = failed
        return Looked(changes=tuple(changes), failed=failed)

    def watch_of(self, name: str) -> RuleWatch | None:
        """One rule; None: there is none of this name."""
        return self._watches.get(name)

    def is_watched(self, watch: RuleWatch) -> bool:
        """Is it this node's to look at, now?"""
        return self._leads or not watch.leader_only
