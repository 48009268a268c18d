"""An option of every command stands before it."""

import pytest

from nrcli.commands.word_order import misplaced


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("queue --json", "--json stands before the command: nrcli --json ... queue\n"),
        ("--json queue --url=x", "--url stands before the command: nrcli --url ... queue\n"),
        ("--url x queue --nothing", ""),
        ("--token-file --json", ""),
        ("", ""),
    ],
)
def test_what_stands_behind_the_command_is_named(words: str, said: str) -> None:
    assert misplaced(words.split()) == said
