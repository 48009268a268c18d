"""The functions of the language, used right and wrong."""

import pytest

from routing_policies.errors import DocumentError
from routing_policies.expressions import Checked, Scope, check_expression
from routing_policies.model import Feature


def check(text: str) -> Checked:
    try:
        return check_expression(text, scope=Scope.CANDIDATES, want=None, place="when", source="x")
    except DocumentError as error:
        if "not true or false" in error.problem or "where a number belongs" in error.problem:
            text = f"1 if {text} else 0"
        return check_expression(text, scope=Scope.CANDIDATES, want=None, place="when", source="x")


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ('listed(call.ani, "vip")', [("listed", "call.ani", "vip")]),
        ('listed(call.dialed_number, "old")', [("listed", "call.dialed_number", "old")]),
        ('starts(call.ani, "+351", "+44")', [("starts", "call.ani", "+351", "+44")]),
        ('data("tier") == "gold"', [("data", "tier")]),
        ('known(data("tier"))', [("data_known", "tier")]),
        ('default(number(data("age")), 0)', [("data_number", "age")]),
        ('known(number(data("age")))', [("data_number", "age")]),
        ('calendar("office").open', [("calendar_open", "office")]),
        ('calendar("office").holiday', [("calendar_holiday", "office")]),
        ('calendar("office").closes_in_s', [("calendar_closes_in_s", "office")]),
        ('calendar("office").opens_in_s < 60', [("calendar_opens_in_s", "office")]),
        ("known(queue.service_level)", []),
        ("default(queue.patience_s, 60)", []),
        ("min(queue.ewt_s, 30, 20)", []),
        ("abs(queue.ewt_s - origin.ewt_s)", []),
    ],
)
def test_features(text: str, features: list[tuple[str, ...]]) -> None:
    expected = tuple(Feature(kind=kind, args=tuple(args)) for kind, *args in features)
    assert check(text).features == expected


@pytest.mark.parametrize(
    ("text", "wrong", "problem", "remedy"),
    [
        ("round(queue.ewt_s)", "round", "no function `round`", "there are default"),
        ("knwon(queue.ewt_s)", "knwon", "no function", "known(...)"),
        ('call.ani.startswith("+351")', "", "behind a point", "starts(call.ani"),
        ('call.data("k")', "", "behind a point", "write data(...)"),
        ('calendar("x").open()', "", "behind a point", "known(...)"),
        ("known(queue.service_level)(3)", "(", "an operator is missing", "such as"),
        ("queue.ewt_s()", "", "behind a point", "remove the brackets"),
        ("known()", "known()", "0 values in its brackets, expected 1", "known(queue"),
        ("known(queue.ewt_s, 3)", "", "2 values", "known(queue.service_level)"),
        ("known(queue.open)", "queue.open", "always known", "remove"),
        ('known("x")', '"x"', "always known", "remove"),
        ("default(queue.service_level)", "", "1 value", "default(queue.service_level, 1)"),
        ("default(queue.open, 1)", "queue.open", "never missing", "stand alone"),
        ("default(queue.service_level, 80)", "80", "from 0 to 1", "0.8"),
        ('default(queue.service_level, "x")', '"x"', "is a text", "a number"),
        ("default(queue.patience_s, queue.waiting_count)", "", "is a count", "only likes meet"),
        ('default(data("k"), 3) == "x"', "3", "is no text", "in quotes"),
        ("min(queue.ewt_s)", "", "1 value in its brackets, expected at least 2", "min(origin"),
        ("max(queue.ewt_s, queue.waiting_count)", "", "is a count", "only likes"),
        ("abs(1, 2)", "", "2 values", "abs(origin"),
        ("abs(queue.open)", "queue.open", "true or false", "1 if"),
        ("data(tier) == 3", "tier", "a text in quotes", 'data("KEY")'),
        ('data("") == "x"', "", "1 to 128 characters", "key"),
        ("data() == 3", "data()", "0 values", 'data("KEY")'),
        ("number(3)", "3", "is no attached data", 'number(data("KEY"))'),
        ('listed("vip", call.ani)', '"vip"', "call.ani or call.dialed_number", "listed(call.ani"),
        ("listed()", "listed()", "nothing in its brackets", "listed(call.ani"),
        ("listed(call.ani)", "", "1 value", 'listed(call.ani, "LIST")'),
        ("listed(call.ani, vip)", "vip", "a text in quotes", "listed(call.ani"),
        ('listed(call.ani, "Our VIPs")', '"Our VIPs"', "names no list", "small letters"),
        ('starts(call.service, "s")', "call.service", "call.ani or", "starts(call.ani"),
        ('starts(call.ani, "+351*")', '"+351*"', "no beginning", "without *"),
        ('starts(call.ani, "+351 2")', '"+351 2"', "no beginning", "without blanks"),
        ('starts(call.ani, "")', '""', "no beginning", "digits"),
        ('calendar("office")', "", "alone is no value", 'calendar("office").open'),
        ("calendar(office).open", "office", "a text in quotes", 'calendar("NAME").open'),
        ('calendar("Office hours").open', "", "names no calendar", "small letters"),
        ('calendar("office").opne', "", "nothing a calendar has", "open?"),
        ('data("k").x', "", "a point behind the bracket", "remove"),
    ],
)
def test_mistakes(text: str, wrong: str, problem: str, remedy: str) -> None:
    with pytest.raises(DocumentError) as caught:
        check_expression(text, scope=Scope.CANDIDATES, want=None, place="when", source="x")
    fault = caught.value.faults[0]
    if wrong:
        assert text[fault.column - 1 : fault.column - 1 + fault.width] == wrong
    assert problem in fault.problem
    assert remedy in fault.remedy
