"""What the configuration to copy does on a real Asterisk, by plain AMI: no site agent is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ami_client import AmiClient
from asterisk_bench import AGENTS, NUMBER, Bench, running
from sipp import Sipp

from nirc.demo.ports import PortTaker

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(120)]

DATA = {"customer": "C0815", "name": "Zoë Łukasz", "note": 'quote " and \\'}
TOKEN = "nirc-abcdefghijklmnopqrstuvwx23"
PLAN_TOKEN = "nirc-p-" + "abcdefghijklmnopqrstuvwx" * 3
"As long as one may be: an extension has at most 79 characters."
DIALPLAN = '" & 0 & "):Set(GLOBAL(NIRC_HIT)=1'
"An expression that is false, and what an ExecIf would do then."


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with running(tmp_path_factory.mktemp("dialplan")) as found:
        yield found


@pytest.fixture
def ami(bench: Bench) -> Iterator[AmiClient]:
    with bench.ami() as found:
        yield found


@pytest.fixture
def nobody_ready(ami: AmiClient) -> Iterator[None]:
    """Every agent is paused until the test is over."""
    for agent in AGENTS:
        _pause(ami, agent, True)
    yield
    for agent in AGENTS:
        _pause(ami, agent, False)


def _pause(ami: AmiClient, agent: str, paused: bool, reason: str = "nirc") -> None:
    member = {"Interface": f"PJSIP/{agent}", "Paused": str(paused).lower(), "Reason": reason}
    assert ami.act("QueuePause", **member)["Response"] == "Success"
    ami.wait("QueueMemberPause", MemberName=agent, Paused=str(int(paused)))


def test_an_agent_gets_a_caller_with_the_ivrs_data(bench: Bench, ami: AmiClient) -> None:
    call = bench.call(data=DATA)
    joined = ami.wait("QueueCallerJoin")
    story = bench.wait_outcome(call)
    assert (joined["NIRC_SERVICE"], joined["NIRC_TRUNK"]) == ("sales", "ivr")
    assert joined["NIRC_INTERACTION"] == story["interaction_id"]
    assert (story["outcome"], story["agent"] in AGENTS, story["data_intact"]) == (
        "served",
        True,
        True,
    )


def test_a_caller_from_a_trunk_hands_no_data_in(bench: Bench, ami: AmiClient) -> None:
    call = bench.call()
    assert ami.wait("QueueCallerJoin")["NIRC_TRUNK"] == "carrier"
    story = bench.wait_outcome(call)
    assert (story["outcome"], story["data_received"]) == ("served", "")
    assert story["interaction_received"] == story["interaction_id"], "by its Session-ID"


@pytest.mark.parametrize(
    "said",
    [("127.0.0.9", NUMBER, "X-NIRC-Interaction"), ("127.0.0.1", PLAN_TOKEN, "X-NIRC-Data")],
    ids=["the IVR", "a carrier"],
)
def test_what_a_caller_writes_into_a_header_is_never_read_as_dialplan(
    bench: Bench, ami: AmiClient, tmp_path: Path, said: tuple[str, str, str]
) -> None:
    host, number, header = said
    more = ("-key", "extra", f"{header}: {DIALPLAN}", "-key", "caller", "+351910000001")
    with Sipp(
        tmp_path,
        name="writes",
        scenario="caller_with_header.xml",
        local=(host, PortTaker()()),
        remote=bench.asterisk.place.sip,
        number=number,
        pause_ms=100,
        more=more,
    ) as caller:
        if number == NUMBER:
            ami.wait("AgentConnect")
        else:
            assert ami.wait("AsyncAGIStart")["NIRC_TOKEN"] == PLAN_TOKEN
        caller.finish()
    assert "NIRC_HIT" not in bench.asterisk.say("dialplan show globals")


def test_a_caller_by_the_peer_plan_brings_their_data(
    bench: Bench, ami: AmiClient, tmp_path: Path
) -> None:
    data = "eyJhIjogIi0tX19aIn0tXw" * 50
    more = ("-key", "extra", f"X-NIRC-Data: {data}", "-key", "caller", "+351910000001")
    local, remote = ("127.0.0.1", PortTaker()()), bench.asterisk.place.sip
    scenario = "caller_with_header.xml"
    with Sipp(
        tmp_path, name="by_plan", scenario=scenario, local=local, remote=remote,
        number=PLAN_TOKEN, more=more,
    ) as caller:  # fmt: skip
        assert ami.wait("UserEvent", UserEvent="NircData")["Data"] == data
        waits = ami.wait("AsyncAGIStart")
        assert waits["NIRC_TOKEN"] == PLAN_TOKEN
        caller.finish()


@pytest.mark.usefixtures("nobody_ready")
@pytest.mark.parametrize(("refer", "status"), [("accept", "SUCCESS"), ("refuse", "FAILURE")])
def test_a_caller_moves_by_refer_and_the_outcome_is_told(
    bench: Bench, ami: AmiClient, refer: str, status: str
) -> None:
    call = bench.call(refer=refer)
    channel = ami.wait("QueueCallerJoin")["Channel"]
    ami.redirect(channel, "nirc-move", "transfer", NIRC_MOVE="m1", NIRC_TARGET=bench.target)
    told = ami.wait("UserEvent", UserEvent="NircMove")
    assert (told["Move"], told["Status"]) == ("m1", status)
    if status == "FAILURE":
        assert told["Protocol"] == "405"
        ami.redirect(channel, "nirc-back", "s", NIRC_QUEUE="sales", NIRC_POSITION="1")
        assert ami.wait("QueueCallerJoin")["Channel"] == channel
        bench.hang_up(call)
    else:
        ami.act("Hangup", Channel=channel, Cause="16")
        assert bench.wait_outcome(call)["agent"] == "target"


@pytest.mark.usefixtures("nobody_ready")
def test_a_ringing_caller_moves_by_302(bench: Bench, ami: AmiClient, tmp_path: Path) -> None:
    local = (bench.asterisk.place.public, PortTaker()())
    remote = bench.asterisk.place.sip
    scenario = "caller_follows_302.xml"
    with Sipp(tmp_path, name="public", scenario=scenario, local=local, remote=remote) as caller:
        joined = ami.wait("QueueCallerJoin")
        assert joined["NIRC_TRUNK"] == "public"
        target = {"NIRC_MOVE": "m2", "NIRC_TARGET": bench.target}
        ami.redirect(joined["Channel"], "nirc-move", "transfer", **target)
        ami.wait("Hangup", Channel=joined["Channel"])
        caller.finish().assert_passed()


@pytest.mark.usefixtures("nobody_ready")
def test_a_caller_is_bridged_with_data_and_user_to_user(bench: Bench, ami: AmiClient) -> None:
    call = bench.call(data=DATA)
    channel = ami.wait("QueueCallerJoin")["Channel"]
    more = {"NIRC_MOVE": "m3", "NIRC_TARGET": bench.target, "NIRC_RING_S": "20"}
    ami.redirect(channel, "nirc-move", "bridge", **more)
    ami.wait("DialEnd", DialStatus="ANSWER")
    story = bench.wait_outcome(call)
    assert story["data_received"] == story["data_sent"]


@pytest.mark.usefixtures("nobody_ready")
def test_callers_take_their_places_by_position(bench: Bench, ami: AmiClient) -> None:
    calls = [bench.call() for _ in range(3)]
    channels = [ami.wait("QueueCallerJoin")["Channel"] for _ in calls]
    for channel, asked, got in ((channels[2], "1", "1"), (channels[0], "9", "3")):
        ami.redirect(channel, "nirc-back", "s", NIRC_QUEUE="sales", NIRC_POSITION=asked)
        ami.wait("QueueCallerAbandon", Channel=channel)
        assert ami.wait("QueueCallerJoin", Channel=channel)["Position"] == got
    for call in calls:
        bench.hang_up(call)


def test_a_token_is_refused_in_time_where_no_site_agent_is(bench: Bench, ami: AmiClient) -> None:
    call = bench.call(TOKEN)
    waits = ami.wait("AsyncAGIStart")
    assert (waits["NIRC_TOKEN"], waits["NIRC_TRUNK"]) == (TOKEN, "carrier")
    assert "/" in waits["NIRC_KEY"]
    story = bench.wait_outcome(call, within_s=5.0)
    assert (story["outcome"], story["status"]) == ("failed", 503)


@pytest.mark.parametrize(("cause", "status"), [("19", 480), ("34", 503), ("42", 503)])
def test_a_token_is_refused_by_cause(bench: Bench, ami: AmiClient, cause: str, status: int) -> None:
    call = bench.call(TOKEN)
    channel = ami.wait("AsyncAGIStart")["Channel"]
    ami.redirect(channel, "nirc-arrival", "refuse", NIRC_CAUSE=cause)
    assert bench.wait_outcome(call)["status"] == status


def test_an_arrival_reaches_the_held_agent_with_long_data(bench: Bench, ami: AmiClient) -> None:
    _pause(ami, "anna", True)
    call = bench.call(TOKEN)
    channel = ami.wait("AsyncAGIStart")["Channel"]
    told = {"NIRC_AGENT": "anna", "NIRC_RING_S": "5", "NIRC_QUEUE": "sales", "NIRC_POSITION": "1"}
    told |= {"__NIRC_INTERACTION": bench.story(call)["interaction_id"]}
    told |= {"__NIRC_DATA": "e" * 900, "__NIRC_DATA2": "y" * 460}
    ami.redirect(channel, "nirc-arrival", "agent", **told)
    ami.wait("DialEnd", DialStatus="ANSWER")
    story = bench.wait_outcome(call)
    assert (story["outcome"], story["agent"]) == ("served", "anna")
    _pause(ami, "anna", False)


def test_a_hold_ends_by_itself_inside_the_pbx(ami: AmiClient) -> None:
    _pause(ami, "anna", True)
    _start_timer(ami, "anna", "h1", 1)
    ami.wait("QueueMemberPause", MemberName="anna", Paused="0")
    assert ami.wait("UserEvent", UserEvent="NircHoldOver")["Hold"] == "h1"


def test_a_newer_hold_is_not_ended_by_an_older_timer(ami: AmiClient) -> None:
    _pause(ami, "bruno", True)
    _start_timer(ami, "bruno", "old", 1)
    ami.wait("OriginateResponse", Uniqueid="old")
    _start_timer(ami, "bruno", "new", 3)
    ami.wait("Hangup", Uniqueid="old")
    with pytest.raises(TimeoutError):
        ami.wait("QueueMemberPause", within_s=0.5, MemberName="bruno", Paused="0")
    ami.wait("QueueMemberPause", MemberName="bruno", Paused="0")


def _start_timer(ami: AmiClient, agent: str, hold: str, seconds: int) -> None:
    variables = (f"NIRC_MEMBER=PJSIP/{agent}", f"NIRC_HOLD={hold}", f"NIRC_HOLD_S={seconds}")
    fields = {"Channel": "Local/s@nirc-hold/n", "Application": "Wait", "Data": str(seconds + 60)}
    fields |= {"ChannelId": hold, "OtherChannelId": f"{hold}-2", "Async": "true"}
    assert ami.act("Originate", *variables, **fields)["Response"] == "Success"
