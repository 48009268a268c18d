"""The token that names a consult leg."""

import re

from site_agent.core.consult_tokens import caller_of, completion_of, is_consult

TOKEN = "nirc-" + "a" * 26


def test_both_ends_make_the_same_token_and_no_other_gives_it() -> None:
    assert completion_of(TOKEN) == completion_of(TOKEN) != completion_of(TOKEN[:-1] + "b")
    assert re.fullmatch(r"nirc-[a-z2-7]{26}", completion_of(TOKEN))


def test_a_consult_call_has_an_interaction_of_its_own_that_names_the_callers() -> None:
    assert is_consult("i-17.c4") and caller_of("i-17.c4") == "i-17"
    assert not is_consult("i-17") and caller_of("i-17") == "i-17"
    assert not is_consult("i.cafe")
