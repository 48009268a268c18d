"""Changes from the command line reach their place, or say why not."""

from typing import Any

import pytest
from sim_morning import MORNING

from simulator.errors import StudyError
from simulator.studies.cases import case_of
from simulator.studies.overrides import change_of, changed


def scenario() -> dict[str, Any]:
    return {
        "spec": {
            "sites": [
                {
                    "name": "lisbon",
                    "agents": [{"group": "a", "count": 40}, {"group": "b", "count": 5}],
                },
                {"name": "porto", "agents": [{"group": "a", "count": 11}], "shrinkage": 0.1},
            ],
            "arrivals": [
                {"ingress": "sales", "per_s": 0.5},
                {"ingress": "help", "profile": {"interval_s": 900, "calls": [10, 20]}},
            ],
        }
    }


def after(*texts: str) -> dict[str, Any]:
    spec: dict[str, Any] = changed(scenario(), [change_of(text) for text in texts])["spec"]
    return spec


def test_items_are_named_or_numbered() -> None:
    assert after("sites.lisbon.agents.b.count=7")["sites"][0]["agents"][1]["count"] == 7
    assert after("spec.sites.1.shrinkage=0.2")["sites"][1]["shrinkage"] == 0.2


def test_a_star_means_all_and_x_multiplies() -> None:
    sites = after("sites.*.agents.*.count=x1.1")["sites"]
    assert [agents["count"] for site in sites for agents in site["agents"]] == [44, 6, 12]
    assert after("arrivals.help.profile.calls=x0.5")["arrivals"][1]["profile"]["calls"] == [5, 10]


def test_all_traffic_has_one_factor() -> None:
    arrivals = after("arrivals.factor=1.5")["arrivals"]
    assert arrivals[0]["per_s"] == 0.75
    assert arrivals[1]["profile"] == {"interval_s": 900, "calls": [10, 20], "factor": 1.5}


def test_what_is_not_there_yet_is_made_and_checked_later() -> None:
    assert after("sites.porto.asks.requery_s=10")["sites"][1]["asks"] == {"requery_s": 10}
    assert after("special={date: 2026-12-25}")["special"]


def test_the_given_data_stays() -> None:
    data = scenario()
    changed(data, [change_of("sites.*.shrinkage=0.5")])
    assert data == scenario()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sites.lisbon", "no path=value; write it as in"),
        ("sites..count=1", "no path=value"),
        ("=1", "no path=value"),
        ("sites.lisboa.shrinkage=1", "sites has no lisboa; did you mean lisbon"),
        ("sites.lisbon.agents.z.count=1", r"sites.lisbon.agents has no z; there are: a, b"),
        ("sites.9.shrinkage=1", "sites has no 9; there are: lisbon, porto"),
        ("arrivals.0.per_s.x=1", "arrivals.0.per_s is 0.5, there is nothing inside it"),
        ("sites.lisbon.name=x2", "'lisbon' stands there, which cannot be multiplied"),
        ("sites.lisbon.shrinkage=x2", "None stands there"),
        ("sites.lisbon.shrinkage={", "the value is not read"),
        ("arrivals.factor=lots", "the factor is no number"),
        ("arrivals.factor=-1", "the factor is no number"),
    ],
)
def test_a_mistake_is_told_with_place_and_remedy(text: str, told: str) -> None:
    with pytest.raises(StudyError, match=told):
        after(text)


def test_records_cannot_be_multiplied() -> None:
    data = {"spec": {"arrivals": [{"ingress": "a", "records": {"file": "calls.csv"}}]}}
    with pytest.raises(StudyError, match=r"arrivals\[0\] is read from records.*calibrate"):
        changed(data, [change_of("arrivals.factor=2")])


def test_a_scenario_without_spec_is_told() -> None:
    with pytest.raises(StudyError, match="no spec"):
        changed({}, [change_of("seed=2")])


def test_a_product_is_written_with_digits_that_can_be_read_again() -> None:
    case = case_of(MORNING).with_changes(["arrivals.factor=0.01"])
    assert case.scenario.doc.spec.arrivals[0].per_s == 0.0026
