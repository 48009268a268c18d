"""Decides where a call would be served best: view, policy, ranked targets, why others lost.

Rule of this file: nothing but the policy's own memory is written while it looks. What no policy may
overrule (liveness, our own epoch acknowledged, visited sites, paths, channels) is barred here; the
rest is the policy's choice.
"""

from __future__ import annotations

from dataclasses import replace

from nirc.core.active_policy import ActivePolicy
from nirc.core.black_holes import BlackHoles
from nirc.core.call_facts import CallReader
from nirc.core.channels import no_channel_at_home
from nirc.core.choice import DRY_RUN, SHADOW, Choice, Question, Seen, Target
from nirc.core.controls import Controls
from nirc.core.hole_bars import bar, spared
from nirc.core.leadership import Leadership
from nirc.core.network_state import NetworkState
from nirc.core.paths import without_failed
from nirc.core.policy_memory import PolicyMemory, snapshot
from nirc.core.replay_notes import noted
from nirc.core.settings import RouterSettings
from nirc.core.site_liveness import Liveness, SiteLiveness
from nirc.core.traffic_shift_choice import ShiftChoice
from nirc.core.ways import UNKNOWN
from nrcli.wire.messages import RouteOutcome, RouteRequest
from routing_policies import columns as c
from routing_policies import reasons
from routing_policies.compiler import CompiledPolicy
from routing_policies.model import Memory, Verdict

HELD_BEFORE = "held-before"
"Name told as a rule when a site still holds what an earlier leader asked for this request."
OUTCOMES = {
    "announce": RouteOutcome.ANNOUNCE,
    "retry_after": RouteOutcome.RETRY_AFTER,
    "reject": RouteOutcome.REJECT,
    "network_queue": RouteOutcome.NETWORK_QUEUE,
}
"""Of every other action the call stays, unless a target grants; a call that none of the targets
takes waits in the network queue, if its policy ends there."""


