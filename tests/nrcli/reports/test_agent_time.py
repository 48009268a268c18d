import pytest
from report_facts import at, counts, figures, quarters, spell

from nrcli.reports.agent_time import COLUMN_OF, Shift, count_agent_time
from nrcli.reports.facts import Facts
from nrcli.reports.places import By
from nrcli.wire.words import AgentState

ANNA = (("lisbon", "anna"), 0)


def test_every_state_of_an_agent_has_its_column() -> None:
    assert set(COLUMN_OF) == {state.value for state in AgentState}
    assert count_agent_time.__doc__


def test_time_counts_where_it_passes() -> None:
    facts = Facts(spells=(spell("busy", 890, 20),))
    found = counts(facts, By.AGENT, periods=quarters(0.5))
    assert found == {
        (("lisbon", "anna"), 0): {"signed_in_us": 10_000_000, "busy_us": 10_000_000},
        (("lisbon", "anna"), 1): {"signed_in_us": 10_000_000, "busy_us": 10_000_000},
    }


def test_time_that_was_told_twice_counts_once() -> None:
    facts = Facts(spells=(spell("busy", 0, 20), spell("busy", 0, 20), spell("ready", 10, 20)))
    assert counts(facts, By.AGENT)[ANNA] == {"signed_in_us": 30_000_000, "busy_us": 20_000_000}


def test_who_is_not_logged_in_has_no_time() -> None:
    assert counts(Facts(spells=(spell("null", 0, 600),)), By.AGENT) == {}


def shift(begin_s: float, until_s: float, at_work: bool = True, site: str = "") -> Shift:
    return Shift(
        agent="anna", begin_us=at(begin_s), until_us=at(until_s), at_work=at_work, site=site
    )


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ([shift(0, 1000)], 0.7),
        ([shift(0, 700), shift(700, 1000, at_work=False)], 1.0),
        ([shift(0, 1000, at_work=False)], 0.3),
        ([shift(2000, 2100)], 0.0),
        ([shift(2000, 2100, at_work=False)], 1.0),
        ([shift(0, 1000, site="lisbon")], 0.7),
    ],
)
def test_adherence_is_scheduled_time_in_which_the_agent_did_as_scheduled(
    shifts: list[Shift], expected: float
) -> None:
    spells = (spell("ready", 0, 400), spell("busy", 400, 300), spell("not_ready", 700, 300))
    found = figures(Facts(spells=spells), By.AGENT, ("lisbon", "anna"), shifts=tuple(shifts))
    assert found["adherence"] == pytest.approx(expected)


def test_without_a_schedule_there_is_no_adherence() -> None:
    found = figures(Facts(spells=(spell("ready", 0, 400),)), By.AGENT, ("lisbon", "anna"))
    assert found["adherence"] is None


def test_who_never_came_did_not_adhere() -> None:
    found = figures(Facts(), By.AGENT, ("porto", "anna"), shifts=(shift(0, 100, site="porto"),))
    assert found["adherence"] == 0.0
