import hashlib
from typing import Any

import pytest
from peer_plans import KEY, plan_call, plan_of, plan_text, plan_token

from site_agent.core.plan_tokens import (
    NO_SEAL,
    PLAN_START,
    SHORT_START,
    USER_PART_CHARS,
    interaction_in_token,
    is_plan_token,
    plan_digest,
    read_token,
    seal_fits,
    seal_of,
)

FORMS = ("long", "short")
HERE = "lisbon"
DATA = hashlib.sha256(b"data").digest()
LARGE: dict[str, Any] = {
    "sites": [{"site": f"s{i}", "host": "192.0.2.1", "port": 5062} for i in range(500)],
    "services": [
        {"service": f"v{i}", "peers": [{"site": "s1", "queue": "sales"}]} for i in range(1000)
    ],
}


def text_of(form: str) -> str:
    return plan_text(tokens=form)


def read(token: str, text: str, key: bytes = KEY, here: str = HERE) -> Any:
    return read_token(token, plan_of(text), plan_digest(text), key, here)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_said_is_read_and_fits_a_user_part(form: str) -> None:
    said = plan_call(seal=seal_of(DATA))
    token = plan_token(text=text_of(form), seal=said.seal)
    assert is_plan_token(token) and token == token.lower() and len(token) < 120
    start = {"long": PLAN_START, "short": SHORT_START}[form]
    assert set(token.removeprefix(start)) <= set("abcdefghijklmnopqrstuvwxyz234567")
    found = read(token, text_of(form))
    assert plan_call(**{"seal": found.seal}) == found
    assert seal_fits(found, DATA, KEY)


@pytest.mark.parametrize("form", FORMS)
def test_data_fits_its_own_seal_alone(form: str) -> None:
    sealed = read(plan_token(text=text_of(form), seal=seal_of(DATA)), text_of(form))
    without = read(plan_token(text=text_of(form)), text_of(form))
    assert sealed.seal != NO_SEAL and without.seal == NO_SEAL
    assert not seal_fits(sealed, hashlib.sha256(b"other").digest(), KEY)
    assert not seal_fits(sealed, b"", KEY) and not seal_fits(without, DATA, KEY)


def test_a_short_seal_says_nothing_to_who_has_not_the_key() -> None:
    found = read(plan_token(text=text_of("short"), seal=seal_of(DATA)), text_of("short"))
    assert not seal_fits(found, DATA, b"j" * 32) and found.seal not in seal_of(DATA)


@pytest.mark.parametrize("form", FORMS)
def test_each_token_is_another_and_each_byte_is_proved(form: str) -> None:
    text = text_of(form)
    token = plan_token(text=text)
    assert plan_token("2", text) != token and read(token, text) is not None
    start = {"long": PLAN_START, "short": SHORT_START}[form]
    for at in range(len(start), len(token) - 1):
        other = "a" if token[at] != "a" else "b"
        assert read(token[:at] + other + token[at + 1 :], text) is None
    assert read(token, text, b"j" * 32) is None
    assert read(token, text + " ") is None


def test_a_short_token_is_for_one_site_alone() -> None:
    assert read(plan_token(text=text_of("short")), text_of("short"), here="faro") is None


@pytest.mark.parametrize("start", [PLAN_START, SHORT_START])
@pytest.mark.parametrize("rest", ["", "1", "a" * 8, "a" * 72, "-"])
def test_what_is_no_token_says_nothing(start: str, rest: str) -> None:
    assert read(start + rest, text_of("short")) is None
    assert read(rest, text_of("short")) is None


def test_an_interaction_goes_through_as_it_is_if_it_fits() -> None:
    same = "0123456789abcdef" * 2
    assert interaction_in_token(same) == same
    other = interaction_in_token("i-17")
    assert len(other) == 32 and other == interaction_in_token("i-17") != interaction_in_token("i")


@pytest.mark.parametrize("form", FORMS)
def test_what_is_too_long_is_cut_and_who_is_unknown_is_no_peer(form: str) -> None:
    known = {"waited_s": 1e9, "visited_sites": ("madrid", "faro"), "moves_count": 99}
    said = read(plan_token(text=text_of(form), **known), text_of(form))
    assert said is not None
    assert (said.waited_s, said.visited_sites, said.moves_count) == (65535.0, ("faro",), 15)
    with pytest.raises(ValueError, match="madrid"):
        plan_token(text=text_of(form), target="madrid")


@pytest.mark.parametrize(
    ("spec", "kept"), [({}, 10), (LARGE, 2)], ids=["three sites", "as many as a plan may name"]
)
def test_a_short_token_fits_an_extension_with_the_sites_visited_last(
    spec: dict[str, Any], kept: int
) -> None:
    names = [one["site"] for one in spec["sites"]] if spec else ["lisbon", "porto", "faro"]
    visited = tuple(names[i % len(names)] for i in range(2, 12))
    changed = {"origin": names[1], "target": names[0], "visited_sites": visited}
    if spec:
        changed["service"] = "v999"
    text = plan_text(tokens="short", **spec)
    token = plan_token(text=text, **changed)
    assert len(token) <= USER_PART_CHARS
    said = read(token, text, here=names[0])
    assert said.visited_sites == visited[-kept:] and said.service == changed.get("service", "sales")
