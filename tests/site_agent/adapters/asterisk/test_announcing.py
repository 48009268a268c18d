"""Words to callers, and what this PBX cannot do: said at once."""

from acd_contract_words import ends_of, told
from asterisk_site import AsteriskSite

from site_agent.adapters import base


def test_place_and_wait_are_variables_for_the_dialplan() -> None:
    site = AsteriskSite()
    call_id = site.caller_enters("sales")
    site.command(base.Announce(call_id=call_id, position=3, ewt_s_min=30, ewt_s_max=90, ewt_s=61.4))
    variables = site.channel(call_id).variables
    assert (variables["NIRC_PLACE"], variables["NIRC_EWT_S"]) == ("3", "61")
    site.command(base.Announce(call_id=call_id, position=2, ewt_s_min=30, ewt_s_max=90))
    assert variables["NIRC_EWT_S"] == "90"


def test_what_cannot_be_done_is_said_with_the_remedy() -> None:
    site = AsteriskSite()
    call_id = site.caller_enters("sales")
    site.command(base.PlayAnnouncement(call_id=call_id, name="closed"))
    (over,) = told(site, base.AnnouncementOver)
    assert not over.played and "queues.conf" in over.problem
    site.command(
        base.DialCaller(
            call_id="c9",
            hold_id="h",
            agent="anna",
            queue="sales",
            service="s",
            interaction_id="i",
            number="+351",
            ring_s=5.0,
        )
    )
    assert [one.outcome for one in told(site, base.CallerDialed)] == ["failed"]
    before = len(site.events)
    site.command(base.SetQueueClosed(queue="sales", closed=True))
    site.command(base.SetAgeing(call_id=call_id, every_s=5.0, most=3))
    assert len(site.events) == before


def test_a_waiting_caller_is_turned_away_and_a_served_one_is_not() -> None:
    site = AsteriskSite()
    waits = site.caller_enters("sales")
    site.command(base.RejectCall(call_id=waits, reason="busy"))
    assert ends_of(site, waits) == ["site"]
    assert site.pbx.actions[-1]["Cause"] == "17"
    site.agent_ready("anna")
    talks = site.caller_enters("sales")
    site.command(base.RejectCall(call_id=talks, reason="busy"))
    site.agent_answers("anna")
    site.command(base.RejectCall(call_id=talks, reason="busy"))
    assert not ends_of(site, talks)
