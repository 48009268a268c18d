"""The page: every row with its interval and verdict."""

from simulator.validation.bank import BankMonth, BankRow
from simulator.validation.bank_halves import Halves
from simulator.validation.bank_staff import Gaps
from simulator.validation.document import number, page, summary, verdict
from simulator.validation.judging import Estimate, Kind, Row, judge
from simulator.validation.study import Study

ROWS = [
    Row(
        group=group,
        what="50 agents",
        figure=figure,
        known=1.0,
        source="Erlang 1917",
        found=Estimate(value=found, error=0.01),
        kind=kind,
        calls_count=1_000_000,
    )
    for group, figure, found, kind in (
        ("Erlang A", "abandonment", 1.001, Kind.INTERVAL),
        ("Erlang A", "asa_s", 1.5, Kind.INTERVAL),
        ("Laws", "calls that differ", 1.0, Kind.EQUAL),
        ("Theory", "lost", 3.0, Kind.TOLD),
    )
]
MONTH = BankMonth(
    gaps=Gaps(between_h=2.0, called_h=1.0, next_count=3, next_mean_s=4.0),
    halves=Halves(after_s=25, learnt=(), tested=()),
    rows=(BankRow(figure="gave up", recorded=0.179, simulated={"away after 20 min": 0.2}),),
    calls_count=33_043,
    days_count=28,
    seed=1,
)


def test_a_page_tells_what_does_not_agree() -> None:
    study = Study(rows=tuple(judge(ROWS)), seed=7, quick=False)
    assert study.calls_count == 3_000_000
    text = page(study, commit="abc", bank=MONTH)
    assert "1 of 3 rows do not agree." in text
    assert "Seed 7, commit `abc`, 3 million calls" in " ".join(text.split())
    assert text.index("## Theory") < text.index("## Erlang A") < text.index("## Laws")
    assert "| 50 agents | gave up | 1 | 1.001 | 0.97" in text
    assert "**DOES NOT AGREE**" in text
    assert "17.9 % | 20.0 %" in text
    assert max(len(line) for line in text.splitlines() if not line.startswith("|")) < 200


def test_a_good_study_says_so() -> None:
    study = Study(rows=tuple(judge([ROWS[0], *ROWS[2:]])), seed=7, quick=True)
    assert "All 2 rows agree." in page(study, commit="abc", bank=None)
    assert verdict(study.rows[0]) == "agrees"


def test_summary_counts_by_group() -> None:
    assert summary(judge(ROWS)) == [("Erlang A", 2, 1), ("Laws", 1, 0)]


def test_numbers_are_short() -> None:
    assert [number(v) for v in (0.0309122490, 5.0, 0.0, -3.0)] == ["0.0309122", "5", "0", "-3"]
