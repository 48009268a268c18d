"""Groups of agents as they are written."""

from __future__ import annotations

from scenario_texts import spec_of


def test_a_group_has_a_count_or_a_plan() -> None:
    spec = spec_of(
        "sites:\n"
        "  - name: lisbon\n"
        "    queues: [{name: sales}]\n"
        "    agents:\n"
        "      - {group: a, count: 3, skills: {sales: 5}, shifts: [{from: '08:00', to: '12:00'}]}\n"
        "      - {group: b, skills: {sales: 4}, staffing: {agents: [1, 2]}}\n"
    )
    fixed, planned = spec.sites[0].agents
    assert fixed.count == 3 and fixed.shifts[0].from_ == "08:00" and fixed.staffing is None
    assert planned.staffing and planned.staffing.agents == (1, 2) and planned.count is None
