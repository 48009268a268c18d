"""Data is whole or refused, and read only by the site that granted the token."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from router_network import ask

from nirc.core.actions import Action, BindToken, FetchData, SendToSite, StoreData
from nirc.core.attached_data import AttachedData
from nirc.core.events import DataWasFetched, DataWasStored
from nirc.core.settings import RouterSettings
from nirc.core.statistics import Statistics
from nrcli.wire import messages as msg

DATA = b'{"account":"7"}'


def part(granted_by: str = "porto") -> tuple[AttachedData, list[Action]]:
    settings = RouterSettings(data_bytes_max=100, data_inline_bytes_max=20, data_cache_bytes_max=30)
    data = AttachedData(
        settings=settings, statistics=Statistics(), granted_by=lambda token: granted_by
    )
    return data, []


def put(data: bytes = DATA, interaction: str = "i-r1") -> msg.DataPut:
    digest = sha256(data).digest()
    return msg.DataPut(interaction_id=interaction, version=1, digest=digest, data=data)


def asked(data: bytes = DATA) -> msg.RouteRequest:
    return ask(data_version=1, data_digest=sha256(data).digest())


def said(out: list[Action]) -> Any:
    (action,) = out
    assert isinstance(action, SendToSite)
    return action.message


def test_good_data_is_stored_and_carried_inline() -> None:
    data, out = part()
    data.put("lisbon", put(), 1.0, out)
    (store,) = out
    assert isinstance(store, StoreData)
    assert data.inline(asked()) == DATA
    assert data.inline(ask()) == b""
    assert data.inline(asked(b"other")) == b""
    data.sweep(1000.0)
    assert data.inline(asked()) == b""
    assert data.cached_bytes() == 0


def test_wrong_digest_and_too_much_are_refused() -> None:
    for wrong in (
        msg.DataPut(interaction_id="i", version=1, digest=b"x" * 32, data=DATA),
        put(b"x" * 101),
    ):
        data, out = part()
        data.put("lisbon", wrong, 1.0, out)
        assert said(out).reason
        assert data.cached_bytes() == 0


def test_the_cache_is_bounded_and_large_data_stays_out() -> None:
    data, out = part()
    data.put("lisbon", put(b"x" * 21), 1.0, out)
    assert data.cached_bytes() == 0
    for number in range(3):
        data.put("lisbon", put(interaction=f"i-r{number}"), 1.0, out)
    assert data.cached_bytes() == 2 * len(DATA)


def test_only_the_granting_site_reads() -> None:
    data, out = part()
    get = msg.DataGet(token="t", interaction_id="i", version=1)
    data.get("faro", get, 1.0, out)
    assert said(out).reason == "not_allowed"
    out.clear()
    data.get("porto", get, 1.0, out)
    assert out == [FetchData(site="porto", token="t", interaction_id="i", version=1)]


def test_an_unknown_token_is_left_to_the_store() -> None:
    data, out = part(granted_by="")
    data.get("faro", msg.DataGet(token="t", interaction_id="i", version=1), 1.0, out)
    assert isinstance(out[0], FetchData)


def test_what_the_store_says_is_passed_on_if_it_is_whole() -> None:
    data, out = part()
    stored = DataWasStored(site="lisbon", interaction_id="i", version=1, reason="too_late")
    data.stored(stored, out)
    assert said(out).reason == "too_late"
    for digest, reason, told in (
        (sha256(DATA).digest(), "", ""),
        (b"wrong", "", "not_found"),
        (b"", "store_unavailable", "store_unavailable"),
    ):
        out.clear()
        fetched = DataWasFetched(
            site="porto", token="t", version=1, digest=digest, data=DATA, reason=reason
        )
        data.fetched(fetched, out)
        answer = said(out)
        assert (answer.reason, answer.data) == (told, b"" if told else DATA)


def test_a_token_is_bound_where_there_is_data() -> None:
    data, out = part()
    data.bind("t", "porto", ask(), out)
    assert out == []
    data.bind("t", "porto", asked(), out)
    (bound,) = out
    assert isinstance(bound, BindToken)
    assert (bound.token, bound.site, bound.interaction_id) == ("t", "porto", "i-r1")
