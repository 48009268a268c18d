"""Passwords: right, wrong, old, repeated, forged."""

import pytest

from site_agent.sip import digest_server
from site_agent.sip.digest import authorization, parse_challenge
from site_agent.sip.digest_server import DigestServer, DigestSettings, Verdict

SETTINGS = DigestSettings(realm="site")


def answer(challenge: str, *, user: str = "anna", password: str = "pw", **changes: str) -> str:
    told = {**parse_challenge(challenge), **changes}
    return authorization(told, "REGISTER", "sip:10.0.0.1", (user, password), "c1")


def look(server: DigestServer, value: str, now_s: float = 1.0) -> Verdict:
    return server.check([value], "anna", "pw", "REGISTER", now_s)


@pytest.mark.parametrize("index", [0, 1], ids=["SHA-256", "MD5"])
def test_the_right_password_and_each_count_once(index: int) -> None:
    server = DigestServer(SETTINGS, "s")
    value = answer(server.challenges(0.0)[index])
    assert look(server, value) is Verdict.RIGHT
    assert look(server, value) is Verdict.STALE
    assert look(server, value.replace("nc=00000001", "nc=00000002")) is Verdict.WRONG


def test_an_old_nonce_is_stale_and_said_so() -> None:
    server = DigestServer(SETTINGS, "s")
    value = answer(server.challenges(0.0)[0])
    assert look(server, value, 301.0) is Verdict.STALE
    assert "stale=true" in server.challenges(301.0, stale=True)[0]


def test_old_phones_without_qop_use_a_nonce_once() -> None:
    server = DigestServer(SETTINGS, "s")
    told = parse_challenge(server.challenges(0.0)[1])
    del told["qop"]
    value = authorization(told, "REGISTER", "sip:10.0.0.1", ("anna", "pw"), "c1")
    assert look(server, value) is Verdict.RIGHT
    assert look(server, value) is Verdict.STALE


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"password": "no"}, Verdict.WRONG),
        ({"user": "rita"}, Verdict.WRONG),
        ({"nonce": "0-1-" + "0" * 32}, Verdict.MISSING),
        ({"nonce": "é"}, Verdict.MISSING),
        ({"algorithm": "SHA-512-256"}, Verdict.MISSING),
        ({"realm": "elsewhere"}, Verdict.MISSING),
    ],
)
def test_what_is_not_right(changes: dict[str, str], verdict: Verdict) -> None:
    server = DigestServer(SETTINGS, "s")
    assert look(server, answer(server.challenges(0.0)[0], **changes)) is verdict


def test_a_nonce_of_another_process_is_none_of_ours() -> None:
    value = answer(DigestServer(SETTINGS, "a").challenges(0.0)[0])
    assert look(DigestServer(SETTINGS, "b"), value) is Verdict.MISSING


def test_another_method_is_another_request() -> None:
    server = DigestServer(SETTINGS, "s")
    value = answer(server.challenges(0.0)[0])
    assert server.check([value], "anna", "pw", "INVITE", 1.0) is Verdict.WRONG


@pytest.mark.parametrize("count", ["", "1", "0000000g", "zz"])
def test_a_count_that_is_none(count: str) -> None:
    server = DigestServer(SETTINGS, "s")
    told = parse_challenge(server.challenges(0.0)[0])
    response = digest_server._response(
        "SHA-256",
        {**told, "username": "anna", "uri": "x", "nc": count, "cnonce": "c", "qop": "auth"},
        "pw",
        "REGISTER",
    )
    value = (
        f'Digest username="anna", realm="site", nonce="{told["nonce"]}", uri="x", cnonce="c",'
        f' qop=auth, nc="{count}", algorithm=SHA-256, response="{response}"'
    )
    assert look(server, value) is Verdict.STALE


def test_used_nonces_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest_server, "NONCES_MAX", 3)
    server = DigestServer(SETTINGS, "s")
    values = [answer(server.challenges(float(n))[0]) for n in range(6)]
    verdicts = [look(server, value, 6.0) for value in values]
    assert verdicts[:4] == [Verdict.RIGHT] * 4
    assert len(server._used) <= 3
    assert look(server, values[0], 6.0) is not Verdict.RIGHT
