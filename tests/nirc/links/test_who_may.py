"""Who is let in, by which token, and for how long."""

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from session_keyring import KEY, Keyring

from nirc.errors import SettingsError
from nirc.links.session_tokens import token_of
from nirc.links.who_may import CALLER, Caller, WhoMay
from nrcli.wire.api_models import Problem
from nrcli.wire.session_models import Session

SESSION = Session(who="ana", id="a" * 32, node="n2", began_unix_s=1_000, ends_unix_s=2_000)
EDGE_PATH = "/api/v1/pre-route"


class Door:
    """One node's, with a clock."""

    def __init__(self, keyring: Keyring | None) -> None:
        self.now_s = 1_500.0
        self.who_may = WhoMay(keyring, lambda: self.now_s)
        self.who_may.make(lambda: "own", {EDGE_PATH: lambda: "edge"})

    def ask(self, authorization: str, path: str = "/api/v1/sites") -> Caller | Any:
        """The caller, or the problem."""
        headers = {"Authorization": authorization} if authorization else {}
        request = make_mocked_request("GET", path, headers=headers)
        refusal = self.who_may.refusal(request)
        if refusal is None:
            return request[CALLER]
        problem = Problem.model_validate_json(refusal.text or "")
        assert refusal.status == problem.status and problem.remedy
        if problem.status == 401:
            assert refusal.headers["WWW-Authenticate"] == "Bearer"
        return problem


def test_the_nodes_own_token_opens_everything_and_an_edges_one_path() -> None:
    door = Door(Keyring())
    assert door.ask("Bearer own").session == Session()
    assert door.ask("bearer  own ").session == Session()
    assert door.ask("Bearer edge", EDGE_PATH).holds()
    assert door.ask("Bearer edge").status == 401
    for wrong in ("", "Bearer", "Bearer ", "Basic own", "own", "Bearer ünsafe"):
        assert door.ask(wrong).status == 401


def test_nothing_opens_before_there_are_tokens() -> None:
    who_may = WhoMay(None, lambda: 0.0)
    for said in ("Bearer ", "Bearer x"):
        request = make_mocked_request("GET", "/", headers={"Authorization": said})
        assert who_may.refusal(request) is not None


def test_a_session_opens_every_node_that_has_the_key() -> None:
    token = token_of(SESSION, KEY)
    caller = Door(Keyring()).ask(f"Bearer {token}")
    assert caller.session == SESSION and caller.token == token and caller.holds()
    assert Door(None).ask(f"Bearer {token}").status == 401, "here are no sessions"


def test_it_ends_by_time_by_order_and_with_the_key() -> None:
    token = f"Bearer {token_of(SESSION, KEY)}"
    keyring = Keyring()
    door = Door(keyring)
    caller = door.ask(token)
    door.now_s = 2_000.0
    assert not caller.holds() and door.ask(token).title == "the session is over"
    door.now_s = 1_500.0
    keyring.ended.add(SESSION.id)
    assert not caller.holds() and door.ask(token).title == "the session was ended"
    keyring.ended.clear()
    assert caller.holds()
    keyring.key = b"another" * 10
    assert not caller.holds() and door.ask(token).status == 401


def test_a_node_that_does_not_know_the_key_says_so() -> None:
    keyring = Keyring()
    keyring.key = None
    door = Door(keyring)
    told = door.ask(f"Bearer {token_of(SESSION, KEY)}")
    assert told.status == 503 and "own token" in told.remedy
    assert door.ask("Bearer own").session == Session()
    assert door.ask("Bearer nonsense").status == 401


def test_a_token_that_cannot_be_made_ends_the_start() -> None:
    def make() -> str:
        raise SettingsError("admin.token", "cannot be written", "set admin.token_file")

    with pytest.raises(SettingsError):
        WhoMay(None, lambda: 0.0).make(make, {})
