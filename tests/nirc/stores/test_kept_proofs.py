"""What test calls proved outlives every node; only who leads may write it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from etcd_cluster import EtcdCluster

from nirc.core.actions import KeepProof
from nirc.core.events import ProofsRead
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_lease import LEADER_PREFIX
from nirc.stores.etcd_values import EtcdSettings
from nirc.stores.kept_proofs import FORGET_S, PROOFS_PREFIX, KeptProofs, proof_of, record_of
from nrcli.wire.messages import Epoch, ProvedPath

GOOD = ProvedPath(path="out", tried_for_s=0.0, has_good=True, took_s=0.25)


async def until(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


def test_a_record_says_the_same_later() -> None:
    bad = ProvedPath(path="out", tried_for_s=5.0, bad_count=2, problem="refused")
    for one in (GOOD, bad):
        value = json.dumps(record_of(one, 1000.0)).encode()
        read = proof_of("out", value, 1060.0)
        assert read.tried_for_s == one.tried_for_s + 60.0 and read.has_good == one.has_good
        assert (read.bad_count, read.problem, read.took_s) == (
            one.bad_count,
            one.problem,
            one.took_s,
        )


@pytest.mark.services
async def test_the_leaders_word_is_kept_and_nobody_elses(tmp_path: Path) -> None:
    told: list[ProofsRead] = []
    clock = [1_000_000.0]
    with EtcdCluster(tmp_path) as etcd:
        client = EtcdClient(EtcdSettings(members=tuple(etcd.addresses), timeout_s=0.5))
        await client.put(PROOFS_PREFIX + "broken", b"{")
        revision = await client.put(LEADER_PREFIX + "default", b"n1")
        leading, deposed = (Epoch(generation=1, revision=one) for one in (revision, revision - 1))
        kept = KeptProofs(client=client, post=told.append, wall_unix_s=lambda: clock[0])
        task = asyncio.create_task(kept.run())
        stale = ProvedPath(path="stale", tried_for_s=0.0, has_good=True)
        kept.keep(KeepProof(domain="default", epoch=deposed, proof=stale))
        kept.keep(KeepProof(domain="default", epoch=leading, proof=GOOD))
        await until(lambda: told)
        assert told[-1].proved == (GOOD,)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        clock[0] += FORGET_S + 1.0
        again: list[ProofsRead] = []
        later = KeptProofs(client=client, post=again.append, wall_unix_s=lambda: clock[0])
        task = asyncio.create_task(later.run())
        await until(lambda: later._old)
        other = ProvedPath(path="other", tried_for_s=0.0, bad_count=1, problem="busy")
        later.keep(KeepProof(domain="default", epoch=leading, proof=other))
        await until(lambda: again)
        assert again[-1].proved == (other,)
        listing = await client.list_prefix(PROOFS_PREFIX)
        assert [kv.key for kv in listing.kvs] == [PROOFS_PREFIX + "broken", PROOFS_PREFIX + "other"]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.close()
