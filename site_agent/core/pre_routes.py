"""Answers edges that ask this site where to deliver a call, before any site has it.

Rule of this file: every question is answered once, before its deadline: by NIRC's leader where it
is in reach, else by the site's own rules: home, and by the peer plan another site first where it is
in use and nobody is at home. An emergency call is not kept waiting. Nothing is reserved.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.sip.redirect_words import Contact, PreRouteAsked, PreRouteTold
from nrcli.wire.messages import (
    DOMAIN_FIRST,
    PreRouteAnswer,
    PreRouteAsk,
    RouteOutcome,
    RouteRequest,
)
from routing_policies.call_numbers import CallHeard, CallRead, NumberReader
from site_agent.core.addresses import Addresses
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.plan_overflow import PlanOverflow
from site_agent.core.settings import SiteSettings
from site_agent.core.site_documents import SiteDocuments
from site_agent.core.site_model import SiteModel

TIMER = "pre_route:"
ALARM = "pre_route_default"
EMERGENCY = "an emergency call is not kept waiting"


@dataclass(slots=True)
class _Waiting:
    """A question that the leader is asked."""

    event: PreRouteAsked
    service: str = ""
    queue: str = ""
    node: str = ""
    entry_sites: tuple[str, ...] = ()
    "As the number plan names them, but this site: tried after home."


class PreRoutes:
    """Questions of edges at one site."""

    __slots__ = ("_addresses", "_documents", "_leaders", "_model", "_out", "_plan", "_settings",
                 "_site", "_takers", "_waiting", "last_default")  # fmt: skip

    def __init__(
        self,
        *,
        site: str,
        settings: SiteSettings,
        leaders: Leaders,
        documents: SiteDocuments,
        addresses: Addresses,
        model: SiteModel,
        plan: PlanOverflow,
        out: Outbox,
    ) -> None:
        self._site = site
        self._settings = settings
        self._leaders = leaders
        self._documents = documents
        self._addresses = addresses
        self._model = model
        self._plan = plan
        self._out = out
        self._takers: set[str] = set()
        "Nodes that know these questions."
        self._waiting: dict[str, _Waiting] = {}
        "By id of the question."
        self.last_default = ""
        "Why the last default answer was given; empty: there was none."

    def __len__(self) -> int:
        """Questions that wait for the leader."""
        return len(self._waiting)

    # ---- nodes -------------------------------------------------------------------------------

    def node_up(self, node: str, *, takes: bool) -> None:
        """A stream stands, to a node that knows these questions or does not."""
        (self._takers.add if takes else self._takers.discard)(node)

    def node_down(self, node: str, now_s: float) -> None:
        """A stream ended: what was asked there is answered by default, at once."""
        self._takers.discard(node)
        for waiting in [one for one in self._waiting.values() if one.node == node]:
            self._drop(waiting)
            self._default(waiting, f"the link to {node} broke", now_s)

    # ---- questions ---------------------------------------------------------------------------

    def asked(self, event: PreRouteAsked, now_s: float) -> None:
        """Where to?"""
        self._out.count("pre_route_asked")
        numbers = self._documents.numbers
        read = numbers.read(_heard(event), self._documents.unix_s(now_s)) if numbers else None
        if _user(event.called) in self._settings.pre_route_emergency or (read and read.emergency):
            self._default(_Waiting(event), EMERGENCY, now_s)
        elif read is None or numbers is None or not read.service:
            what = read.called.text if read and read.called.text else "what was dialed"
            reason = f"no number plan here knows {what}: the site's own ACD is to say"
            self._default(_Waiting(event), reason, now_s, expected=True)
        elif read.priority.blocked_by:
            reason = f"list {read.priority.blocked_by} refuses the caller"
            self._refuse(event, "blocked", reason)
        else:
            self._ask(event, read, numbers, now_s)

    def _ask(
        self, event: PreRouteAsked, read: CallRead, numbers: NumberReader, now_s: float
    ) -> None:
        node = self._leaders.node_of(DOMAIN_FIRST)
        entry = read.match.entry if read.match else None
        named = tuple(one for one in (entry.entry_sites if entry else ()) if one != self._site)
        waiting = _Waiting(event, read.service, numbers.queue_of(read.service), node, named)
        if not node:
            self._default(waiting, "no node is known to lead", now_s)
        elif node not in self._takers:
            self._default(waiting, f"node {node} is too old to be asked: upgrade it", now_s)
        elif len(self._waiting) >= self._settings.pre_routes_open_max:
            self._default(waiting, "too many questions wait for the leader", now_s)
        else:
            within_s = max(event.deadline_s - self._settings.pre_route_margin_s, 0.0)
            self._waiting[event.id] = waiting
            self._out.send(node, self._question(waiting, read, within_s))
            self._out.start(TIMER + event.id, now_s + within_s)

    def _question(self, waiting: _Waiting, read: CallRead, within_s: float) -> PreRouteAsk:
        event = waiting.event
        request = RouteRequest(
            request_id=event.id,
            interaction_id=event.interaction_id,
            call_id=event.call_id,
            service=read.service,
            queue="",
            dialed_number=read.called.text,
            ani=read.ani,
            trunk_group=event.trunk_group,
            priority=read.priority.priority,
            deadline_s=within_s,
            withheld=read.withheld,
            verified=read.verified,
            refused_targets=event.refused_sites,
        )
        sites = (self._site, *waiting.entry_sites)
        return PreRouteAsk(client=event.client, request=request, entry_sites=sites)

    # ---- answers -----------------------------------------------------------------------------

    def answered(self, node: str, message: PreRouteAnswer, now_s: float) -> None:
        """The leader answers; late, or from a leader of before, it is not used."""
        answer = message.answer
        waiting = self._waiting.get(answer.request_id)
        if waiting is None:
            self._out.count("pre_route_late")
            return
        self._drop(waiting)
        if answer.outcome is RouteOutcome.ACT_LOCALLY:
            self._default(waiting, answer.reason, now_s)
        elif not self._leaders.obeys(node, answer.domain, answer.epoch, answer.request_id):
            self._default(waiting, f"node {node} leads no more", now_s)
        elif answer.reject_reason:
            self._in_time(waiting)
            self._refuse(waiting.event, answer.reject_reason, answer.reason, answer.decision_id)
        else:
            self._in_time(waiting)
            sites = (answer.target_site, *message.further_sites) if answer.target_site else ()
            by_default = message.by_default or not sites
            sites = (self._site, *sites) if by_default else sites
            self._tell(
                PreRouteTold(
                    id=waiting.event.id,
                    contacts=self._contacts(
                        waiting.event, (self._site, *sites) if by_default else sites
                    ),
                    queue=answer.queue,
                    by_default=by_default,
                    reason=answer.reason,
                    decision_id=answer.decision_id,
                )
            )

    def late(self, ask: str, now_s: float) -> None:
        """The leader is late."""
        waiting = self._waiting.pop(ask, None)
        if waiting is not None:
            self._out.count("pre_route_deadlines")
            self._default(waiting, "the leader did not answer in time", now_s)

    def _in_time(self, waiting: _Waiting) -> None:
        self._out.clear(ALARM, waiting.event.client)

    def _default(
        self, waiting: _Waiting, reason: str, now_s: float, *, expected: bool = False
    ) -> None:
        """By the site's own rules; `expected`: not for NIRC's absence, and so nobody's alarm."""
        event, first, sites = waiting.event, "", (self._site, *waiting.entry_sites)
        if waiting.service and not self._at_home(waiting.queue):
            first = self._plan.entry_peer(waiting.service, now_s)
        sites = (
            (first, self._site, *waiting.entry_sites)
            if first
            else (self._site, *waiting.entry_sites)
        )
        if first:
            self._out.count("pre_route_by_plan")
        if reason != EMERGENCY and not expected:
            self.last_default = reason
            text = f"edges get default answers; the last because {reason}"
            self._out.alarm(ALARM, event.client, text)
        self._tell(
            PreRouteTold(
                id=event.id,
                contacts=self._contacts(event, sites),
                queue=waiting.queue,
                by_default=True,
                reason=reason,
            )
        )

    def _at_home(self, queue: str) -> bool:
        """Would a new caller be served here: open, staffed, with a place to wait?"""
        found = self._model.queue_report(queue)
        if found is None:
            return False
        report, _ = found
        places = report.places_max - report.waiting_count - report.places_held_count
        can_wait = report.accepting and places > 0
        return report.open and report.staffed_count > 0 and (can_wait or report.ready_count > 0)

    def _contacts(self, event: PreRouteAsked, sites: tuple[str, ...]) -> tuple[Contact, ...]:
        """Addresses of these sites, best first; home is among them, at the end where not named."""
        found = []
        for site in dict.fromkeys((*sites, self._site)):
            own = self._settings.pre_route_homes.get(event.client) if site == self._site else None
            known = own or self._addresses.entry(site, event.trunk_group)
            if known is not None and site not in event.refused_sites:
                host, port, transport = known
                found.append(Contact(site=site, host=host, port=port, transport=transport))
        return tuple(found)

    def _tell(self, told: PreRouteTold) -> None:
        out = self._out
        if not told.contacts:
            out.count("pre_route_no_site")
            told = PreRouteTold(id=told.id, problem="no_site", reason=told.reason)
        else:
            home = told.contacts[0].site == self._site
            out.count("pre_route_home" if home else "pre_route_away")
            if told.by_default:
                out.count("pre_route_default")
        out.do(told)

    def _refuse(
        self, event: PreRouteAsked, problem: str, reason: str, decision_id: str = ""
    ) -> None:
        self._out.count(f"pre_route_{problem}")
        self._out.do(
            PreRouteTold(id=event.id, problem=problem, reason=reason, decision_id=decision_id)
        )

    def _drop(self, waiting: _Waiting) -> None:
        del self._waiting[waiting.event.id]
        self._out.stop(TIMER + waiting.event.id)


def _heard(event: PreRouteAsked) -> CallHeard:
    return CallHeard(
        trunk_group=event.trunk_group,
        called={"request_uri": event.called, "to": event.to},
        caller=event.caller,
        withheld=event.withheld,
        verified=event.verified,
    )


def _user(uri: str) -> str:
    """What was dialed, of a SIP or tel URI."""
    return uri.partition(":")[2].partition("@")[0].partition(";")[0] if ":" in uri else uri
