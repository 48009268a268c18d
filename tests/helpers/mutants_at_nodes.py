"""Rules of the router's core, taken out one at a time; some have their counterpart at the sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mutants import Mutant, Patch, instead
from mutants_at_sites import _books_blindly, token_from_memory

from nirc.core.actions import Action, SendToSite
from nirc.core.attached_data import AttachedData
from nirc.core.choice import Target
from nirc.core.choose_site import SiteChoice
from nirc.core.events import WallTimeRead
from nirc.core.failsafe import Failsafe
from nirc.core.leadership import Leadership
from nirc.core.match import Match
from nirc.core.open_request import OpenRequest
from nirc.core.overload import Admission
from nirc.core.reservations import Reservations
from nirc.core.router import Router
from nirc.core.site_state import Change, SiteState
from nrcli.wire.messages import FailsafeAnswer, ReserveGranted, RouteRequest, StateSnapshot
from routing_policies.rollout import PolicyVersions
from site_agent.core import arrival_data, lending_rules
from site_agent.core.target_holds import TargetHolds


def _answers_at_once(original: Any) -> Any:
    """The leader takes its own picture for the target's word."""

    def ask(
        self: Reservations, request: OpenRequest, target: Target, now_s: float, out: list[Action]
    ) -> None:
        original(self, request, target, now_s, out)
        message = request.request
        if self._open.get(message.request_id) is not request or request.asked is not target:
            return
        grant = ReserveGranted(
            domain=message.domain,
            epoch=self._parts.leadership.epoch(message.domain),
            request_id=message.request_id,
            token=token_from_memory(message.request_id),
            queue=target.queue,
            agent=target.agent,
            expires_s=target.ladder.expires_s,
        )
        self._move(request, grant, now_s, out)

    return ask


def _suspends_nobody(original: Any) -> Any:
    def init(self: Router, **parts: Any) -> None:
        parts["settings"] = replace(parts["settings"], hole_outcomes_min=10**9)
        original(self, **parts)

    return init


def _one_bucket_for_all(original: Any) -> Any:
    def token(
        self: Admission, whose: tuple[str, str], now_s: float, *args: Any, again: bool
    ) -> bool:
        return bool(original(self, (whose[0], ""), now_s, *args, again=again))

    return token


def _anywhere(original: Any) -> Any:
    def question(
        self: SiteChoice, origin: str, request: RouteRequest, *args: Any, **named: Any
    ) -> Any:
        return original(self, origin, replace(request, visited_sites=()), *args, **named)

    return question


def _any_data(original: Any) -> Any:
    """The newest data at hand, whoever's it is."""

    def inline(self: AttachedData, request: RouteRequest) -> bytes:
        if not request.data_version or not self._cache:
            return b""
        return self._cache[next(reversed(self._cache))][0].data

    return inline


def _one_grant_is_enough(original: Any) -> Any:
    def answered(
        self: Failsafe, node: str, message: FailsafeAnswer, now_s: float, out: list[Action]
    ) -> None:
        found = self._rounds.get(message.domain)
        if found is not None and message.granted and message.round == found.number:
            self._agreed(message.domain, found, now_s, out)

    return answered


class _Wall:
    """How far each node's clock on the wall is from where it began, by its leadership."""

    def __init__(self) -> None:
        self._first: dict[int, float] = {}
        self._jumped: dict[int, float] = {}

    def read(self, original: Any) -> Any:
        def handle(router: Router, event: Any, now_s: float) -> Any:
            if isinstance(event, WallTimeRead):
                key, offset_s = id(router._parts.leadership), event.unix_s - now_s
                self._jumped[key] = offset_s - self._first.setdefault(key, offset_s)
            return original(router, event, now_s)

        return handle

    def of(self, leadership: Leadership) -> float:
        return self._jumped.get(id(leadership), 0.0)


