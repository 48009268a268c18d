"""Rules of the router's core, taken out one at a time; some have their counterpart at the sites."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mutants import Mutant, Patch, instead
from mutants_at_sites import _books_blindly, token_from_memory

from nirc.core.actions import Action
from nirc.core.attached_data import AttachedData
from nirc.core.choice import Target
from nirc.core.choose_site import SiteChoice
from nirc.core.open_request import OpenRequest
from nirc.core.overload import Admission
from nirc.core.reservations import Reservations
from nirc.core.router import Router
from nrcli.wire.messages import ReserveGranted, RouteRequest
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
    def token(self: Admission, site: str, now_s: float, *, again: bool) -> bool:
        return bool(original(self, "", now_s, again=again))

    return token


def _anywhere(original: Any) -> Any:
    def question(self: SiteChoice, origin: str, request: RouteRequest, *args: Any, **named: Any) -> Any:
        return original(self, origin, replace(request, visited_sites=()), *args, **named)

    return question


def _any_data(original: Any) -> Any:
    """The newest data at hand, whoever's it is."""

    def inline(self: AttachedData, request: RouteRequest) -> bytes:
        if not request.data_version or not self._cache:
            return b""
        return self._cache[next(reversed(self._cache))][0].data

    return inline


AT_NODES = (
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
