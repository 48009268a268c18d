"""The life of policies on a real etcd: one transaction, compare-and-set, history, schedules."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster
from policy_texts import network_texts, policy_text, text_of

from nirc.core.events import DocumentsChanged, Event
from nirc.errors import DocumentRefusedError, PolicyConflictError
from nirc.stores.document_cache import DocumentCache
from nirc.stores.document_sets import POLICY, PREFIX
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_config import Change, DocumentStore
from nirc.stores.etcd_policies import PolicyStore, policy_guard
from nirc.stores.etcd_values import Delete, EtcdSettings, Put
from nirc.stores.policy_records import event_key, state_key, version_key
from nirc.stores.policy_schedule import PolicySchedule
from nirc.stores.publish_checks import PublishChecks, SeenSite
from routing_policies.network_documents import NetworkDocuments
from routing_policies.read_texts import ReadTexts
from routing_policies.versions import TEXT_BYTES_MAX, Canary, Order

pytestmark = pytest.mark.services

NAME = "default"
NIGHT = (
    "time_zone: UTC, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], "
    'from: "20:00", to: "06:00"}]'
)
NOON_UNIX_S = 1_800_014_400.0  # 2027-01-15 12:00 UTC
MIDNIGHT_UNIX_S = NOON_UNIX_S + 43_200.0


class Bench:
    """One node's stores, and what its router would have got."""

    def __init__(self, client: EtcdClient, cache: Path | None = None) -> None:
        self.unix_s = NOON_UNIX_S
        self.seen = {"lisbon": SeenSite(up=True, queues=frozenset({"sales"}))}
        self.sets: list[NetworkDocuments] = []
        checks, read = PublishChecks(lambda: self.seen), ReadTexts()
        self.documents = DocumentStore(
            client=client,
            cache=DocumentCache(cache),
            post=self._post,
            guard=policy_guard(checks, read, lambda: self.unix_s),
            read=read,
        )
        self.policies = PolicyStore(
            client=client,
            documents=self.documents,
            checks=checks,
            wall_unix_s=lambda: self.unix_s,
        )

    def _post(self, event: Event) -> None:
        assert isinstance(event, DocumentsChanged)
        self.sets.append(event.documents)

    @property
    def versions(self) -> list[int]:
        """The live versions that the router was given, in order, each once."""
        found = [one.policies[NAME].live.version for one in self.sets if NAME in one.policies]
        return [n for i, n in enumerate(found) if i == 0 or found[i - 1] != n]

    def order(self, author: str = "ana", if_version: int | None = None) -> Order:
        return Order(author=author, reason="a test", at_unix_s=self.unix_s, if_version=if_version)

    async def put_network(self) -> None:
        texts = network_texts("lisbon", "porto", services=("sales", "support"))
        await self.documents.apply([Change(key=key, text=text) for key, text in texts.items()])

    async def publish(self, text: str, if_version: int | None = None, author: str = "ana") -> int:
        order = self.order(author, if_version)
        return (await self.policies.publish(NAME, text, order, only_check=False)).live


