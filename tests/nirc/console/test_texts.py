"""The console's texts stand apart from its pages: each language has all, no page has a word."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_tree import ROOT

from routing_policies.kinds import KINDS

CONSOLE = ROOT / "nirc" / "console"
LANGUAGES = ("en", "de")
PARTS = ("", ".acting")
PLACE = re.compile(r"\{(\w+)\}")
KEY = re.compile(r'"([a-z]\w*\.[a-z]\w*)"')
STARTS = re.compile(r"\b(?:t|word|has)\(\s*(?:\w+ \? )?`([a-z_]+\.[a-z_]*)")
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
COMMENT = re.compile(r"^\s*(//|/?\*).*$", re.MULTILINE)
WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]{2,}")
# What is no word of a language: markup, keys of the keyboard, headers, what CSS calls things, and
# kinds of documents.
NOT_WORDS = re.compile(
    r"^(class|M|Bearer |Arrow|Page|Home|End|Enter|Esc|Content-Type|Accept|ETag|If-|Last-Event|"
    r"Authorization|English$|Deutsch$|Location|Retry|Boolean|main |body |dialog|input|tr\[|"
    r"\(prefers|(AlarmRules|Calendar|NetworkService|RoutingPolicy|Tenant)$)"
)


def texts(language: str, part: str) -> dict[str, str]:
    return dict(json.loads((CONSOLE / "texts" / f"{language}{part}.json").read_text("utf-8")))


def all_texts(language: str) -> dict[str, str]:
    return {key: text for part in PARTS for key, text in texts(language, part).items()}


def counted(key: str, among: dict[str, str]) -> str:
    """The key that a page names: without `.one` and `.other`, where a text has both."""
    name = re.sub(r"\.(one|other)$", "", key)
    return name if {f"{name}.one", f"{name}.other"} <= among.keys() else key


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted((CONSOLE / "js").rglob("*.js")):
        yield path.relative_to(CONSOLE), COMMENT.sub("", path.read_text("utf-8"))


@pytest.mark.parametrize("part", PARTS)
def test_every_language_has_the_same_keys_and_the_same_places(part: str) -> None:
    english = texts("en", part)
    for language in LANGUAGES[1:]:
        other = texts(language, part)
        assert other.keys() == english.keys()
        for key, text in other.items():
            assert set(PLACE.findall(text)) == set(PLACE.findall(english[key])), key
            assert text.strip() == text and text, key


def test_no_key_stands_in_two_files() -> None:
    assert not texts("en", PARTS[0]).keys() & texts("en", PARTS[1]).keys()


def test_every_key_that_a_page_names_has_a_text_and_every_text_a_page() -> None:
    texts_of = all_texts("en")
    known = {counted(key, texts_of) for key in texts_of}
    named: set[str] = set()
    groups: set[str] = set()
    for _, text in modules():
        named |= {key for key in KEY.findall(text) if not key.startswith("nirc.")}
        groups |= set(STARTS.findall(text))
        groups |= {f"{one}." for one in re.findall(r'\bword\("(\w+)"', text)}
    prefixes = {key.split(".")[0] for key in known}
    assert {key for key in named if key.split(".")[0] in prefixes} - known == set()
    unused = {key for key in known - named if not key.startswith(tuple(groups))}
    assert unused == set()


def test_no_page_has_words_of_its_own() -> None:
    found = []
    for path, text in modules():
        for line in text.splitlines():
            for plain, woven in STRING.findall(line):
                said = re.sub(r"\$\{[^}]*\}", "", plain or woven)
                is_class = re.search(r'class: [^,}]*"' + re.escape(plain) + '"', line)
                named = NOT_WORDS.search(said) or said in KINDS or is_class
                if WORDS.search(said) and not named:
                    found.append(f"{path}: {said}")
    assert found == []
