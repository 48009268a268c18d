"""Elections on a real etcd: one leader, quick hand-over, and epochs that only grow."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster

from nirc.core.events import CampaignWon, Event, KeepaliveConfirmed, LeaderObserved, LeadershipLost
from nirc.errors import UncertainError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_lease import GENERATION_PREFIX, LEADER_PREFIX, Election, ElectionSettings
from nirc.stores.etcd_values import EtcdSettings
from nrcli.wire.messages import Epoch

pytestmark = pytest.mark.services


class Node:
    """One node's election and what it posted."""

    def __init__(self, name: str, members: list[str]) -> None:
        self.name = name
        self.events: list[Event] = []
        self.client = EtcdClient(EtcdSettings(members=tuple(members), timeout_s=0.5))
        self.election = Election(
            client=self.client,
            node=name,
            domain="default",
            settings=ElectionSettings(),
            post=self.events.append,
            now_s=time.monotonic,
        )
        self.task = asyncio.create_task(self.election.run())

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def epochs(self) -> list[Epoch]:
        return [event.epoch for event in self.events if isinstance(event, CampaignWon)]

    async def crash(self) -> None:
        """Stop without a word, as a killed process does."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.client.close()


@pytest.fixture
def etcd(tmp_path: Path) -> Iterator[EtcdCluster]:
    with EtcdCluster(tmp_path, size=3) as cluster:
        yield cluster


@pytest.fixture
async def join(etcd: EtcdCluster) -> AsyncIterator[Callable[[str], Node]]:
    nodes: list[Node] = []

    def start(name: str) -> Node:
        nodes.append(Node(name, etcd.addresses))
        return nodes[-1]

    yield start
    for node in nodes:
        await node.crash()


async def until(condition: Callable[[], object], wait_s: float = 20.0) -> None:
    async with asyncio.timeout(wait_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_one_leads_and_the_others_see_it(join: Callable[[str], Node]) -> None:
    nodes = [join(name) for name in ("n1", "n2", "n3")]
    await until(lambda: all(node.of(LeaderObserved) for node in nodes))
    await until(lambda: sum(len(node.epochs) for node in nodes) == 1)
    leader = next(node for node in nodes if node.epochs)
    await until(lambda: len(leader.of(KeepaliveConfirmed)) >= 2)
    for node in nodes:
        seen = node.of(LeaderObserved)[-1]
        assert isinstance(seen, LeaderObserved)
        assert (seen.node, seen.epoch) == (leader.name, leader.epochs[0])
    assert leader.epochs[0].generation == 1
    assert sum(len(node.epochs) for node in nodes) == 1


async def test_a_silent_death_is_followed_when_the_lease_has_run_out(
    join: Callable[[str], Node],
) -> None:
    first = join("n1")
    await until(lambda: first.epochs)
    second = join("n2")
    await until(lambda: second.of(LeaderObserved))
    await first.crash()
    await until(lambda: second.epochs)
    assert second.epochs[0] > first.epochs[0]


async def test_resignation_hands_over_at_once(join: Callable[[str], Node]) -> None:
    first = join("n1")
    await until(lambda: first.epochs)
    second = join("n2")
    await until(lambda: second.of(LeaderObserved))
    started_s = time.monotonic()
    await first.election.resign("stopping")
    await until(lambda: second.epochs)
    assert time.monotonic() - started_s < ElectionSettings().ttl_s / 2
    assert first.of(LeadershipLost) and second.epochs[0] > first.epochs[0]
    await asyncio.sleep(0)
    assert len(first.epochs) == 1


async def test_stepping_down_lets_somebody_else_lead(join: Callable[[str], Node]) -> None:
    first = join("n1")
    await until(lambda: first.epochs)
    second = join("n2")
    await until(lambda: second.of(LeaderObserved))
    first.election.step_down("deadline")
    await until(lambda: second.epochs)
    assert first.of(LeadershipLost)


async def test_a_raised_generation_outranks_what_a_site_knew(join: Callable[[str], Node]) -> None:
    node = join("n1")
    await until(lambda: node.epochs)
    known = Epoch(generation=7, revision=10_000)
    node.election.raise_generation(known)
    await until(lambda: len(node.epochs) == 2)
    assert node.epochs[1].generation == 8 and node.epochs[1] > known
    found = await node.client.get(GENERATION_PREFIX + "default")
    assert found is not None and found.value == b"8"


async def test_office_is_left_also_where_the_generation_could_not_be_raised(
    join: Callable[[str], Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    node = join("n1")
    await until(lambda: node.epochs)

    async def silent(*_: object) -> None:
        raise UncertainError("etcd", "no answer in 0.5 s")

    with monkeypatch.context() as etcd_slow:
        etcd_slow.setattr(node.client, "txn", silent)
        node.election.raise_generation(Epoch(generation=4, revision=1 << 40))
        await until(lambda: node.of(LeadershipLost))
        assert await node.client.get(LEADER_PREFIX + "default") is None
    await until(lambda: len(node.epochs) == 2)
    node.election.raise_generation(Epoch(generation=4, revision=1 << 40))
    await until(lambda: len(node.epochs) == 3)
    assert node.epochs[2].generation == 5


async def test_a_deleted_key_ends_the_leadership(join: Callable[[str], Node]) -> None:
    node = join("n1")
    await until(lambda: node.epochs and node.of(LeaderObserved))
    await node.client.delete(LEADER_PREFIX + "default")
    await until(lambda: node.of(LeadershipLost))
    await until(lambda: len(node.epochs) == 2)
    assert node.epochs[1] > node.epochs[0]


async def test_a_frozen_member_does_not_cost_the_leader_its_office(
    etcd: EtcdCluster, join: Callable[[str], Node]
) -> None:
    node = join("n1")
    await until(lambda: node.epochs)
    status = [await EtcdClient(EtcdSettings(members=(a,))).status() for a in etcd.addresses]
    assert all(one.has_leader for one in status)
    frozen = etcd.addresses.index(node.client.member)
    etcd.freeze(frozen)
    confirmed = len(node.of(KeepaliveConfirmed))
    await until(lambda: len(node.of(KeepaliveConfirmed)) >= confirmed + 3)
    etcd.thaw(frozen)
    assert node.epochs == sorted(node.epochs)


async def test_without_etcd_leadership_ends_and_comes_back(
    etcd: EtcdCluster, join: Callable[[str], Node]
) -> None:
    node = join("n1")
    await until(lambda: node.epochs)
    for index in range(3):
        await asyncio.to_thread(etcd.kill, index)
    await until(lambda: node.of(LeadershipLost))
    await asyncio.to_thread(etcd.start)
    await until(lambda: len(node.epochs) == 2)
    assert node.epochs[1] > node.epochs[0]


async def test_a_lease_not_taken_back_is_given_back_when_etcd_returns(
    etcd: EtcdCluster, join: Callable[[str], Node]
) -> None:
    """Started anew, etcd would keep the old leader's key for a whole TTL more."""
    first = join("n1")
    await until(lambda: first.epochs)
    second = join("n2")
    await until(lambda: second.of(LeaderObserved))
    for index in range(3):
        await asyncio.to_thread(etcd.kill, index)
    first.election.step_down("no keepalive was confirmed in time")
    await until(lambda: first.of(LeadershipLost))
    await asyncio.to_thread(etcd.start)
    started_s = time.monotonic()
    await until(lambda: second.epochs)
    assert time.monotonic() - started_s < ElectionSettings().ttl_s
    assert second.epochs[0] > first.epochs[0]


