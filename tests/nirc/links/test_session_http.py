"""Sessions begin by a node's own token, are told, and end at once."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from session_keyring import Keyring

from nirc.links.admin_http import AdminHttp
from nirc.links.session_http import SessionHttp
from nirc.links.who_may import WhoMay

OWN = "own-token"
NOW_S = 1_000.0
Ask = Callable[..., Awaitable[tuple[int, Any]]]


@asynccontextmanager
async def served(keyring: Keyring) -> AsyncIterator[Ask]:
    """One node's API; `ask(method, token, query, **options)` answers status and body."""
    sessions = SessionHttp(node="n1", keyring=keyring, life_s=600, wall_unix_s=lambda: NOW_S)
    nothing: Any = None
    api = AdminHttp(
        listen="127.0.0.1:0",
        make_token=lambda: OWN,
        report=_Report(),  # type: ignore[arg-type]
        documents=nothing,
        more=sessions.routes(),
        who_may=WhoMay(keyring, lambda: NOW_S),
    )
    await api.start()
    url = f"http://127.0.0.1:{api.port}/api/v1/session"

    async def ask(method: str, token: str, query: str = "", **options: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        request = client.request(method, url + query, headers=headers, **options)
        async with request as answer:
            return answer.status, await answer.json(content_type=None)

    async with aiohttp.ClientSession() as client:
        yield ask
    await api.stop()


class _Report:
    """Nothing is asked of it."""

    def __getattr__(self, name: str) -> Any:
        return None


async def begun(ask: Ask, author: str = "ana") -> Any:
    status, made = await ask("POST", OWN, json={"author": author})
    assert status == 200
    return made


async def test_a_session_is_begun_and_told_and_ended() -> None:
    keyring = Keyring()
    async with served(keyring) as ask:
        made = await begun(ask)
        token = made.pop("token")
        assert made == {
            "who": "ana",
            "roles": ["system-operator"],
            "id": made["id"],
            "node": "n1",
            "began_unix_s": NOW_S,
            "ends_unix_s": NOW_S + 600,
        }
        assert re.fullmatch("[0-9a-f]{32}", made["id"])
        assert await ask("GET", token) == (200, made)
        assert await ask("DELETE", token) == (200, made)
        assert keyring.ended == {made["id"]} and keyring.rest_s == 600
        status, problem = await ask("GET", token)
        assert status == 401 and problem["title"] == "the session was ended"
        assert (await begun(ask))["id"] != made["id"]


async def test_a_nodes_own_token_is_told_to_be_none_and_ends_others() -> None:
    keyring = Keyring()
    async with served(keyring) as ask:
        status, own = await ask("GET", OWN)
        assert (status, own["id"], own["who"]) == (200, "", "")
        status, problem = await ask("DELETE", OWN)
        assert status == 409 and "`id`" in problem["remedy"] and not keyring.ended
        made = await begun(ask, "eve")
        status, _ = await ask("DELETE", OWN, f"?id={made['id']}&author=ana&reason=lost")
        assert status == 200 and keyring.ended == {made["id"]}
        assert (await ask("DELETE", OWN, "?id=../../key"))[0] == 400


async def test_a_session_begins_no_other() -> None:
    async with served(Keyring()) as ask:
        made = await begun(ask)
        status, problem = await ask("POST", made["token"], json={"author": "ana"})
        assert status == 403 and "token file" in problem["remedy"]


async def test_nobody_begins_one_without_a_name_or_while_no_key_is_known() -> None:
    keyring = Keyring()
    async with served(keyring) as ask:
        for wrong in ({}, {"author": ""}, {"author": 7}, {"author": "a" * 101}, [], None):
            assert (await ask("POST", OWN, json=wrong))[0] == 400
        keyring.key = None
        assert (await ask("POST", OWN, json={"author": "ana"}))[0] == 503
        keyring.away = True
        assert (await ask("DELETE", OWN, f"?id={'0' * 32}"))[0] == 503
