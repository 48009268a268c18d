"""docs/policy_language.md: every example is accepted, every mistake is refused in the words shown,
and its tables of names are those of the vocabulary."""

import pytest
from documents import ROOT, Block, blocks_of

from routing_policies.errors import DocumentError, told
from routing_policies.expression_names import FUNCTIONS, SCOPES_AT
from routing_policies.expression_tree import DEPTH_MAX, LENGTH_MAX, NODES_MAX
from routing_policies.expressions import Checked, Scope, Unit, check_expression
from routing_policies.vocabulary import SCOPES, VOCABULARY, Entry

PAGE = ROOT / "docs" / "policy_language.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = blocks_of(PAGE.relative_to(ROOT))
CONDITIONS = (Scope.WHEN, Scope.CANDIDATES, Scope.ASK)
UNITS = {
    Unit.SECONDS: "seconds",
    Unit.COUNT: "count",
    Unit.SHARE: "share",
    Unit.LEVEL: "level",
    Unit.MONEY: "money",
    Unit.PER_HOUR: "per hour",
    Unit.YES_NO: "true or false",
    Unit.NAME: "name",
}


def check(text: str, scope: Scope) -> Checked:
    want = Unit.YES_NO if scope in CONDITIONS else None
    return check_expression(text, scope=scope, want=want, place="", source="")


def examples(block: Block) -> list[tuple[Scope, str]]:
    """Each line is an expression; `# when` says where the following ones stand."""
    found: list[tuple[Scope, str]] = []
    scope = None
    for line in block.text.splitlines():
        if line.startswith("# "):
            scope = Scope(line[2:])
        else:
            assert scope is not None, f"line {block.line}: no scope"
            found.append((scope, line))
    return found


@pytest.mark.parametrize(
    ("scope", "text"),
    [one for block in BLOCKS if block.language == "policy" for one in examples(block)],
)
def test_examples_are_accepted(scope: Scope, text: str) -> None:
    assert check(text, scope).text == text


def test_there_are_examples_of_every_function() -> None:
    shown = " ".join(block.text for block in BLOCKS if block.language == "policy")
    assert [name for name in FUNCTIONS if f"{name}(" not in shown] == []


def test_mistakes_are_refused_in_these_words() -> None:
    (block,) = (block for block in BLOCKS if block.language == "refused")
    lines = [line for line in block.text.splitlines() if not line.startswith("#")]
    for text, words in zip(lines[::2], lines[1::2], strict=True):
        with pytest.raises(DocumentError) as caught:
            check(text, Scope.CANDIDATES)
        assert told(caught.value.faults[0]) == f": {words.strip()}"


def row(entry: Entry) -> str:
    unit = UNITS[entry.unit]
    if entry.unit is Unit.NAME:
        unit = f"name ({entry.names.value})"
    missing = ", may be missing" if entry.may_be_missing else ""
    return f"| `{entry.name}` | {unit}{missing} | {entry.meaning} |"


def table(scope: str) -> str:
    entries = [one for name, one in VOCABULARY.items() if name.startswith(f"{scope}.")]
    if scope == "origin":
        entries = [one for one in entries if f"queue.{one.name[7:]}" not in VOCABULARY]
    return "\n".join(["| name | is | meaning |", "|---|---|---|", *map(row, entries)])


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope != "calendar"])
def test_the_table_of_names_is_the_vocabulary(scope: str) -> None:
    assert f"\n\n{table(scope)}\n\n" in TEXT, f"write this table:\n{table(scope)}"


def test_the_limits_are_told() -> None:
    limits = f"{LENGTH_MAX:,} characters, {NODES_MAX} parts"
    assert limits in TEXT
    assert f"{DEPTH_MAX} levels of nesting" in TEXT


def test_every_place_is_told() -> None:
    for name in ("when", "hysteresis.value", "candidates", "adjust", "weight", "OverflowRules"):
        assert f"`{name}`" in TEXT
    when = " ".join(f"`{name}`" for name in ("call", "origin", "service", "calendar", "network"))
    assert when in TEXT
    assert {word.strip("`") for word in when.split()} == SCOPES_AT[Scope.WHEN]
