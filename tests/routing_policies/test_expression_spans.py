"""Contradictions are found, and nothing else is called one."""

from hypothesis import given
from hypothesis import strategies as st

from routing_policies.expression_spans import (
    Span,
    both,
    contradict,
    span_of_comparison,
    together,
)

SIGNS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
}
CONDITIONS = st.lists(
    st.tuples(st.sampled_from(sorted(SIGNS)), st.integers(0, 4), st.booleans()), max_size=4
)


@given(CONDITIONS)
def test_a_contradiction_holds_for_no_value_and_only_then(
    conditions: list[tuple[str, int, bool]],
) -> None:
    def hold(value: float) -> bool:
        return all(
            SIGNS[sign](number, value) if turned else SIGNS[sign](value, number)
            for sign, number, turned in conditions
        )

    spans = [
        span_of_comparison(sign, "x", float(number), value_first=turned)
        for sign, number, turned in conditions
    ]
    some = any(hold(step / 2) for step in range(-2, 12))
    assert contradict([span for span in spans if span]) is not some


def test_values_are_kept_apart() -> None:
    spans = [Span(of="x", low=3), Span(of="y", high=2), Span(of="x", high=5, high_open=True)]
    assert together(spans) == (
        Span(of="x", low=3, high=5, high_open=True),
        Span(of="y", high=2),
    )
    assert not contradict(spans)


def test_unlike_asks_for_nothing() -> None:
    assert span_of_comparison("!=", "x", 3.0, value_first=False) is None


def test_an_open_end_stays_open() -> None:
    assert both(Span(of="x", low=3, low_open=True), Span(of="x", low=3)).low_open
    assert not both(Span(of="x", low=2, low_open=True), Span(of="x", low=3)).low_open
