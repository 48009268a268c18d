"""Tries paths by real test calls: a token from the target, an order to the origin, its outcome.

Rule of this file: only the leader tries, one test call a path at a time; every try ends, by its
outcome or by its time, and what it proved is told to `path_proofs`. A bad one is alarmed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nirc.core.actions import Action, KeepProof
from nirc.core.events import ProbePath, ProofsRead
from nirc.core.parts import Parts
from nirc.core.path_proofs import THROUGH, TO, proof_name
from nirc.core.paths import rung_of
from nirc.core.probe_targets import ProbeTargets
from nrcli.wire.messages import (
    ChannelClaim,
    MoveOutcome,
    Release,
    Reserve,
    ReserveGranted,
    ReserveRefusal,
    ReserveRefused,
    RouteAnswer,
    RouteOutcome,
    Rung,
    TransferMethod,
    TransferOutcome,
)
from routing_policies.document import ANY_SITE, PathDoc
from routing_policies.path_problems import by_number

START = "probe-"
NOT_TRIED = (ReserveRefusal.UNKNOWN_TARGET, ReserveRefusal.OVERLOAD, ReserveRefusal.NO_NUMBER)
"Refusals of a target that say nothing about the path."
ALARM = "path_probe_failed"
GRANT_S_MAX = 3.0
ROUND_S_MIN = 20.0
"A test call through the carrier goes out, comes in and is moved in this."
OLDER = "{site} is of a version that tries nothing through the carrier"
ENDED_KEPT = 200
NO_RUNG = Rung(method=TransferMethod.BRIDGE, path="", arrives_on="")
WORDS = {
    MoveOutcome.NO_ANSWER: "nobody answered",
    MoveOutcome.BUSY: "busy",
    MoveOutcome.ERROR: "the origin could not place it: its own settings or its site table do not"
    " allow the address, or no channel is free",
    MoveOutcome.REFUSED: "refused",
    MoveOutcome.SERVED_AT_HOME: "the origin's telephone system places no test calls",
    MoveOutcome.UNRESOLVED: "somebody else answered: the token did not reach the target",
}


@dataclass(slots=True)
class Probe:
    """One test call."""

    id: str
    path: str
    origin: str
    target: str
    domain: str
    rung: Rung
    trunk_group: str
    began_at_s: float
    until_s: float
    steps: list[str] = field(default_factory=list)
    state: str = "reserving"
    "reserving | calling | good | bad"
    problem: str = ""
    took_s: float = 0.0
    scheduled: bool = False
    method: str = ""
    "Through the carrier, by this; empty: a call by the origin itself."
    tried: bool = True
    "False: nothing was found out, for a site could not do it."
    one_of_many: bool = False
    "The path leads to all sites: what is proved is about the target alone."

    @property
    def proof(self) -> str:
        """What it is to prove, as `path_proofs` names it."""
        return proof_name(self.path, self.method)

    @property
    def place(self) -> str:
        """Where its alarm stands."""
        return f"{self.proof}{TO}{self.target}" if self.one_of_many else self.proof


class Probes:
    """Test calls under way, and the newest that ended."""

    __slots__ = ("_ended", "_open", "_parts", "_targets")

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._targets = ProbeTargets(parts)
        self._open: dict[str, Probe] = {}
        self._ended: dict[str, Probe] = {}

    def events(self) -> dict[type[Any], Callable[..., None]]:
        """What is heard of from outside the sites."""
        return {
            ProbePath: self.ask,
            ProofsRead: lambda event, now_s, out: self._parts.active.adopt_proofs(
                event.proved, now_s
            ),
        }

    def ask(self, event: ProbePath, now_s: float, out: list[Action]) -> None:
        """Somebody wants a path tried."""
        self._begin(event, now_s, out)

    def granted(self, site: str, message: ReserveGranted, now_s: float, out: list[Action]) -> bool:
        """The target expects the test call: the origin is told to place it."""
        probe = self._open.get(message.request_id)
        if not message.request_id.startswith(START):
            return False
        if probe is None or probe.target != site or probe.state != "reserving":
            return True
        if probe.rung.number_on and not message.number:
            self._end(probe, f"{site} lends no number: it is of an older version", now_s, out)
            return True
        leadership = self._parts.leadership
        answer = RouteAnswer(
            domain=probe.domain,
            epoch=leadership.epoch(probe.domain),
            request_id=probe.id,
            outcome=RouteOutcome.STAY,
            target_site=probe.target,
            token=message.token,
            number=message.number,
            rungs=(probe.rung,),
            expires_s=message.expires_s,
            probe_from=probe.trunk_group,
            probe_round=bool(probe.method),
        )
        told = f"{site} gave a token" + (f" and number {message.number}" if message.number else "")
        probe.steps.append(f"{told} after {now_s - probe.began_at_s:.2f} s")
        if leadership.command(probe.domain, probe.origin, answer, now_s, out):
            probe.state = "calling"
            way = f", through the carrier, and move it by {probe.method}" if probe.method else ""
            probe.steps.append(f"{probe.origin} was told to call from {probe.trunk_group}{way}")
        else:
            self._end(probe, f"{probe.origin} is not in reach", now_s, out)
        return True

    def refused(self, site: str, message: ReserveRefused, now_s: float, out: list[Action]) -> bool:
        """The target does not take the test call."""
        probe = self._open.get(message.request_id)
        if probe is not None and probe.target == site:
            detail = f": {message.detail}" if message.detail else ""
            problem = f"{site} refused: {message.reason.value}{detail}"
            self._end(probe, problem, now_s, out, tried=message.reason not in NOT_TRIED)
        return message.request_id.startswith(START)

    def outcome(self, site: str, message: TransferOutcome, now_s: float, out: list[Action]) -> bool:
        """The origin tells how the test call went."""
        probe = self._open.get(message.request_id)
        if probe is not None and probe.origin == site:
            probe.took_s = message.took_s
            unable = message.outcome is MoveOutcome.SERVED_AT_HOME
            if probe.method and not message.through_carrier and not unable:
                self._end(probe, OLDER.format(site=site), now_s, out, tried=False)
            elif message.outcome is MoveOutcome.ARRIVED:
                probe.steps.append(
                    f"{probe.target} answered after {message.took_s:.2f} s and knew it"
                )
                self._end(probe, "", now_s, out)
            else:
                status = f" ({message.sip_status})" if message.sip_status else ""
                words = WORDS.get(message.outcome, message.outcome.value) + status
                self._end(probe, message.detail or words, now_s, out, tried=not unable)
        return message.request_id.startswith(START)

    def sweep(self, now_s: float, out: list[Action]) -> None:
        """Ends what ran out of time, tries what is due, and lets old proofs go."""
        for probe in [one for one in self._open.values() if one.until_s <= now_s]:
            who = probe.target if probe.state == "reserving" else probe.origin
            why = "said nothing: is it in reach, and of a version that knows test calls?"
            self._end(probe, f"{who} {why}", now_s, out)
        active = self._parts.active
        if active.proofs.time(now_s):
            active.proofs_changed()
        self._schedule(now_s, out)

    def all(self) -> tuple[Probe, ...]:
        """Test calls under way and the newest that ended."""
        return (*self._ended.values(), *self._open.values())

    # ---- inner -------------------------------------------------------------------------------

    def _begin(self, event: ProbePath, now_s: float, out: list[Action]) -> None:
        parts, domain = self._parts, event.domain
        path = next((one for one in parts.active.all_paths() if one.name == event.path), None)
        target = self._targets.of(path, event.to_site) if path else ""
        probe = Probe(
            id=START + event.id,
            path=event.path,
            origin=path.spec.from_site if path else "",
            target=target,
            domain=domain,
            rung=_rung(path, event.method) if path else NO_RUNG,
            trunk_group=path.spec.trunk_group if path else "",
            began_at_s=now_s,
            until_s=now_s + GRANT_S_MAX,
            scheduled=event.scheduled,
            method=event.method,
            one_of_many=path is not None and path.spec.to_site == ANY_SITE,
        )
        problem = self._problem(path, probe, event, now_s)
        if problem or path is None:
            probe.state, probe.problem = "bad", problem or "no such path"
            self._keep(probe)
            return
        least_s = ROUND_S_MIN if event.method else 5.0
        expires_s = max(least_s, parts.settings.expires_p99_factor * path.spec.set_up_p99_s)
        reserve = Reserve(
            domain=domain,
            epoch=parts.leadership.epoch(domain),
            request_id=probe.id,
            interaction_id=probe.id,
            origin_site=probe.origin,
            service="",
            queue="",
            methods=(probe.rung.method,),
            channels=(ChannelClaim(trunk_group=path.spec.arrives_on, count=1),),
            expires_s=expires_s,
            number_on=probe.rung.number_on,
            number_only=bool(probe.rung.number_on),
            probe=True,
        )
        probe.until_s = now_s + GRANT_S_MAX + expires_s
        self._open[probe.id] = probe
        if not parts.leadership.command(domain, target, reserve, now_s, out):
            self._end(probe, f"{target} is not in reach", now_s, out)

    def _problem(self, path: PathDoc | None, probe: Probe, event: ProbePath, now_s: float) -> str:
        leadership = self._parts.leadership
        if path is None:
            return f"there is no path {event.path}: `nrcli paths` lists them"
        if event.method and event.method not in path.spec.methods:
            return f"its document does not name {event.method}"
        if event.method and event.method not in THROUGH:
            return f"{event.method} needs no carrier that follows it: try the path itself"
        if problem := self._targets.not_led_to(path, event.to_site):
            return problem
        if not leadership.leads(event.domain, now_s):
            leader = self._parts.knowledge.leader(event.domain, now_s).node
            return f"this node does not lead: ask {leader}" if leader else "nobody leads now"
        for site in (probe.origin, probe.target):
            if not leadership.usable(event.domain, site):
                there = ", ".join(sorted(leadership.acked_by(event.domain))) or "none"
                return f"site {site or '(none)'} is not in reach; in reach: {there}"
        if any(one.path == event.path for one in self._open.values()):
            return "it is being tried just now"
        return ""

    def _end(
        self, probe: Probe, problem: str, now_s: float, out: list[Action], *, tried: bool = True
    ) -> None:
        """With `tried` False a site could not do it: nothing was found out, nothing is alarmed."""
        parts = self._parts
        del self._open[probe.id]
        probe.state, probe.problem = ("bad", problem) if problem else ("good", "")
        probe.tried = tried
        self._keep(probe)
        proofs = parts.active.proofs
        if not tried:
            self._release(probe, now_s, out)
            if probe.scheduled:
                proofs.untried(probe.proof, now_s)
            return
        to = probe.target if probe.one_of_many else ""
        if problem:
            proofs.bad(probe.proof, problem, now_s, to)
            text = f"a test call from {probe.origin} to {probe.target}: {problem}"
            parts.alarms.raise_(ALARM, probe.place, text, out)
            self._release(probe, now_s, out)
        else:
            proofs.good(probe.proof, probe.took_s, now_s, to)
            parts.alarms.clear(ALARM, probe.place, out)
        epoch = parts.leadership.epoch(probe.domain)
        for name in dict.fromkeys((probe.proof, probe.place)):
            if proofs.of(name).tried_at_s is not None:
                kept = proofs.told_of(name, now_s)
                out.append(KeepProof(domain=probe.domain, epoch=epoch, proof=kept))
        parts.statistics.count("probes.bad" if problem else "probes.good")
        parts.active.proofs_changed()

    def _release(self, probe: Probe, now_s: float, out: list[Action]) -> None:
        """The target need not wait for the test call any longer."""
        leadership = self._parts.leadership
        release = Release(
            domain=probe.domain,
            epoch=leadership.epoch(probe.domain),
            request_id=probe.id,
            reason="test call over",
        )
        leadership.command(probe.domain, probe.target, release, now_s, out)

    def _keep(self, probe: Probe) -> None:
        self._ended[probe.id] = probe
        while len(self._ended) > ENDED_KEPT:
            del self._ended[next(iter(self._ended))]

    def _schedule(self, now_s: float, out: list[Action]) -> None:
        """The path that was tried longest ago, if it is due; one at a time. Through the carrier
        only what somebody had tried so."""
        settings, parts = self._parts.settings, self._parts
        every_s = settings.probe_every_s
        if not every_s or self._open or not parts.leadership.leads("default", now_s):
            return
        due: list[tuple[float, str, str]] = []
        paths = {path.name: path for path in parts.active.all_paths()}
        for path in paths.values():
            if path.spec.cost > 0 and not settings.probe_paths_that_cost:
                continue
            for method in ("", *THROUGH):
                tried_at_s = parts.active.proofs.of(proof_name(path.name, method)).tried_at_s
                if method and (tried_at_s is None or method not in path.spec.methods):
                    continue
                if tried_at_s is None or now_s - tried_at_s >= every_s:
                    due.append((tried_at_s or 0.0, path.name, method))
        for _, name, method in sorted(due)[:1]:
            self._targets.keep({proof_name(one, way) for one in paths for way in ("", *THROUGH)})
            to_site = self._targets.in_turn(paths[name], method)
            event = ProbePath(
                id=parts.new_id(), path=name, to_site=to_site, scheduled=True, method=method
            )
            self._begin(event, now_s, out)
            if not self._open:
                parts.active.proofs.untried(proof_name(name, method), now_s)


def _rung(path: PathDoc, through: str) -> Rung:
    """The rung that is tried: a test call is placed by the origin, whatever moves callers later;
    through the carrier it is moved as they are."""
    if through in THROUGH:
        return rung_of(TransferMethod(through), path)
    method = TransferMethod.TRANSLATION_ROUTE
    if not by_number(path) or method.value not in path.spec.methods:
        method = TransferMethod.BRIDGE
    return rung_of(method, path)
