"""Answers edges and carriers that ask where to deliver a call before any site has it.

Rule of this file: every question is answered once, before its deadline: by the policy where this
node leads, by the leader where another does, else from the entry sites that the documents name.
A site is chosen and nothing is reserved there; what was chosen is withheld for a moment, so that
calls of one burst do not all choose the same agent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from nirc.core.actions import Action, RecordDecision, SendToPeer, SendToSite, StartTimer, StopTimer
from nirc.core.choice import Choice
from nirc.core.entry_sites import EntryRead, EntrySites
from nirc.core.open_request import OpenRequest, record_for
from nirc.core.overload import Work
from nirc.core.parts import Parts
from nirc.core.pre_route_groups import tell_group
from nirc.core.promises import Promise
from nirc.core.rehearsal import Rehearsal
from nirc.core.site_liveness import SiteLiveness
from nirc.core.telling import say_failed
from nrcli.sip.redirect_words import Contact, PreRouteAsked, PreRouteTold
from nrcli.wire.messages import (
    DOMAIN_FIRST,
    PreRouteAnswer,
    PreRouteAsk,
    RouteAnswer,
    RouteOutcome,
    RouteRequest,
)
from routing_policies.call_numbers import CallHeard
from routing_policies.handler_kinds import NO_HANDLER, address_of

TIMER = "pre_route:"
REDIRECT = "redirect"
TO_HANDLER = "to_handler"
"Outcomes of a record: a policy chose the site, or sent the call to a voicemail or the like."
REDIRECT_DEFAULT = "redirect_default"
"The site is the first entry site that could be used."
FURTHER_SITES_MAX = 4
EMERGENCY = "an emergency call is not kept waiting"


@dataclass(slots=True)
class _Waiting:
    """A question that another node is asked."""

    id: str
    client: str
    request: RouteRequest
    entry_sites: tuple[str, ...]
    asked_at_s: float


class PreRoutes:
    """Questions of edges, and those that another node is asked for us."""

    __slots__ = ("_entries", "_parts", "_rehearsal", "_takers", "_waiting")

    def __init__(self, parts: Parts, liveness: SiteLiveness, rehearsal: Rehearsal) -> None:
        self._parts = parts
        self._rehearsal = rehearsal
        self._entries = EntrySites(parts.active, liveness)
        self._waiting: dict[str, _Waiting] = {}
        "By request id."
        self._takers: set[str] = set()
        "Nodes that know these questions."

    def peer_takes(self, node: str, takes: bool) -> None:
        """Another node said whether it knows these questions."""
        (self._takers.add if takes else self._takers.discard)(node)

    # ---- an edge asks this node

    def asked(self, event: PreRouteAsked, now_s: float, out: list[Action]) -> None:
        """Where to?"""
        self._count("asked")
        heard = CallHeard(
            trunk_group=event.trunk_group,
            called={"request_uri": event.called, "to": event.to},
            caller=event.caller,
            withheld=event.withheld,
            verified=event.verified,
        )
        read = self._entries.read(heard, now_s)
        if read is None:
            self._refuse(event, "no_documents", "this node has no documents yet", out)
        elif read.blocked_by:
            self._refuse(event, "blocked", f"list {read.blocked_by} refuses the caller", out)
        elif not read.service:
            said = f"no DialedNumberPlan knows {read.dialed_number or 'what was dialed'}"
            self._refuse(event, "not_in_service", said, out)
        else:
            self._begin(event, read, now_s, out)

    def _begin(
        self, event: PreRouteAsked, read: EntryRead, now_s: float, out: list[Action]
    ) -> None:
        parts, origin = self._parts, f"({event.client})"
        within_s = max(event.deadline_s - parts.settings.pre_route_margin_s, 0.0)
        request = RouteRequest(
            request_id=event.id,
            interaction_id=event.interaction_id,
            call_id=event.call_id,
            service=read.service,
            queue="",
            dialed_number=read.dialed_number,
            ani=read.ani,
            trunk_group=event.trunk_group,
            priority=read.priority,
            deadline_s=within_s,
            withheld=read.withheld,
            verified=read.verified,
            refused_targets=event.refused_sites,
        )
        waiting = _Waiting(event.id, origin, request, read.entry_sites, now_s)
        if read.emergency:
            self._by_table(waiting, EMERGENCY, now_s, out)
        elif parts.leadership.leads(DOMAIN_FIRST, now_s):
            answer = self._decide(origin, request, read.entry_sites, now_s, out)
            self._tell(waiting, answer, out)
        else:
            self._relay(waiting, within_s, now_s, out)

    def _relay(self, waiting: _Waiting, within_s: float, now_s: float, out: list[Action]) -> None:
        """Another node leads, or none is known to."""
        parts = self._parts
        leader = parts.knowledge.leader(DOMAIN_FIRST, now_s).node
        if leader not in parts.relay.linked or leader not in self._takers:
            reason = f"leader {leader} is not in reach" if leader else "no node is known to lead"
            self._by_table(waiting, reason, now_s, out)
        elif len(self._waiting) >= parts.settings.pre_routes_open_max:
            self._by_table(waiting, "too many questions wait for the leader", now_s, out)
        else:
            self._waiting[waiting.id] = waiting
            ask = PreRouteAsk(
                client=waiting.client,
                request=waiting.request,
                entry_sites=waiting.entry_sites,
                handlers=True,
            )
            out.append(SendToPeer(node=leader, message=ask))
            out.append(StartTimer(name=TIMER + waiting.id, at_s=now_s + within_s))
            self._count("relayed")

    def answered(self, message: PreRouteAnswer, now_s: float, out: list[Action]) -> None:
        """The leader answers; late, it is not used."""
        waiting = self._waiting.pop(message.answer.request_id, None)
        if waiting is None:
            self._count("late")
            return
        out.append(StopTimer(name=TIMER + waiting.id))
        if message.answer.outcome is RouteOutcome.ACT_LOCALLY:
            self._by_table(waiting, message.answer.reason, now_s, out)
        else:
            self._tell(waiting, message, out)

    def timer(self, request_id: str, now_s: float, out: list[Action]) -> None:
        """The leader is late."""
        waiting = self._waiting.pop(request_id, None)
        if waiting is not None:
            self._count("deadlines")
            self._by_table(waiting, "the leader did not answer in time", now_s, out)

    # ---- another node asks this one

    def peer_asked(self, node: str, message: PreRouteAsk, now_s: float, out: list[Action]) -> None:
        """A node hands on the question of its edge."""
        said = self._as_leader(message.client, message, now_s, out)
        out.append(SendToPeer(node=node, message=said))

    def site_asked(self, site: str, message: PreRouteAsk, now_s: float, out: list[Action]) -> None:
        """A site hands on the question of its edge; it knows its own default answer."""
        self._count("asked_by_sites")
        said = self._as_leader(f"({site}/{message.client})", message, now_s, out)
        by_s = now_s + message.request.deadline_s
        out.append(SendToSite(site=site, message=said, not_after_s=by_s))

    def _as_leader(
        self, client: str, message: PreRouteAsk, now_s: float, out: list[Action]
    ) -> PreRouteAnswer:
        request = message.request
        if self._parts.active.documents is None or not self._parts.leadership.leads(
            request.domain, now_s
        ):
            reason = f"node {self._parts.leadership.node} does not lead"
            answer = _answer(self._parts, request, RouteOutcome.ACT_LOCALLY, reason, "")
            return PreRouteAnswer(answer=answer)
        if not message.handlers:
            refused = (*request.refused_targets, NO_HANDLER)
            request = replace(request, refused_targets=refused)
        return self._decide(client, request, message.entry_sites, now_s, out)

    # ---- deciding

    def _decide(
        self,
        origin: str,
        request: RouteRequest,
        entry_sites: tuple[str, ...],
        now_s: float,
        out: list[Action],
    ) -> PreRouteAnswer:
        """What the policy says now; of what it leaves open, the first entry site."""
        parts = self._parts
        refusal = parts.admission.refuses_at_once(parts.active.budget_of(request.service), now_s)
        choice = Choice("", 0, refusal) if refusal else parts.choice.choose(origin, request, now_s)
        if choice.failed:
            say_failed(parts, choice, request, now_s, out)
        if choice.targets:
            return self._chosen(origin, request, choice, entry_sites, now_s, out)
        if choice.outcome is RouteOutcome.REJECT:
            return self._closed(origin, request, choice, "reject", (), now_s, out)
        if choice.handler:
            parts.active.handlers.sent(choice.handler, request.request_id, now_s)
            sites = self._usable(entry_sites, request)
            return self._closed(origin, request, choice, TO_HANDLER, sites, now_s, out)
        sites = self._usable(entry_sites, request)
        return self._closed(origin, request, choice, REDIRECT_DEFAULT, sites, now_s, out)

    def _usable(self, entry_sites: tuple[str, ...], request: RouteRequest) -> tuple[str, ...]:
        sites = self._entries.usable(entry_sites, request.trunk_group)
        last = self._parts.controls.closed_sites.__contains__
        return tuple(sorted((one for one in sites if one not in request.refused_targets), key=last))

    def _chosen(  # noqa: PLR0917 - what one answer and its record are made of
        self,
        origin: str,
        request: RouteRequest,
        choice: Choice,
        entry_sites: tuple[str, ...],
        now_s: float,
        out: list[Action],
    ) -> PreRouteAnswer:
        """The targets, best first; then the entry sites, where the call may wait."""
        parts, target = self._parts, choice.targets[0]
        expected_s = parts.settings.pre_route_expected_s
        if expected_s > 0:
            promise = Promise(
                request.request_id,
                target.site,
                request.domain,
                target.row,
                target.agent,
                target.ladder.claims,
                now_s + expected_s,
            )
            parts.network.promise(promise)
        usual = self._usable(entry_sites, request)
        sites = tuple(dict.fromkeys((*(one.site for one in choice.targets), *usual)))
        return self._closed(origin, request, choice, REDIRECT, sites, now_s, out)

    def _closed(  # noqa: PLR0917 - what one answer and its record are made of
        self,
        origin: str,
        request: RouteRequest,
        choice: Choice,
        outcome: str,
        sites: tuple[str, ...],
        now_s: float,
        out: list[Action],
    ) -> PreRouteAnswer:
        """The answer, written down as every decision is."""
        parts, site = self._parts, sites[0] if sites else ""
        handler = choice.handler if outcome == TO_HANDLER else ""
        rejects = outcome == "reject" or bool(handler)
        answer = _answer(
            parts,
            request,
            RouteOutcome.MOVE if site or handler else RouteOutcome.REJECT,
            choice.reason,
            "" if handler else site,
            queue=choice.targets[0].queue if choice.targets else "",
            policy=choice.policy if choice.targets else "",
            reject_reason=choice.reject_reason if rejects else "",
            handler=handler,
        )
        usable = site or handler or outcome == "reject"
        self._count(outcome if usable else "no_site")
        asked = OpenRequest(origin, request, now_s, now_s, choice)
        if choice.targets:
            choice.targets[0].lost_because = ""
        record = record_for(
            asked,
            outcome=outcome,
            epoch=answer.epoch,
            decision_id=answer.decision_id,
            took_s=0.0,
            answer=answer,
        )
        parts.log.add(record)
        if parts.admission.sheds(Work.HISTORY):
            parts.statistics.count("shed.history")
        else:
            out.append(RecordDecision(record=record))
        if choice.question is not None:
            self._rehearsal.decided(asked, now_s, out)
        return PreRouteAnswer(
            answer=answer,
            further_sites=sites[0 if handler else 1 :][:FURTHER_SITES_MAX],
            by_default=outcome == REDIRECT_DEFAULT,
        )

    def _by_table(self, waiting: _Waiting, reason: str, now_s: float, out: list[Action]) -> None:
        """The first entry site that can be used."""
        request = waiting.request
        if reason != EMERGENCY:
            text = f"edges get default answers, the last because {reason}"
            self._parts.alarms.raise_event("pre_route_default", waiting.client, text, now_s, out)
        kept = self._usable(waiting.entry_sites, request)
        choice = Choice("", 0, reason)
        told = self._closed(waiting.client, request, choice, REDIRECT_DEFAULT, kept, now_s, out)
        self._tell(waiting, told, out)

    # ---- telling

    def _tell(self, waiting: _Waiting, said: PreRouteAnswer, out: list[Action]) -> None:
        answer, group = said.answer, waiting.request.trunk_group
        known = answer.target_site or answer.handler
        sites = (answer.target_site, *said.further_sites) if known else ()
        contacts = self._of_handler(answer.handler)
        for site in sites:
            address = self._entries.address(site, group)
            if address is not None:
                host, port, transport = address
                contacts.append(Contact(site=site, host=host, port=port, transport=transport))
        problem = "" if contacts else answer.reject_reason or "no_site"
        now_s, found = waiting.asked_at_s, bool(contacts)
        remedy = ""
        if found or problem == "no_site":
            remedy = tell_group(
                self._parts, waiting.client, group, found=found, now_s=now_s, out=out
            )
        out.append(
            PreRouteTold(
                id=waiting.id,
                contacts=tuple(contacts),
                queue=answer.queue,
                by_default=said.by_default,
                problem=problem,
                remedy=remedy,
                reason=answer.reason,
                decision_id=answer.decision_id,
                dialed_number=waiting.request.dialed_number,
                because=answer.reject_reason if answer.handler else "",
            )
        )

    def _of_handler(self, name: str) -> list[Contact]:
        """A handler's own address, by this node's documents."""
        found = self._parts.active.handlers.documents.get(name)
        if found is None or found.spec.uri is None:
            return []
        host, port, transport = address_of(found.spec.uri)
        return [
            Contact(
                site="",
                host=host,
                port=port,
                transport=transport,
                handler=name,
                uri=found.spec.uri,
            )
        ]

    def _refuse(self, event: PreRouteAsked, problem: str, reason: str, out: list[Action]) -> None:
        self._count(problem)
        out.append(PreRouteTold(id=event.id, problem=problem, reason=reason))

    def _count(self, what: str) -> None:
        self._parts.statistics.count(f"pre_route.{what}")


def _answer(
    parts: Parts,
    request: RouteRequest,
    outcome: RouteOutcome,
    reason: str,
    site: str,
    *,
    queue: str = "",
    policy: str = "",
    reject_reason: str = "",
    handler: str = "",
) -> RouteAnswer:
    return RouteAnswer(
        domain=request.domain,
        epoch=parts.leadership.epoch(request.domain),
        request_id=request.request_id,
        outcome=outcome,
        target_site=site,
        decision_id=parts.new_id(),
        reason=reason,
        queue=queue,
        policy=policy,
        reject_reason=reject_reason,
        handler=handler,
    )
