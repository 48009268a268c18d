"""What is not of the language is refused where it stands, and all mistakes are told at once."""

import pytest

from routing_policies.errors import DocumentError
from routing_policies.expressions import Scope, Unit, check_expression


@pytest.mark.parametrize(
    ("text", "wrong", "problem", "remedy"),
    [
        ("queue.waiting_count and queue.open", "queue.waiting_count", "is a number", "_count > 0"),
        ("not queue.ewt_s", "queue.ewt_s", "is a number", "queue.ewt_s > 0"),
        ("site.name or queue.open", "site.name", "is a text", 'site.name in ("porto", "faro")'),
        ("queue.open + 1 > 2", "queue.open", "true or false where a number", "1 if"),
        ('queue.ewt_s + "5" > 2', '"5"', "is a text", "write 5 without quotes"),
        ('queue.ewt_s + "x" > 2', '"x"', "is a text", "compared with a name"),
        ("site.name + 1 > 2", "site.name", "is a name", "site.name =="),
        ('data("k") + 1 > 2', 'data("k")', "may be missing", "default"),
        ('known(data("k") + 1)', 'data("k")', "is a name", "number(...)"),
        ("-queue.open > 1", "queue.open", "true or false", "1 if"),
        ("queue.ewt_s + queue.waiting_count > 3", "", "a time in seconds", "end in _s"),
        ("queue.occupancy - queue.waiting_count > 3", "", "is a share", "only likes meet"),
        ("queue.ewt_s * queue.waiting_count > 3", "", "multiplies", "divide likes"),
        ("queue.waiting_count / queue.ewt_s > 3", "", "divides", "divide likes"),
        ("queue.ewt_s / 0 > 3", "", "divides by 0", "another"),
        ("queue.ewt_s / (2 - 2) > 3", "", "divides by 0", "another"),
        ("1e308 * 10 > 3", "", "no number", "smaller"),
        ("1e999 > 3", "1e999", "no number", "smaller"),
        ("9" * 400 + " > queue.ewt_s", "", "too large", "smaller"),
        ("queue.ewt_s > 1,5", "5", "a comma stands between", "1.5"),
        ("(1, 2) > 3", "(1, 2)", "is a list", "behind `in`"),
        ("()", "()", "is a list", "behind `in`"),
        ("queue.site.name > 3", "queue.site.name", "too many points", "one"),
        ("queue > 3", "queue", "alone is no value", "queue.open"),
        ("queue.open if queue.ewt_s else false", "queue.ewt_s", "is a number", "> 0"),
        ("(queue.open if queue.open else 1) > 3", "", "true or false", "1 if"),
        ('(site.name if queue.open else "x") == "x"', "site.name", "is a text", "inside"),
        ("queue.ewt_s > (1).real", "(1).real", "too many points", ""),
    ],
)
def test_mistakes(text: str, wrong: str, problem: str, remedy: str) -> None:
    with pytest.raises(DocumentError) as caught:
        check_expression(text, scope=Scope.CANDIDATES, want=Unit.YES_NO, place="when", source="x")
    fault = caught.value.faults[0]
    if wrong:
        assert text[fault.column - 1 : fault.column - 1 + fault.width] == wrong
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_mistakes_of_all_parts_are_told_at_once() -> None:
    text = "queue.ewt > 3 and (agent.lvl > 2 or sit.open) and not queue.opn"
    with pytest.raises(DocumentError) as caught:
        check_expression(text, scope=Scope.CANDIDATES, want=Unit.YES_NO, place="when", source="x")
    wrong = [text[f.column - 1 : f.column - 1 + f.width] for f in caught.value.faults]
    assert wrong == ["queue.ewt", "agent.lvl", "sit.open", "queue.opn"]


def test_what_is_known_holds_for_its_part_only() -> None:
    text = "(known(queue.service_level) and queue.open) and queue.service_level > 0.5"
    check_expression(text, scope=Scope.CANDIDATES, want=Unit.YES_NO, place="when", source="x")
    text = "(known(queue.service_level) or queue.open) and queue.service_level > 0.5"
    with pytest.raises(DocumentError, match="may be missing"):
        check_expression(text, scope=Scope.CANDIDATES, want=Unit.YES_NO, place="when", source="x")
