"""Callers by a token: the daemon's word in the same turn, data for the agent, nobody lost."""

import base64
import json
from collections.abc import Callable

import pytest
from acd_contract_words import TOKEN, accepts, ends_of, hold, state_of, told
from asterisk_site import AsteriskSite

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.adapters.asterisk.variables import canonical


@pytest.fixture
def site() -> AsteriskSite:
    return AsteriskSite()


def test_the_token_the_key_and_the_trunk_are_told(site: AsteriskSite) -> None:
    call_id = site.token_arrives(TOKEN)
    (arriving,) = told(site, base.CallArriving)
    assert arriving.call_id == call_id
    assert (arriving.token, arriving.invite_key) == (TOKEN, "c/t")
    assert (arriving.trunk_group, arriving.ani) == ("carrier", "+351911111111")


def test_a_token_of_the_peer_plan_brings_its_data(site: AsteriskSite) -> None:
    """As long as an extension may be; the data is told before the channel waits."""
    token, data = "nirc-p-" + "a2" * 36, {"b": 1, "a": "Zoë"}
    text = base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
    site.pbx.tells_data = text
    site.token_arrives(token)
    (arriving,) = told(site, base.CallArriving)
    assert (arriving.token, arriving.data) == (token, canonical(data))
    site.pbx.tells_data = ""
    site.token_arrives(TOKEN)
    assert told(site, base.CallArriving)[-1].data == b""


@pytest.mark.parametrize(
    "token", ["nirc-", "nirc-p-", "nirc-p-" + "a" * 73, "nirc-" + "1" * 26, "vip", "nirc-a\u00e9"]
)
def test_what_is_no_token_gets_404(site: AsteriskSite, token: str) -> None:
    assert site.token_arrives(token) == ""
    assert site.pbx.actions[-2]["Value"] == "1"
    assert not site.pbx.channels


def test_without_a_word_in_time_the_invite_is_refused(site: AsteriskSite) -> None:
    call_id = site.token_arrives(TOKEN)
    site.passes(1.6)
    assert ends_of(site, call_id) == ["site"]
    assert [one["Value"] for one in site.pbx.actions if one["Action"] == "Setvar"][-1] == "34"
    assert not site.pbx.channels


@pytest.mark.parametrize(("status", "cause"), [(480, "19"), (503, "34"), (486, "17"), (700, "19")])
def test_a_refusal_is_a_cause_that_gives_its_status(
    site: AsteriskSite, status: int, cause: str
) -> None:
    site.decide = decides(lambda e: base.RefuseArrival(call_id=e.call_id, sip_status=status))
    call_id = site.token_arrives(TOKEN)
    assert site.pbx.actions[-2]["Value"] == cause
    assert ends_of(site, call_id) == ["site"]


def decides(
    answer: Callable[[base.CallArriving], base.AcdCommand],
) -> Callable[[base.AcdEvent], list[base.AcdCommand]]:
    return lambda event: [answer(event)] if isinstance(event, base.CallArriving) else []


def accept_for_anna(site: AsteriskSite, **more: object) -> str:
    site.agent_ready("anna")
    assert hold(site, "h1", "anna")
    given = {
        "hold_id": "h1",
        "interaction_id": "i-1",
        "service": "vip",
        "queue": "sales",
        "agent": "anna",
        "waited_s": 12.0,
        "answer_now": True,
        **more,
    }
    site.decide = decides(lambda e: base.AcceptArrival(call_id=e.call_id, **given))  # type: ignore[arg-type]
    return site.token_arrives(TOKEN)


def test_the_held_agent_is_rung_with_the_data(site: AsteriskSite) -> None:
    call_id = accept_for_anna(site, data=b'{"k":"v"}')
    variables = site.channel(call_id).variables
    assert (variables["NIRC_AGENT"], variables["NIRC_RING_S"]) == ("anna", "15")
    assert variables["NIRC_DATA"] == "eyJrIjoidiJ9"
    assert (variables["NIRC_INTERACTION"], variables["NIRC_SERVICE"]) == ("i-1", "vip")
    assert state_of(site, "anna") is AgentState.RESERVED
    site.agent_answers("anna")
    assert not site.pbx.phones["anna"].paused, "a talking phone needs no pause"
    assert not site.pbx.hold_timers


def test_data_on_its_way_is_waited_for(site: AsteriskSite) -> None:
    call_id = accept_for_anna(site, data_within_s=0.2)
    assert site.pbx.phones["anna"].rung_by is None
    site.command(base.GiveData(call_id=call_id, data=b'{"k":"v"}'))
    assert site.pbx.phones["anna"].rung_by is site.channel(call_id)
    assert site.channel(call_id).variables["NIRC_DATA"] == "eyJrIjoidiJ9"


def test_but_not_for_long(site: AsteriskSite) -> None:
    call_id = accept_for_anna(site, data_within_s=30.0)
    site.passes(0.6)
    assert site.pbx.phones["anna"].rung_by is site.channel(call_id)
    site.command(base.GiveData(call_id=call_id, data=b'{"k":"v"}'))
    assert site.channel(call_id).variables["NIRC_DATA"]


def test_an_agent_who_does_not_answer_is_not_ready(site: AsteriskSite) -> None:
    call_id = accept_for_anna(site)
    site.passes(16.0)
    phone = site.pbx.phones["anna"]
    assert (phone.paused, phone.reason) == (True, "Auto-Pause")
    assert state_of(site, "anna") is AgentState.NOT_READY
    assert site.pbx.entries[0] is site.channel(call_id)


def test_a_caller_who_hangs_up_meanwhile_frees_the_agent(site: AsteriskSite) -> None:
    call_id = accept_for_anna(site)
    site.caller_hangs_up(call_id)
    assert ends_of(site, call_id) == ["caller"]
    assert state_of(site, "anna") is AgentState.READY


def test_nothing_of_an_id_or_a_service_is_read_by_the_dialplan(site: AsteriskSite) -> None:
    call_id = accept_for_anna(site, interaction_id="${X}\r\nAction: Logoff", service="a${B}\r\n")
    variables = site.channel(call_id).variables
    assert variables["NIRC_INTERACTION"] == ""
    assert variables["NIRC_SERVICE"] == "aB"


def test_one_invite_is_told_once(site: AsteriskSite) -> None:
    call_id = site.token_arrives(TOKEN)
    channel = site.channel(call_id)
    site.pbx.event("AsyncAGIStart", channel=channel)
    site.settle()
    assert len(told(site, base.CallArriving)) == 1


def test_an_arrival_ends_with_the_line(site: AsteriskSite) -> None:
    call_id = site.token_arrives(TOKEN)
    site.lose()
    assert ends_of(site, call_id) == ["site"]


def test_an_accepted_caller_is_not_refused_any_more(site: AsteriskSite) -> None:
    assert hold(site, "h1")
    site.decide = accepts(site, hold_id="h1")
    call_id = site.token_arrives(TOKEN)
    site.command(base.RefuseArrival(call_id=call_id, sip_status=480))
    site.passes(5.0)
    assert not ends_of(site, call_id)