async def until(condition: Callable[[], object], wait_s: float = 20.0) -> None:
    async with asyncio.timeout(wait_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def etcd(tmp_path: Path) -> Iterator[EtcdCluster]:
    with EtcdCluster(tmp_path / "etcd") as cluster:
        yield cluster


@pytest.fixture
async def client(etcd: EtcdCluster) -> AsyncIterator[EtcdClient]:
    made = EtcdClient(EtcdSettings(members=tuple(etcd.addresses), timeout_s=5.0))
    yield made
    await made.close()


@pytest.fixture
async def bench(client: EtcdClient) -> AsyncIterator[Bench]:
    made = Bench(client)
    await made.put_network()
    task = asyncio.create_task(made.documents.run())
    await until(lambda: made.sets)
    yield made
    task.cancel()


async def test_publish_go_back_and_what_history_says(bench: Bench) -> None:
    assert await bench.publish(policy_text(gain_s=5)) == 1
    assert await bench.publish(policy_text(gain_s=9)) == 2
    assert await bench.publish(policy_text(gain_s=9)) == 2, "the same again changes nothing"
    done = await bench.policies.rollback(NAME, 0, bench.order("bruno"))
    assert done.live == 3 and done.changed
    assert (await bench.policies.version(NAME, 3)).equals == 1
    stored = await bench.documents.get(f"RoutingPolicy/{NAME}")
    assert stored is not None and stored.text == policy_text(gain_s=5)
    events = await bench.policies.history(NAME)
    assert [(one.act, one.live, one.author) for one in events] == [
        ("publish", 1, "ana"),
        ("publish", 2, "ana"),
        ("rollback", 3, "bruno"),
    ]
    await until(lambda: bench.versions == [1, 2, 3])


async def test_a_document_that_is_put_makes_a_version_too(bench: Bench) -> None:
    key = f"RoutingPolicy/{NAME}"
    await bench.documents.apply([Change(key=key, text=policy_text())], "carla")
    await bench.documents.apply([Change(key=key, text=policy_text(gain_s=7))], "carla")
    await bench.documents.apply([Change(key=key, text=None)])
    assert await bench.publish(policy_text()) == 3
    events = await bench.policies.history(NAME)
    assert [(one.act, one.author, one.reason) for one in events] == [
        ("put", "carla", "documents put"),
        ("put", "carla", "documents put"),
        ("removed", "unknown", "documents put"),
        ("publish", "ana", "a test"),
    ]


async def test_a_document_that_can_be_no_version_is_refused_as_any_other(bench: Bench) -> None:
    change = Change(key=f"RoutingPolicy/{NAME}", text=policy_text() + "# " + "x" * (300 << 10))
    with pytest.raises(DocumentRefusedError, match="at most") as refused:
        await bench.documents.apply([change])
    assert refused.value.place == f"RoutingPolicy/{NAME}"


async def test_a_large_policy_from_before_versions_hides_no_other(
    bench: Bench, client: EtcdClient
) -> None:
    text = policy_text() + "# " + "x" * (300 << 10)
    await client.txn([], [Put(key=f"{PREFIX}RoutingPolicy/{NAME}", value=text.encode())])
    known = await bench.policies.list_all()
    assert [(one.policy, one.state.live) for one in known] == [(NAME, 1)]


async def test_policies_are_put_together_as_far_as_a_transaction_goes(bench: Bench) -> None:
    def changes(count: int) -> list[Change]:
        names = [f"p{i}" for i in range(count)]
        return [Change(key=f"RoutingPolicy/{name}", text=policy_text(name)) for name in names]

    await bench.documents.apply(changes(25))
    assert len(await bench.policies.list_all()) == 25
    with pytest.raises(DocumentRefusedError, match="at most 25 policies"):
        await bench.documents.apply([*changes(60)[25:]])


async def test_a_text_from_before_versions_can_be_gone_back_to(
    bench: Bench, client: EtcdClient
) -> None:
    await client.put(f"/nirc/documents/RoutingPolicy/{NAME}", policy_text(gain_s=1).encode())
    await until(lambda: bench.versions == [1])
    assert (await bench.policies.list_all())[0].state.live == 1
    assert await bench.publish(policy_text(gain_s=2), if_version=1) == 2
    assert (await bench.policies.version(NAME, 1)).text == policy_text(gain_s=1)
    assert (await bench.policies.history(NAME))[0].act == "found"


async def test_two_admins_race_and_one_is_told_by_whom_what_changed(bench: Bench) -> None:
    await bench.publish(policy_text(gain_s=30))
    outcomes = await asyncio.gather(
        bench.publish(policy_text(gain_s=20), 1, "ana"),
        bench.publish(policy_text(gain_s=10), 1, "bruno"),
        return_exceptions=True,
    )
    won = [one for one in outcomes if one == 2]
    lost = [one for one in outcomes if isinstance(one, PolicyConflictError)]
    assert len(won) == len(lost) == 1
    told = str(lost[0])
    winner = "ana" if outcomes[0] == 2 else "bruno"
    assert "you saw version 1, now version 2 is live" in told and f"by {winner}" in told
    assert "30" in told, "and what differs"


async def test_what_is_broken_is_refused_and_changes_nothing(bench: Bench) -> None:
    await bench.publish(policy_text())
    await until(lambda: bench.versions == [1])
    wrong = policy_text().replace("min_expected_delay", "min_expected_dely")
    with pytest.raises(DocumentRefusedError, match="min_expected_de"):
        await bench.publish(wrong)
    with pytest.raises(DocumentRefusedError, match="other"):
        await bench.publish(policy_text(name="other"))
    unreachable = text_of(
        "RoutingPolicy",
        NAME,
        "rules: [{name: a, action: queue_at_origin}, {name: b, action: reject, reason: busy}]",
    )
    with pytest.raises(DocumentRefusedError, match="never reached"):
        await bench.publish(unreachable)
    redirect = text_of(
        "RoutingPolicy",
        NAME,
        "rules: [{name: a, action: redirect, to: {site: faro, queue: sales}}]",
    )
    with pytest.raises(DocumentRefusedError, match="faro"):
        await bench.publish(redirect)
    assert bench.versions == [1] and len(await bench.policies.history(NAME)) == 1


async def test_a_queue_that_no_site_reports(bench: Bench) -> None:
    redirect = text_of(
        "RoutingPolicy",
        NAME,
        "rules: [{name: a, action: redirect, to: {site: lisbon, queue: support}}]",
    )
    with pytest.raises(DocumentRefusedError, match="lisbon reports no queue support"):
        await bench.publish(redirect)
    bench.seen["lisbon"] = SeenSite(up=False)
    done = await bench.policies.publish(NAME, redirect, bench.order(), only_check=True)
    assert not done.changed and any("lisbon is down" in one for one in done.warnings)


async def test_shadow_canary_and_promote(bench: Bench) -> None:
    await bench.publish(policy_text(gain_s=1))
    done = await bench.policies.shadow(NAME, policy_text(gain_s=2), bench.order())
    assert done.version == 2 and done.live == 1
    part = Canary(version=0, sites=("lisbon",))
    await bench.policies.canary(NAME, 2, part, bench.order())

    def versions_used() -> tuple[int, int, int]:
        used = bench.sets[-1].policies[NAME]
        return (
            used.deciding("porto", "sales", 0.5)[0].version,
            used.deciding("lisbon", "sales", 0.5)[0].version,
            used.shadow.version if used.shadow else 0,
        )

    await until(lambda: versions_used() == (1, 2, 2))
    await bench.policies.promote(NAME, 0, bench.order())
    await until(lambda: versions_used() == (2, 2, 0))
    with pytest.raises(DocumentRefusedError, match="no canary"):
        await bench.policies.stop(NAME, frozenset({"canary"}), bench.order())
    with pytest.raises(DocumentRefusedError, match="no Site faro"):
        part = Canary(version=0, sites=("faro",))
        await bench.policies.canary(NAME, 1, part, bench.order())


async def test_a_share_is_refused_where_agents_are_shared(bench: Bench) -> None:
    await bench.publish(policy_text(gain_s=1))
    await bench.policies.shadow(NAME, policy_text(gain_s=2), bench.order())
    part = Canary(version=0, services=("sales",), share=0.1)
    both = frozenset({"sales", "support"})
    bench.seen["lisbon"] = SeenSite(up=True, queues=both, agents=(both,))
    with pytest.raises(DocumentRefusedError, match="1 agents of lisbon serve support too"):
        await bench.policies.canary(NAME, 2, part, bench.order())
    done = await bench.policies.canary(NAME, 2, part, bench.order(), forced="figures not needed")
    assert done.changed and done.warnings and "figures not needed" in done.told[-1]
    bench.seen["lisbon"] = SeenSite(up=True, queues=both, agents=(frozenset({"sales"}),))
    await bench.policies.canary(NAME, 2, part, bench.order())


async def test_a_schedule_is_carried_out_once_by_whoever_looks(
    bench: Bench, client: EtcdClient
) -> None:
    await bench.publish(policy_text(gain_s=1))
    at_unix_s = bench.unix_s + 60
    done = await bench.policies.schedule(NAME, policy_text(gain_s=2), at_unix_s, bench.order())
    assert done.live == 1 and "2027-01-15 12:01:00 UTC" in done.told[-1]
    other = Bench(client)
    task = asyncio.create_task(other.documents.run())
    await until(lambda: other.documents.states.get(NAME) == bench.documents.states.get(NAME))
    nodes = [bench, other]
    assert not bench.policies.due()
    for node in nodes:
        node.unix_s = at_unix_s
    looks = [PolicySchedule(node.policies, leads=lambda: True).look() for node in nodes]
    await asyncio.gather(*looks)
    acts = [one.act for one in await bench.policies.history(NAME)]
    assert acts == ["publish", "stored", "schedule", "scheduled"]
    await until(lambda: bench.versions == other.versions == [1, 2])
    task.cancel()


async def test_nothing_is_published_in_a_freeze_without_a_reason(bench: Bench) -> None:
    texts = {
        "Calendar/night": text_of("Calendar", "night", NIGHT),
        "Tenant/default": text_of("Tenant", "default", "change_freeze: night"),
    }
    await bench.publish(policy_text(gain_s=1))
    await bench.documents.apply([Change(key=key, text=text) for key, text in texts.items()])
    await bench.publish(policy_text(gain_s=2))
    bench.unix_s = MIDNIGHT_UNIX_S
    with pytest.raises(DocumentRefusedError, match=r"frozen for 6 h 0 min more"):
        await bench.publish(policy_text(gain_s=3))
    with pytest.raises(DocumentRefusedError, match="frozen"):
        change = Change(key=f"RoutingPolicy/{NAME}", text=policy_text(gain_s=3))
        await bench.documents.apply([change])
    overridden = replace(bench.order(), override_freeze="porto is lost")
    await bench.policies.publish(NAME, policy_text(gain_s=3), overridden, only_check=False)
    assert "porto is lost" in (await bench.policies.history(NAME))[-1].told
    with pytest.raises(DocumentRefusedError, match="frozen"):
        at_unix_s = bench.unix_s + 60
        await bench.policies.schedule(NAME, 1, at_unix_s, bench.order())
    await bench.policies.schedule(NAME, 1, bench.unix_s + 43_200, bench.order())
    await bench.policies.rollback(NAME, 1, bench.order())


async def test_a_node_starts_with_its_rollouts_from_disk(
    bench: Bench, client: EtcdClient, tmp_path: Path
) -> None:
    await bench.publish(policy_text(gain_s=1))
    await bench.policies.shadow(NAME, policy_text(gain_s=2), bench.order())
    kept = tmp_path / "documents.json"
    writer = Bench(client, kept)
    task = asyncio.create_task(writer.documents.run())
    await until(kept.exists)
    task.cancel()
    nobody = EtcdClient(EtcdSettings(members=("127.0.0.1:1",)))
    alone = Bench(nobody, kept)
    task = asyncio.create_task(alone.documents.run())
    await until(lambda: alone.sets)
    used = alone.sets[0].policies[NAME]
    assert used.live.version == 1 and used.shadow is not None and used.shadow.version == 2
    task.cancel()
    await nobody.close()


@pytest.mark.parametrize("garbage", ["null", "3", "[" * 100_000, '{"live": "x"}', "\0"])
async def test_a_state_written_by_hand_keeps_the_running_version_and_heals(
    bench: Bench, client: EtcdClient, garbage: str
) -> None:
    await bench.put_network()
    assert await bench.publish(policy_text(gain_s=1)) == 1
    watching = asyncio.create_task(bench.documents.run())
    await until(lambda: bench.versions == [1])
    good = await client.get(state_key(NAME))
    assert good is not None
    await client.txn([], [Put(key=state_key(NAME), value=garbage.encode())])
    await until(lambda: bench.documents.status.problem)
    assert f"{POLICY}{NAME}" in bench.documents.status.problem
    assert state_key(NAME) in bench.documents.status.problem and bench.versions == [1]
    with pytest.raises(DocumentRefusedError, match="cannot be used"):
        await bench.policies.list_all()
    await client.txn([], [Put(key=state_key(NAME), value=good.value)])
    await until(lambda: not bench.documents.status.problem)
    assert await bench.publish(policy_text(gain_s=2)) == 2
    await until(lambda: bench.versions == [1, 2])
    watching.cancel()


async def test_what_nobody_thought_of_does_not_end_the_watch(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.put_network()
    watching = asyncio.create_task(bench.documents.run())
    await until(lambda: bench.sets)
    with monkeypatch.context() as broken:
        broken.setattr("nirc.stores.taken_sets.joined", lambda *_: 1 / 0)
        await bench.documents._client.txn([], [Put(key=f"{PREFIX}Site/x", value=b"x")])
        await until(lambda: bench.documents.status.problem)
        assert "undo the last change" in bench.documents.status.problem
    await bench.documents._client.txn([], [Delete(key=f"{PREFIX}Site/x")])
    await until(lambda: not bench.documents.status.problem)
    assert not watching.done()
    watching.cancel()


async def test_a_due_version_that_is_gone_is_called_off_and_the_next_one_comes(
    bench: Bench, client: EtcdClient
) -> None:
    await bench.put_network()
    await bench.publish(policy_text(gain_s=1))
    for gain_s, wait_s in ((2, 10.0), (3, 20.0), (4, 30.0)):
        at_unix_s = bench.unix_s + wait_s
        await bench.policies.schedule(NAME, policy_text(gain_s=gain_s), at_unix_s, bench.order())
    await client.txn([], [Delete(key=version_key(NAME, 2))])
    await client.txn([], [Put(key=version_key(NAME, 3), value=b"{}")])
    watching = asyncio.create_task(bench.documents.run())
    await until(lambda: bench.documents.states)
    bench.unix_s += 60.0
    schedule = PolicySchedule(bench.policies, leads=lambda: True)
    for waiting_count in (2, 1, 0):
        await schedule.look()
        await until(
            lambda count=waiting_count: len(bench.documents.states[NAME].scheduled) == count
        )
    await until(lambda: bench.versions[-1] == 4)
    told = [event.told for event in await bench.policies.history(NAME)]
    assert [f"version {n} did not become live as scheduled" in " ".join(told) for n in (2, 3)] == [
        True,
        True,
    ]
    watching.cancel()


async def test_lines_and_versions_written_by_hand_keep_from_nothing(
    bench: Bench, client: EtcdClient
) -> None:
    await bench.put_network()
    for gain_s in (1, 2, 3):
        await bench.publish(policy_text(gain_s=gain_s))
    await client.txn([], [Put(key=event_key(NAME, 2), value=b"nope")])
    await client.txn([], [Put(key=version_key(NAME, 1), value=b"[]")])
    assert "cannot be read" in (await bench.policies.history(NAME))[1].told
    with pytest.raises(DocumentRefusedError, match="name another version"):
        await bench.policies.rollback(NAME, 1, bench.order())
    with pytest.raises(PolicyConflictError):
        await bench.publish(policy_text(gain_s=9), if_version=1)
    assert (await bench.policies.rollback(NAME, 2, bench.order())).live == 4


async def test_a_policy_that_is_too_long_is_refused_whatever_way_it_comes(
    bench: Bench, client: EtcdClient
) -> None:
    await bench.put_network()
    await bench.publish(policy_text(gain_s=1))
    long = policy_text("long") + "#" * TEXT_BYTES_MAX
    with pytest.raises(DocumentRefusedError, match="RoutingPolicy/long: the policy is"):
        await bench.documents.apply([Change(key=f"{POLICY}long", text=long)])
    await client.txn([], [Put(key=f"{PREFIX}{POLICY}long", value=long.encode())])
    assert {one.policy for one in await bench.policies.list_all()} == {NAME, "long"}
