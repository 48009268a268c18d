"""Turns a checked policy document into the function that decides.

Rule of this file: whatever could fail at call time is refused at publish, with the place and the
remedy. A compiled policy always ends, writes nothing but its memory, and falls through to
`otherwise`, also if the impossible happens inside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from routing_policies import columns as c
from routing_policies import kernel
from routing_policies.code_checks import OTHERWISE, PolicyChecks
from routing_policies.code_parts import PolicyParts
from routing_policies.code_policy import ASLEEP, DECIDED, NOBODY, NOT_NOW, written
from routing_policies.code_ranking import selection_name
from routing_policies.model import (
    Candidate,
    Column,
    Feature,
    LostRows,
    Memory,
    QueueColumns,
    Verdict,
)
from routing_policies.policy_kinds import Otherwise, RoutingPolicyDoc, Rule
from routing_policies.vocabulary import Names

Decides = Callable[..., int]
"decide(now_s, call, rows, ways, queues, agents, kept, row_kept, out, lost, trace)"
FATES = {NOT_NOW: "not now", ASLEEP: "asleep", NOBODY: "nobody", DECIDED: "decided"}


def compile_policy(document: RoutingPolicyDoc, version: int, *, source: str) -> CompiledPolicy:
    """The policy as a function. Raises DocumentError with all faults.

    Its code is written and compiled at its first decision, or by `prepare`: some milliseconds.
    """
    return CompiledPolicy(document, version, PolicyChecks(source).parts(document.spec))


class CompiledPolicy:
    """A policy ready to decide. `version` is the policy's own version number, 0 if built in.

    Not for two threads at once: buffers are used again by the next decision. What a Verdict holds
    is its own.
    """

    __slots__ = (
        "_decides",
        "_out",
        "_parts",
        "_templates",
        "_with_memory",
        "_work",
        "document",
        "ends_in_network_queue",
        "handlers",
        "name",
        "read_columns",
        "reads_exactly",
        "redirects",
        "rule_names",
        "version",
    )

    def __init__(self, document: RoutingPolicyDoc, version: int, parts: PolicyParts) -> None:
        spec = document.spec
        self.document = document
        self.name = document.name
        self.version = version
        self.rule_names = tuple(rule.name for rule in spec.rules)
        self.redirects = tuple((rule.to.site, rule.to.queue) for rule in spec.rules if rule.to)
        "(site, queue) that rules name outright."
        self.handlers = tuple(rule.handler for rule in spec.rules if rule.handler)
        "Handlers that rules name."
        self.ends_in_network_queue = spec.otherwise.action == "network_queue"
        self.read_columns = read_columns(parts)
        "Queue columns whose values a decision record should keep, of every candidate."
        self._parts = parts
        self.reads_exactly: Reads | None = None
        "What the generated code looks at; known once it is written."
        self._with_memory = parts.kept_count + parts.row_kept_count > 0
        self._decides: list[Decides | None] = [None, None]
        self._out: Column = [0.0] * c.OUT_SIZE
        self._work: list[Column] = [[] for _ in range(c.LOST_COLUMNS)]
        self._templates = [
            *(_Template(rule, rule.name, i, parts) for i, rule in enumerate(spec.rules)),
            _Template(spec.otherwise, OTHERWISE, -1, parts),
        ]

    @property
    def features(self) -> tuple[Feature, ...]:
        """call[CALL_FEATURES_FROM + i] is features[i]."""
        return self._parts.features

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of the vocabulary that its expressions read, in order of appearance."""
        return self._parts.reads

    @property
    def kept_count(self) -> int:
        """Numbers of Memory.kept."""
        return self._parts.kept_count

    @property
    def row_kept_count(self) -> int:
        """Columns of Memory.row_kept."""
        return self._parts.row_kept_count

    @property
    def names(self) -> tuple[tuple[str, Names, str], ...]:
        """(place, whose, name) that the network must know."""
        return self._parts.names

    @property
    def lists(self) -> tuple[tuple[str, str], ...]:
        """(place, name) of number lists."""
        return self._parts.lists

    @property
    def calendars(self) -> tuple[tuple[str, str], ...]:
        """(place, name) of calendars."""
        return self._parts.calendars

    @property
    def announcements(self) -> tuple[tuple[str, str], ...]:
        """(place, name) of announcements."""
        return self._parts.announcements

    @property
    def text(self) -> str:
        """The generated source, without reasons (also what Numba compiles)."""
        return self.source_text(reasons=False)

    def source_text(self, *, reasons: bool) -> str:
        """The generated source. Names it uses besides its arguments stand in `kernel`."""
        return written(self._parts, reasons=reasons)

    def function(self, *, reasons: bool) -> Decides:
        """The generated function over lists, compiled once."""
        found = self._decides[reasons]
        if found is None:
            space: dict[str, Any] = dict(vars(kernel))
            text = self.source_text(reasons=reasons)
            if reasons:
                self.reads_exactly = reads_of(text)
            code = compile(text, f"<policy {self.name}>", "exec")
            exec(code, space)
            found = self._decides[reasons] = space["decide"]
        return found

    def prepare(self) -> None:
        """Writes and compiles the code with reasons now, so that the first decision is as fast as
        any. May be called in another thread."""
        self.function(reasons=True)

    @property
    def is_prepared(self) -> bool:
        """Is the code with reasons there."""
        return self._decides[True] is not None

    def decide(  # noqa: PLR0917 - the contract's order
        self,
        now_s: float,
        call: Sequence[float],
        rows: Sequence[int],
        ways: Sequence[Sequence[float]],
        columns: QueueColumns,
        memory: Memory,
        *,
        reasons: bool = True,
    ) -> Verdict:
        """What becomes of the call; never raises.

        `call` is a row of C_... numbers, then `features` from CALL_FEATURES_FROM on. `rows` are the
        candidate rows in tie order (site name, then queue name); ways[W_...][k] goes with rows[k].
        `memory` is changed if the call is given to somebody by rotary or proportional, and at each
        decision by hysteresis: a dry run, or a policy in the shadow, gets a copy or one of its own.
        It is made to fit here.

        With a Verdict.failed that is not empty something impossible happened: `otherwise` was
        taken, and it should be counted and alarmed.
        """
        lost, trace = self._work, _NO_TRACE
        try:
            size = len(rows)
            if len(lost[0]) < size:
                for column in lost:
                    column.extend([0.0] * (size - len(column)))
            if reasons:
                lost = [[0.0] * size, [0.0] * size, [0.0] * size, *lost[3:]]
                trace = [0.0] * len(self.rule_names)
            if self._with_memory:
                self._fit(memory, len(columns.site))
            index = (self._decides[reasons] or self.function(reasons=reasons))(
                now_s,
                call,
                rows,
                ways,
                columns.queues,
                columns.agents,
                memory.kept,
                memory.row_kept,
                self._out,
                lost,
                trace,
            )
            verdict = self._templates[index].verdict(self._out, rows)
            if reasons:
                told = zip(self.rule_names, trace, strict=True)
                verdict.tried = [(name, FATES[int(fate)]) for name, fate in told if fate]
                verdict.lost = LostRows(rows, lost[c.L_REASON], lost[c.L_VALUE], lost[c.L_RULE])
        except Exception as error:
            verdict = self._templates[-1].verdict(_NOBODY, rows)
            verdict.failed = f"{type(error).__name__}: {error}"
        return verdict

    def _fit(self, memory: Memory, row_count: int) -> None:
        parts = self._parts
        kept, row_kept = memory.kept, memory.row_kept
        if (
            len(kept) < parts.kept_count
            or len(row_kept) < parts.row_kept_count
            or (row_kept and len(row_kept[-1]) < row_count)
        ):
            memory.fit(parts.kept_count, parts.row_kept_count, row_count)


