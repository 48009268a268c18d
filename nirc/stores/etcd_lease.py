"""Elects the leader of one routing domain: who holds a key of etcd on a lease.

Rule of this file: it tells the core what etcd said and when it was asked, and decides nothing about
calls. A keepalive counts from the moment it was *sent*. A write whose outcome is unknown is settled
by reading. The key falls with its lease; a resignation revokes the lease, so that others need not
wait for it to expire.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from nirc.core.events import CampaignWon, Event, KeepaliveConfirmed, LeaderObserved, LeadershipLost
from nirc.errors import LeaseGoneError, StoreError, StoreUnavailableError, UncertainError
from nirc.stores.election_promises import ElectionPromises
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_mirror import EtcdMirror
from nirc.stores.etcd_values import Check, KeyValue, Lease, Put
from nrcli.wire.messages import NO_EPOCH, Epoch

log = logging.getLogger(__name__)

LEADER_PREFIX = "/nirc/leader/"
GENERATION_PREFIX = "/nirc/generation/"
ELECTION_LOOK_S = 60.0
"Who waits for the key to fall looks by itself this often, besides at every change."


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionSettings:
    """How long a leader is believed."""

    ttl_s: int = 2
    "Time to live of the lease; must exceed an etcd election and a keepalive."
    wait_first_ttl: bool = False
    "Do not campaign in the first TTL after start (for failsafe mode)."
    resign_s_max: float = 1.5
    "Longest time a resignation may take before it is left to the lease."


class _Ask(Enum):
    """What the core or the operator wants of a leader in office."""

    NOTHING = ""
    STEP_DOWN = "stepped down"
    RAISE = "generation raised"


class Election:
    """One domain's election as seen by one node. `run` until cancelled, `resign` before the end."""

    def __init__(
        self,
        *,
        client: EtcdClient,
        node: str,
        domain: str,
        settings: ElectionSettings,
        post: Callable[[Event], object],
        now_s: Callable[[], float],
    ) -> None:
        self._client = client
        self._node = node
        self._domain = domain
        self._settings = settings
        self._post = post
        self._now_s = now_s
        self._mirror = EtcdMirror(client, self._key, self._leader_changed, relist_s=15.0)
        self._holder: KeyValue | None = None
        self._known_generation = 0
        "The highest that etcd ever named: an etcd that was wiped must not give epochs twice."
        self._told_revision = 0
        "How far etcd has told us since we took office."
        self._changed = asyncio.Event()
        self._lease: Lease | None = None
        self._ask = _Ask.NOTHING
        self._above = NO_EPOCH
        self._stands_aside = False
        self.promises = ElectionPromises(now_s)
        "What was promised to a leader without etcd, or by all to this one."

    @property
    def _key(self) -> str:
        return LEADER_PREFIX + self._domain

    @property
    def leader(self) -> str:
        """The node that etcd names; empty when nobody holds the key."""
        return _node_of(self._holder) if self._holder is not None else ""

    async def run(self) -> None:
        """Campaign, lead, lose, campaign again; until cancelled."""
        mirror = asyncio.create_task(self._mirror.run(), name=f"leader-key-{self._domain}")
        try:
            if self._settings.wait_first_ttl:
                await asyncio.sleep(self._settings.ttl_s)
            while True:
                try:
                    await self._one_round()
                except StoreError as error:
                    log.debug("election of %s: %s", self._domain, error)
                    await asyncio.sleep(0.3)
        finally:
            mirror.cancel()
            with suppress(asyncio.CancelledError):
                await mirror

    async def resign(self, reason: str) -> None:
        """Give the key back at once and campaign no more: others lead within milliseconds."""
        self._stands_aside = True
        await self._give_back(reason)
        self._changed.set()

    def stand_aside(self, aside: bool = True) -> None:
        """Campaign no more (drain), or again; a leader in office goes on until it is told to step
        down."""
        self._stands_aside = aside
        self._changed.set()

    def step_down(self, reason: str) -> None:
        """Give the key back now; after one TTL campaign again, unless standing aside."""
        log.info("stepping down as leader of %s: %s", self._domain, reason)
        self._ask = _Ask.STEP_DOWN
        self._changed.set()

    def raise_generation(self, above: Epoch) -> None:
        """Raise etcd's generation above `above`, and elect again."""
        self._ask, self._above = _Ask.RAISE, above
        self._changed.set()

    async def revoke_dead(self, leader: str) -> bool:
        """End the lease of a leader whose process is known to be dead; whether it was revoked.

        Epochs keep this safe; it only shortens the wait. The caller limits how often.
        """
        holder = self._holder
        if holder is None or _node_of(holder) != leader or leader == self._node:
            return False
        if self.promises.is_held:
            return False
        try:
            await self._client.lease_revoke(holder.lease_id)
        except StoreError as error:
            log.info("the lease of %s could not be revoked: %s", leader, error)
            return False
        log.warning("revoked the lease of %s, whose process is gone", leader)
        return True

    # ---- campaigning ---------------------------------------------------------------------------

    async def _one_round(self) -> None:
        while self._holder is not None or self._stands_aside or self.promises.is_held:
            await self._wait_for_change(self.promises.held_s or ELECTION_LOOK_S)
        with self.promises.campaigning():
            generation = await self._generation()
            asked_at_s = self._now_s()
            lease = await self._client.lease_grant(self._settings.ttl_s)
            self._lease = lease
            revision = await self._take_key(lease, generation)
            if revision is None or self._stands_aside:
                await self._client.lease_revoke(lease.lease_id)
                self._lease = None
                await self._wait_for_change(0.2)
                return
            epoch = Epoch(generation=generation.value, revision=revision)
            log.info("leading %s with epoch %d.%d", self._domain, epoch.generation, epoch.revision)
            self._ask = _Ask.NOTHING
            self._post(
                CampaignWon(
                    domain=self._domain, epoch=epoch, sent_at_s=asked_at_s, ttl_s=lease.ttl_s
                )
            )
            await self._lead(lease, revision, asked_at_s)

    async def _take_key(self, lease: Lease, generation: "_Generation") -> int | None:
        """The create revision of the key if it is ours now."""
        value = json.dumps({"node": self._node, "generation": generation.value}).encode()
        checks = [
            Check(key=self._key, create_revision=0),
            Check(key=GENERATION_PREFIX + self._domain, mod_revision=generation.revision),
        ]
        put = Put(key=self._key, value=value, lease_id=lease.lease_id)
        try:
            result = await self._client.txn(checks, [put])
            return result.revision if result.succeeded else None
        except UncertainError:
            found = await self._client.get(self._key)
            ours = found is not None and found.lease_id == lease.lease_id
            return found.create_revision if found is not None and ours else None

    async def _generation(self) -> "_Generation":
        """The generation in etcd; where there is none, one above all known is written."""
        key = GENERATION_PREFIX + self._domain
        found = await self._client.get(key)
        if found is None:
            value = str(self._known_generation + 1).encode()
            with suppress(UncertainError):
                await self._client.txn(
                    [Check(key=key, create_revision=0)], [Put(key=key, value=value)]
                )
            found = await self._client.get(key)
        if found is None:
            raise StoreUnavailableError("etcd", f"{key} could not be written")
        generation = _generation_of(found, key)
        self._known_generation = max(self._known_generation, generation)
        return _Generation(value=generation, revision=found.mod_revision)

    async def _raise_generation(self) -> None:
        key = GENERATION_PREFIX + self._domain
        current = await self._generation()
        wanted = self._above.generation + 1
        if current.value >= wanted:
            return
        check = Check(key=key, mod_revision=current.revision)
        result = await self._client.txn([check], [Put(key=key, value=str(wanted).encode())])
        log.warning(
            "generation of %s raised from %d to %d (%s): a site knew a higher epoch, etcd was "
            "wiped or restored from an older copy",
            self._domain,
            current.value,
            wanted,
            "done" if result.succeeded else "by somebody else",
        )

    # ---- in office -----------------------------------------------------------------------------

    async def _lead(self, lease: Lease, revision: int, confirmed_at_s: float) -> None:
        """Keep the lease until it is lost, given back, or may have expired."""
        third_s = lease.ttl_s / 3
        reason, was_seen, is_failing = "", False, False
        next_at_s, self._told_revision = confirmed_at_s + third_s, 0
        while not reason:
            await self._wait_for_change(next_at_s - self._now_s())
            was_seen = (
                was_seen or _created_at(self._holder) == revision or self._told_revision >= revision
            )
            reason = self._reason_to_go(revision, was_seen)
            if reason or self._now_s() < next_at_s:
                continue
            sent_at_s = self._now_s()
            try:
                ttl_s = await self._client.lease_keepalive(lease.lease_id, third_s * 0.75)
            except LeaseGoneError:
                reason = "the lease is gone"
            except StoreError as error:
                level = logging.DEBUG if is_failing else logging.INFO
                log.log(level, "keepalive of %s: %s; trying on", self._domain, error)
                is_failing = True
                next_at_s = sent_at_s + 0.05
                until_s = max(confirmed_at_s + lease.ttl_s, self.promises.prolonged_until_s)
                if self._now_s() > until_s:
                    reason = f"no keepalive was confirmed for {lease.ttl_s:.0f} s"
            else:
                confirmed_at_s, next_at_s = sent_at_s, sent_at_s + third_s
                is_failing = False
                if self._lease is lease:
                    self._post(
                        KeepaliveConfirmed(domain=self._domain, sent_at_s=sent_at_s, ttl_s=ttl_s)
                    )
        await self._leave_office(reason)

    def _reason_to_go(self, revision: int, was_seen: bool) -> str:
        """Why office must be left now; empty to stay."""
        if self._ask is not _Ask.NOTHING:
            return str(self._ask.value)
        if self._lease is None:
            return "resigned"
        if _created_at(self._holder) > revision:
            return "the leader key belongs to somebody else"
        if was_seen and self._holder is None:
            return "the leader key was deleted"
        return ""

    async def _leave_office(self, reason: str) -> None:
        ask, self._ask = self._ask, _Ask.NOTHING
        if ask is _Ask.RAISE:
            try:
                await self._raise_generation()
            except StoreError as error:
                told = (
                    "the generation of %s could not be raised: %s; whoever leads next is told again"
                )
                log.warning(told, self._domain, error)
        stand_back_s = (
            0 if ask is not _Ask.STEP_DOWN or self._stands_aside else self._settings.ttl_s
        )
        until_s = self._now_s() + stand_back_s
        owed = await self._give_back(reason)
        while owed is not None:
            await asyncio.sleep(0.1)
            owed = await self._revoke_own(owed)
        await asyncio.sleep(max(until_s - self._now_s(), 0))

    async def _give_back(self, reason: str) -> Lease | None:
        """Stop leading first, then let the key go; the lease if etcd did not take it back.

        Such a lease must be asked for again: etcd, started anew, gives it its whole time once more.
        """
        lease, self._lease = self._lease, None
        if lease is None:
            return None
        log.info("leading %s no more: %s", self._domain, reason)
        self._post(LeadershipLost(domain=self._domain, reason=reason))
        return await self._revoke_own(lease)

    async def _revoke_own(self, lease: Lease) -> Lease | None:
        try:
            async with asyncio.timeout(self._settings.resign_s_max):
                await self._client.lease_revoke(lease.lease_id)
        except LeaseGoneError:
            return None
        except (StoreError, TimeoutError) as error:
            log.debug("the lease of %s could not be given back: %s", self._domain, error)
            return lease
        return None

    async def _wait_for_change(self, wait_s: float) -> None:
        """Wait until something changed since the last wait, at most `wait_s`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(wait_s, 0.0)):
                await self._changed.wait()
        self._changed.clear()

    def _leader_changed(self, copy: Mapping[str, KeyValue], revision: int) -> None:
        holder = copy.get(self._key)
        self._told_revision = revision
        if holder == self._holder and holder is not None:
            return
        self._holder = holder
        self._changed.set()
        if holder is None:
            self._post(LeaderObserved(domain=self._domain, node="", epoch=NO_EPOCH))
        else:
            epoch = Epoch(generation=_value_of(holder)[1], revision=holder.create_revision)
            self._known_generation = max(self._known_generation, epoch.generation)
            self._post(LeaderObserved(domain=self._domain, node=_node_of(holder), epoch=epoch))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Generation:
    value: int
    revision: int


def _generation_of(found: KeyValue, key: str) -> int:
    try:
        return int(found.value)
    except ValueError as error:
        problem = f"{key} holds {found.value!r}, a whole number is expected"
        raise StoreError("etcd", problem) from error


def _value_of(holder: KeyValue) -> tuple[str, int]:
    try:
        said = json.loads(holder.value)
        return str(said["node"]), int(said["generation"])
    except (ValueError, KeyError, TypeError):
        return holder.value.decode(errors="replace"), 0


def _created_at(holder: KeyValue | None) -> int:
    return 0 if holder is None else holder.create_revision


def _node_of(holder: KeyValue) -> str:
    node, _generation = _value_of(holder)
    return node
