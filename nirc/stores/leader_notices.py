"""The notices of every routing domain: what becomes of a peer's stream is told to each.

Rule of this file: what a domain does with it, its own LeaderNotice decides.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Protocol

from nirc.stores.etcd_client import EtcdClient
from nirc.stores.leader_notice import LeaderNotice, NoticeSettings


class Election(Protocol):
    """What is asked of the election of a domain."""

    @property
    def leader(self) -> str:
        """The node that leads, as far as is known here, or empty."""
        ...

    async def revoke_dead(self, leader: str) -> bool:
        """End the lease of a leader that is gone; whether it was ended here."""
        ...


class LeaderNotices:
    """One LeaderNotice for each domain."""

    def __init__(
        self,
        *,
        client: EtcdClient,
        node: str,
        peers: Iterable[str],
        elections: Mapping[str, Election],
        settings: NoticeSettings,
        begin: Callable[[Coroutine[Any, Any, object]], None],
    ) -> None:
        self._elections = elections
        self._begin = begin
        told = list(peers)
        self._notices = {
            domain: LeaderNotice(
                client=client,
                node=node,
                peers=told,
                domain=domain,
                settings=settings,
                revoke=election.revoke_dead,
            )
            for domain, election in elections.items()
        }

    def took_office(self, domain: str, node: str) -> None:
        """A node was elected; domains that are not ours are passed over."""
        if domain in self._notices:
            self._notices[domain].took_office(node)

    def peer_up(self, node: str) -> None:
        """A peer's stream stands."""
        for notice in self._notices.values():
            notice.peer_up(node)

    def peer_down(self, node: str, refused: bool) -> None:
        """A peer's stream ended; a leader whose process is gone is told of in etcd."""
        for domain, notice in self._notices.items():
            notice.peer_down(node, refused)
            leader = self._elections[domain].leader
            if leader and notice.is_gone(leader):
                self._begin(notice.tell(leader))
