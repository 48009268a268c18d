"""What policies say is done to real calls: three sites, each service with a policy of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from network import PlacedCall, assert_clean, wait_until
from policy_sites import Given, PolicyNetwork, running
from sipp import Sipp

from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

KEY_CUSTOMER = "+351910000777"
ELSEWHERE = "{name: anybody, select: longest_available, action: route}"
POLICIES = {
    "home": "[{name: stay, action: queue_at_origin}]",
    "steps": "[{name: by-skill, select: highest_skill, min_level: 8, action: route,"
    " steps: [{after_s: 1.5, min_level: 1}]}]",
    "shares": "[{name: dealt, action: route,"
    " select: {by: proportional, shares: {porto: 0.75, faro: 0.25}}}]",
    "turn": "[{name: in-turn, select: rotary, action: route}]",
    "named": "[{name: there, action: redirect, to: {site: faro, queue: spare}}]",
    "spare": "[{name: stay, action: queue_at_origin}]",
    "busy": "[{name: no, action: reject, reason: busy}]",
    "closed": "[{name: no, action: reject, reason: closed}]",
    "told": "[{name: tell, when: call.waited_s < 2, action: announce, announcement: long-wait},"
    f" {ELSEWHERE}]",
    "later": "[{name: not-yet, when: call.waited_s < 1.5, action: retry_after, retry_after_s: 2},"
    f" {ELSEWHERE}]",
    "everybody": "[{name: all, candidates: site.name == 'porto', select: broadcast,"
    " action: route}]",
    "night": "[{name: own, when: origin.open and origin.free_count > 0, action: queue_at_origin},"
    " {name: closed-here, when: not origin.open, select: longest_available, action: route}]",
    "vip": '[{name: key, when: \'listed(call.ani, "key-customers")\', select: highest_skill,'
    " action: route}, {name: late, when: call.waited_s > 2, select: lowest_skill, action: route}]",
    "again": f"[{{name: same-agent, select: last_agent, action: route}}, {ELSEWHERE}]",
    "lent": "[{name: faro, candidates: site.name == 'faro', select: longest_available,"
    " action: route}]",
    "guarded": "[{name: faro, candidates: site.name == 'faro', select: longest_available,"
    " action: route}]",
}
LEVELS = {"diogo": 9, "elsa": 3, "katia": 5}
NOT_LENT = ("home", "spare")
GIVEN = Given(
    policies=POLICIES,
    services={"guarded": {"service_level": {"target": 0.8, "threshold_s": 0.3}}},
    sites={
        "lisbon": {
            "queues": [
                {"name": name, "services": [name]}
                | ({"calendar": "never"} if name == "night" else {})
                for name in POLICIES
            ]
        },
        "faro": {"guard_rails": {"max_loan_min": 1, "requery_s_min": 0.5}},
    },
    more={
        "Calendar/never": "{time_zone: Europe/Lisbon}",
        "Tenant/default": "{lists: [{name: key-customers, priority: 3,"
        f' numbers: ["{KEY_CUSTOMER}"]}}]}}',
    },
    levels={
        "anna": {"home": 5, "night": 5},
        **{name: dict.fromkeys(POLICIES, level) for name, level in LEVELS.items()},
    },
    rules={
        "faro": "[{queue: lent, lend: {max_loan: 0}},"
        " {queue: guarded, lend: {service_level_floor: 0.9}}, {queue: '*'}]"
    },
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicyNetwork]:
    with running(tmp_path_factory.mktemp("actions"), GIVEN) as found:
        found.wait_all_ready()
        yield found


@pytest.fixture(autouse=True)
def clean(network: PolicyNetwork) -> Iterator[None]:
    network.wait_all_ready()
    yield
    assert_clean(network)


def call(network: PolicyNetwork, service: str, **more: Any) -> PlacedCall:
    site, trunk = more.pop("site", "lisbon"), more.pop("trunk", "carrier")
    return network.place(site, trunk, dialed=GIVEN.number(service), **more)


def agents_of(network: PolicyNetwork, service: str, count: int) -> list[str]:
    """Who served so many calls, one after another."""
    found = []
    for _ in range(count):
        network.wait_all_ready()
        story = call(network, service).wait_over()
        assert (story["outcome"], story["moved"]) == ("served", "302"), story
        found.append(story["agent"])
    return found


def sipp(network: PolicyNetwork, folder: Path, service: str, scenario: str, **more: Any) -> Sipp:
    trunk = more.pop("trunk", "public")
    return Sipp(
        folder, name=f"{service}-{trunk}", scenario=scenario, local=("127.0.0.1", PortTaker()()),
        remote=network.layout.site("lisbon").trunk(trunk).address, number=GIVEN.number(service),
        more=[word for key, value in more.items() for word in ("-key", key, value)],
    )  # fmt: skip


def lines(network: PolicyNetwork, site: str, kind: str) -> list[dict[str, Any]]:
    found = map(json.loads, network.history(site).splitlines())
    return [line for line in found if line["kind"] == kind]


def test_skill_steps_ask_less_of_an_agent_the_longer_a_caller_waits(
    network: PolicyNetwork,
) -> None:
    network.set_agent("porto", "diogo", talk_s=600.0)
    expert = call(network, "steps")
    assert expert.wait_connected()["agent"] == "diogo"
    network.set_agent("porto", "diogo")
    second = call(network, "steps").wait_over()
    expert.hang_up()
    assert second["agent"] == "katia", "the most skilled of those who are left"
    assert second["waited_s"] >= 1.5
    assert expert.result["waited_s"] < second["waited_s"]


def test_fixed_shares_are_dealt_exactly(network: PolicyNetwork) -> None:
    served = agents_of(network, "shares", 4)
    assert served.count("katia") == 1, served


def test_rotary_takes_the_sites_in_turn(network: PolicyNetwork) -> None:
    served = [agent == "katia" for agent in agents_of(network, "turn", 4)]
    assert served in ([True, False] * 2, [False, True] * 2)


def test_a_redirect_goes_to_the_queue_that_is_named(network: PolicyNetwork) -> None:
    story = call(network, "named").wait_over()
    assert (story["outcome"], story["agent"], story["moved"]) == ("served", "katia", "302")
    assert lines(network, "faro", "hold")[-1]["queue"] == "spare"


def test_a_reject_is_heard_as_a_status_before_the_answer_and_as_bye_with_reason_after(
    network: PolicyNetwork, tmp_path: Path
) -> None:
    story = call(network, "busy").wait_over()
    assert (story["outcome"], story["status"]) == ("failed", 486)
    with (
        sipp(network, tmp_path, "closed", "caller_refused.xml") as refused,
        sipp(network, tmp_path, "closed", "caller_let_go.xml", trunk="pbx") as let_go,
    ):
        refused.finish().assert_passed()
        let_go.finish().assert_passed()
    assert [one["reason"] for one in lines(network, "lisbon", "call_rejected")] == [
        "busy", "closed", "closed",
    ]  # fmt: skip


def test_an_announcement_is_played_once_and_the_caller_goes_on_waiting(
    network: PolicyNetwork,
) -> None:
    story = call(network, "told").wait_over()
    assert story["outcome"] == "served" and story["waited_s"] >= 2.0
    played = lines(network, "lisbon", "announcement")
    assert [one["name"] for one in played] == ["long-wait"]


def test_retry_after_is_not_asked_again_before_its_time(network: PolicyNetwork) -> None:
    story = call(network, "later").wait_over()
    assert story["outcome"] == "served" and story["waited_s"] >= 2.0
    made = network.decisions_of(story["interaction_id"])
    assert [dict(one.rules).get("not-yet") for one in made] == ["decided", "not now"], made


def test_broadcast_rings_everybody_and_the_first_to_answer_has_the_call(
    network: PolicyNetwork,
) -> None:
    before = {one: network.rung_count("porto", one) for one in ("diogo", "elsa")}
    network.set_agent("porto", "diogo", behaviour="silent")
    story = call(network, "everybody").wait_over()
    assert (story["outcome"], story["agent"], story["agents_count"]) == ("served", "elsa", 1)
    for one, rung in before.items():
        assert network.rung_count("porto", one) == rung + 1
    network.set_agent("porto", "diogo")
    network.wait_all_ready()


def test_callers_of_a_closed_site_go_to_an_open_one(network: PolicyNetwork) -> None:
    story = call(network, "night").wait_over()
    assert story["outcome"] == "served" and story["agent_site"] in ("porto", "faro")
    (made,) = network.decisions_of(story["interaction_id"])
    assert dict(made.rules)["closed-here"] == "decided"
    stayed = call(network, "night", site="porto").wait_over()
    assert (stayed["agent_site"], stayed["moved"]) == ("porto", "no")


def test_a_key_customer_is_one_only_if_the_number_is_vouched_for(
    network: PolicyNetwork, tmp_path: Path
) -> None:
    for name, verified in (("key", True), ("late", False)):
        network.wait_all_ready()
        vouched = ";verstat=TN-Validation-Passed" if verified else ""
        pai = f"P-Asserted-Identity: <tel:{KEY_CUSTOMER}{vouched}>"
        taken = {one: network.rung_count("porto", one) for one in ("diogo", "elsa")}
        with sipp(
            network, tmp_path / name, "vip", "caller_with_header.xml",
            extra=pai, caller=KEY_CUSTOMER,
        ) as caller:  # fmt: skip
            caller.finish().assert_passed()
        agent = "diogo" if verified else "elsa"
        assert network.rung_count("porto", agent) == taken[agent] + 1


def test_a_verified_caller_comes_back_to_the_agent_of_the_first_call(
    network: PolicyNetwork, tmp_path: Path
) -> None:
    served = []
    for turn in range(3):
        network.wait_all_ready()
        pai = "P-Asserted-Identity: <tel:+351910000888;verstat=TN-Validation-Passed>"
        with sipp(
            network, tmp_path / str(turn), "again", "caller_with_header.xml",
            extra=pai, caller="+351910000888",
        ) as caller:  # fmt: skip
            caller.finish().assert_passed()
        made = [one for one in network.all_decisions() if one.service == "again"][-1]
        served.append((made.target_site, made.agent, dict(made.rules)["same-agent"]))
    assert [rule for _, _, rule in served] == ["nobody", "decided", "decided"], served
    assert len({agent for _, agent, _ in served}) == 1, "not the one who was ready longest"


def test_a_site_lends_by_its_own_rules_within_the_guard_rails(network: PolicyNetwork) -> None:
    """Faro would lend nobody; the guard rail makes it lend one at a time."""
    network.set_agent("faro", "katia", talk_s=600.0)
    first = call(network, "lent")
    assert first.wait_connected()["agent"] == "katia"
    network.set_agent("faro", "katia")
    status = network.site_status("faro")
    assert "max_loan" in str(status["overflow_rules"]["clamped"])
    second = call(network, "lent", patience_s=3.0)
    wait_until("the caller waits", lambda: network.waiting_count("lisbon") == 1)
    first.hang_up()
    assert second.wait_over()["agent"] == "katia"


def test_nothing_is_lent_while_the_donors_own_callers_are_served_badly(
    network: PolicyNetwork,
) -> None:
    network.set_agent("faro", "katia", talk_s=600.0)
    first = call(network, "guarded", site="faro")
    assert first.wait_connected()["agent"] == "katia"
    network.set_agent("faro", "katia")
    late = call(network, "guarded", site="faro")
    wait_until("it waits beyond the threshold", lambda: network.waiting_count("faro") == 1)
    asked_at_s = time.monotonic()
    wait_until("it is late", lambda: time.monotonic() > asked_at_s + 0.5)
    first.hang_up()
    assert late.wait_over()["outcome"] == "served"
    network.wait_ready("faro", "katia")
    kept = call(network, "guarded", patience_s=2.0).wait_over()
    assert kept["outcome"] == "abandoned"
