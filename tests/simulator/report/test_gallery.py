from study_results import study_result

from simulator.report.gallery import pictures_of
from simulator.report.pictures import Differences, Lines, Matrix


def test_a_run_is_shown_by_interval_by_site_and_by_flow() -> None:
    pictures = {picture.name: picture for picture in pictures_of(study_result(12.0), 8.0)}
    level = pictures["service_level"].content
    assert isinstance(level, Lines)
    assert level.x[:2] == [8.0, 8.25]
    assert level.target == 0.8
    flows = pictures["flows"].content
    assert isinstance(flows, Matrix)
    assert flows.rows == ("lisbon", "porto", "faro")
    assert flows.values[0][0] is None
    assert (flows.values[0][1] or 0) > 0
    assert {"occupancy_by_site", "trunks", "waits"} <= set(pictures)


def test_a_comparison_shows_differences_first() -> None:
    pictures = pictures_of(study_result(12.0, 30.0), 8.0)
    assert pictures[0].name == "comparison"
    content = pictures[0].content
    assert isinstance(content, Differences)
    assert content.mean[0] > 0
    assert content.better[0] == "A"


def test_a_study_without_results_has_no_pictures() -> None:
    result = study_result()
    assert pictures_of(result, 8.0) == ()
