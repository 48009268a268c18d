"""Reads an expression word by word and tells slips of the pen in an admin's words.

Rule of this file: it sees words and signs, no meaning. What passes here has operands and operators
in turn and brackets in pairs, so that Python's own parser has little left to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

SHOWN_MAX = 60
"Most characters of the text that a message repeats."


class Mistake(Exception):
    """One wrong part of an expression; `column` counts from 1."""

    def __init__(self, problem: str, remedy: str, column: int, width: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.column = column
        self.width = width


class Kind(Enum):
    """What a word is."""

    TEXT = "text"
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"


@dataclass(slots=True)
class Word:
    """One word or sign, `at` counted from 0."""

    kind: Kind
    text: str
    at: int

    def wrong(self, problem: str, remedy: str) -> Mistake:
        """This word is the wrong part."""
        return Mistake(problem, remedy, self.at + 1, max(len(self.text), 1))


_TOKEN = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')
    |(?P<number>(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>[A-Za-z_][A-Za-z_0-9]*)
    |(?P<sign>===|!==|\*\*|//|&&|\|\||==|!=|<>|<=|>=|=>|=<|:=|->|<<|>>|\{\{|\}\}|\S)
    |(?P<blank>\s+)""",
    re.VERBOSE | re.ASCII,
)
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*(?:_[0-9]+)*)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?")

_SIGNS = {
    "=": ("`=` gives a value, and nothing can be given one here", "compare with =="),
    ":=": ("`:=` gives a value, and nothing can be given one here", "compare with =="),
    "===": ("there is no `===`", "compare with =="),
    "!==": ("there is no `!==`", "write !="),
    "<>": ("there is no `<>`", "write !="),
    "=>": ("there is no `=>`", "write >="),
    "=<": ("there is no `=<`", "write <="),
    "≥": ("there is no `≥`", "write >="),
    "≤": ("there is no `≤`", "write <="),
    "≠": ("there is no `≠`", "write !="),
    "&&": ("there is no `&&`", "write and"),
    "&": ("there is no `&`", "write and"),
    "||": ("there is no `||`", "write or"),
    "|": ("there is no `|`", "write or"),
    "!": ("there is no `!`", "write not"),
    "~": ("there is no `~`", "write not"),
    "^": ("there is no `^`", "multiply with *"),
    "**": ("there is no `**`", "multiply with *"),
    "//": ("there is no `//`", "divide with /"),
    "÷": ("there is no `÷`", "divide with /"),
    "×": ("there is no `×`", "multiply with *"),
    "%": ("there is no `%`", "write a share as a number from 0 to 1: 80 % is 0.8"),
    "<<": ("there is no `<<`", "compare with <"),
    ">>": ("there is no `>>`", "compare with >"),
    "->": ("there is no `->`", "compare with > or >="),
    "@": ("there is no `@`", "remove it"),
    ";": ("there is no `;`", "join conditions with and, or"),
    "#": ("a comment cannot stand inside an expression", "put it on a line of its own"),
    "\\": ("there is no `\\`", "write texts and numbers without it"),
    "`": ("there is no quote like this", 'write "..."'),
    "$": ("names have no `$`", "write the name alone, such as queue.ewt_s"),
    "{{": ("values are not put in with braces", "write the name alone, such as queue.ewt_s"),
    "}}": ("values are not put in with braces", "write the name alone, such as queue.ewt_s"),
    "{": ("braces mean nothing here", "list texts in round brackets: in (...)"),
    "}": ("braces mean nothing here", "list texts in round brackets: in (...)"),
    "?": ("there is no `?`", "write `a if condition else b`"),
    ":": ("there is no `:`", 'times of day stand in a Calendar: calendar("NAME").open'),
    "“": ("this quote is not a straight one", 'write "..."'),
    "”": ("this quote is not a straight one", 'write "..."'),
    "„": ("this quote is not a straight one", 'write "..."'),
    "‘": ("this quote is not a straight one", 'write "..."'),
    "’": ("this quote is not a straight one", 'write "..."'),
    "–": ("this dash is no minus", "write -"),
    "—": ("this dash is no minus", "write -"),
    "−": ("this dash is no minus", "write -"),
    "\u00a0": ("a blank that is none (U+00A0) stands here", "replace it by an ordinary blank"),
    "€": ("money has no sign here", "write the number alone"),
    "£": ("money has no sign here", "write the number alone"),
}
_WORDS = {
    "AND": ("there is no `AND`", "write and, in small letters"),
    "OR": ("there is no `OR`", "write or, in small letters"),
    "NOT": ("there is no `NOT`", "write not, in small letters"),
    "IN": ("there is no `IN`", "write in, in small letters"),
    "IF": ("there is no `IF`", "remove it: a condition stands alone"),
    "TRUE": ("there is no `TRUE`", "write true"),
    "FALSE": ("there is no `FALSE`", "write false"),
    "And": ("there is no `And`", "write and, in small letters"),
    "Or": ("there is no `Or`", "write or, in small letters"),
    "Not": ("there is no `Not`", "write not, in small letters"),
    "is": ("there is no `is`", "compare with =="),
    "eq": ("there is no `eq`", "compare with =="),
    "equals": ("there is no `equals`", "compare with =="),
    "gt": ("there is no `gt`", "compare with >"),
    "lt": ("there is no `lt`", "compare with <"),
    "between": ("there is no `between`", "write 20 <= name <= 30"),
    "contains": ("there is no `contains`", 'write name in ("one", "two")'),
    "like": ("there is no `like`", 'compare with ==, or with starts(call.ani, "+351")'),
    "matches": ("there is no `matches`", 'compare with ==, or with starts(call.ani, "+351")'),
    "xor": ("there is no `xor`", "compare the two with !="),
    "unless": ("there is no `unless`", "write and not (...)"),
    "then": ("there is no `then`", "write `a if condition else b`, or a condition alone"),
    "elif": ("there is no `elif`", "write `a if condition else b if condition else c`"),
    "None": ("there is no `None`", "ask for a missing value with known(...)"),
    "null": ("there is no `null`", "ask for a missing value with known(...)"),
    "nil": ("there is no `nil`", "ask for a missing value with known(...)"),
    "NaN": ("there is no `NaN`", "ask for a missing value with known(...)"),
    "nan": ("there is no `nan`", "ask for a missing value with known(...)"),
    "inf": ("there is no `inf`", "write a large number, such as 1e9"),
}
_FOREIGN = frozenset(
    re.findall(
        r"[a-z]+",
        "lambda for while def class import from return yield await async with as assert try except"
        " finally raise del pass break continue global nonlocal",
    )
)
_SECONDS = {"s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "ms": 0.001}
_SECONDS |= {"m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60}
_SECONDS |= {"h": 3600, "hour": 3600, "hours": 3600, "d": 86_400, "day": 86_400, "days": 86_400}
_BINARY_SIGNS = {"==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/"}
_BINARY_WORDS = {"and", "or", "in", "if", "else"}
_PLAIN_SIGNS = {*_BINARY_SIGNS, "(", ")", ".", ","}
_KINDS = {kind.value: kind for kind in Kind}
_PAIRS = {")": "(", "]": "["}


def shortened(text: str) -> str:
    """As much of `text` as a message should repeat."""
    return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 3]}..."


