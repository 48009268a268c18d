"""Decides without doing: shadow versions beside the live one, and dry runs for a person.

Rule of this file: nothing is reserved, answered or remembered for the live version. A shadow looks
when the live decision is out, at the network as the live one saw it: what was promised for that
call is given back while it looks.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from nirc.core import events as ev
from nirc.core.actions import Action, DecisionRecord, DryRunTold, RecordDecision, StartTimer
from nirc.core.choice import DRY_RUN, Choice
from nirc.core.open_request import OpenRequest, record_for
from nirc.core.overload import Work
from nirc.core.parts import Parts
from nrcli.wire.messages import RouteOutcome, TrunkReport
from routing_policies.compiler import CompiledPolicy
from routing_policies.errors import nearest
from routing_policies.network_documents import NetworkDocuments
from routing_policies.written_groups import groups_of

TIMER = "shadow"
Waiting = tuple[CompiledPolicy, OpenRequest]


class Rehearsal:
    """Shadow decisions put off, and the tokens for recording differences."""

    __slots__ = ("_left", "_left_at_s", "_parts", "_waiting")

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._waiting: deque[Waiting] = deque()
        self._left = parts.settings.shadow_records_per_s
        self._left_at_s = 0.0

    # ---- shadows

    def decided(self, request: OpenRequest, now_s: float, out: list[Action]) -> None:
        """A live decision was made: its policy's shadow is asked when that is out."""
        choice = request.choice
        shadow = self._parts.choice.shadow_of(request.request.service)
        if shadow is None or choice.question is None:
            return
        full = len(self._waiting) >= self._parts.settings.shadows_waiting_max
        if full or self._parts.admission.sheds(Work.STATISTICS):
            self._parts.statistics.count("shadow.left_out")
            return
        self._waiting.append((shadow, request))
        if len(self._waiting) == 1:
            out.append(StartTimer(name=TIMER, at_s=now_s))

    def timer(self, now_s: float, out: list[Action]) -> None:
        """The live decisions are out."""
        while self._waiting:
            shadow, request = self._waiting.popleft()
            self._compare(shadow, request, now_s, out)

    def _compare(
        self, shadow: CompiledPolicy, request: OpenRequest, now_s: float, out: list[Action]
    ) -> None:
        parts, live = self._parts, request.choice
        assert live.question is not None
        target = live.targets[0].site if live.targets else ""
        promise = parts.network.settle(request.request.request_id, target)
        said = parts.choice.shadow(shadow, live.question)
        if promise is not None:
            parts.network.promise(promise)
        same = _word(said) == _word(live)
        name = f"shadow.{shadow.name}.{shadow.version}"
        parts.statistics.count(f"{name}.same" if same else f"{name}.differs")
        if said.failed:
            parts.statistics.count(f"{name}.failed")
        if same or not self._may_record(now_s):
            return
        told = OpenRequest(request.site, request.request, now_s, now_s, said)
        record = would_be(parts, told, live_outcome=_word(live))
        parts.log.add(record)
        out.append(RecordDecision(record=record))

    def _may_record(self, now_s: float) -> bool:
        per_s = self._parts.settings.shadow_records_per_s
        self._left = min(self._left + (now_s - self._left_at_s) * per_s, max(per_s, 1.0))
        self._left_at_s = now_s
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

    # ---- dry runs

    def dry_run(self, event: ev.DryRun, now_s: float, out: list[Action]) -> None:
        """A person asks what would be decided now."""
        parts, described, refused = self._parts, event.request, None
        documents = parts.active.documents
        if documents is not None:
            refused = _unknown(event.site, described.service, documents) or self._no_group(
                event.site, described.trunk_group, documents
            )
        if documents is None or refused is not None:
            reason = refused[1] if refused else "this node has no documents yet"
            choice = Choice("", 0, reason, DRY_RUN, RouteOutcome.ACT_LOCALLY)
        else:
            if not described.queue:
                own = parts.active.queue_of(event.site, described.service)
                described = replace(described, queue=own)
            choice = parts.choice.dry_run(event.site, described, event.policy, now_s)
        request = OpenRequest(event.site, described, now_s, now_s, choice)
        out.append(DryRunTold(id=event.id, record=would_be(parts, request), refused=refused))

    def _no_group(
        self, site: str, group: str, documents: NetworkDocuments
    ) -> tuple[str, str, str] | None:
        """A trunk group that neither the site tells of nor a document names for it; of a site that
        is not heard anything may be true."""
        state = self._parts.network.state_of(site)
        found = state.entities() if state is not None and self._parts.network.synced(site) else []
        known = {one.trunk_group for one in found if isinstance(one, TrunkReport)}
        if not group or not known:
            return None
        known |= {path.spec.trunk_group for path in documents.paths if path.spec.from_site == site}
        known |= set(groups_of(site, documents.addresses))
        if group in known:
            return None
        near = nearest(group, known)
        remedy = f"did you mean {near}?" if near else f"there are: {', '.join(sorted(known))}"
        return "trunk_group", f"{site} has no trunk group {group}", remedy


def _unknown(origin: str, service: str, documents: NetworkDocuments) -> tuple[str, str, str] | None:
    """What a dry run names and the network does not have; a call cannot come from there."""
    for place, kind, name, known in (
        ("origin", "Site", origin, documents.sites),
        ("service", "NetworkService", service, documents.services),
    ):
        if name not in known:
            near = nearest(name, known)
            remedy = f"did you mean {near}?" if near else f"there are: {', '.join(sorted(known))}"
            return place, f"there is no {kind} {name}", remedy
    return None


def would_be(parts: Parts, request: OpenRequest, live_outcome: str = "") -> DecisionRecord:
    """The record of what would have been done: the best target is told as if it had granted."""
    choice = request.choice
    best = choice.targets[0] if choice.targets else None
    if best is not None:
        best.lost_because = ""
    return record_for(
        request,
        outcome=RouteOutcome.MOVE.value if best else choice.outcome.value,
        epoch=parts.leadership.epoch(request.request.domain),
        decision_id=parts.new_id(),
        took_s=0.0,
        would_be=best,
        live_outcome=live_outcome,
    )


def _word(choice: Choice) -> str:
    """What a choice comes to, in a word that is compared and told."""
    if not choice.targets:
        return choice.outcome.value
    best = choice.targets[0]
    return f"move to {best.site}/{best.queue}" + (f"/{best.agent}" if best.agent else "")
