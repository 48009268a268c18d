"""The part of a node's HTTP API about policies: what there is, what can be done, dry runs.

Rule of this file: it translates between HTTP and `PolicyStore`; it judges nothing. `If-Match` with
a policy's ETag binds an act to the live version that its author saw, as `if_version` does.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from nirc.errors import DocumentRefusedError
from nirc.links.api_server import bound
from nirc.links.etags import if_match_revision, revision_etag
from nirc.links.problems import json_answer, problem
from nirc.stores.etcd_policies import Done, Known
from nirc.stores.policy_records import AT_UNIX_S_MAX
from nrcli.wire import policy_models as models
from nrcli.wire.api_models import Decision
from routing_policies.shapes import NAME_IN_WORDS, is_name
from routing_policies.versions import Canary, HistoryEvent, Order, Version, told_canary

A = TypeVar("A", bound=models._Act)


class PolicyKeeper(Protocol):
    """Where policies are kept."""

    async def list_all(self) -> list[Known]:
        """Every policy."""

    async def get(self, policy: str) -> Known | None:
        """One policy."""

    async def history(self, policy: str) -> list[HistoryEvent]:
        """What happened to it."""

    async def version(self, policy: str, number: int) -> Version:
        """One version."""

    async def publish(self, policy: str, text: str, order: Order, *, only_check: bool) -> Done:
        """Make a text live."""

    async def rollback(self, policy: str, to: int, order: Order) -> Done:
        """Go back."""

    async def shadow(self, policy: str, wanted: int | str, order: Order) -> Done:
        """Decide beside."""

    async def canary(
        self, policy: str, wanted: int | str, part: Canary, order: Order, *, forced: str = ""
    ) -> Done:
        """Decide a part."""

    async def promote(self, policy: str, version: int, order: Order) -> Done:
        """Make it live for all."""

    async def stop(self, policy: str, what: frozenset[str], order: Order) -> Done:
        """End what is not live."""

    async def schedule(
        self, policy: str, wanted: int | str, at_unix_s: float, order: Order
    ) -> Done:
        """Make it live at a time."""


class DryRunner(Protocol):
    """Decides a call that is not moved."""

    async def dry_run(self, wanted: models.DryRun) -> Decision:
        """The decision with its reasons. Raises DocumentRefusedError."""


class PoliciesHttp:
    """Handlers; `routes` are added to the node's API, whose guard is before them."""

    def __init__(
        self,
        keeper: PolicyKeeper,
        runner: DryRunner,
        wall_unix_s: Callable[[], float],
        counters: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._keeper = keeper
        self._runner = runner
        self._wall_unix_s = wall_unix_s
        self._counters = counters

    def routes(self) -> Sequence[web.RouteDef]:
        """All of them."""
        return bound(
            {
                "listPolicies": self._list,
                "getPolicy": self._get,
                "listPolicyEvents": self._history,
                "getPolicyVersion": self._version,
                "publishPolicy": self._publish,
                "rollbackPolicy": self._rollback,
                "shadowPolicy": self._shadow,
                "canaryPolicy": self._canary,
                "promotePolicy": self._promote,
                "stopPolicy": self._stop,
                "schedulePolicy": self._schedule,
                "dryRun": self._dry_run,
            }
        )

    # ---- what there is -------------------------------------------------------------------------

    async def _list(self, _request: web.Request) -> web.Response:
        known = await self._keeper.list_all()
        counters = self._counters()
        return _json(models.Policies(policies=tuple(status_of(one, counters) for one in known)))

    async def _get(self, request: web.Request) -> web.Response:
        policy = request.match_info["policy"]
        known = await self._keeper.get(policy) if is_name(policy) else None
        if known is None:
            told = f"no policy {policy[:80]}"
            return problem(404, told, remedy="`nrcli policy list` lists them")
        return _json(status_of(known, self._counters()), revision_etag(known.state.live))

    async def _history(self, request: web.Request) -> web.Response:
        policy = _name(request)
        events = await self._keeper.history(policy)
        told = tuple(event_of(event) for event in events)
        return _json(models.PolicyHistory(policy=policy, events=told))

    async def _version(self, request: web.Request) -> web.Response:
        policy, text = _name(request), request.match_info["version"]
        if not (text.isdecimal() and len(text) < 9):
            raise DocumentRefusedError("version", f"{text[:20]} is no version", "a whole number")
        found = await self._keeper.version(policy, int(text))
        return _json(version_of(policy, found), revision_etag(found.number))

    # ---- what can be done ----------------------------------------------------------------------

    async def _publish(self, request: web.Request) -> web.Response:
        act = await self._read(request, models.PublishPolicy)
        order = self._order(act)
        done = await self._keeper.publish(
            _name(request), act.text, order, only_check=act.only_check
        )
        return _done(done)

    async def _rollback(self, request: web.Request) -> web.Response:
        act = await self._read(request, models.RollbackPolicy)
        return _done(await self._keeper.rollback(_name(request), act.to_version, self._order(act)))

    async def _shadow(self, request: web.Request) -> web.Response:
        act = await self._read(request, models.ShadowPolicy)
        return _done(await self._keeper.shadow(_name(request), _wanted(act), self._order(act)))

    async def _canary(self, request: web.Request) -> web.Response:
        act = await self._read(request, models.CanaryPolicy)
        part = Canary(version=0, sites=act.sites, services=act.services, share=act.share)
        done = await self._keeper.canary(
            _name(request), _wanted(act), part, self._order(act), forced=act.force
        )
        return _done(done)

    async def _promote(self, request: web.Request) -> web.Response:
        act = await self._read(request, models.PromotePolicy)
        return _done(await self._keeper.promote(_name(request), act.version, self._order(act)))

    async def _stop(self, request: web.Request) -> web.Response:
        act = await self._read(request, models.StopPolicy)
        what = frozenset(name for name in ("shadow", "canary", "schedule") if getattr(act, name))
        if not what:
            told = "nothing is named"
            raise DocumentRefusedError("stop", told, "name shadow, canary or schedule")
        return _done(await self._keeper.stop(_name(request), what, self._order(act)))

    async def _schedule(self, request: web.Request) -> web.Response:
        act = await self._read(request, models.SchedulePolicy)
        if not 0 < act.at_unix_s < AT_UNIX_S_MAX:
            raise DocumentRefusedError("at_unix_s", "is no time", "seconds since 1970")
        done = await self._keeper.schedule(
            _name(request), _wanted(act), act.at_unix_s, self._order(act)
        )
        return _done(done)

    async def _dry_run(self, request: web.Request) -> web.Response:
        wanted = TypeAdapter(models.DryRun).validate_json(await request.read())
        return _json(await self._runner.dry_run(wanted))

    # ---- requests ------------------------------------------------------------------------------

    async def _read(self, request: web.Request, model: type[A]) -> A:
        act = model.model_validate_json(await request.read())
        seen = if_match_revision(request.headers)
        if seen is not None and act.if_version is None:
            return act.model_copy(update={"if_version": seen})
        return act

    def _order(self, act: models._Act) -> Order:
        return Order(
            author=act.author,
            reason=act.reason,
            at_unix_s=self._wall_unix_s(),
            if_version=act.if_version,
            override_freeze=act.override_freeze,
        )


def status_of(known: Known, counters: Mapping[str, int]) -> models.PolicyStatus:
    """One policy in the API's words, with what this node's router counted."""
    state = known.state
    shadow = f"shadow.{known.policy}.{state.shadow}"
    canary = state.canary
    return models.PolicyStatus(
        policy=known.policy,
        live=state.live,
        newest=state.newest,
        in_use_here=known.in_use_here,
        shadow=state.shadow,
        shadow_same_count=counters.get(f"{shadow}.same", 0),
        shadow_differs_count=counters.get(f"{shadow}.differs", 0),
        canary=None
        if canary is None
        else models.CanaryPart(
            version=canary.version,
            sites=canary.sites,
            services=canary.services,
            share=canary.share,
            told=told_canary(canary),
        ),
        scheduled=tuple(
            models.ScheduledVersion(
                version=one.version, at_unix_s=one.at_unix_s, author=one.author, reason=one.reason
            )
            for one in state.scheduled
        ),
    )


def event_of(event: HistoryEvent) -> models.PolicyEvent:
    """One line of history in the API's words."""
    fields = models.PolicyEvent.model_fields
    return models.PolicyEvent(**{name: getattr(event, name) for name in fields})


def version_of(policy: str, version: Version) -> models.PolicyVersion:
    """One version in the API's words."""
    return models.PolicyVersion(
        policy=policy,
        version=version.number,
        text=version.text,
        author=version.author,
        reason=version.reason,
        published_at_unix_s=version.published_at_unix_s,
        action=version.action,
        equals=version.equals,
    )


def _done(done: Done) -> web.Response:
    fields = models.PolicyDone.model_fields
    answer = models.PolicyDone(**{name: getattr(done, name) for name in fields})
    return _json(answer, revision_etag(done.live))


def _wanted(act: models.ShadowPolicy) -> int | str:
    """A kept version, or a new text; exactly one of them."""
    if (act.version is None) == (act.text is None):
        raise DocumentRefusedError("version", "give a version or a text, one of them")
    return act.version if act.text is None else act.text  # type: ignore[return-value]


def _name(request: web.Request) -> str:
    name = request.match_info["policy"]
    if not is_name(name):
        raise DocumentRefusedError(name[:80], "is no name of a policy", NAME_IN_WORDS)
    return name


def _json(answer: BaseModel, etag: str = "") -> web.Response:
    return json_answer(answer, headers={"ETag": etag} if etag else None)
