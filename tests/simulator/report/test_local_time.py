from study_results import study_result

from simulator.report.local_time import clock_of, hour_of_day, start_told


def test_a_run_begins_by_the_clocks_of_its_zone() -> None:
    facts = study_result(12.0).facts
    assert clock_of(facts) == "08:00"
    assert hour_of_day(facts) == 8.0
    assert start_told(facts) == "2026-03-02 08:00 Europe/Lisbon"