async def test_survivors_may_revoke_the_lease_of_the_dead(
    join: Callable[[str], Node],
) -> None:
    first = join("n1")
    await until(lambda: first.epochs)
    second = join("n2")
    await until(lambda: second.of(LeaderObserved))
    await first.crash()
    assert not await second.election.revoke_dead("n3")
    assert await second.election.revoke_dead("n1")
    await until(lambda: second.epochs)


async def test_a_wiped_etcd_does_not_give_the_same_epochs_again(tmp_path: Path) -> None:
    with EtcdCluster(tmp_path) as etcd:
        node = Node("n1", etcd.addresses)
        try:
            await until(lambda: node.epochs and node.of(LeaderObserved))
            await asyncio.to_thread(etcd.kill, 0)
            shutil.rmtree(etcd.members[0].folder)
            await until(lambda: node.of(LeadershipLost))
            await asyncio.to_thread(etcd.start)
            await until(lambda: len(node.epochs) == 2)
            assert node.epochs[1].generation == 2 and node.epochs[1] > node.epochs[0]
        finally:
            await node.crash()


async def test_who_promised_campaigns_and_revokes_nothing_for_that_time(
    join: Callable[[str], Node],
) -> None:
    first = join("n1")
    await until(lambda: first.epochs)
    second = join("n2")
    await until(lambda: second.election.leader == "n1")
    held_until_s = time.monotonic() + 3.0
    await until(lambda: second.election.promises.hold(held_until_s))
    assert not await second.election.revoke_dead("n1")
    assert not first.election.promises.hold(held_until_s), "in office nothing is promised"
    await first.election.resign("test")
    await until(lambda: second.epochs)
    assert time.monotonic() >= held_until_s


async def test_office_is_kept_without_etcd_as_long_as_it_was_prolonged(
    etcd: EtcdCluster, join: Callable[[str], Node]
) -> None:
    node = join("n1")
    await until(lambda: node.epochs)
    prolonged_until_s = time.monotonic() + 5.0
    node.election.promises.prolong(prolonged_until_s)
    for index in range(3):
        etcd.freeze(index)
    await until(lambda: node.of(LeadershipLost))
    assert time.monotonic() >= prolonged_until_s
    for index in range(3):
        etcd.thaw(index)
