"""The stores of a node together: what is said when some are away or not configured."""

import asyncio
from pathlib import Path

from nirc.config import NodeConfig
from nirc.core.actions import FetchData
from nirc.core.events import DataWasFetched, Event
from nirc.runtime.clock import wall_unix_s
from nirc.stores.node_stores import NodeStores
from nirc.telemetry.alarm_board import AlarmBoard


def config(folder: Path, **more: object) -> NodeConfig:
    return NodeConfig.model_validate(
        {
            "node": "n1",
            "data_dir": str(folder),
            "link": {"listen": "127.0.0.1:0"},
            "etcd": {"members": ["127.0.0.1:1"]},
            "admin": {"listen": "127.0.0.1:0"},
            **more,
        }
    )


async def test_without_redis_data_is_absent_with_the_reason(tmp_path: Path) -> None:
    events: list[Event] = []
    stores = NodeStores(config(tmp_path), post=events.append, alarms=AlarmBoard(wall_unix_s))
    stores.data.fetch(FetchData(site="lisbon", token="t", interaction_id="i", version=1))
    assert isinstance(events[0], DataWasFetched) and events[0].reason == "store_unavailable"
    assert not stores.redis_status().in_reach
    assert await stores.search_decisions("x", 5) == []
    work = stores.work()
    campaigns = stores.campaigns()
    assert (len(work), len(campaigns)) == (9, 1)
    for one in [*work, *campaigns]:
        one.close()
    await stores.flush()
    await stores.close()


async def test_everything_away_is_waited_for_and_alarmed(tmp_path: Path) -> None:
    alarms = AlarmBoard(wall_unix_s)
    settings = config(tmp_path, redis={"url": f"unix://{tmp_path}/absent.sock"})
    stores = NodeStores(settings, post=lambda event: None, alarms=alarms)
    tasks = [asyncio.create_task(work) for work in [*stores.work(), *stores.campaigns()]]
    await stores.wait_for_documents(0.3)
    assert [alarm.code for alarm in alarms.standing()] == ["redis_away"]
    assert not stores.documents.status.in_reach
    stores.step_down("default", "test")
    stores.stand_aside()
    await stores.resign("test")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await stores.close()