def words_of(text: str) -> Iterator[Word]:
    """The words of `text`, blanks left out. Raises Mistake at what is no word of the language."""
    for found in _TOKEN.finditer(text):
        kind = _KINDS.get(found.lastgroup or "")
        if kind is not None:
            word = Word(kind, found[0], found.start())
            if word.text not in _PLAIN_SIGNS:
                _refuse_slips(word, text)
            yield word


def _refuse_slips(word: Word, text: str) -> None:
    behind = text[word.at + len(word.text) :]
    if word.kind is Kind.SIGN:
        if word.text in "\"'":
            raise word.wrong("this quote is never closed", f"write {word.text} behind the text too")
        if word.text in _SIGNS:
            raise word.wrong(*_SIGNS[word.text])
        if not word.text.isascii() or not word.text.isprintable():
            code = f"U+{ord(word.text[0]):04X}"
            raise word.wrong(f"this character ({code}) means nothing here", "remove it")
    elif word.kind is Kind.TEXT:
        if "\\" in word.text:
            raise word.wrong("a text cannot hold a \\", "write it without")
        if not word.text.isprintable():
            raise word.wrong("a text holds a character that cannot be seen", "write it anew")
    elif word.kind is Kind.NUMBER:
        _refuse_number(word, behind)
    elif word.text in _FOREIGN or word.text in _WORDS:
        nothing = (f"`{word.text}` is not part of the language", "write a condition or a number")
        raise word.wrong(*_WORDS.get(word.text, nothing))
    elif behind[:1] in ('"', "'"):
        raise word.wrong(f"`{word.text}` stands before a quote", "write an operator between them")


def _refuse_number(word: Word, behind: str) -> None:
    unit = re.match(r"\s*%(?!\s*[0-9(])|[A-Za-z_]+|\.[0-9]", behind)
    wide = Word(word.kind, word.text + (unit[0] if unit else ""), word.at)
    if unit and unit[0].strip() == "%":
        value = shortened(_plain(word.text, 0.01))
        raise wide.wrong("a share is written from 0 to 1", f"write {value}")
    if unit and unit[0] in _SECONDS:
        value = shortened(_plain(word.text, _SECONDS[unit[0]]))
        raise wide.wrong("a number has no unit behind it", f"write {value}: times are in seconds")
    if unit and unit[0].startswith("."):
        raise wide.wrong("a number has two points", "texts and versions stand in quotes")
    if unit:
        raise wide.wrong(
            f"`{shortened(wide.text)}` is neither a number nor a name", "write one of them"
        )
    if not _NUMBER.fullmatch(word.text):
        raise word.wrong(
            f"`{shortened(word.text)}` is not a number as it is written here",
            "write it without zeros in front, or in quotes if it is a text",
        )


