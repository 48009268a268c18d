"""A dead leader's lease ends early only when all survivors say so, and not often."""

import asyncio
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster

from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_values import EtcdSettings
from nirc.stores.leader_notice import LeaderNotice, NoticeSettings

pytestmark = pytest.mark.services


async def test_all_survivors_together_once(tmp_path: Path) -> None:
    with EtcdCluster(tmp_path) as cluster:
        client = EtcdClient(EtcdSettings(members=tuple(cluster.addresses)))
        revoked: list[str] = []

        async def revoke(leader: str) -> bool:
            revoked.append(leader)
            return True

        def notice(node: str) -> LeaderNotice:
            peers = [name for name in ("n1", "n2", "n3") if name != node]
            return LeaderNotice(
                client=client,
                node=node,
                peers=peers,
                domain="default",
                settings=NoticeSettings(),
                revoke=revoke,
            )

        second, third = notice("n2"), notice("n3")
        assert not await second.tell("n1")
        second.peer_down("n1", refused=False)
        assert not await second.tell("n1")
        second.peer_down("n1", refused=True)
        assert not await second.tell("n1") and revoked == []
        third.peer_down("n1", refused=True)
        assert await third.tell("n1") and revoked == ["n1"]
        again = await asyncio.gather(second.tell("n1"), third.tell("n1"))
        assert again == [False, False] and revoked == ["n1"]
        second.peer_up("n1")
        assert not second.is_gone("n1")
        await client.close()


async def test_a_refusal_from_before_its_election_says_nothing_of_a_leader() -> None:
    """A node that was started again and elected at once is not taken for the dead one."""
    client = EtcdClient(EtcdSettings(members=("127.0.0.1:1",)))

    async def revoke(_: str) -> bool:
        raise AssertionError("a living leader's lease was ended")

    notice = LeaderNotice(
        client=client,
        node="n2",
        peers=["n1"],
        domain="default",
        settings=NoticeSettings(),
        revoke=revoke,
    )
    notice.peer_down("n1", refused=True)
    notice.took_office("n1")
    assert not notice.is_gone("n1")
    assert not await notice.tell("n1")
    notice.peer_down("n1", refused=True)
    assert notice.is_gone("n1")
    await client.close()