_QUEUE_COLUMN = re.compile(r"\bqueues\[(\d+)\]")
_NOBODY: Column = [0.0] * c.OUT_SIZE
_NO_TRACE: Column = []


class _Template:
    """What a verdict of one rule says, but for who was found."""

    __slots__ = (
        "_action",
        "_announcement",
        "_broadcast",
        "_handler",
        "_index",
        "_reason",
        "_retry_after_s",
        "_routes",
        "_rule",
        "_selections",
    )

    def __init__(self, rule: Rule | Otherwise, name: str, index: int, parts: PolicyParts) -> None:
        selections = parts.rules[index].selections if index >= 0 else ()
        names = [selection_name(selection) for selection in selections] or [""]
        self._action: str = rule.action
        self._rule = name
        self._index = index
        self._routes = rule.action in ("route", "redirect")
        self._selections = (names[0], names[0], names[-1])
        "By the regime that `out` tells."
        self._announcement = rule.announcement or ""
        self._retry_after_s = rule.retry_after_s or 0.0
        self._reason: str = rule.reason or ""
        self._handler: str = getattr(rule, "handler", None) or ""
        self._broadcast = tuple(one == "broadcast" for one in self._selections)

    def verdict(self, out: Sequence[float], rows: Sequence[int]) -> Verdict:
        """With the candidates that `out` tells."""
        ranked = []
        selection, broadcast = "", False
        if self._routes:
            regime = int(out[c.OUT_REGIME])
            selection, broadcast = self._selections[regime], self._broadcast[regime]
            for p in range(c.OUT_FIRST, c.OUT_FIRST + c.OUT_WIDTH * int(out[0]), c.OUT_WIDTH):
                row, slot = rows[int(out[p])], int(out[p + c.OUT_SLOT])
                ranked.append(Candidate(row, out[p + c.OUT_VALUE], slot))
        return Verdict(
            self._action,
            self._rule,
            self._index,
            ranked,
            [],
            [],
            selection,
            self._announcement,
            self._retry_after_s,
            self._reason,
            broadcast,
            "",
            self._handler,
        )


class Reads(NamedTuple):
    """Columns that generated code looks at, the call and ways apart."""

    queues: tuple[int, ...]
    agents: bool
    ani: bool
    "Does it look at the caller's number."


def reads_of(source_text: str) -> Reads:
    """What this generated source looks at, candidates and the caller's own queue alike."""
    found = sorted({int(number) for number in _QUEUE_COLUMN.findall(source_text)})
    by_number = f"call[{c.C_ANI}]" in source_text
    return Reads(tuple(found), "agents[" in source_text, by_number)


def read_columns(parts: PolicyParts) -> tuple[int, ...]:
    """Queue columns that the policy's expressions and selections read of candidates."""
    found = {c.Q_LENDABLE, c.Q_PLACES_FREE, c.Q_WAITING, c.Q_STAFFED}
    for rule in parts.rules:
        checked = [one for _, one in rule.candidates]
        checked += [rule.adjust, *(selection.weight for selection in rule.selections)]
        for one in checked:
            if one is not None:
                found.update(number for table, number in one.columns if table == "Q")
        if rule.loan.max_loan is not None:
            found.add(c.Q_LOANS)
        if rule.loan.min_reserve is not None:
            found.add(c.Q_FREE)
        if rule.loan.service_level_min is not None:
            found.add(c.Q_SERVICE_LEVEL)
    return tuple(sorted(found))
