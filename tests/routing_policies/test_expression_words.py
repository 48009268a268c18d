"""Slips of the pen, each told with the remedy at the right place."""

import pytest

from routing_policies.expression_words import Kind, Mistake, check_words, shortened, words_of


@pytest.mark.parametrize(
    ("text", "wrong", "remedy"),
    [
        ("queue.ewt_s = 3", "=", "compare with =="),
        ("a === b", "===", "compare with =="),
        ("a <> b", "<>", "write !="),
        ("a => b", "=>", "write >="),
        ("a =< b", "=<", "write <="),
        ("a ≥ b", "≥", "write >="),
        ("a && b", "&&", "write and"),
        ("a & b", "&", "write and"),
        ("a || b", "||", "write or"),
        ("!a", "!", "write not"),
        ("a AND b", "AND", "write and, in small letters"),
        ("NOT a", "NOT", "write not, in small letters"),
        ("a is b", "is", "compare with =="),
        ("a ** 2", "**", "multiply with *"),
        ("a // 2", "//", "divide with /"),
        ("a % 2", "%", "80 % is 0.8"),
        ("a > 80%", "80%", "write 0.8"),
        ("a > 12.5 %", "12.5 %", "write 0.125"),
        ("a > 30s", "30s", "write 30: times are in seconds"),
        ("a > 5min", "5min", "write 300: times are in seconds"),
        ("a > 30 seconds", "seconds", "write 30: times are in seconds"),
        ("a > 1.5h", "1.5h", "write 5400: times are in seconds"),
        ("a > 3x", "3x", "write one of them"),
        ("a > 007", "007", "without zeros in front"),
        ("a > 1.2.3", "1.2.3", "in quotes"),
        ("a > 1_", "1_", "without zeros in front"),
        ("a > 12:30", ":", 'calendar("NAME").open'),
        ("a ? 1 : 2", "?", "`a if condition else b`"),
        ("if a then b", "if", "remove it"),
        ("a then b", "then", "`a if condition else b`"),
        ("a > None", "None", "known(...)"),
        ("a > null", "null", "known(...)"),
        ("a between 3 and 5", "between", "20 <= name <= 30"),
        ("a > 3 # busy", "#", "a line of its own"),
        ("a; b", ";", "join conditions with and, or"),
        ("${a} > 3", "$", "the name alone"),
        ("{{ a }} > 3", "{{", "the name alone"),
        ("a in {1, 2}", "{", "round brackets"),
        ("“a” == b", "“", 'write "..."'),
        ("a > 3 – 1", "–", "write -"),
        ("a\u00a0> 3", "\u00a0", "ordinary blank"),
        ("a > 3 €", "€", "the number alone"),
        ("é > 3", "é", "remove it"),
        ('a == "b', '"', 'write " behind the text too'),
        ("a == 'b", "'", "write ' behind the text too"),
        (r'a == "b\n"', r'"b\n"', "write it without"),
        ('a == "b\x00"', '"b\x00"', "write it anew"),
        ('f"a" == b', "f", "an operator between them"),
        ("lambda a", "lambda", "a condition or a number"),
        ("(a", "(", "write ) too"),
        ("a in [1", "[", "write ] too"),
        ("a)", ")", "remove it"),
        ("(a]", "]", "write )"),
        ("a >", ">", "complete or remove it"),
        ("a and", "and", "complete or remove it"),
        ("> a", ">", "complete or remove it"),
        ("a > > b", ">", "complete or remove it"),
        ("a and or b", "or", "complete or remove it"),
        ("a > --b", "-", "complete or remove it"),
        ("(a > )", ")", "complete or remove it"),
        ("a b", "b", "such as and"),
        ("a 3", "3", "such as and"),
        ("3 (4)", "(", "such as and"),
        ('"a" "b"', '"b"', "such as and"),
        ("a not > 5", "not", "not before it"),
        ("a[0]", "[", "behind `in`"),
        ("a.3", ".3", "such as and"),
        ("a. > 3", ">", "as in queue.ewt_s"),
    ],
)
def test_a_slip_is_told_with_its_remedy(text: str, wrong: str, remedy: str) -> None:
    with pytest.raises(Mistake) as caught:
        check_words(text)
    mistake = caught.value
    assert text[mistake.column - 1 : mistake.column - 1 + mistake.width] == wrong
    assert remedy in mistake.remedy


@pytest.mark.parametrize(
    "text",
    [
        "a > 30 and not b.c",
        "not not a",
        "a not in (1, 2)",
        'a in ["x", "y",]',
        "f(a, -3) + 2 * (3 - -4)",
        "1 if a else 2 if b else 3",
        "a < b <= .5 == 1e3 != 1_000.",
        "()",
        'data("é ©")',
        "calendar('x').open",
    ],
)
def test_what_is_well_formed_passes(text: str) -> None:
    check_words(text)


def test_words_know_their_kind_and_place() -> None:
    found = [(word.kind, word.text, word.at) for word in words_of('a >= 1.5 == "x"')]
    assert found == [
        (Kind.WORD, "a", 0),
        (Kind.SIGN, ">=", 2),
        (Kind.NUMBER, "1.5", 5),
        (Kind.SIGN, "==", 9),
        (Kind.TEXT, '"x"', 12),
    ]


def test_long_texts_are_shortened() -> None:
    assert shortened("x" * 100) == "x" * 57 + "..."
