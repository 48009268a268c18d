from html import escape

from study_results import study_result

from simulator.report.page import page, sheet_html
from simulator.report.sheets import Sheet
from simulator.studies.answer import answer_of
from simulator.studies.result import ModelError


def test_what_a_reader_must_know_first_stands_first() -> None:
    error = ModelError(
        figure="asa_s", recorded=40.7, simulated=38.0, low=37.0, high=39.0, measured_on="the bank"
    )
    result = study_result(
        12.0, interrupted=True, model_errors=(error,), acknowledgement="Thanks to <them>."
    )
    text = page(result, [], [])
    assert text.index("interrupted") < text.index("What was simulated")
    assert "by backtest on the bank: speed of answer recorded 40.7 s, simulated 38 s." in text
    assert "Thanks to &lt;them&gt;." in text
    assert "seed 7, code abc1234" in text


def test_a_comparison_begins_with_its_answer() -> None:
    result = study_result(12.0, 4.0)
    text = page(result, [], [])
    assert escape(answer_of(result.comparisons).text) in text.partition("What was simulated")[0]


def test_warnings_before_the_run_stand_first() -> None:
    text = page(study_result(12.0, warnings=("overloaded: lisbon <sales>",)), [], [])
    assert "overloaded: lisbon &lt;sales&gt;" in text.partition("What was simulated")[0]


def test_a_number_stays_with_its_unit() -> None:
    sheet = Sheet(
        name="x", title="x", head=("a", "b"), rows=(("79.4 % (1 to 2)", "3 <s>"),),
        number_head=(), number_rows=(),
    )  # fmt: skip
    text = sheet_html(sheet)
    assert "79.4&nbsp;% (1 to 2)" in text
    assert "3 &lt;s&gt;" in text
