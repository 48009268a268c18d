"""Ends a dead leader's lease early, when every surviving node has seen that its process is gone.

Rule of this file: "gone" means that its host refused a connection, never mere silence. Every
survivor writes down what it saw; only with all of them together, and at most once in `interval_s`,
the lease is revoked. A refusal from before a node took office says nothing about it: it has been
started since. A firewall that rejects must not make the leader flap. Epochs keep it safe.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from nirc.errors import StoreError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_values import Check, Put

log = logging.getLogger(__name__)

NOTICE_PREFIX = "/nirc/notice/"
DONE_PREFIX = "/nirc/notice-done/"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """How fast, and how often at most."""

    lives_s: int = 3
    "How long one node's notice counts."
    interval_s: int = 60
    "At most one early end of a lease in this time, in the whole network."


class LeaderNotice:
    """What this node saw of the others, for one domain."""

    def __init__(
        self,
        *,
        client: EtcdClient,
        node: str,
        peers: Iterable[str],
        domain: str,
        settings: NoticeSettings,
        revoke: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._client = client
        self._node = node
        self._peers = frozenset(peers)
        self._domain = domain
        self._settings = settings
        self._revoke = revoke
        self._refused: set[str] = set()

    def peer_up(self, peer: str) -> None:
        """A peer's stream stands."""
        self._refused.discard(peer)

    def peer_down(self, peer: str, refused: bool) -> None:
        """A peer's stream ended; `refused`: its host says that nothing listens."""
        if refused:
            self._refused.add(peer)
        else:
            self._refused.discard(peer)

    def took_office(self, leader: str) -> None:
        """A node was elected, so its process stood: what was seen of an earlier one is void."""
        self._refused.discard(leader)

    def is_gone(self, peer: str) -> bool:
        """Whether this node sees the peer's process as gone."""
        return peer in self._refused

    async def tell(self, leader: str) -> bool:
        """Write down that `leader` is gone; whether its lease was ended by us."""
        if not self.is_gone(leader):
            return False
        try:
            return await self._told(leader)
        except StoreError as error:
            log.info("no notice of %s: %s", leader, error)
            return False

    async def _told(self, leader: str) -> bool:
        prefix = f"{NOTICE_PREFIX}{self._domain}/{leader}/"
        lease = await self._client.lease_grant(self._settings.lives_s)
        await self._client.put(prefix + self._node, b"", lease.lease_id)
        listing = await self._client.list_prefix(prefix)
        seen_by = {kv.key.removeprefix(prefix) for kv in listing.kvs}
        missing = self._peers - self._refused - seen_by
        if missing:
            log.info("%s is gone, says this node; waiting for %s", leader, ", ".join(missing))
            return False
        once = await self._client.lease_grant(self._settings.interval_s)
        key = DONE_PREFIX + self._domain
        done = await self._client.txn(
            [Check(key=key, create_revision=0)],
            [Put(key=key, value=leader.encode(), lease_id=once.lease_id)],
        )
        if not done.succeeded:
            await self._client.lease_revoke(once.lease_id)
            return False
        return await self._revoke(leader)
