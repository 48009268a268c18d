"""Agents of a simulated network pass callers on; who is taken by nobody is theirs again."""

from __future__ import annotations

from dataclasses import replace

from sim_passed import passed_case, ran, told, without_nircs_word

from simulator.model.network import TransferModel
from simulator.world.passing_on import PARTS, drawn_passes


def outcomes(run: object) -> set[object]:
    return {line.fields["outcome"] for line in told(run, "transfer_ended")}  # type: ignore[arg-type]


def test_callers_reach_the_service_of_another_site_and_the_agent_is_free() -> None:
    run = ran(passed_case())
    begun = told(run, "transfer_begun", service="billing")
    assert begun and "moved" in outcomes(run)
    assert told(run, "move_ended", target="porto", outcome="arrived")
    answered = told(run, "call_connected")
    assert {line.site for line in answered} == {"lisbon", "porto"}


def test_a_service_of_the_same_site_is_served_there() -> None:
    run = ran(passed_case(sites=["lisbon", "porto"], agents=(4, 1)))
    assert "served" in outcomes(run)


def test_a_caller_whom_nobody_takes_is_the_agents_again() -> None:
    run = ran(without_nircs_word(passed_case()))
    assert outcomes(run) == {"back", "served"}  # the service of the site itself is served there
    back = told(run, "transfer_ended", outcome="back")[0]
    after = told(run, "call_connected", call=back.fields["call"])
    assert after[-1].fields["agent"] == back.fields["agent"]


def test_one_whose_agent_has_hung_up_waits_where_they_came_from() -> None:
    case = without_nircs_word(passed_case(stays_share=0.0))
    far = tuple(replace(site, link_delay_s=0.3) for site in case.sites)
    run = ran(replace(case, sites=far))
    assert told(run, "agent_free") and "failed" in outcomes(run) and "back" not in outcomes(run)


def test_an_agent_who_has_waited_long_enough_takes_the_caller_back() -> None:
    case = passed_case(agents=(1, 1), back_after_s=1.0, sites=["lisbon"])
    busy = replace(case, sites=(replace(case.sites[0], per_s=1.0), case.sites[1]), talk_s=8.0)
    run = ran(without_nircs_word(busy))
    assert told(run, "transfer_ended", outcome="back")


def test_a_seed_passes_the_same_callers_on() -> None:
    model = TransferModel(services=("billing", "sales"), share=0.5, stays_share=0.5)
    drawn = [drawn_passes(model, 7, number, 0) for number in range(400)]
    assert drawn == [drawn_passes(model, 7, number, 0) for number in range(400)]
    counts = [len(passes) for passes in drawn]
    assert 160 < counts.count(0) < 240 and 70 < counts.count(2) < 130
    every = [one for passes in drawn for one in passes]
    assert {one.service for one in every} == {"billing", "sales"}
    assert {one.stays for one in every} == {True, False}
    assert all(PARTS[0] <= one.part <= PARTS[1] for one in every)
    assert drawn_passes(None, 7, 1, 0) == ()
