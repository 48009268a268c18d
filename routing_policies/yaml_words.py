"""Says in words what is wrong with text that is not YAML.

Rule of this file: the same words whichever parser found it. What the parser says is only used to
tell the cases apart.
"""

from __future__ import annotations

_INDENTATION = "check indentation, brackets and quotes there"
_QUOTES = "put the whole text in quotes"
_ENDS = ("expected key", "block end", "'-' indicator")

# (words of either parser, what we say, remedy); the first that fits.
_CASES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("mapping values are not allowed",),
        "a colon where no `name: value` can stand",
        "put text with a colon in quotes, or check the indentation",
    ),
    (
        ("could not find expected ':'",),
        "a line without a colon",
        "write `name: value` here or on the line above, or check the quotes above it",
    ),
    (
        ("found unexpected end of stream",),
        "a quote that is never closed",
        "close it; a ' that is part of a text in '...' is written twice",
    ),
    (
        ("unknown escape", "expected escape sequence", "did not find expected hexdecimal"),
        "an escape (\\) that does not exist",
        "use single quotes: in them \\ is a plain character",
    ),
    (
        ("',' or ']'", "',' or '}'"),
        "a comma or the closing bracket is missing",
        "one bracket for each: [a, b] and {name: value}; text with , or : in quotes",
    ),
    (
        ("alphabetic or numeric character",),
        "* and & begin an alias",
        'put it in quotes: "*"',
    ),
    (
        _ENDS,
        "does not fit the lines above",
        "check its indentation: entries of one list or section begin in the same column",
    ),
    (
        ("node content",),
        "a value is missing",
        "write one, or remove the comma or colon",
    ),
    (
        ("chomping or indentation", "line break"),
        "text after | or >",
        "begin the text on the next line, or put it in quotes",
    ),
    (
        ("sequence entries are not allowed",),
        "a list on the line of its name",
        "begin it on the next line, each entry with - before it, or write [a, b]",
    ),
    (
        ("directive", "tag", "document start"),
        "something that YAML documents of NIRC do not have",
        _INDENTATION,
    ),
)


def syntax_words(told: str, text: str, index: int) -> tuple[str, str]:
    """What is wrong at `text[index]`, and what to do about it."""
    letter = text[index : index + 1]
    line_start = text.rfind("\n", 0, index) + 1
    if letter == "\t" or (not text[line_start:index].strip() and "\t" in text[line_start:index]):
        return "a tab", "indent with spaces"
    if "cannot start any token" in told:
        return f"a value cannot begin with {letter}", _QUOTES
    before = text[line_start:index].rstrip()
    if before.endswith(("'", '"')) and any(sign in told for sign in _ENDS):
        return "text after the closing quote", _quote_within(before[-1])
    for signs, problem, remedy in _CASES:
        if any(sign in told for sign in signs):
            return problem, remedy
    return told or "cannot be read", _INDENTATION


def _quote_within(quote: str) -> str:
    if quote == '"':
        return "leave out the outer quotes, or make them single ones: 'a == \"b\"'"
    return "write a quote that is part of the text twice"
