"""An agent's desktop sees who is on the way, before the phone rings: two sites, a node's
reservation, and a carrier that takes its time."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk_network import DeskNetwork, running_desks
from network import SMALL, assert_clean, wait_until
from sipp import SCENARIOS, Sipp

from nirc.demo.layout import IVR_ADDRESS, SiteLayout, SiteShape
from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

TWO = replace(
    SMALL,
    sites=(
        SiteShape(name="lisbon", agents=("anna",)),
        SiteShape(name="porto", agents=("diogo",)),
    ),
)
DATA = b'{"card":"4111111111111111","customer":"C 1"}'


def with_desktops(site: SiteLayout, found: dict[str, Any], outside: str) -> None:
    """Agents may have the customer and not the card."""
    found["screen_pop_url"] = "https://crm.example/{agent}?c={data.customer}&k={data.card}"
    found["acd"]["agent_data_keys"] = ["customer"]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskNetwork]:
    with running_desks(tmp_path_factory.mktemp("desktop"), TWO, with_desktops) as found:
        yield found


@pytest.fixture(autouse=True)
def clean(network: DeskNetwork) -> Iterator[None]:
    network.say("lisbon", "anna", state="not_ready", reason="later")
    network.wait_ready("porto", "diogo")
    yield
    assert_clean(network)


def test_a_reserved_agent_sees_who_comes_and_the_data_they_may_have(
    network: DeskNetwork, tmp_path: Path
) -> None:
    """The carrier takes the REFER and sends nobody for a while: the hold stands, then ends."""
    text = (SCENARIOS / "caller_forgets_refer.xml").read_text(encoding="utf-8")
    said = base64.urlsafe_b64encode(DATA).decode().rstrip("=")
    header = f"X-NIRC-Data: {said}\n      Content-Type: application/sdp"
    (tmp_path / "ivr.xml").write_text(text.replace("Content-Type: application/sdp", header, 1))
    remote = network.layout.site("lisbon").trunk("pbx").address
    with network.desk_events("porto", "diogo") as told:
        wait_until("the stream begins", lambda: bool(told))
        assert told[0][0] == "ready" and told[0][1]["call"] is None
        with Sipp(
            tmp_path,
            name="ivr",
            scenario=str(tmp_path / "ivr.xml"),
            local=(IVR_ADDRESS, PortTaker()()),
            remote=remote,
        ):
            wait_until("diogo is reserved", lambda: "reserved" in [event for event, _ in told])
            shown = network.desk("porto", "diogo")
            assert (shown["state"], shown["call"]["phase"]) == ("reserved", "reserved")
            assert 0.0 < shown["call"]["left_s"] < 60.0
            found = next(data for event, data in told if event == "reserved")
            network.say("lisbon", "anna", state="ready")
            wait_until("it is over", lambda: told[-1][0] == "ready")
    call = found["call"]
    assert (call["from_site"], call["service"], call["call_id"]) == ("lisbon", "sales", "")
    assert call["interaction_id"] and call["data"] == {"customer": "C 1"}
    assert call["url"] == "https://crm.example/diogo?c=C%201&k="


def test_the_desktop_follows_a_caller_from_the_way_here_to_the_end(network: DeskNetwork) -> None:
    network.set_agent("porto", "diogo", talk_s=600.0)
    with network.desk_events("porto", "diogo") as told:
        call = network.place("lisbon", "pbx", data={"customer": "C2"}, talk_s=600.0)
        assert call.wait_connected()["agent"] == "diogo"
        wait_until("the desktop knows", lambda: told[-1][0] == "talking")
        shown = told[-1][1]["call"]
        assert shown["interaction_id"] == call.result["interaction_id"]
        assert (shown["from_site"], shown["data"]) == ("lisbon", {"customer": "C2"})
        call.hang_up()
        wait_until("the desktop is free", lambda: told[-1][0] == "ready")
