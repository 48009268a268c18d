"""S11: every decision is made by exactly one version of a policy, one that was published and in use
on the node that decided, at that moment.

Rule of this file: nodes say what they use (`policies_in_use`), and decisions are judged by when
they were made, which is `took_s` before they were told. Version 0 is the built-in policy, which
comes with the program. What no line tells is not judged: sites alone still show one version per
answer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from simulator.history import Line, Violation

NAME = "S11"
LOOKS_AT = ("answer", "decision")
MODES = ("live", "shadow", "canary")
WITHOUT_POLICY = ("act_locally", "redirect_default")
"""Outcomes of questions that no policy need have seen: too many at once, or no documents yet; an
edge's, answered by the number plan."""
AT_ONCE_S = 1e-6
"Two instants this near are one: adding and taking off durations is not exact."


class InUse(NamedTuple):
    """Versions of one policy on one node; 0 for none."""

    live: int
    shadow: int
    canary: int


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of S11, in order."""
    checker = _Checker()
    for line in lines:
        checker.take(line)
    return checker.found


class _Checker:
    """What was published, what each node uses since when, and who decided what."""

    def __init__(self) -> None:
        self.found: list[Violation] = []
        self._published: set[tuple[str, int]] = set()
        self._since_s: dict[str, list[float]] = {}
        self._sets: dict[str, list[dict[str, InUse]]] = {}
        self._decided: dict[str, tuple[str, int]] = {}

    def take(self, line: Line) -> None:
        """One line."""
        if line.kind == "policy_published":
            self._published.add((line.text("policy"), line.number("version")))
        elif line.kind == "policies_in_use":
            self._switch(line)
        elif line.kind == "decision":
            self._decision(line)
        elif line.kind == "answer":
            self._one_version(line, line.text("outcome") in WITHOUT_POLICY)

    def _switch(self, line: Line) -> None:
        node, sets = line.text("node"), _in_use(line.text("policies"))
        for policy, versions in sets.items():
            for version in versions:
                if version and (policy, version) not in self._published:
                    self._wrong(line, f"{node} uses {policy} version {version}, never published")
        self._since_s.setdefault(node, []).append(line.at_s)
        self._sets.setdefault(node, []).append(sets)

    def _decision(self, line: Line) -> None:
        node, policy, version = line.text("node"), line.text("policy"), line.number("version")
        unseen = line.text("outcome") in WITHOUT_POLICY
        if not self._one_version(line, unseen) or version == 0:
            return
        mode, at_s = line.text("mode"), line.at_s - float(line.fields.get("took_s", 0.0))
        if mode not in MODES:
            self._wrong(line, f"{line.text('decision')} was decided as {mode or 'nothing'}")
            return
        known = [one.get(policy, InUse(0, 0, 0)) for one in self._at(node, at_s)]
        if version not in [one[MODES.index(mode)] for one in known]:
            used = ", ".join(str(one[MODES.index(mode)]) for one in known) or "nothing"
            text = (
                f"{line.text('decision')}: {node} decided by {policy} version {version} as {mode}"
            )
            self._wrong(line, f"{text}, when it used {used}")

    def _at(self, node: str, at_s: float) -> list[dict[str, InUse]]:
        """What the node used at this moment; several where it switched just then."""
        since_s, sets = self._since_s.get(node, []), self._sets.get(node, [])
        first = bisect_left(since_s, at_s - AT_ONCE_S)
        last = bisect_right(since_s, at_s + AT_ONCE_S)
        return sets[max(first - 1, 0) : last]

    def _one_version(self, line: Line, unseen: bool) -> bool:
        """Is exactly one version named, the same wherever this decision is told?"""
        decision, policy = line.text("decision"), line.text("policy")
        version = line.number("version")
        if not policy:
            if not unseen:
                self._wrong(line, f"{decision or 'a decision'} names no policy")
            return False
        said = self._decided.setdefault(decision, (policy, version))
        if said != (policy, version):
            self._wrong(line, f"{decision} is of {said[0]} {said[1]} and of {policy} {version}")
            return False
        return True

    def _wrong(self, line: Line, text: str) -> None:
        self.found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text))


def _in_use(text: str) -> dict[str, InUse]:
    """`name=live/shadow/canary`, comma between."""
    sets = {}
    for part in text.split(","):
        name, _, versions = part.partition("=")
        if name:
            live, shadow, canary = versions.split("/")
            sets[name] = InUse(int(live), int(shadow), int(canary))
    return sets