class SiteChoice:
    """Asks the policy in use about the network as believed now."""

    __slots__ = (
        "_active",
        "_calls",
        "_controls",
        "_holes",
        "_leadership",
        "_liveness",
        "_memory",
        "_network",
        "_settings",
        "_shifts",
    )

    def __init__(
        self,
        *,
        settings: RouterSettings,
        active: ActivePolicy,
        network: NetworkState,
        liveness: SiteLiveness,
        leadership: Leadership,
        calls: CallReader,
        memory: PolicyMemory,
        holes: BlackHoles,
        controls: Controls,
    ) -> None:
        self._shifts = ShiftChoice(active, network, controls, holes)
        self._controls = controls
        self._holes = holes
        self._settings = settings
        self._active = active
        self._network = network
        self._liveness = liveness
        self._leadership = leadership
        self._calls = calls
        self._memory = memory

    # ---- deciding

    def choose(self, origin: str, request: RouteRequest, now_s: float) -> Choice:
        """Targets for the call, best first; none means that it stays."""
        policy, mode = self._deciding(origin, request)
        if held := self._held_back(origin, request, policy, mode):
            return held
        question = self.question(origin, request, now_s, policy, counted=True)
        if shifted := self._shifts.choice(question, policy, mode):
            self._put_held_first(origin, request, shifted)
            return shifted
        memory = self._memory.of(policy, self._row_count())
        choice = self._decide(policy, mode, question, memory)
        if choice.failed:
            failed, failed_policy, policy = choice.failed, policy, self._active.built_in
            memory = self._memory.of(policy, self._row_count())
            choice = self._decide(policy, mode, question, memory)
            name = f"{failed_policy.name} version {failed_policy.version}"
            choice.failed = f"{name}: {failed}"
            choice.rules = ((name, f"failed: {failed}"), *choice.rules)
        self._put_held_first(origin, request, choice)
        return choice

    def dry_run(
        self, origin: str, request: RouteRequest, policy: CompiledPolicy | None, now_s: float
    ) -> Choice:
        """What would be chosen now, by `policy` or the one in use; nothing is remembered."""
        used = policy or self._deciding(origin, request)[0]
        if held := self._held_back(origin, request, used, DRY_RUN):
            return held
        question = self.question(origin, request, now_s, used)
        if not policy and (shifted := self._shifts.choice(question, used, DRY_RUN)):
            return shifted
        memory = Memory() if policy else self._memory.of(used, self._row_count()).copy()
        return self._decide(used, DRY_RUN, question, memory)

    def shadow(self, policy: CompiledPolicy, live: Question) -> Choice:
        """What a shadow says; it remembers apart from the live version."""
        question = live
        if policy.redirects != live.named:
            question = self.question(live.origin, live.request, live.now_s, policy)
        memory = self._memory.of(policy, self._row_count(), shadow=True)
        return self._decide(policy, SHADOW, question, memory)

    def shadow_of(self, service: str) -> CompiledPolicy | None:
        """The version that decides beside the live one, if one does."""
        assert self._active.documents is not None
        return self._active.documents.policy_of(service).shadow

    def _row_count(self) -> int:
        return len(self._network.table.columns.site)

    def _deciding(self, origin: str, request: RouteRequest) -> tuple[CompiledPolicy, str]:
        assert self._active.documents is not None
        versions = self._active.documents.policy_of(request.service)
        if versions.rollout is None or versions.rollout.canary is None:
            return versions.live, "live"
        share = self._calls.canary_share(versions.live.name, request.interaction_id)
        return versions.deciding(origin, request.service, share)

    def _decide(
        self, policy: CompiledPolicy, mode: str, question: Question, memory: Memory
    ) -> Choice:
        columns, ways, now_s = self._network.table.columns, question.ways, question.now_s
        call = self._calls.vector(
            question.facts, policy.features, origin_row=question.origin_row, now_s=now_s
        )
        remembered: tuple[float, ...] = ()
        if memory.kept or memory.row_kept:
            rows = (question.origin_row, *ways.rows)
            remembered = snapshot(memory, rows, self._settings.memory_recorded_max)
        verdict = policy.decide(
            now_s,
            call,
            ways.rows,
            [question.barred, ways.place_only, ways.cost, ways.set_up_s],
            columns,
            memory,
        )
        choice = self._said(policy, mode, question, verdict)
        choice.priority = int(call[c.C_PRIORITY])
        choice.question, choice.call = question, call
        choice.seen = self._seen(policy.read_columns, question, call[c.C_SHARE], remembered)
        if not verdict.failed:
            most = self._settings.replay_numbers_max
            choice.replay = noted(policy, question, call, columns, most)
        return choice

    def _said(
        self, policy: CompiledPolicy, mode: str, question: Question, verdict: Verdict
    ) -> Choice:
        columns, ladders = self._network.table.columns, question.ways.ladder_of
        names = columns.agent_names
        action = verdict.action
        if verdict.ranked and policy.ends_in_network_queue:
            action = "network_queue"
        choice = Choice(
            policy.name,
            policy.version,
            verdict.rule,
            mode,
            OUTCOMES.get(action, RouteOutcome.STAY),
            lost=verdict.lost,
            rules=self._fates(policy, question, verdict),
            rule_names=policy.rule_names,
            selection=verdict.selection,
            broadcast=verdict.broadcast,
            announcement=verdict.announcement,
            retry_after_s=verdict.retry_after_s,
            reject_reason=verdict.reject_reason,
            failed=verdict.failed,
            callback=action == "callback",
            handler=verdict.handler,
            controls=self._controls.concerning(
                question.origin, question.request.service, question.ways.sites
            ),
        )
        if self._controls.in_force:
            self._under_controls(choice, question.origin, question.request)
        for found in verdict.ranked:
            row, slot = found.row, found.slot
            site = columns.site[row]
            ladder = without_failed(ladders[site], question.request.failed_ways)
            if self._holes.standing:
                ladder = spared(self._holes, ladder, site, question.now_s)
            target = Target(site, columns.queue[row], row, slot >= 0, found.value, ladder)
            if slot >= 0:
                target.agent = names[slot]
            choice.targets.append(target)
        return choice

    def _fates(
        self, policy: CompiledPolicy, question: Question, verdict: Verdict
    ) -> tuple[tuple[str, str], ...]:
        """What became of each rule; of one whose handler cannot take the call, why."""
        if not policy.handlers:
            return tuple(verdict.tried)
        handler_of = {one.name: one.handler for one in policy.document.spec.rules if one.handler}
        told = []
        for rule, fate in verdict.tried:
            if fate == "nobody" and (name := handler_of.get(rule)):
                why = self._calls.handler_problem(name, question.facts, question.now_s)
                told.append((rule, f"handler {name}: {why}" if why else fate))
            else:
                told.append((rule, fate))
        return tuple(told)

    def _seen(
        self,
        read: tuple[int, ...],
        question: Question,
        share: float,
        memory: tuple[float, ...],
    ) -> Seen:
        queues, facts = self._network.table.columns.queues, question.facts
        origin_row, picked = question.origin_row, question.ways.picked
        return Seen(
            question.ways,
            question.now_s,
            read,
            [picked(queues[n]) for n in read],
            [queues[n][origin_row] for n in read] if origin_row else [],
            picked(queues[c.Q_REPORTED_AT]),
            question.told,
            replace(facts, data={}) if facts.data else facts,
            share,
            memory,
        )

    # ---- what no policy may overrule

    def question(
        self,
        origin: str,
        request: RouteRequest,
        now_s: float,
        policy: CompiledPolicy,
        *,
        counted: bool = False,
    ) -> Question:
        """The call, and the ways it may go. The part of a decision that looks at every row: what is
        usual is asked of sets, the reason only where there is one. `counted`: the call is real."""
        ways = self._active.ways(origin, request, now_s, policy.redirects)
        barred, told = ways.barred.copy(), dict[int, str]()
        excluded = dict.fromkeys(request.visited_sites, reasons.VISITED)
        excluded.update(dict.fromkeys(request.refused_targets, reasons.FAILED_JUST_NOW))
        network, alive = self._network, self._liveness.alive
        home = (origin, request.trunk_group)
        left_at_home = network.channels.left_at_home(home)
        usable = alive & network.synced_sites & self._leadership.acked_by(request.domain)
        channels_left = network.channels_left
        places_free = network.table.columns.places_free_count
        failed, off = request.failed_ways, self._controls.sites_barred
        for k, (site, row, known, needs) in enumerate(ways.needs):
            ladder = without_failed(known, failed) if failed else known
            if site in excluded:
                barred[k] = excluded[site]
            elif site in off:
                barred[k], told[row] = reasons.CONTROLLED, off[site]
            elif site not in usable:
                barred[k], told[row] = self._unusable(request.domain, site)
            elif ladder.missing:
                told[row] = ladder.missing
                if not known.missing:
                    barred[k] = reasons.FAILED_JUST_NOW
            elif request.callback and row not in network.dialing_rows:
                barred[k], told[row] = reasons.NO_PATH, "the site calls nobody back"
            elif ladder.origin_channels > left_at_home:
                barred[k], told[row] = reasons.NO_CHANNEL_AT_HOME, no_channel_at_home(home)
            else:
                for channels, count in needs:
                    if channels_left.get(channels, UNKNOWN) < count:
                        told[row] = network.lacks_channel(site, ladder.claims)
                        barred[k] = reasons.NO_CHANNEL
                        break
                else:
                    if ladder.place_only and places_free[row] <= 0:
                        barred[k] = reasons.WAY_TOO_LONG
        facts = self._calls.facts(origin, request, now_s)
        origin_row = network.table.find(origin, request.queue)
        if self._holes.standing:
            at_home = network.table.columns.queues[c.Q_STAFFED][origin_row] > 0
            how = (self._holes, ways, barred, told)
            bar(*how, served_at_home=at_home, counted=counted, now_s=now_s)
        named = policy.redirects
        return Question(origin, request, facts, ways, named, barred, told, origin_row, now_s)

    def _held_back(
        self, origin: str, request: RouteRequest, policy: CompiledPolicy, mode: str
    ) -> Choice | None:
        """The call stays, whatever the policy would say; None: the policy is asked."""
        why = self.hops_spent(request) or self._controls.stopped(origin, request.service)
        if not why:
            return None
        controls = self._controls.concerning(origin, request.service)
        choice = Choice(policy.name, policy.version, why, mode, controls=controls)
        self._under_controls(choice, origin, request)
        return choice

    def _under_controls(self, choice: Choice, origin: str, request: RouteRequest) -> None:
        """What is answered instead, if no target grants, while controls are in force."""
        controls = self._controls
        if choice.outcome is RouteOutcome.NETWORK_QUEUE and request.service in controls.flushed:
            choice.outcome = RouteOutcome.STAY
        elif choice.outcome is RouteOutcome.STAY and not (choice.callback or choice.handler):
            announcement = controls.announcement(origin, request.service)
            if announcement and request.reason is None:
                choice.outcome, choice.announcement = RouteOutcome.ANNOUNCE, announcement

    def hops_spent(self, request: RouteRequest) -> str:
        """Empty while the call may be moved once more, else why not."""
        if request.moves_since_person_count >= self._settings.hops_without_person_max:
            return "hop budget: moved too often without a person's answer"
        if request.moves_count >= self._settings.hops_max:
            return "hop budget: moved too often"
        return ""

    def unusable(self, domain: str, site: str) -> str:
        """Empty if the site may be asked now, else why not."""
        return self._unusable(domain, site)[1]

    def _unusable(self, domain: str, site: str) -> tuple[int, str]:
        liveness = self._liveness.of(site)
        if liveness is not Liveness.ALIVE:
            return reasons.SITE_NOT_ALIVE, f"site is {liveness.value}"
        if not self._leadership.usable(domain, site):
            return reasons.NOT_ACKNOWLEDGED, "site has not acknowledged this leader"
        if not self._network.synced(site):
            return reasons.NOT_SYNCED, "site's state is not known yet"
        return 0, ""

    def spent_meanwhile(self, domain: str, target: Target) -> str:
        """Empty if a target chosen a moment ago is still worth asking."""
        reason = self._controls.barred(target.site) or self.unusable(domain, target.site)
        if reason or target.held is not None:
            return reason
        columns = self._network.table.columns
        if not columns.open[target.row]:
            return "closed"
        if target.wants_agent and columns.lendable_count[target.row] <= 0:
            return "its agents were promised meanwhile"
        if target.wants_agent and not self._network.agents.may_be_chosen(target.site, target.agent):
            return "its agent was promised meanwhile"
        if not target.wants_agent and columns.places_free_count[target.row] <= 0:
            return "its places were promised meanwhile"
        return self._network.lacks_channel(target.site, target.ladder.claims)

    def _put_held_first(self, origin: str, request: RouteRequest, choice: Choice) -> None:
        """A site that still holds what an earlier leader asked answers with the same token."""
        open_reservations = self._network.open_reservations(request.request_id)
        for site, held in sorted(open_reservations.items()):
            ladder = self._active.paths.ladder(origin, request.trunk_group, site, request.answered)
            ladder = without_failed(ladder, request.failed_ways)
            if held.origin_site != origin or ladder.missing or self.unusable(request.domain, site):
                continue
            row = self._network.table.row(site, held.queue)
            target = Target(
                site, held.queue, row, bool(held.agent), 0.0, ladder, held, agent=held.agent
            )
            choice.targets = [target, *(t for t in choice.targets if t.site != site)]
            choice.rules = ((HELD_BEFORE, "decided"), *choice.rules)
            choice.reason = HELD_BEFORE
            return
