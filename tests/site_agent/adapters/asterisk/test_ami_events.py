"""Events as Asterisk 16 writes them, typed."""

from site_agent.adapters.asterisk import ami_events as ami
from site_agent.adapters.asterisk import ami_lists
from site_agent.adapters.asterisk.asterisk_protocol import AmiMessage


def message(**fields: str) -> AmiMessage:
    return AmiMessage(fields=tuple((key.lower(), value) for key, value in fields.items()))


def test_a_caller_joins_a_queue() -> None:
    event = ami.read(
        message(
            Event="QueueCallerJoin",
            Channel="PJSIP/carrier-00000001",
            ChannelState="4",
            CallerIDNum="<unknown>",
            Uniqueid="1.1",
            ChanVariable="NIRC_SERVICE=vip",
            Queue="sales",
            Position="2",
        )
    )
    assert isinstance(event, ami.CallerInQueue)
    assert (event.queue, event.position, event.up, event.ani) == ("sales", 2, False, "")
    assert event.variables == {"NIRC_SERVICE": "vip"}


def test_an_entry_of_a_list_has_its_wait_and_no_state() -> None:
    event = ami.read(message(Event="QueueEntry", Uniqueid="1.1", Queue="sales", Wait="17"))
    assert isinstance(event, ami.CallerInQueue)
    assert event.listed and event.up and event.waited_s == 17.0


def test_members_are_told_by_two_spellings() -> None:
    listed = ami.read(
        message(
            Event="QueueMember",
            Queue="sales",
            Name="anna",
            Location="PJSIP/anna",
            Penalty="2",
            Status="1",
            Paused="1",
            PausedReason="nirc",
            ActionID="a7",
        )
    )
    changed = ami.read(
        message(
            Event="QueueMemberPause",
            Queue="sales",
            MemberName="anna",
            Interface="PJSIP/anna",
            Penalty="2",
            Status="1",
            Paused="1",
            PausedReason="nirc",
        )
    )
    assert isinstance(listed, ami.MemberSeen) and isinstance(changed, ami.MemberSeen)
    assert listed.listed and listed.action_id == "a7"
    for event in (listed, changed):
        assert (event.name, event.interface, event.penalty) == ("anna", "PJSIP/anna", 2)
        assert (event.status, event.paused, event.reason) == (1, True, "nirc")
    assert ami.read(message(Event="QueueMemberStatus", Queue="sales")) is None


def test_channels_dials_and_ends() -> None:
    seen = ami.read(message(Event="Newstate", Uniqueid="1.1", ChannelState="6"))
    assert isinstance(seen, ami.ChannelSeen) and seen.up and not seen.began
    began = ami.read(message(Event="Newchannel", Uniqueid="1.1", ChannelState="4"))
    assert isinstance(began, ami.ChannelSeen) and began.began and not began.up
    over = ami.read(message(Event="Hangup", Uniqueid="1.1", Cause="18"))
    assert over == ami.ChannelOver(unique_id="1.1", channel="", cause=18)
    assert ami.read(message(Event="HangupRequest", Uniqueid="1")) == ami.FarEndHungUp(unique_id="1")
    dialed = ami.read(message(Event="DialEnd", Uniqueid="1.1", DialStatus="Answer"))
    assert dialed == ami.DialSign(unique_id="1.1", status="ANSWER", ended=True)


def test_a_channel_in_async_agi_brings_its_token() -> None:
    event = ami.read(
        message(
            Event="AsyncAGIStart",
            Channel="PJSIP/carrier-1",
            Uniqueid="1.1",
            Env="agi_request%3A%20async%0Aagi_callerid%3A%20351911%0Aagi_extension%3A%20nirc-a%0A",
            ChanVariable="NIRC_KEY=call@host/tag",
        )
    )
    assert isinstance(event, ami.AgiWaits)
    assert (event.extension, event.ani) == ("nirc-a", "351911")
    assert event.variables["NIRC_KEY"] == "call@host/tag"


def test_only_user_events_of_this_dialplan_count() -> None:
    said = ami.read(
        message(Event="UserEvent", UserEvent="NircMove", Uniqueid="1.1", Status="SUCCESS")
    )
    assert isinstance(said, ami.DialplanSaid)
    assert said.fields["status"] == "SUCCESS"
    assert ami.read(message(Event="UserEvent", UserEvent="Weather")) is None


def test_agents_signs_lists_and_answers() -> None:
    sign = ami.read(
        message(
            Event="AgentComplete",
            Uniqueid="1.1",
            Queue="sales",
            MemberName="anna",
            Interface="PJSIP/anna",
            TalkTime="31",
            Reason="agent",
        )
    )
    assert isinstance(sign, ami.AgentSign)
    assert (sign.kind, sign.talked_s, sign.reason) == ("complete", 31.0, "agent")
    over = ami.read(message(Event="QueueStatusComplete", ActionID="a1"))
    assert over == ami_lists.ListOver(kind="queues", action_id="a1")
    answer = ami.read(message(Response="Error", ActionID="a1", Message="No such channel"))
    assert answer == ami.Answered(action_id="a1", success=False)
    started = ami.read(
        message(
            Event="OriginateResponse", Response="Success", ActionID="a2", Uniqueid="t1", Reason="4"
        )
    )
    assert started == ami.Answered(
        action_id="a2", success=True, done=True, unique_id="t1", reason=4
    )
    assert ami.read(message(Event="RTCPSent")) is None
    assert ami.read(message(Event="QueueParams", Queue="sales", Max="5")) == ami_lists.QueueSeen(
        queue="sales", places_max=5
    )
    removed = ami.read(message(Event="QueueMemberRemoved", Queue="q", Interface="PJSIP/a"))
    assert removed == ami.MemberRemoved(queue="q", name="PJSIP/a", interface="PJSIP/a")
    left = ami.read(message(Event="QueueCallerAbandon", Uniqueid="1.1", Queue="q"))
    assert left == ami.CallerLeft(unique_id="1.1", queue="q", abandoned=True)
