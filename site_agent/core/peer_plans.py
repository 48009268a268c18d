"""The peer plan that this site uses: from NIRC or from its own disk, signed, and not yet over.

Rule of this file: a plan is taken only if the operator's key signed it, it is not over, and its
serial is not below that of the plan in use; what is refused raises an alarm and changes nothing.
The last good one stays, also where NIRC sends none: only its end or a newer one puts it out of use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from routing_policies.errors import DocumentError
from routing_policies.loading import load_document
from routing_policies.peer_plan_kinds import PeerPlanDoc
from site_agent.core.actions import SavePeerPlan
from site_agent.core.events import PeerPlanRead
from site_agent.core.outbox import Outbox
from site_agent.core.plan_tokens import plan_digest
from site_agent.core.settings import SiteSettings

REFUSED, EXPIRES = "peer_plan_refused", "peer_plan_expires_soon"
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTrust:
    """Whom this site believes about plans and plan calls."""

    problem_of: Callable[[str], str]
    "What is wrong with the signature of a text; empty: the operator signed it."
    call_key: bytes
    "Shared by all sites: proves plan calls."


class PeerPlans:
    """The plan in use."""

    __slots__ = ("_offset_s", "_out", "_settings", "_site", "_text", "digest", "plan", "trust")

    def __init__(
        self, site: str, settings: SiteSettings, trust: PlanTrust | None, out: Outbox
    ) -> None:
        self.plan: PeerPlanDoc | None = None
        "The last good one; it may be over."
        self.digest = b""
        self.trust = trust
        "None: this site takes no part."
        self._site = site
        self._settings = settings
        self._out = out
        self._text = ""
        self._offset_s = settings.unix_offset_s

    def read(self, event: PeerPlanRead, now_s: float) -> None:
        """The site's own file was read: at the start, or because somebody put another one there."""
        if event.problem:
            self._refuse(f"{event.source} {event.problem}; put a signed plan there")
        elif event.text and self._offered(event.text, event.source, now_s):
            self._out.do(SavePeerPlan(text=event.text, by_hand=True))

    def told(self, text: str, now_s: float) -> None:
        """A node carried a plan."""
        if self._offered(text, "the plan that NIRC sent", now_s):
            self._out.do(SavePeerPlan(text=text))

    def wall_time(self, unix_s: float, now_s: float) -> None:
        """The clock on the wall was read: is the plan over, or soon?"""
        self._offset_s = unix_s - now_s
        self._look(now_s)

    def usable(self, now_s: float) -> bool:
        """May calls go by the plan now? Never by one without services: so is a plan withdrawn."""
        if self.plan is None or not self.plan.spec.services:
            return False
        return self._left_s(self.plan, now_s) > 0

    def _offered(self, text: str, source: str, now_s: float) -> bool:
        """Take a plan if it is good; true if it is in use now and was not before."""
        if self.trust is None or text == self._text:
            return False
        try:
            plan = load_document(text, source=source)
        except DocumentError as error:
            self._refuse(f"{error}")
            return False
        problem = self._problem(text, plan, now_s)
        if problem or not isinstance(plan, PeerPlanDoc):
            self._refuse(f"{source} is not used: {problem}")
            return False
        self.plan, self._text, self.digest = plan, text, plan_digest(text)
        self._out.count("peer_plans_taken")
        self._out.clear(REFUSED, self._site)
        self._look(now_s)
        return True

    def _problem(self, text: str, plan: object, now_s: float) -> str:
        assert self.trust is not None, "looked at before"
        if not isinstance(plan, PeerPlanDoc):
            return "it is no PeerPlan; put one there"
        wrong = self.trust.problem_of(text)
        if wrong:
            return f"{wrong}; sign it with `nrcli sign`, with the network's own key"
        if self._left_s(plan, now_s) <= 0:
            return f"it ended at {plan.spec.valid_until}; sign a newer one"
        old = self.plan.spec.serial if self.plan is not None else 0
        if plan.spec.serial < old:
            return f"serial {plan.spec.serial} is below {old}, which is in use; raise it"
        if plan.spec.serial == old:
            return f"another plan of serial {old} is in use; raise the serial of the new one"
        return ""

    def _left_s(self, plan: PeerPlanDoc, now_s: float) -> float:
        return plan.valid_until_unix_s - (now_s + self._offset_s)

    def _look(self, now_s: float) -> None:
        if self.plan is None:
            return
        left_s, until = self._left_s(self.plan, now_s), self.plan.spec.valid_until
        if left_s <= 0:
            text = f"the peer plan ended at {until} and is not used; publish a newer one"
            self._out.alarm(EXPIRES, self._site, text)
        elif left_s <= self._settings.plan_expires_soon_s:
            text = f"the peer plan ends at {until}; publish a newer one before"
            self._out.alarm(EXPIRES, self._site, text)
        else:
            self._out.clear(EXPIRES, self._site)

    def _refuse(self, text: str) -> None:
        self._out.count("peer_plans_refused")
        self._out.alarm(REFUSED, self._site, text)
