"""What a site's own rules and its calendars say about asking NIRC, for one call at a time.

Rule of this file: it looks up and decides nothing twice: rules stand in `rules_in_force`, calendars
in `opening`; whether a call may be asked about at all is decided in `overflow_rules`.
"""

from __future__ import annotations

from site_agent.core.ask_conditions import AskFacts, asks
from site_agent.core.calls import Call
from site_agent.core.queue_limits import QueueLimits
from site_agent.core.rules_in_force import RulesInForce

LOOK_S = 1.0
"A rule that says no is looked at again after this: waiting times and queues change."


class Asking:
    """The site's word about asking."""

    __slots__ = ("_limits", "_rules", "hurry")

    def __init__(self, rules: RulesInForce, limits: QueueLimits) -> None:
        self._rules = rules
        self._limits = limits
        self.hurry: set[str] = set()
        "Queues without staff whose callers are offered to the other sites at once (interflow)."

    def is_urgent(self, call: Call) -> bool:
        """Is there nothing to wait for at home: closed, about to close, or left by all agents?"""
        queue = call.queue
        closed = queue in self._limits.closed and call.held_back
        return closed or queue in self._limits.refusing or queue in self.hurry

    def wants(self, call: Call, now_s: float) -> bool:
        """Do the site's own rules want NIRC to be asked about this call now?"""
        rules = self._rules.ask_rules(call.queue)
        return not rules or self.is_urgent(call) or asks(rules, self._facts(call, now_s))

    def requery_s(self, queue: str) -> float:
        """Time between two questions about a waiting call."""
        return self._rules.requery_s(queue)

    def look_s(self, queue: str) -> float:
        """Time until a rule that said no is looked at again."""
        return min(LOOK_S, self._rules.requery_s(queue))

    def _facts(self, call: Call, now_s: float) -> AskFacts:
        return AskFacts(now_s=now_s)
