"""The stores in memory answer as the real ones do."""

import hashlib

from nirc.core.actions import BindToken, FetchData, StoreData
from nirc.core.events import DataWasFetched, DataWasStored, Event
from nirc.stores.in_memory import InMemoryAttachedData, InMemoryRecords


def test_data_by_token_and_the_reasons() -> None:
    events: list[Event] = []
    store = InMemoryAttachedData(events.append)
    data = b'{"a":1}'
    put = StoreData(
        site="lisbon",
        interaction_id="i1",
        version=1,
        digest=hashlib.sha256(data).digest(),
        data=data,
        ttl_s=60,
    )
    store.store(put)
    store.bind(BindToken(token="t", site="porto", interaction_id="i1", ttl_s=60))
    for token, site, version in [("t", "porto", 1), ("t", "faro", 1), ("x", "porto", 1)]:
        store.fetch(FetchData(site=site, token=token, interaction_id="i1", version=version))
    store.in_reach = False
    store.store(put)
    store.fetch(FetchData(site="porto", token="t", interaction_id="i1", version=1))
    reasons = [
        event.reason for event in events if isinstance(event, DataWasFetched | DataWasStored)
    ]
    assert reasons == ["", "", "not_allowed", "not_found", *["store_unavailable"] * 2]
    assert isinstance(events[1], DataWasFetched) and events[1].data == data


def test_records() -> None:
    records = InMemoryRecords()
    records.append("decisions", 1)
    assert records.records == [("decisions", 1)]
