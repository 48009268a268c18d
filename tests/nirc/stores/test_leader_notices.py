"""What becomes of a peer's stream is told to every domain, and a notice begun where it led."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_values import EtcdSettings
from nirc.stores.leader_notice import NoticeSettings
from nirc.stores.leader_notices import LeaderNotices


class KnownElection:
    def __init__(self, leader: str) -> None:
        self.leader = leader

    async def revoke_dead(self, _: str) -> bool:
        return True


async def test_a_notice_is_begun_only_for_domains_that_the_gone_node_led() -> None:
    client = EtcdClient(EtcdSettings(members=("127.0.0.1:1",)))
    begun: list[asyncio.Future[object]] = []

    def begin(work: Coroutine[Any, Any, object]) -> None:
        begun.append(asyncio.ensure_future(work))

    notices = LeaderNotices(
        client=client,
        node="n2",
        peers=["n1", "n3"],
        elections={
            "east": KnownElection("n1"),
            "west": KnownElection("n3"),
            "new": KnownElection(""),
        },
        settings=NoticeSettings(),
        begin=begin,
    )
    notices.peer_down("n1", refused=False)
    assert begun == []
    notices.peer_down("n1", refused=True)
    assert len(begun) == 1
    notices.took_office("east", "n1")
    notices.took_office("elsewhere", "n1")
    notices.peer_up("n1")
    notices.peer_down("n1", refused=False)
    assert len(begun) == 1
    for one in begun:
        one.cancel()
    await asyncio.gather(*begun, return_exceptions=True)
    await client.close()
