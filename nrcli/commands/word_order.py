"""Says which option of `nrcli` itself was written behind the command, where none is known.

Rule of this file: words in, one line out; it is asked only after the command line was refused.
"""

from collections.abc import Sequence

WITH_VALUE = ("--url", "--token-file", "--ca")
OPTIONS = (*WITH_VALUE, "--json")


def misplaced(words: Sequence[str]) -> str:
    """The line for a person, with its end; empty where no such option is behind the command."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in WITH_VALUE else 1
    names = (word.partition("=")[0] for word in words[at:])
    found = next((name for name in names if name in OPTIONS), "")
    return f"{found} stands before the command: nrcli {found} ... {words[at]}\n" if found else ""
