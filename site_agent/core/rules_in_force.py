"""The site's own OverflowRules: read, checked, kept within the guard rails, and looked up by queue.

Rule of this file: a file is taken whole or refused whole; what is refused changes nothing, so that
the last good rules stay. What exceeds the NOC's guard rails is clamped and told, never refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from routing_policies.errors import DocumentError, Fault, nearest, shown
from routing_policies.loading import load_positioned, located
from routing_policies.network_kinds import GuardRails
from routing_policies.policy_kinds import CallbackAfter, Lend, OverflowRulesDoc, QueueOverflow
from site_agent.core.ask_conditions import (
    NO_HANDLERS,
    NO_RULES,
    AskRules,
    HandlerRules,
    compiled,
    compiled_handlers,
)
from site_agent.core.events import OverflowRulesRead
from site_agent.core.lending_order import LendingOrder
from site_agent.core.outbox import Outbox
from site_agent.core.settings import QueueRules, SiteSettings, rules_of
from site_agent.core.view import OverflowRulesView

ANY_QUEUE = "*"
REFUSED_ALARM = "overflow_rules_refused"
CLAMPED_ALARM = "overflow_rules_clamped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One good file."""

    source: str
    queues: Mapping[str, QueueOverflow]
    asks: Mapping[str, AskRules]
    handlers: Mapping[str, HandlerRules]


def checked(event: OverflowRulesRead, *, site: str, queues: Collection[str]) -> Taken:
    """What was read, if it is good for this site. Raises DocumentError with every fault."""
    if event.problem:
        remedy = "make it readable, or take overflow_rules out of the site agent's file"
        raise DocumentError(_fault(event.source, "", event.problem, remedy))
    document, read = load_positioned(event.text, source=event.source)
    if not isinstance(document, OverflowRulesDoc):
        fault = _fault(event.source, "kind", f"is a {document.kind}", "give OverflowRules")
        raise DocumentError(located(fault, read))
    faults = _name_faults(event.source, document, site, queues)
    asks: Mapping[str, AskRules] = {}
    handlers: Mapping[str, HandlerRules] = {}
    try:
        asks = compiled(document, source=event.source)
    except DocumentError as error:
        faults.extend(error.faults)
    try:
        handlers = compiled_handlers(document, source=event.source)
    except DocumentError as error:
        faults.extend(error.faults)
    if faults:
        raise DocumentError(*(located(fault, read) for fault in faults))
    by_queue = {entry.queue: entry for entry in document.spec.queues}
    return Taken(source=event.source, queues=by_queue, asks=asks, handlers=handlers)


def _name_faults(
    source: str, document: OverflowRulesDoc, site: str, queues: Collection[str]
) -> list[Fault]:
    faults: list[Fault] = []
    if document.name != site:
        problem = f'is for site "{document.name}", and this is {site}'
        faults.append(_fault(source, "metadata.name", problem, f"write {site}"))
    for i, name in enumerate(entry.queue for entry in document.spec.queues):
        if name == ANY_QUEUE or name in queues:
            continue
        meant, known = nearest(name, queues), ", ".join(sorted(queues)) or "none"
        remedy = f"did you mean {meant}?" if meant else f'one of {known}, or "*"'
        problem = f'there is no queue "{name}" at this site'
        faults.append(_fault(source, f"spec.queues[{i}].queue", problem, remedy))
    return faults


