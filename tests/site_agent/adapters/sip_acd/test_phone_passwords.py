"""Agents with a password register with it, and nobody guesses it."""

from nrcli.sip.message import Headers, Request
from site_agent.adapters.sip_acd.phone_passwords import PhonePasswords, Refusal
from site_agent.adapters.sip_acd.settings import AgentSettings, SipAcdSettings
from site_agent.sip.digest import authorization, parse_challenge

SETTINGS = SipAcdSettings(
    trunk_groups=(),
    queues=(),
    agents=(
        AgentSettings(name="anna", queues={}, password="secret word"),
        AgentSettings(name="bert", queues={}),
    ),
)
HOST = "10.0.0.7"


def register(refusal: Refusal | None = None, password: str = "secret word") -> Request:
    headers = Headers([("To", "<sip:anna@site>")])
    if refusal is not None:
        told = parse_challenge(refusal[1][0][1])
        value = authorization(told, "REGISTER", "sip:site", ("anna", password), "c")
        headers.add("Authorization", value)
    return Request("REGISTER", "sip:site", headers)


def test_an_agent_with_a_password_is_asked_and_others_are_not() -> None:
    phones = PhonePasswords(SETTINGS, lambda: "id")
    assert phones.refusal("bert", register(), HOST, 1.0) is None
    asked = phones.refusal("anna", register(), HOST, 1.0)
    assert asked is not None
    assert asked[0] == 401
    assert [parse_challenge(value)["algorithm"] for _, value in asked[1]] == ["SHA-256", "MD5"]
    assert phones.refusal("anna", register(asked), HOST, 2.0) is None


def test_a_repeated_answer_is_asked_again_as_stale() -> None:
    phones = PhonePasswords(SETTINGS, lambda: "id")
    asked = phones.refusal("anna", register(), HOST, 1.0)
    assert phones.refusal("anna", register(asked), HOST, 2.0) is None
    again = phones.refusal("anna", register(asked), HOST, 3.0)
    assert again is not None
    assert "stale=true" in again[1][0][1]
    assert phones.refusal("anna", register(again), HOST, 4.0) is None


def test_after_some_wrong_passwords_no_more_are_looked_at() -> None:
    phones = PhonePasswords(SETTINGS, lambda: "id")
    asked = phones.refusal("anna", register(), HOST, 1.0)
    statuses = []
    for _ in range(12):
        refusal = phones.refusal("anna", register(asked, "guess"), HOST, 1.0)
        assert refusal is not None
        statuses.append(refusal[0])
    assert statuses == [401] * 10 + [403] * 2
    assert phones.refusal("anna", register(asked), HOST, 1.0) == (403, [])
    assert phones.refusal("anna", register(asked), "10.0.0.8", 1.0) is None
    assert phones.refusal("anna", register(asked), HOST, 20.0) is not None
