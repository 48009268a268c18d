"""Who is an agent here: whom the PBX names as a member, for as long as it does."""

from acd_contract_words import state_of, told
from asterisk_pbx import Phone
from asterisk_site import AsteriskSite

from nrcli.wire.messages import AgentState
from site_agent.adapters import base


def test_an_agent_nobody_named_in_the_settings_logs_in() -> None:
    site = AsteriskSite()
    site.pbx.phones["zoe"] = phone = Phone("zoe")
    site.pbx.log_in(phone, True)
    site.agent_ready("zoe")
    assert state_of(site, "zoe") is AgentState.READY
    site.agent_logs_out("zoe")
    assert [one.agent for one in told(site, base.AgentGone)] == ["zoe"]


def test_a_phone_that_is_not_registered_makes_its_agent_not_ready() -> None:
    site = AsteriskSite()
    site.agent_ready("anna")
    site.pbx.register(site.pbx.phones["anna"], False)
    site.settle()
    assert state_of(site, "anna") is AgentState.NOT_READY


def test_what_has_not_changed_is_not_told_again() -> None:
    site = AsteriskSite()
    site.agent_ready("anna")
    before = len(site.events)
    for _ in range(3):
        site.pbx._status(site.pbx.phones["anna"], 1)
    site.settle()
    assert len(site.events) == before


def test_who_left_while_nobody_listened_is_gone_after_the_next_list() -> None:
    site = AsteriskSite()
    site.lose()
    site.pbx.phones["rita"].logged_in = False
    site.connect()
    assert [one.agent for one in told(site, base.AgentGone)] == ["rita"]
