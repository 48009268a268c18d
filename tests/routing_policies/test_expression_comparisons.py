"""What may be compared with what, and what is said where it may not."""

import pytest

from routing_policies.errors import DocumentError
from routing_policies.expressions import Names, Scope, Unit, check_expression


def compared(text: str) -> tuple[tuple[Names, str], ...]:
    checked = check_expression(
        text, scope=Scope.CANDIDATES, want=Unit.YES_NO, place="when", source="x"
    )
    return checked.names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('site.name == "porto"', ((Names.SITE, "porto"),)),
        ('"porto" == site.name', ((Names.SITE, "porto"),)),
        ('queue.name in ["sales", "orders"]', ((Names.QUEUE, "sales"), (Names.QUEUE, "orders"))),
        ('call.service in ("sales")', ((Names.SERVICE, "sales"),)),
        ('call.trunk_group != ""', ()),
        ('agent.name == "porto/anna"', ((Names.AGENT, "porto/anna"),)),
        ('call.ani == "+351210000001"', ((Names.NUMBER, "+351210000001"),)),
        ('data("tier") == "anything at all"', ()),
        ("site.name == origin.site", ()),
        ('data("site") == site.name', ()),
        ("10 < queue.ewt_s <= 60", ()),
        ("1 == 1.0 == queue.waiting_count", ()),
        ("queue.waiting_count in (0, 1, -2)", ()),
        ("queue.open == origin.open", ()),
        ("queue.open != true", ()),
        ("call.share < 0.1", ()),
    ],
)
def test_what_may_be_compared(text: str, names: tuple[tuple[Names, str], ...]) -> None:
    assert compared(text) == names


@pytest.mark.parametrize(
    ("text", "wrong", "problem", "remedy"),
    [
        ("queue.ewt_s > queue.waiting_count", "", "a time in seconds", "_count"),
        ('"10" > queue.ewt_s', '"10"', "is a text", "without quotes"),
        ("site.name == 5", "5", "`site.name` is a name", '"5" in quotes'),
        ("site.name == porto", "porto", "there is no `porto`", '"porto"'),
        ('data("age") > 5', "5", "is a text", 'number(data("age"))'),
        ('data("vip") == true', "true", "is a text", '"true" in quotes'),
        ('site.name > "porto"', "", "puts names in order", "==, != or in"),
        ("site.name == queue.name", "", "compares a Site with a queue", "one kind"),
        ('"a" == "b"', "", "two texts", "a name with a text"),
        ("queue.open == 1", "queue.open", "is true or false", "stand alone"),
        ('queue.open == "yes"', '"yes"', "a text beside true or false", "remove"),
        ("queue.open > origin.open", "", "in order", "== or !="),
        ("1 < 2 != 3", "", "too much at once", "with and"),
        ('site.name in ("a") == true', "", "too much at once", "with and"),
        ('site.name == "Porto"', '"Porto"', "cannot be a Site", "small letters"),
        ('agent.name == "anna"', '"anna"', "cannot be an agent", "site/agent"),
        ('call.ani == "+351 21"', '"+351 21"', "cannot be a number", "without blanks"),
        ('call.ani == ""', '""', "is empty", "call.withheld"),
        ("call.ani == +351210000001", "+351210000001", "is a name", "in quotes"),
        ("default(queue.service_level, 1) > 80", "", "runs from 0 to 1", ""),
        ("queue.occupancy > 80", "", "runs from 0 to 1", "0.8"),
        ("call.priority >= 11", "", "runs from 0 to 10", "in between"),
        ("queue.ewt_s in (1, 2) + 3", "(1, 2) + 3", "is no list", "sales"),
        ("queue.ewt_s in 5", "", "", ""),
        ("site.name in ()", "()", "is empty", "at least one"),
        ("site.name in queue.name", "queue.name", "is no list", '("sales", "orders")'),
        ("site.name in (origin.site, origin.site)", "origin.site", "is not fixed", "only"),
        ("site.name in (1, 2)", "1", "is a name", "in quotes"),
        ('queue.ewt_s in ("1", "2")', '"1"', "is a text", "without quotes"),
        ("queue.ewt_s in (true, false)", "true", "is no number", "list numbers"),
        ('"a" in ("a", "b")', '"a"', "cannot stand before `in`", "call.service"),
        ("queue.ewt_s + 1 in (1, 2)", "queue.ewt_s + 1", "cannot stand before `in`", ""),
        ("queue.open in (1, 2)", "queue.open", "cannot stand before `in`", ""),
    ],
)
def test_what_may_not(text: str, wrong: str, problem: str, remedy: str) -> None:
    if not problem:
        assert compared(text) == ()
        return
    with pytest.raises(DocumentError) as caught:
        compared(text)
    fault = caught.value.faults[0]
    if wrong:
        assert text[fault.column - 1 : fault.column - 1 + fault.width] == wrong
    assert problem in fault.problem
    assert remedy in fault.remedy
