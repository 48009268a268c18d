from itertools import count

from nirc.demo.layout import NetworkShape, build_layout
from nirc.demo.report import CheckerFindings, moved_between, verdict

LAYOUT = build_layout(NetworkShape(), count(20_000).__next__)
PHONES = {
    "calls": 10,
    "open": 0,
    "served_home": 5,
    "moved_302": 2,
    "moved_refer": 1,
    "moved_bridge": 1,
    "data_checked": 4,
    "data_intact": 4,
    "abandoned": 1,
    "failed": 0,
    "lost": 0,
    "double_booked": 0,
}


def test_a_clean_run_ends_with_0_and_names_every_figure_and_site() -> None:
    found = verdict(LAYOUT, phones=PHONES, findings=CheckerFindings(), channels_held=0)
    assert found.exit_code == 0
    assert {**PHONES, "channels_held": 0}.items() - {("open", 0)} <= {
        item for item in found.report.items() if item[0] in {*PHONES, "channels_held"}
    }
    lisbon = found.report["sites"][0]
    assert lisbon["name"] == "lisbon"
    assert lisbon["sip_address"] == LAYOUT.site("lisbon").trunk("carrier").address
    assert lisbon["queues"][0] == {"name": "sales", "number": "+351210000001"}


def test_one_call_seen_lost_by_both_witnesses_counts_once() -> None:
    found = verdict(
        LAYOUT,
        phones={**PHONES, "lost": 1},
        findings=CheckerFindings(lost_count=1),
        channels_held=0,
    )
    assert found.report["lost"] == 1
    assert found.exit_code == 1


def test_each_kind_of_harm_ends_with_1() -> None:
    harms = (
        ({**PHONES, "data_intact": 3}, CheckerFindings(), 0),
        (PHONES, CheckerFindings(double_booked_count=1), 0),
        ({**PHONES, "double_booked": 1}, CheckerFindings(), 0),
        (PHONES, CheckerFindings(violations=("S5: token used twice",)), 0),
        (PHONES, CheckerFindings(), 1),
        ({**PHONES, "open": 1}, CheckerFindings(), 0),
    )
    for phones, findings, held in harms:
        found = verdict(LAYOUT, phones=phones, findings=findings, channels_held=held)
        assert found.exit_code == 1
        assert len(found.complaints) == 1


def test_it_is_told_between_which_sites_calls_moved() -> None:
    stories = [
        {"site": "lisbon", "agent_site": "porto", "outcome": "served", "moved": "refer"},
        {"site": "lisbon", "agent_site": "porto", "outcome": "served", "moved": "bridge"},
        {"site": "faro", "agent_site": "lisbon", "outcome": "served", "moved": "302"},
        {"site": "faro", "agent_site": "faro", "outcome": "served", "moved": "no"},
        {"site": "faro", "agent_site": "porto", "outcome": "lost", "moved": "refer"},
    ]
    assert moved_between(stories) == {"faro to lisbon": 1, "lisbon to porto": 2}
