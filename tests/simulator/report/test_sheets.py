from dataclasses import replace

from study_results import study_result

from simulator.report.sheets import clock, sheets_of


def test_a_comparison_stands_beside_the_network() -> None:
    sheets = {sheet.name: sheet for sheet in sheets_of(study_result(12.0, 30.0), "08:00")}
    assert sheets["network"].head == ("Figure", "A", "B")
    verdict = sheets["comparison"].rows[0][-1]
    assert "A is better" in verdict
    assert len(sheets["comparison"].number_rows[0]) == len(sheets["comparison"].number_head)


def test_intervals_are_told_as_time_of_day() -> None:
    sheets = {sheet.name: sheet for sheet in sheets_of(study_result(12.0), "08:00")}
    assert [row[0] for row in sheets["interval"].rows[:3]] == ["08:00", "08:15", "08:30"]
    assert clock("23:30", 6, 900_000_000) == "+1 d 01:00"


def test_numbers_of_a_sheet_fit_its_head() -> None:
    for sheet in sheets_of(study_result(12.0), "08:00"):
        assert sheet.rows, sheet.name
        assert {len(row) for row in sheet.rows} == {len(sheet.head)}
        assert {len(row) for row in sheet.number_rows} == {len(sheet.number_head)}


def test_intervals_of_the_warm_up_have_no_row() -> None:
    result = study_result(12.0)
    run = replace(result.variants[0].runs[0])
    assert run.measures is not None
    late = replace(run.measures, measured_from_us=run.measures.interval_us)
    variant = replace(result.variants[0], runs=(replace(run, measures=late),))
    sheets = {one.name: one for one in sheets_of(replace(result, variants=(variant,)), "08:00")}
    assert sheets["interval"].rows[0][0] == "08:15"
    assert sheets["interval"].number_rows[0][0] == "08:15"
