"""Moves by the dialplan: what the PBX is told, and which sign each of its words is."""

import pytest
from acd_contract_words import ADDRESS, HOME, Target, ends_of, signs_of, state_of, told, waiting_in
from asterisk_site import AsteriskSite

from nrcli.wire.messages import AgentState, TransferMethod
from site_agent.adapters import base

M, Sign = TransferMethod, base.MoveSign


def start(site: AsteriskSite, call_id: str, method: M = M.REFER, **more: object) -> None:
    command = {"call_id": call_id, "move_id": "m1", "method": method, "address": ADDRESS, **more}
    site.command(base.StartMove(**command))  # type: ignore[arg-type]


@pytest.fixture
def site() -> AsteriskSite:
    return AsteriskSite()


def test_a_refer_is_made_of_variables_and_a_redirect(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    start(site, call_id, user_to_user="0a0b", set_up_s=4.0)
    variables = site.channel(call_id).variables
    assert variables["NIRC_TARGET"] == f"{ADDRESS}?User-to-User=0a0b%3Bencoding%3Dhex"
    assert variables["NIRC_MOVE"] == "m1"
    redirect = site.pbx.actions[-1]
    assert (redirect["Context"], redirect["Exten"]) == ("nirc-move", "transfer")
    assert [(one.sign, one.sip_status) for one in told(site, base.MoveProgress)] == [
        (Sign.NOTIFIED, 200)
    ]


@pytest.mark.parametrize(
    ("status", "protocol", "sign", "told_status"),
    [
        ("SUCCESS", "0", Sign.NOTIFIED, 200),
        ("FAILURE", "404", Sign.NOTIFIED, 404),
        ("FAILURE", "405", Sign.REFUSED, 405),
        ("FAILURE", "0", Sign.NOTIFIED, 500),
        ("UNSUPPORTED", "", Sign.REFUSED, 501),
        ("FAILURE", "x" * 9, Sign.NOTIFIED, 500),
    ],
)
def test_words_of_a_transfer(
    site: AsteriskSite, status: str, protocol: str, sign: base.MoveSign, told_status: int
) -> None:
    call_id = site.caller_enters("sales")
    site.target = Target.SAYS_NOTHING
    start(site, call_id)
    for move in ("another", "m1", "m1"):
        site.pbx.event(
            "UserEvent",
            channel=site.channel(call_id),
            UserEvent="NircMove",
            Move=move,
            Status=status,
            Protocol=protocol,
        )
    site.settle()
    progress = told(site, base.MoveProgress)
    assert [(one.sign, one.sip_status) for one in progress] == [(sign, told_status)]


def test_a_transfer_that_blocks_is_left_before_it_costs_the_caller(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    site.target = Target.SAYS_NOTHING
    start(site, call_id, set_up_s=60.0)
    site.passes(19.0)
    assert not signs_of(site)
    site.passes(2.0)
    assert signs_of(site) == [Sign.SILENT]
    assert site.channel(call_id).where == "wait"
    site.command(base.PutBack(call_id=call_id))
    assert site.channel(call_id).where == "queue"
    assert waiting_in(site) == 1


def test_a_caller_taken_out_of_the_queue_has_not_given_up(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    site.target = Target.REFUSES
    start(site, call_id)
    site.command(base.PutBack(call_id=call_id))
    site.passes(10.0)
    assert not ends_of(site, call_id)
    assert told(site, base.QueueChanged)[-1].abandoned_count == 0
    assert len(told(site, base.CallOffered)) == 1


def test_who_comes_back_takes_the_place_of_their_age(site: AsteriskSite) -> None:
    first, second, third = (site.caller_enters("sales") for _ in range(3))
    site.passes(1.0)
    site.target = Target.REFUSES
    start(site, second)
    site.command(base.PutBack(call_id=second))
    assert site.channel(second).variables["NIRC_POSITION"] == "2"
    waiting = [site.channel(one) for one in (first, second, third)]
    assert site.pbx.entries == waiting


def test_an_unanswered_caller_is_redirected(site: AsteriskSite) -> None:
    call_id = ring(site)
    site.pbx.target = Target.SAYS_NOTHING
    start(site, call_id, M.REDIRECT_302)
    site.pbx._gone(site.channel(call_id), 0)
    site.settle()
    progress = told(site, base.MoveProgress)
    assert [(one.sign, one.sip_status) for one in progress] == [(Sign.REDIRECTED, 302)]
    assert ends_of(site, call_id) == ["redirected"]


def test_a_302_that_was_told_silent_is_not_told_redirected_when_its_channel_ends(
    site: AsteriskSite,
) -> None:
    call_id = ring(site)
    site.pbx.target = Target.SAYS_NOTHING
    start(site, call_id, M.REDIRECT_302)
    site.passes(30.0)
    assert signs_of(site) == [Sign.SILENT]
    site.pbx._gone(site.channel(call_id), 0)
    site.settle()
    assert signs_of(site) == [Sign.SILENT, Sign.CALLER_GONE]
    assert len(ends_of(site, call_id)) == 1


def test_a_caller_who_cancels_meanwhile_leaves_the_outcome_open(site: AsteriskSite) -> None:
    call_id = ring(site)
    site.pbx.target = Target.SAYS_NOTHING
    start(site, call_id, M.REDIRECT_302)
    site.caller_hangs_up(call_id)
    assert signs_of(site) == [Sign.SILENT]
    assert ends_of(site, call_id) == ["redirected"]


def ring(site: AsteriskSite) -> str:
    """A caller who hears ringing in the queue."""
    channel = site.pbx._channel("sales")
    site.pbx._join(channel, 1)
    return site._began(channel)


@pytest.mark.parametrize(
    ("answered", "method", "more", "status"),
    [
        (True, M.REDIRECT_302, {}, 491),
        (False, M.REFER, {}, 491),
        (True, M.TRANSLATION_ROUTE, {}, 501),
        (True, M.REFER, {"address": "sip:a@b,c"}, 416),
        (False, M.REDIRECT_302, {"return_address": HOME}, 501),
    ],
)
def test_what_cannot_begin_is_refused_and_nothing_is_sent(
    site: AsteriskSite, answered: bool, method: M, more: dict[str, str], status: int
) -> None:
    call_id = site.caller_enters("sales") if answered else ring(site)
    site.pbx.actions.clear()
    start(site, call_id, method, **more)
    progress = told(site, base.MoveProgress)
    assert [(one.sign, one.sip_status) for one in progress] == [(Sign.REFUSED, status)]
    assert not site.pbx.actions
    site.agent_ready("anna")
    site.agent_answers("anna")
    assert state_of(site, "anna") is AgentState.BUSY


def test_a_call_that_rings_an_agent_is_not_moved(site: AsteriskSite) -> None:
    site.agent_ready("anna")
    call_id = site.caller_enters("sales")
    start(site, call_id)
    assert signs_of(site) == [Sign.REFUSED]
    site.command(base.PutBack(call_id=call_id))
    site.agent_answers("anna")
    assert [one.agent for one in told(site, base.CallConnected)] == ["anna"]


def bridge(site: AsteriskSite) -> str:
    call_id = site.caller_enters("sales")
    site.pbx.target = Target.SAYS_NOTHING
    start(site, call_id, M.BRIDGE, user_to_user="0a", data=b'{"k":1}')
    assert site.channel(call_id).variables["NIRC_DATA"]
    return call_id


def says(site: AsteriskSite, call_id: str, event: str, status: str) -> None:
    site.pbx.event(event, channel=site.channel(call_id), DialStatus=status)
    site.settle()


def test_a_bridge_rings_and_stands(site: AsteriskSite) -> None:
    call_id = bridge(site)
    says(site, call_id, "DialState", "RINGING")
    site.passes(30.0)
    says(site, call_id, "DialEnd", "ANSWER")
    assert signs_of(site) == [Sign.ACCEPTED, Sign.BRIDGED]
    site.command(base.EndMoved(call_id=call_id))
    assert not ends_of(site, call_id)
    assert waiting_in(site) == 0
    site.caller_hangs_up(call_id)
    site.passes(1.0)
    assert len(ends_of(site, call_id)) == 1


def to_handler(site: AsteriskSite, call_id: str, method: M = M.BRIDGE, **more: object) -> None:
    mail = "sip:mail@192.0.2.50:5070;user=phone"
    known = {"address": mail, "dialed_number": "+351210000001", "because": "closed"}
    start(site, call_id, method, **(known | more))


def test_a_handler_is_told_why_and_for_whom_but_not_the_callers_data(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    site.pbx.target = Target.SAYS_NOTHING
    site.channel(call_id).variables["NIRC_DATA"] = "an IVR's"
    to_handler(site, call_id)
    variables = site.channel(call_id).variables
    assert site.pbx.actions[-1]["Exten"] == "handler"
    assert variables["NIRC_TARGET"] == "sip:mail@192.0.2.50:5070;user=phone"
    assert variables["NIRC_DIVERSION"].endswith(">;reason=time-of-day;counter=1")
    assert variables["NIRC_HISTORY"].startswith("<sip:+351210000001@192.0.2.50;user=phone?Reason=")
    assert (variables["NIRC_TOLD"], variables["NIRC_TOLD2"], variables["NIRC_UUI"]) == ("", "", "")
    assert variables["NIRC_DATA"] == "an IVR's", "the agent is to have it if the handler fails"


def test_a_handler_of_ones_own_has_the_data(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    site.pbx.target = Target.SAYS_NOTHING
    to_handler(site, call_id, data=b'{"k":1}', user_to_user="0a")
    variables = site.channel(call_id).variables
    assert variables["NIRC_TOLD"] == "eyJrIjoxfQ" and variables["NIRC_UUI"] == "0a"


def test_a_refer_to_a_handler_has_no_headers_that_a_carrier_may_refuse(site: AsteriskSite) -> None:
    """`Transfer` does not tell whether the REFER was refused or the call that it was for."""
    call_id = site.caller_enters("sales")
    to_handler(site, call_id, M.REFER)
    target = site.channel(call_id).variables["NIRC_TARGET"]
    assert target == "sip:mail@192.0.2.50:5070;user=phone"


@pytest.mark.parametrize(
    ("cause", "status"), [("17", 486), ("21", 403), ("34", 503), ("127", 480), ("", 480)]
)
def test_a_bridge_that_fails_is_told_by_its_cause(
    site: AsteriskSite, cause: str, status: int
) -> None:
    call_id = bridge(site)
    said = {"UserEvent": "NircMove", "Move": "m1", "Status": "BUSY", "Protocol": cause}
    site.pbx.event("UserEvent", channel=site.channel(call_id), **said)
    site.settle()
    assert told(site, base.MoveProgress)[-1].sip_status == status


def test_a_bridge_that_fails_or_is_silent(site: AsteriskSite) -> None:
    call_id = bridge(site)
    told_by = {"UserEvent": "NircMove", "Move": "m1", "Status": "CHANUNAVAIL", "Protocol": "21"}
    site.pbx.event("UserEvent", channel=site.channel(call_id), **told_by)
    site.settle()
    assert signs_of(site) == [Sign.REFUSED]
    other = AsteriskSite()
    bridge(other)
    other.passes(6.0)
    assert signs_of(other) == [Sign.SILENT]


def test_a_bridge_may_be_stopped(site: AsteriskSite) -> None:
    call_id = bridge(site)
    says(site, call_id, "DialState", "RINGING")
    site.command(base.AbortMove(call_id=call_id, move_id="m1"))
    assert site.channel(call_id).where == "wait"
    assert signs_of(site) == [Sign.ACCEPTED, Sign.REFUSED]


def test_a_redirect_that_fails_leaves_the_caller_where_they_are(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    site.pbx._find = lambda name: None  # type: ignore[method-assign]
    start(site, call_id)
    assert signs_of(site) == [Sign.REFUSED]
    assert waiting_in(site) == 1


def test_a_dialplan_that_took_the_caller_back_is_believed(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    site.target = Target.SAYS_NOTHING
    start(site, call_id)
    site.pbx.now_s += 61.0
    site.pbx._join(site.channel(call_id), 1)
    site.settle()
    assert signs_of(site) == [Sign.SILENT]
    site.agent_ready("anna")
    site.agent_answers("anna")
    assert [one.call_id for one in told(site, base.CallConnected)] == [call_id]


def test_the_caller_is_there_or_is_not(site: AsteriskSite) -> None:
    call_id = site.caller_enters("sales")
    site.command(base.ProbeCaller(call_id=call_id))
    site.command(base.ProbeCaller(call_id="nobody"))
    assert [one.alive for one in told(site, base.CallerProbed)] == [True, False]