def _by_wall_clock() -> tuple[Patch, ...]:
    """The leader's time is told by the clock on the wall."""
    wall = _Wall()

    def lease(original: Any) -> Any:
        def told(self: Leadership, event: Any, *rest: Any) -> Any:
            *before, now_s, out = rest
            late_s = wall.of(self)
            event = replace(event, sent_at_s=event.sent_at_s + late_s)
            return original(self, event, *before, now_s + late_s, out)

        return told

    def command(original: Any) -> Any:
        def told(self: Leadership, *args: Any) -> bool:
            *words, now_s, out = args
            late_s = wall.of(self)
            sent = bool(original(self, *words, now_s + late_s, out))
            if sent and isinstance(out[-1], SendToSite) and out[-1].not_after_s is not None:
                out[-1] = replace(out[-1], not_after_s=out[-1].not_after_s - late_s)
            return sent

        return told

    def asked(original: Any) -> Any:
        def told(self: Leadership, *args: Any) -> Any:
            place = next(n for n, arg in enumerate(args) if isinstance(arg, float))
            late_s = wall.of(self)
            return original(self, *args[:place], args[place] + late_s, *args[place + 1 :])

        return told

    return (
        Patch(owner=Router, name="handle", make=wall.read),
        Patch(owner=Leadership, name="won", make=lease),
        Patch(owner=Leadership, name="confirmed", make=lease),
        Patch(owner=Leadership, name="command", make=command),
        *(
            Patch(owner=Leadership, name=name, make=asked)
            for name in ("expire", "leads", "leading")
        ),
    )


def _half_switched(original: Any) -> Any:
    """Calls of one half go on with the first version that was ever in use."""
    first: dict[str, Any] = {}

    def deciding(self: PolicyVersions, site: str, service: str, share: float) -> Any:
        begun = first.setdefault(self.live.name, self.live)
        return (begun, "live") if share < 0.5 else original(self, site, service, share)

    return deciding


def _any_incarnation(original: Any) -> Any:
    def snapshot(self: SiteState, message: StateSnapshot) -> Any:
        return original(self, replace(message, incarnation=self.incarnation))

    return snapshot


def _knows_the_queue_while_leading(original: Any) -> Any:
    def reported(
        self: Match, site: str, changes: Iterable[Change], now_s: float, out: list[Action]
    ) -> None:
        if self._parts.leadership.leading(now_s):
            original(self, site, changes, now_s, out)

    return reported


AT_NODES = (
    Mutant(
        name="deadline_by_wall_clock",
        without="a leader's time is told by boot time",
        found_by="two lead",
        patches=_by_wall_clock(),
        cases="elections",
    ),
    Mutant(
        name="failsafe_by_some",
        without="a leader goes on without etcd only while every node agrees",
        found_by="two lead",
        patches=(Patch(owner=Failsafe, name="answered", make=_one_grant_is_enough),),
        cases="elections",
    ),
    Mutant(
        name="policy_half_switched",
        without="a decision is made by a version in use",
        found_by="S11",
        patches=(Patch(owner=PolicyVersions, name="deciding", make=_half_switched),),
        cases="policies",
    ),
    Mutant(
        name="booked_from_memory",
        without="the target itself grants what is held",
        found_by="S1",
        patches=(
            Patch(owner=Reservations, name="_ask", make=_answers_at_once),
            Patch(owner=TargetHolds, name="reserve", make=_books_blindly),
            Patch(owner=TargetHolds, name="refused", make=lambda _: lambda *args: None),
        ),
    ),
    Mutant(
        name="snapshot_of_any_start",
        without="a site's state is that of its newest start",
        found_by="S8",
        patches=(Patch(owner=SiteState, name="snapshot", make=_any_incarnation),),
        cases="late states",
    ),
    Mutant(
        name="queue_of_the_leader",
        without="every node knows who waits in the network queue, whoever leads",
        found_by="entry lost",
        patches=(Patch(owner=Match, name="reported", make=_knows_the_queue_while_leading),),
        cases="queues",
    ),
    Mutant(
        name="nobody_suspended",
        without="a queue that hangs up at once gets no more calls",
        found_by="S14",
        patches=(Patch(owner=Router, name="__init__", make=_suspends_nobody),),
        cases="hole",
    ),
    Mutant(
        name="one_bucket_for_all",
        without="each site asks on its own account",
        found_by="L5",
        patches=(Patch(owner=Admission, name="_token", make=_one_bucket_for_all),),
        cases="flood",
    ),
    Mutant(
        name="ping_pong",
        without="a caller is moved at most twice without a person's answer, nowhere twice",
        found_by="hops",
        patches=(
            Patch(owner=SiteChoice, name="hops_spent", make=lambda _: lambda self, request: ""),
            Patch(owner=SiteChoice, name="question", make=_anywhere),
            Patch(owner=lending_rules, name="_over_budget", make=lambda _: lambda *args: False),
        ),
    ),
    Mutant(
        name="anybodys_data",
        without="data are the caller's own, by their seal",
        found_by="S6",
        patches=(
            Patch(owner=AttachedData, name="inline", make=_any_data),
            Patch(owner=arrival_data, name="is_whole", make=instead(lambda data, _: bool(data))),
        ),
    ),
)
