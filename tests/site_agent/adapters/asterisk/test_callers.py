"""Callers in queues: offered with what the dialplan knows of them, ended once, in every order."""

import pytest
from acd_contract_words import ends_of, told, waiting_in
from asterisk_pbx import Channel
from asterisk_site import AsteriskSite

from site_agent.adapters import base


@pytest.fixture
def site() -> AsteriskSite:
    return AsteriskSite()


def enters(site: AsteriskSite, **variables: str) -> tuple[str, Channel]:
    channel = site.pbx._channel("sales")
    channel.variables |= variables
    channel.up = True
    site.pbx._join(channel, 9)
    return site._began(channel), channel


def test_a_caller_is_offered_with_what_the_dialplan_says(site: AsteriskSite) -> None:
    call_id, channel = enters(
        site,
        NIRC_SERVICE="vip",
        NIRC_INTERACTION="i-7",
        NIRC_DIALED="+351210000001",
        NIRC_EMERGENCY="yes",
    )
    (offered,) = told(site, base.CallOffered)
    assert (offered.service, offered.interaction_id) == ("vip", "i-7")
    assert (offered.dialed_number, offered.emergency) == ("+351210000001", True)
    assert (offered.trunk_group, offered.ani) == ("carrier", "+351911111111")
    assert [one.call_id for one in told(site, base.CallAnswered)] == [call_id]
    assert channel.variables["NIRC_INTERACTION"] == "i-7"


def test_what_is_missing_or_odd_is_made_up(site: AsteriskSite) -> None:
    enters(site, NIRC_INTERACTION="${X}")
    (offered,) = told(site, base.CallOffered)
    assert offered.service == "sales"
    assert offered.interaction_id.startswith("id")


def test_an_ivrs_data_comes_before_the_queue(site: AsteriskSite) -> None:
    channel = site.pbx._channel("sales")
    for text in ("eyJrIjoidiJ9", "!!"):
        site.pbx.event("UserEvent", channel=channel, UserEvent="NircData", Data=text)
    site.pbx._join(channel, 1)
    site._began(channel)
    assert [one.data for one in told(site, base.CallOffered)] == [b'{"k":"v"}']


def test_a_ready_agent_is_told_only_to_who_is_first(site: AsteriskSite) -> None:
    site.pbx.phones["anna"].logged_in = True
    site.agent_ready("anna")
    site.pbx.phones["anna"].status = 6
    enters(site)
    enters(site)
    assert [one.agent_ready for one in told(site, base.CallOffered)] == [True, False]


def test_a_queue_that_nirc_may_not_see_is_left_alone(site: AsteriskSite) -> None:
    site.pbx.queue = "secret"
    call_id, _ = enters(site)
    assert call_id == ""
    assert not told(site, base.CallOffered)


def test_a_caller_whom_the_dialplan_sends_on_is_gone_after_a_moment(site: AsteriskSite) -> None:
    call_id, channel = enters(site)
    site.pbx._leave(channel)
    site.settle()
    assert not ends_of(site, call_id)
    assert waiting_in(site) == 0
    site.passes(3.1)
    assert ends_of(site, call_id) == ["site"]
    assert told(site, base.QueueChanged)[-1].abandoned_count == 0


def test_one_who_comes_back_in_time_is_the_same_call(site: AsteriskSite) -> None:
    call_id, channel = enters(site)
    site.pbx._leave(channel)
    site.passes(1.0)
    site.pbx._join(channel, 1)
    site.passes(10.0)
    assert not ends_of(site, call_id)
    assert len(told(site, base.CallOffered)) == 1


def test_one_who_comes_back_later_is_a_call_of_its_own(site: AsteriskSite) -> None:
    call_id, channel = enters(site)
    site.pbx._leave(channel)
    site.passes(5.0)
    site.pbx._join(channel, 1)
    site.settle()
    assert [one.call_id for one in told(site, base.CallOffered)] == [call_id, f"{call_id}/2"]


def test_an_end_does_not_wait_for_hangup(site: AsteriskSite) -> None:
    """After a REFER that nobody answered the event may come half a minute late, or later."""
    call_id, channel = enters(site)
    site.pbx._gone = lambda channel, cause=16: None  # type: ignore[method-assign]
    site.pbx.hang_up(channel)
    site.settle()
    assert ends_of(site, call_id) == ["caller"]
    site.pbx.event("Hangup", channel=channel)
    site.settle()
    assert len(ends_of(site, call_id)) == 1


def test_more_callers_than_the_books_hold_are_the_pbxs_own(site: AsteriskSite) -> None:
    object.__setattr__(site.acd._desk.settings, "calls_max", 1)
    try:
        enters(site)
        assert enters(site)[0] == ""
    finally:
        object.__setattr__(site.acd._desk.settings, "calls_max", 5000)