class RulesInForce:
    """The rules that hold now; without a file: what the settings say."""

    __slots__ = (
        "_changed",
        "_out",
        "_problem",
        "_rails",
        "_settings",
        "_site",
        "_taken",
        "clamped",
        "order",
    )

    def __init__(
        self, site: str, settings: SiteSettings, out: Outbox, changed: Callable[[str], None]
    ) -> None:
        self.clamped: tuple[str, ...] = ()
        "What the guard rails changed, in words."
        self._site = site
        self._settings = settings
        self._out = out
        self._changed = changed
        self._rails = GuardRails()
        self._problem = ""
        self._taken: Taken | None = None
        self.order = LendingOrder(site, out, self._lending_changed)
        "That nothing is lent, by the site's own people."

    def read(self, event: OverflowRulesRead) -> None:
        """The site's file was read, or could not be: good rules replace the old ones."""
        try:
            self._taken = checked(event, site=self._site, queues=self._settings.queues)
        except DocumentError as error:
            kept = "the last good rules stay" if self._taken else "the site agent's settings hold"
            self._problem = shown(error, event.text)
            self._out.count("overflow_rules_refused")
            self._out.alarm(REFUSED_ALARM, self._site, f"{kept}; refused:\n{self._problem}")
            return
        self._problem = ""
        self._out.count("overflow_rules_taken")
        self._out.clear(REFUSED_ALARM, self._site)
        self._look_at_rails()

    def keep_within(self, rails: GuardRails) -> None:
        """The NOC's guard rails came, or changed."""
        self._rails = rails
        self._look_at_rails()

    # ---- looked up -------------------------------------------------------------------------

    def lending(self, queue: str) -> QueueRules:
        """What may be lent of a queue."""
        rules, found = rules_of(self._settings, queue), self._of(queue)
        if self.order.off:
            return replace(rules, shared=False)
        if found is None or queue not in self._settings.queues:
            return rules
        lend = found.lend
        return replace(
            rules,
            shared=rules.shared and lend.shared,
            max_loan=rules.max_loan if lend.max_loan is None else self._max_loan(lend.max_loan),
            min_reserve=(
                rules.min_reserve
                if lend.min_reserve is None
                else min(lend.min_reserve, self._rails.min_reserve_max)
            ),
        )

    def service_level_floor(self, queue: str) -> float | None:
        """Floor of the donor guard, 0 to 1; None: no guard."""
        found = self._of(queue)
        if found is None or found.lend.service_level_floor is None:
            return None
        return min(found.lend.service_level_floor, self._rails.service_level_floor_max)

    def callback(self, queue: str) -> CallbackAfter | None:
        """When who waits in a queue is to be called back; None: the site does not say."""
        entry = self._of(queue)
        return entry.callback if entry is not None else None

    def requery_s(self, queue: str) -> float:
        """A waiting call of this queue is asked about again after this."""
        found = self._of(queue)
        if found is None or found.requery_s is None:
            return self._settings.requery_s
        return max(found.requery_s, self._rails.requery_s_min)

    def ask_rules(self, queue: str) -> AskRules:
        """Rules about asking; empty: whenever no own agent is ready."""
        asks = self._taken.asks if self._taken else {}
        return asks.get(queue) or asks.get(ANY_QUEUE) or NO_RULES

    def handler_rules(self, queue: str) -> HandlerRules:
        """To which handlers callers of this queue go by the site's own word."""
        found = self._taken.handlers if self._taken else {}
        return found.get(queue) or found.get(ANY_QUEUE) or NO_HANDLERS

    def view(self) -> OverflowRulesView:
        """For the status page."""
        return OverflowRulesView(
            source=self._taken.source if self._taken else "",
            problem=self._problem,
            clamped=self.clamped,
        )

    # ---- inner -----------------------------------------------------------------------------

    def _of(self, queue: str) -> QueueOverflow | None:
        queues = self._taken.queues if self._taken else {}
        return queues.get(queue) or queues.get(ANY_QUEUE)

    def _max_loan(self, wanted: int) -> int:
        return max(min(wanted, self._rails.max_loan_max), self._rails.max_loan_min)

    def _look_at_rails(self) -> None:
        """Tell what is clamped now, and see that reports say what holds."""
        self.clamped = tuple(self._clamps())
        if self.clamped:
            text = "kept within the NOC's guard rails: " + "; ".join(self.clamped)
            self._out.alarm(CLAMPED_ALARM, self._site, text)
        else:
            self._out.clear(CLAMPED_ALARM, self._site)
        self._lending_changed()

    def _lending_changed(self) -> None:
        for queue in self._settings.queues:
            self._changed(queue)

    def _clamps(self) -> list[str]:
        found: list[str] = []
        for name, entry in (self._taken.queues if self._taken else {}).items():
            wanted = _figures(entry.lend, entry.requery_s)
            kept = {
                "requery_s": max(wanted["requery_s"], self._rails.requery_s_min),
                "max_loan": self._max_loan(int(wanted["max_loan"])),
                "min_reserve": min(wanted["min_reserve"], self._rails.min_reserve_max),
                "service_level_floor": min(
                    wanted["service_level_floor"], self._rails.service_level_floor_max
                ),
            }
            said = entry.lend.model_dump() | {"requery_s": entry.requery_s}
            found.extend(
                f"{name}: {key} {wanted[key]:g} -> {value:g}"
                for key, value in kept.items()
                if said[key] is not None and value != wanted[key]
            )
        return found


def _figures(lend: Lend, requery_s: float | None) -> dict[str, float]:
    return {
        "requery_s": requery_s or 0.0,
        "max_loan": float(lend.max_loan or 0),
        "min_reserve": float(lend.min_reserve or 0),
        "service_level_floor": lend.service_level_floor or 0.0,
    }


def _fault(source: str, place: str, problem: str, remedy: str) -> Fault:
    return Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