def _plain(number: str, factor: float) -> str:
    value = float(number.replace("_", "")) * factor
    return f"{value:.10g}"


class _Grammar:
    """Are operands and operators in turn, and brackets in pairs?"""

    def __init__(self) -> None:
        self._before: Word | None = None
        self._open: list[Word] = []
        self._wants_operand = True

    def take(self, word: Word) -> None:
        """One word. Raises Mistake where it cannot stand."""
        if self._before is not None and self._before.text == "." and word.kind is not Kind.WORD:
            raise word.wrong("a name is missing behind the point", "write it, as in queue.ewt_s")
        if self._wants_operand:
            self._operand(word)
        else:
            self._operator(word)
        self._before = word

    def end(self) -> None:
        """Nothing follows. Raises Mistake where something must."""
        if self._open:
            bracket = self._open[-1]
            raise bracket.wrong("this bracket is never closed", f"write {_closing(bracket)} too")
        if self._wants_operand and self._before is not None:
            name = self._before.text
            raise self._before.wrong(f"nothing stands behind `{name}`", "complete or remove it")

    def _operand(self, word: Word) -> None:
        text = word.text
        if word.kind in (Kind.TEXT, Kind.NUMBER):
            self._wants_operand = False
        elif word.kind is Kind.WORD:
            if text in _BINARY_WORDS:
                self._missing_before(word)
            self._wants_operand = text == "not"
        elif text in "([":
            self._open.append(word)
        elif text in ")]":
            self._close_early(word)
        elif text not in "+-" or self._doubled(word):
            self._missing_before(word)

    def _doubled(self, word: Word) -> bool:
        """Is this `--` or `++`, which other languages have?"""
        before = self._before
        return before is not None and before.text == word.text and before.at + 1 == word.at

    def _missing_before(self, word: Word) -> None:
        if word.text == "if" and self._before is None:
            raise word.wrong("a condition needs no `if`", "remove it")
        if word.text == "=":
            raise word.wrong(*_SIGNS["="])
        raise word.wrong(f"something is missing before `{word.text}`", "complete or remove it")

    def _close_early(self, word: Word) -> None:
        before = self._before
        if before is None or (before.text not in "([,"):
            self._missing_before(word)
        self._close(word)

    def _close(self, word: Word) -> None:
        if not self._open:
            raise word.wrong("this bracket was never opened", "remove it")
        opened = self._open.pop()
        if opened.text != _PAIRS[word.text]:
            raise word.wrong(
                f"`{opened.text}` is closed by `{word.text}`", f"write {_closing(opened)}"
            )
        self._wants_operand = False

    def _operator(self, word: Word) -> None:
        text = word.text
        before = self._before
        assert before is not None
        if before.text == "." and word.kind is Kind.WORD:
            return
        if before.text == "not" and text != "in":
            raise before.wrong(
                "`not` stands behind a value", "write not in (...), or not before it"
            )
        if text in ")]":
            self._close(word)
        elif text in _BINARY_SIGNS or text in _BINARY_WORDS or text == ",":
            self._wants_operand = True
        elif text == "(" and before.kind is Kind.WORD:
            self._open.append(word)
            self._wants_operand = True
        elif text not in (".", "not") or word.kind is Kind.TEXT:
            self._operator_missing(word)

    def _operator_missing(self, word: Word) -> None:
        before = self._before
        assert before is not None
        if word.text == "[":
            raise word.wrong("nothing is picked out by [...]", "square brackets stand behind `in`")
        if before.kind is Kind.NUMBER and word.text in _SECONDS:
            value = shortened(_plain(before.text, _SECONDS[word.text]))
            remedy = f"write {value}: times are in seconds"
            raise word.wrong("a number has no unit behind it", remedy)
        both = f"`{shortened(before.text)}` and `{shortened(word.text)}`"
        raise word.wrong(f"an operator is missing between {both}", "such as and, ==, > or ,")


def _closing(bracket: Word) -> str:
    return ")" if bracket.text == "(" else "]"


def check_words(text: str) -> int:
    """How many words `text` has. Raises Mistake at the first slip of the pen in it."""
    grammar = _Grammar()
    count = 0
    for word in words_of(text):
        grammar.take(word)
        count += 1
    grammar.end()
    return count
