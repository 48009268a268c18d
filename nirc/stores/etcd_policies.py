"""Carries out what is done to policies: publish, go back, shadow, canary, promote, stop, schedule.

Rule of this file: an act is judged whole and written in one transaction, or nothing changes; cases
run beside the node's own work, which never waits for them. What an act means is decided by
`version_acts`, whether it is allowed by `publish_checks`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from nirc.errors import DocumentRefusedError, PolicyConflictError
from nirc.stores.document_sets import POLICY, Change, Edit, Snapshot, check_whole
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_config import DocumentStore, Guard
from nirc.stores.policy_records import (
    EVENT_PREFIX,
    event_from,
    version_from,
    version_key,
)
from nirc.stores.publish_checks import PublishChecks
from routing_policies import version_acts as acts
from routing_policies.diff import diff
from routing_policies.document import DocumentError, NetworkDocuments, load_document
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.read_texts import ReadTexts
from routing_policies.versions import (
    NOT_KNOWN,
    Canary,
    HistoryEvent,
    Order,
    PolicyState,
    Scheduled,
    Step,
    Version,
    VersionChangedError,
    VersionRefusedError,
    told_canary,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of an act."""

    policy: str
    version: int
    "The version it is about; 0: none."
    live: int
    changed: bool
    told: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One policy and its state."""

    policy: str
    state: PolicyState
    in_use_here: int = 0
    "The live version that this node decides by; 0: none."


Act = Callable[["Sight"], Awaitable[Step]]


class PolicyStore:
    """Policies and their versions. Raises `DocumentRefusedError`, `PolicyConflictError` and, where
    etcd cannot do it, `StoreError`; nothing has changed then."""

    def __init__(
        self,
        *,
        client: EtcdClient,
        documents: DocumentStore,
        checks: PublishChecks,
        wall_unix_s: Callable[[], float],
    ) -> None:
        self._client = client
        self._documents = documents
        self._checks = checks
        self._wall_unix_s = wall_unix_s

    # ---- what is there -------------------------------------------------------------------------

    async def list_all(self) -> list[Known]:
        """Every policy that is or was there."""
        snapshot = await self._documents.snapshot()
        names = {key.removeprefix(POLICY) for key in snapshot.documents if key.startswith(POLICY)}
        return [self._known(snapshot, name) for name in sorted(names | set(snapshot.states))]

    async def get(self, policy: str) -> Known | None:
        """One policy."""
        known = self._known(await self._documents.snapshot(), policy)
        return known if known.state.newest else None

    async def history(self, policy: str) -> list[HistoryEvent]:
        """What happened to a policy, oldest first."""
        listing = await self._client.list_prefix(f"{EVENT_PREFIX}{policy}/")
        return [event_from(kv) for kv in listing.kvs]

    async def version(self, policy: str, number: int) -> Version:
        """One version of a policy."""
        sight = self._sight(await self._documents.snapshot(), policy)
        try:
            return await sight.version(number)
        except VersionRefusedError as error:
            raise DocumentRefusedError(POLICY + policy, error.problem, error.remedy) from error

    # ---- what can be done ----------------------------------------------------------------------

    async def publish(self, policy: str, text: str, order: Order, *, only_check: bool) -> Done:
        """A new version, live; with `only_check` all is judged and nothing changes."""
        kept_max = self._documents.versions_kept_max

        async def act(sight: Sight) -> Step:
            step = acts.publish(sight.state, text, order, kept_max=kept_max)
            await self._judge(sight, text, order)
            if sight.state.canary is not None:
                told = told_canary(sight.state.canary)
                sight.warnings.append(
                    f"the canary of version {sight.state.canary.version} still decides for {told}"
                )
            return Step(state=sight.state) if only_check else step

        return await self._act(policy, act)

    async def rollback(self, policy: str, to: int, order: Order) -> Done:
        """A new version that equals an old one, live; a freeze does not keep from it."""
        kept_max = self._documents.versions_kept_max

        async def act(sight: Sight) -> Step:
            version = await sight.version(
                to or _before_live(sight.state, await self.history(policy))
            )
            for one in sight.state.scheduled:
                sight.warnings.append(f"version {one.version} is still scheduled: stop it")
            return acts.rollback(sight.state, version, order, kept_max=kept_max)

        return await self._act(policy, act)

    async def shadow(self, policy: str, wanted: int | str, order: Order) -> Done:
        """A version (its number, or a new text) decides beside the live one."""

        async def act(sight: Sight) -> Step:
            first, number, text = await self._wanted(sight, wanted, order)
            await self._judge(sight, text, order, frozen=False)
            return acts.then(first, acts.shadow(first.state, number, text, order))

        return await self._act(policy, act)

    async def canary(
        self, policy: str, wanted: int | str, part: Canary, order: Order, *, forced: str = ""
    ) -> Done:
        """A version decides for a part of the calls; `part.version` is not looked at."""

        async def act(sight: Sight) -> Step:
            first, number, text = await self._wanted(sight, wanted, order)
            documents = await self._judge(sight, text, order)
            _check_part(documents, policy, part)
            shared = self._checks.shared_agents(documents, policy, part, forced)
            sight.warnings += shared
            chosen = Canary(
                version=number, sites=part.sites, services=part.services, share=part.share
            )
            told = forced if shared else ""
            return acts.then(first, acts.canary(first.state, chosen, text, order, forced=told))

        return await self._act(policy, act)

    async def promote(self, policy: str, version: int, order: Order) -> Done:
        """The canary, else the shadow, or a stored version becomes live; 0: which one there is."""

        async def act(sight: Sight) -> Step:
            state = sight.state
            number = version or (state.canary.version if state.canary else state.shadow)
            if not number:
                told = "there is neither a canary nor a shadow to promote"
                raise VersionRefusedError(told, "name a version by --version")
            text = (await sight.version(number)).text
            await self._judge(sight, text, order)
            return acts.promote(state, text, order, version=number)

        return await self._act(policy, act)

    async def stop(self, policy: str, what: frozenset[str], order: Order) -> Done:
        """End a shadow, a canary, or scheduled activations."""

        async def act(sight: Sight) -> Step:
            return acts.stop(sight.state, what, order)

        return await self._act(policy, act)

    async def schedule(
        self, policy: str, wanted: int | str, at_unix_s: float, order: Order
    ) -> Done:
        """A version becomes live at a time."""

        async def act(sight: Sight) -> Step:
            first, number, text = await self._wanted(sight, wanted, order)
            documents = await self._judge(sight, text, order, frozen=False)
            self._checks.freeze(documents, policy, order, at_unix_s)
            step = acts.schedule(first.state, number, at_unix_s, told_time(at_unix_s), order)
            return acts.then(first, step)

        return await self._act(policy, act)

    def due(self) -> list[tuple[str, Scheduled]]:
        """Activations whose time has come, as far as this node knows."""
        now_unix_s = self._wall_unix_s()
        found = (
            (name, acts.due(state, now_unix_s)) for name, state in self._documents.states.items()
        )
        return [(name, one) for name, one in found if one is not None]

    async def activate(self, policy: str, one: Scheduled) -> Done:
        """Carry a due activation out; once, whoever else does so at the same time."""

        async def act(sight: Sight) -> Step:
            if one not in sight.state.scheduled:
                return Step(state=sight.state)
            now_unix_s = self._wall_unix_s()
            order = Order(
                author=one.author,
                reason=one.reason,
                at_unix_s=now_unix_s,
                override_freeze=one.override_freeze,
            )
            text = refused = ""
            try:
                text = (await sight.version(one.version)).text
                await self._judge(sight, text, order)
            except (DocumentRefusedError, DocumentError, VersionRefusedError) as error:
                refused = str(error)
            return acts.activate(sight.state, one, text, now_unix_s, refused=refused)

        return await self._act(policy, act)

    # ---- how an act is carried out -------------------------------------------------------------

    async def _act(self, policy: str, act: Act) -> Done:
        warnings: list[str] = []

        async def wanted(snapshot: Snapshot) -> Edit:
            warnings.clear()
            sight = self._sight(snapshot, policy)
            sight.warnings = warnings
            step = await act(sight)
            if not step.events:
                return Edit(steps={policy: step})
            text = step.live_text
            changes = () if text is None else (Change(key=POLICY + policy, text=text),)
            return Edit(changes=changes, steps={policy: acts.then(sight.before, step)})

        try:
            edit, _ = await self._documents.edit(wanted)
        except VersionChangedError as error:
            raise await self._conflict(policy, error) from error
        except VersionRefusedError as error:
            raise DocumentRefusedError(POLICY + policy, error.problem, error.remedy) from error
        except DocumentError as error:
            raise DocumentRefusedError(POLICY + policy, str(error)) from error
        step = edit.steps[policy]
        version = step.events[-1].version if step.events else step.state.live
        return Done(
            policy=policy,
            version=version,
            live=step.state.live,
            changed=bool(step.events),
            told=tuple(event.told for event in step.events),
            warnings=tuple(warnings),
        )

    async def _judge(
        self, sight: "Sight", text: str, order: Order, *, frozen: bool = True
    ) -> NetworkDocuments:
        """The set as if the text were live, all checks passed."""
        policy = sight.policy
        change = Change(key=POLICY + policy, text=text)
        state = acts.publish(sight.state, text, Order(author="", reason="", at_unix_s=0.0))
        edit = Edit(changes=(change,), steps={policy: state})
        documents = check_whole(sight.snapshot, edit, self._documents.read)
        sight.warnings += await asyncio.to_thread(self._checks.text, policy, text)
        sight.warnings += self._checks.unused(documents, policy)
        compiled = documents.policies[policy].live
        sight.warnings += self._checks.queues(policy, compiled.names, text)
        if frozen:
            self._checks.freeze(documents, policy, order, self._wall_unix_s())
        return documents

    async def _wanted(
        self, sight: "Sight", wanted: int | str, order: Order
    ) -> tuple[Step, int, str]:
        """A version by its number, or a new one of a text: step, number, text."""
        if isinstance(wanted, int):
            return Step(state=sight.state), wanted, (await sight.version(wanted)).text
        kept_max = self._documents.versions_kept_max
        step, number = acts.store(sight.state, wanted, order, kept_max=kept_max)
        return step, number, wanted

    async def _conflict(self, policy: str, error: VersionChangedError) -> PolicyConflictError:
        """Who changed what since."""
        sight = self._sight(await self._documents.snapshot(), policy)
        lines = [str(error)]
        for event in await self.history(policy):
            if event.live > error.seen or event.live == sight.state.live:
                who = f"{event.author or NOT_KNOWN} at {told_time(event.at_unix_s)}"
                lines.append(f"  {event.told}, by {who}: {event.reason or 'no reason given'}")
        try:
            old, new = await sight.version(error.seen), await sight.version(sight.state.live)
            lines += [f"  {line}" for line in _differences(old.text, new.text)]
        except (VersionRefusedError, DocumentError, DocumentRefusedError):
            pass
        return PolicyConflictError(policy, error.seen, error.live, "\n".join(lines))

    def _known(self, snapshot: Snapshot, policy: str) -> Known:
        return Known(
            policy=policy,
            state=self._sight(snapshot, policy).state,
            in_use_here=self._documents.in_use.get(policy, 0),
        )

    def _sight(self, snapshot: Snapshot, policy: str) -> "Sight":
        before = snapshot.state_of(policy, self._wall_unix_s())
        return Sight(self._client, snapshot, policy, before)


def policy_guard(checks: PublishChecks, read: ReadTexts, wall_unix_s: Callable[[], float]) -> Guard:
    """What keeps a policy from coming in as a plain document where it could not be published."""

    async def judge(snapshot: Snapshot, edit: Edit, order: Order) -> None:
        changed = [name for name, step in edit.steps.items() if step.events]
        if not changed:
            return
        documents = check_whole(snapshot, edit, read)
        for policy in changed:
            text = edit.steps[policy].live_text
            if text is not None:
                await asyncio.to_thread(checks.cases, policy, text)
            checks.freeze(documents, policy, order, wall_unix_s())

    return judge


class Sight:
    """One policy as it is while an act is thought of."""

    def __init__(self, client: EtcdClient, snapshot: Snapshot, policy: str, before: Step) -> None:
        self._client = client
        self.snapshot = snapshot
        self.policy = policy
        self.before = before
        self.state = before.state
        self.warnings: list[str] = []

    async def version(self, number: int) -> Version:
        """One version. Raises VersionRefusedError."""
        for made in self.before.versions:
            if made.number == number:
                return made
        found = await self._client.get(version_key(self.policy, number))
        if found is None:
            told = f"there is no version {number}"
            raise VersionRefusedError(told, "`nrcli policy history` lists them")
        return version_from(found)


def _before_live(state: PolicyState, history: Sequence[HistoryEvent]) -> int:
    """The version that was live before the present one. Raises VersionRefusedError."""
    for event in reversed(history):
        if event.live not in (0, state.live) and state.keeps(event.live):
            return event.live
    told = "no version was live before this one"
    raise VersionRefusedError(told, "`nrcli policy history` lists them")


def told_time(unix_s: float) -> str:
    """A wall time for people."""
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _check_part(documents: NetworkDocuments, policy: str, part: Canary) -> None:
    """Sites and services that a canary names are there. Raises DocumentRefusedError."""
    for kind, names, known in (
        ("Site", part.sites, documents.sites.keys()),
        ("NetworkService", part.services, documents.services.keys()),
    ):
        for name in names:
            if name not in known:
                remedy = f"there are: {', '.join(sorted(known)) or 'none'}"
                raise DocumentRefusedError(POLICY + policy, f"there is no {kind} {name}", remedy)


def _differences(old: str, new: str) -> list[str]:
    before, after = (load_document(text, source="version") for text in (old, new))
    assert isinstance(before, RoutingPolicyDoc) and isinstance(after, RoutingPolicyDoc)
    return diff(before, after)
