import pytest
from peer_plans import KEY, plan_call, plan_of, plan_text, plan_token

from site_agent.core.plan_tokens import (
    PLAN_START,
    interaction_in_token,
    is_plan_token,
    plan_digest,
    read_token,
    seal_of,
)

TEXT = plan_text()
PLAN, DIGEST = plan_of(TEXT), plan_digest(TEXT)


def test_what_is_said_is_read_and_fits_a_user_part() -> None:
    said = plan_call(seal=seal_of(b"x" * 32))
    token = plan_token(seal=said.seal)
    assert is_plan_token(token) and token == token.lower() and len(token) < 120
    assert set(token.removeprefix(PLAN_START)) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert read_token(token, PLAN, DIGEST, KEY) == said


def test_each_token_is_another_and_each_byte_is_proved() -> None:
    token = plan_token()
    assert plan_token("2") != token
    for at in range(len(PLAN_START), len(token), 7):
        other = "a" if token[at] != "a" else "b"
        changed = token[:at] + other + token[at + 1 :]
        assert read_token(changed, PLAN, DIGEST, KEY) is None
    assert read_token(token, PLAN, DIGEST, b"j" * 32) is None
    assert read_token(token, PLAN, plan_digest(TEXT + " "), KEY) is None


@pytest.mark.parametrize("token", [PLAN_START, PLAN_START + "1", PLAN_START + "a" * 8, "x", ""])
def test_what_is_no_token_says_nothing(token: str) -> None:
    assert read_token(token, PLAN, DIGEST, KEY) is None


def test_an_interaction_goes_through_as_it_is_if_it_fits() -> None:
    same = "0123456789abcdef" * 2
    assert interaction_in_token(same) == same
    other = interaction_in_token("i-17")
    assert len(other) == 32 and other == interaction_in_token("i-17") != interaction_in_token("i")


def test_what_is_too_long_is_cut_and_who_is_unknown_is_no_peer() -> None:
    token = plan_token(waited_s=1e9, visited_sites=("madrid", "faro"), moves_count=99)
    said = read_token(token, PLAN, DIGEST, KEY)
    assert said is not None
    assert (said.waited_s, said.visited_sites, said.moves_count) == (65535.0, ("faro",), 15)
    with pytest.raises(ValueError, match="madrid"):
        plan_token(target="madrid")
