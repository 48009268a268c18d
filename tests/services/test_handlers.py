"""Callers whom nobody serves end at a voicemail, by every method; one that fails loses nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from network import PlacedCall, assert_clean, wait_until
from nrcli_process import nrcli
from policy_sites import Given, PolicyNetwork, running
from sipp import Sipp

from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]

TAKER = PortTaker()
MAIL, FULL, NOBODY = TAKER(), TAKER(), TAKER()
"Ports: of a voicemail, of a full one, and of none."
WAYS = (
    "[{trunk_group: carrier, methods: [redirect_302, refer, bridge], follows_contacts: true},"
    " {trunk_group: pbx, methods: [refer]}, {trunk_group: legacy, methods: [bridge]}]"
)
ELSEWHERE = "{name: anybody, select: longest_available, action: route}"
GIVEN = Given(
    policies={
        "night": '[{name: closed, when: not calendar("never").open, action: to_handler,'
        " handler: voicemail, reason: closed}]",
        "late": "[{name: late, when: call.answered and call.waited_s > 0.5, action: to_handler,"
        " handler: voicemail}]",
        **{
            name: f"[{{name: mail, action: to_handler, handler: {name}}}, {ELSEWHERE}]"
            for name in ("full-bridge", "full-refer", "down-bridge", "down-302", "shut")
        },
        "own": "[{name: stay, action: queue_at_origin}]",
        "home": "[{name: stay, action: queue_at_origin}]",
    },
    more={
        "Calendar/never": "{time_zone: Europe/Lisbon}",
        "Handler/voicemail": f'{{uri: "sip:mail@127.0.0.1:{MAIL}", ways: {WAYS}, ring_s: 5}}',
        **{
            f"Handler/{name}": f'{{uri: "sip:mail@127.0.0.1:{port}", ways: {WAYS}, ring_s: 2}}'
            for name, port in (
                ("full-bridge", FULL),
                ("full-refer", FULL),
                ("down-bridge", NOBODY),
                ("down-302", NOBODY),
            )
        },
        "Handler/shut": f'{{uri: "sip:mail@127.0.0.1:{MAIL}", ways: {WAYS}, calendar: never}}',
    },
    levels={"anna": {"home": 5}},
    rules={
        "lisbon": "[{queue: own, to_handler: [{name: late, when: call.waited_s > 0.5,"
        " handler: voicemail, reason: busy}]}, {queue: '*'}]"
    },
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicyNetwork]:
    with running(tmp_path_factory.mktemp("handlers"), GIVEN) as found:
        found.wait_all_ready()
        yield found


@pytest.fixture(autouse=True)
def clean(network: PolicyNetwork) -> Iterator[None]:
    network.wait_all_ready()
    yield
    assert_clean(network)


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Sipp]:
    with Sipp(tmp_path, name="mail", scenario="voicemail.xml", local=("127.0.0.1", MAIL)) as found:
        yield found


def call(network: PolicyNetwork, service: str, trunk: str) -> PlacedCall:
    return network.place("lisbon", trunk, dialed=GIVEN.number(service))


def ended(network: PolicyNetwork, story: PlacedCall) -> dict[str, Any]:
    """The end of the call's last move."""
    interaction = story.result["interaction_id"]
    found: list[dict[str, Any]] = []

    def is_there() -> bool:
        lines = map(json.loads, network.history("lisbon").splitlines())
        kinds = [one for one in lines if one["kind"] == "move_ended"]
        found[:] = [one for one in kinds if one["interaction"] == interaction]
        return bool(found)

    wait_until("the move is over", is_there)
    return found[-1]


@pytest.mark.parametrize(
    ("service", "trunk", "method", "word"),
    [
        ("late", "pbx", "refer", "no-answer"),
        ("night", "legacy", "bridge", "time-of-day"),
        ("night", "carrier", "redirect_302", "time-of-day"),
    ],
)
def test_a_caller_ends_at_the_voicemail(  # noqa: PLR0917 - what differs between methods
    network: PolicyNetwork, mail: Sipp, service: str, trunk: str, method: str, word: str
) -> None:
    story = call(network, service, trunk)
    mail.wait_for_message("INVITE sip:mail@")
    mail.wait_for_message("ACK sip:mail@")
    if method == "bridge":
        said = mail.text("messages.log")
        assert (
            f"Diversion: <sip:{GIVEN.number(service)}@127.0.0.1;user=phone>;reason={word}" in said
        )
        assert "History-Info: <sip:" in said
        assert "User-to-User" not in said and "nirc-" not in said
    if method != "bridge":
        line = ended(network, story)
        assert (line["outcome"], line["method"]) == ("to_handler", method), line
    assert story.result["outcome"] == "open", "the caller speaks to the machine"
    story.hang_up()
    line = ended(network, story)
    assert (line["outcome"], line["target"]) == ("to_handler", "handler:voicemail")
    (decision, *_) = [
        one
        for one in network.decisions_of(story.result["interaction_id"])
        if one.outcome == "to_handler"
    ]
    told = nrcli(network, network.leader(), "explain", decision.decision_id)
    assert "was sent to a handler (voicemail)" in told.stdout, told


def test_a_sites_own_rules_send_a_caller_there(network: PolicyNetwork, mail: Sipp) -> None:
    story = call(network, "own", "legacy")
    mail.wait_for_message("ACK sip:mail@")
    assert "reason=user-busy" in mail.text("messages.log")
    story.hang_up()
    assert ended(network, story)["outcome"] == "to_handler"


@pytest.mark.parametrize(
    ("service", "trunk", "outcomes"),
    [
        ("full-bridge", "legacy", ("busy",)),
        ("full-refer", "pbx", ("busy",)),
        ("down-bridge", "legacy", ("timeout", "no_answer", "refused", "error")),
        ("down-302", "carrier", ("timeout", "no_answer", "refused", "error")),
    ],
)
def test_a_handler_that_fails_loses_nobody(
    network: PolicyNetwork, tmp_path: Path, service: str, trunk: str, outcomes: tuple[str, ...]
) -> None:
    local = ("127.0.0.1", FULL)
    with Sipp(tmp_path, name="full", scenario="voicemail_full.xml", local=local):
        story = call(network, service, trunk)
        told = story.wait_over()
    assert (told["outcome"], told["agent_site"] in ("porto", "faro")) == ("served", True), told
    lines = map(json.loads, network.history("lisbon").splitlines())
    first = next(
        one
        for one in lines
        if one["kind"] == "move_ended" and one["interaction"] == told["interaction_id"]
    )
    assert first["target"] == f"handler:{service}" and first["outcome"] in outcomes, first


def test_a_closed_handler_is_passed_over_and_the_record_says_why(network: PolicyNetwork) -> None:
    told = call(network, "shut", "legacy").wait_over()
    assert (told["outcome"], told["moved"]) == ("served", "bridge")
    (decision, *_) = network.decisions_of(told["interaction_id"])
    assert ("mail", "handler shut: closed by never") in [tuple(one) for one in decision.rules]
