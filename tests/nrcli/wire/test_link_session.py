"""The life of a link, played by hand: both ends, no sockets, the clock in our hands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nrcli.errors import LocalProtocolError, RemoteProtocolError
from nrcli.wire.codec import Codec, Speaker
from nrcli.wire.link_greeting import Incarnations, NodeGreeting, Rhythm, SiteGreeting
from nrcli.wire.link_lanes import LaneSettings, Message
from nrcli.wire.link_pace import Pace, PaceSettings
from nrcli.wire.link_session import (
    MOVES,
    Batch,
    LinkEnd,
    LinkSession,
    LinkSettings,
    LinkState,
    Sign,
)
from nrcli.wire.messages import (
    Heartbeat,
    Hello,
    LinkRefused,
    NotLeading,
    RouteRequestCancel,
    StateAck,
    Welcome,
)

CODEC = Codec()
RHYTHM = Rhythm(heartbeat_s=0.5, silence_s_max=2.0)
SETTINGS = LinkSettings(rhythm=RHYTHM)
ASK = RouteRequestCancel(request_id="r1")
ACK = StateAck(incarnation=1, version=1)
NOBODY_LEADS = NotLeading(domain="d", request_id="r1", leader="")


def site_end(settings: LinkSettings = SETTINGS, site: str = "lisbon") -> LinkSession:
    greeting = SiteGreeting(Hello(site=site, incarnation=1))
    return LinkSession(settings, greeting=greeting, encode=CODEC.encode, now_s=100.0)


def node_end(settings: LinkSettings = SETTINGS) -> LinkSession:
    greeting = NodeGreeting(
        node="n1", rhythm=settings.rhythm, identity="lisbon", incarnations=Incarnations(9)
    )
    return LinkSession(settings, greeting=greeting, encode=CODEC.encode, now_s=100.0)


def carry(batch: Batch | None, to: LinkSession, speaker: Speaker, now_s: float) -> list[Message]:
    assert batch is not None
    frame = CODEC.decode(CODEC.join(batch.seq, batch.ack, batch.envelopes), speaker)
    return to.receive(frame.seq, frame.ack, frame.messages, now_s)


def said_in(batch: Batch | None, speaker: Speaker) -> tuple[Message, ...]:
    assert batch is not None
    return CODEC.decode(CODEC.join(batch.seq, batch.ack, batch.envelopes), speaker).messages


def both_up(settings: LinkSettings = SETTINGS) -> tuple[LinkSession, LinkSession]:
    site, node = site_end(settings), node_end(settings)
    carry(site.take(100.0), node, Speaker.SITE, 100.0)
    carry(node.take(100.0), site, Speaker.NODE, 100.0)
    assert site.state is node.state is LinkState.UP
    return site, node


def test_every_pair_of_state_and_sign_is_listed() -> None:
    assert set(MOVES) == {(state, sign) for state in LinkState for sign in Sign}


def test_nothing_leaves_the_end() -> None:
    assert {MOVES[LinkState.ENDED, sign] for sign in Sign} == {LinkState.ENDED}


def test_greeting() -> None:
    site, node = both_up()
    assert node.other == Hello(site="lisbon", incarnation=1)
    assert isinstance(site.other, Welcome)
    assert site.version == node.version == 3


def test_messages_cross_at_once_when_it_is_quiet() -> None:
    site, node = both_up()
    assert site.send(ASK, 101.0)
    assert node.send(NOBODY_LEADS, 101.0)
    assert carry(site.take(101.0), node, Speaker.SITE, 101.0) == [ASK]
    assert carry(node.take(101.0), site, Speaker.NODE, 101.0) == [NOBODY_LEADS]
    assert site.take(101.0) is None


def test_nothing_is_taken_before_the_greeting() -> None:
    node = node_end()
    assert not node.send(ACK, 100.0)
    assert node.take(100.9) is None
    assert node.wake_at_s() == 105.0


def test_a_refusal_is_said_before_the_end() -> None:
    site, node = site_end(site="porto"), node_end()
    assert carry(site.take(100.0), node, Speaker.SITE, 100.0) == []
    assert node.state is LinkState.ENDED
    carry(node.take(100.0), site, Speaker.NODE, 100.0)
    for end in (site.ended, node.ended):
        assert end is not None
        assert (end.code, end.refused) == ("identity", True)
    assert node.take(100.0) is None


def test_what_follows_a_refused_greeting_is_not_believed() -> None:
    node = node_end()
    frame = (Hello(site="porto", incarnation=1), ASK)
    assert node.receive(1, 0, frame, 100.0) == []
    assert node.receive(2, 0, (ASK,), 100.0) == []


@pytest.mark.parametrize(
    ("seq", "ack", "problem"),
    [
        (3, 1, "frame 3 came where 2 was due"),
        (1, 1, "frame 1 came where 2 was due"),
        (0, 1, "frame 0 came where 2 was due"),
        (2, 2, "frame 2 was acknowledged, outside of 0 to 1"),
    ],
)
def test_a_wrong_number_ends_the_link_and_nothing_of_it_is_believed(
    seq: int, ack: int, problem: str
) -> None:
    _, node = both_up()
    with pytest.raises(RemoteProtocolError, match=problem):
        node.receive(seq, ack, (ASK,), 101.0)
    assert node.ended == LinkEnd(code="sequence", reason=problem)
    assert node.receive(2, 1, (ASK,), 101.0) == []
    assert not node.send(ACK, 101.0)


def test_an_ack_never_goes_back() -> None:
    site, node = both_up()
    carry(_sent(site, 101.0), node, Speaker.SITE, 101.0)
    node.send(NOBODY_LEADS, 101.0)
    carry(node.take(101.0), site, Speaker.NODE, 101.0)
    with pytest.raises(RemoteProtocolError, match="frame 0 was acknowledged"):
        site.receive(3, 0, (), 101.0)


def _sent(end: LinkSession, now_s: float) -> Batch | None:
    end.send(ASK, now_s)
    return end.take(now_s)


def test_a_second_greeting_ends_the_link() -> None:
    _, node = both_up()
    with pytest.raises(RemoteProtocolError, match="Hello on a link that is up"):
        node.receive(2, 1, (ASK, Hello(site="lisbon", incarnation=2)), 101.0)
    assert node.state is LinkState.ENDED


def test_a_refusal_in_the_middle_ends_the_link() -> None:
    site, node = both_up()
    node.close("draining", "going", say=LinkRefused(code="draining", reason="going"))
    carry(node.take(101.0), site, Speaker.NODE, 101.0)
    assert site.ended == LinkEnd(code="draining", reason="going", refused=True)


def test_heartbeats_when_nothing_else_is_sent() -> None:
    site, node = both_up()
    assert site.wake_at_s() == 100.5
    assert site.take(100.49) is None
    beat = site.take(100.5)
    assert said_in(beat, Speaker.SITE) == (Heartbeat(),)
    assert carry(beat, node, Speaker.SITE, 100.5) == []
    assert site.wake_at_s() == 101.0
    site.send(ASK, 100.9)
    site.take(100.9)
    assert site.wake_at_s() == pytest.approx(101.4)


def test_silence_ends_the_link() -> None:
    site, node = both_up()
    node.tick(101.9)
    assert node.ended is None
    carry(_sent(site, 101.9), node, Speaker.SITE, 101.9)
    node.tick(103.8)
    assert node.ended is None
    node.tick(103.9)
    assert node.ended == LinkEnd(code="silence", reason="nothing heard for 2 s")


def test_no_greeting_ends_the_link() -> None:
    node = node_end()
    node.tick(104.9)
    assert node.ended is None
    node.tick(105.0)
    assert node.ended == LinkEnd(code="silence", reason="no greeting for 5 s")


def test_a_site_keeps_the_nodes_rhythm() -> None:
    slow = replace(SETTINGS, rhythm=Rhythm(heartbeat_s=5.0, silence_s_max=20.0))
    site, node = site_end(), node_end(slow)
    carry(site.take(100.0), node, Speaker.SITE, 100.0)
    carry(node.take(100.0), site, Speaker.NODE, 100.0)
    assert site.wake_at_s() == 105.0
    site.tick(119.9)
    assert site.ended is None


BUSY = PaceSettings(busy_messages_per_s=100.0, full_messages_per_s=400.0, beat_s=0.008)


def busy_site(settings: LinkSettings = SETTINGS) -> LinkSession:
    """A site end whose program has just said much, and where nothing waits any more."""
    site, _ = both_up(replace(settings, pace=BUSY))
    for _n in range(60):
        site.send(ASK, 101.0)
    while site.take(101.05):
        pass
    return site


def test_above_the_busy_rate_messages_wait_for_company() -> None:
    site = busy_site()
    site.send(ASK, 101.057)
    site.send(ASK, 101.063)
    assert site.take(101.0639) is None
    assert site.wake_at_s() == pytest.approx(101.064)
    assert len(said_in(site.take(101.0641), Speaker.SITE)) == 2


def test_sessions_of_one_program_share_its_pace() -> None:
    pace = Pace(BUSY)
    for _n in range(60):
        pace.note(101.0)
    greeting = SiteGreeting(Hello(site="lisbon", incarnation=1))
    site = LinkSession(SETTINGS, greeting=greeting, encode=CODEC.encode, now_s=100.0, pace=pace)
    node = node_end()
    carry(site.take(100.0), node, Speaker.SITE, 100.0)
    carry(node.take(100.0), site, Speaker.NODE, 100.0)
    site.send(ASK, 101.05)
    assert site.take(101.05) is None


def test_replies_to_a_batch_go_out_as_a_batch_at_once() -> None:
    site = busy_site()
    site.receive(2, 1, (StateAck(incarnation=1, version=1),), 101.06)
    site.send(ASK, 101.0605)
    site.send(ASK, 101.0605)
    assert len(said_in(site.take(101.0605), Speaker.SITE)) == 2


def test_what_nobody_waits_for_goes_along_or_a_little_later() -> None:
    _, node = both_up()
    node.send(ACK, 101.0)
    assert node.take(101.01) is None
    node.send(NOBODY_LEADS, 101.01)
    assert len(said_in(node.take(101.01), Speaker.NODE)) == 2
    node.send(ACK, 101.02)
    assert node.wake_at_s() == pytest.approx(101.04)
    assert said_in(node.take(101.041), Speaker.NODE) == (ACK,)


def test_a_full_batch_does_not_wait() -> None:
    site = busy_site(replace(SETTINGS, lanes=LaneSettings(batch_messages_max=3)))
    site.send(ASK, 101.06)
    assert site.wake_at_s() > 101.06
    site.send(ASK, 101.06)
    site.send(ASK, 101.06)
    assert site.wake_at_s() < 101.06
    assert len(said_in(site.take(101.06), Speaker.SITE)) == 3


def test_one_way_traffic_is_acknowledged_by_empty_frames() -> None:
    settings = replace(SETTINGS, ack_after_frames=3, unacked_frames_max=5)
    site, node = both_up(settings)
    for n in range(2):
        carry(_sent(site, 100.1), node, Speaker.SITE, 100.1)
        assert (node.take(100.1) is not None) == (n == 2)
    carry(_sent(site, 100.1), node, Speaker.SITE, 100.1)
    ack = node.take(100.1)
    assert ack is not None
    assert (ack.ack, ack.envelopes) == (4, ())
    carry(ack, site, Speaker.NODE, 100.1)


def test_too_many_unacknowledged_frames_hold_back_the_rest() -> None:
    settings = replace(SETTINGS, unacked_frames_max=3)
    site, _ = both_up(settings)
    batches = [_sent(site, 100.1) for _ in range(4)]
    assert [batch is not None for batch in batches] == [True, True, True, False]
    assert site.wake_at_s() == 102.0
    site.receive(2, 2, (), 100.2)
    assert said_in(site.take(100.2), Speaker.SITE) == (ASK,)


def test_a_full_decision_lane_ends_the_link() -> None:
    site, _ = both_up(replace(SETTINGS, lanes=LaneSettings(decision_messages_max=2)))
    assert [site.send(ASK, 101.0) for _ in range(4)] == [True, True, False, False]
    assert site.ended is not None
    assert site.ended.code == "overload"
    assert site.take(101.0) is None


def test_what_is_too_late_does_not_go_out() -> None:
    _, node = both_up()
    node.send(ACK, 100.1, not_after_s=100.15)
    batch = node.take(100.2)
    assert said_in(batch, Speaker.NODE) == (Heartbeat(),)
    assert node.counts.too_late_count == 1


def test_a_message_that_cannot_be_sent_changes_nothing() -> None:
    site, node = both_up()
    for wrong in (RouteRequestCancel(request_id="x" * 5000), Hello(site="s", incarnation=1)):
        with pytest.raises(LocalProtocolError):
            site.send(wrong, 101.0)
    assert site.take(100.4) is None
    assert carry(_sent(site, 101.0), node, Speaker.SITE, 101.0) == [ASK]


def test_a_lost_stream_says_nothing_more() -> None:
    site, _ = both_up()
    site.send(ASK, 101.0)
    site.lose(LinkEnd(code="closed", reason="unavailable"))
    site.lose(LinkEnd(code="closed", reason="again"))
    assert site.ended == LinkEnd(code="closed", reason="unavailable")
    assert site.take(101.0) is None


def test_time_that_this_program_was_held_up_is_no_silence_of_the_other_end() -> None:
    site, node = both_up()
    node.attention.woke(100.5, 103.5)
    node.tick(103.5)
    assert node.ended is None
    assert node.silent_at_s() == 105.0
    carry(_sent(site, 103.6), node, Speaker.SITE, 103.6)
    assert node.silent_at_s() == 105.6
    node.tick(105.6)
    assert node.ended == LinkEnd(code="silence", reason="nothing heard for 2 s")


def test_nor_is_it_a_greeting_that_did_not_come() -> None:
    node = node_end()
    node.attention.woke(101.0, 105.0)
    node.tick(105.0)
    assert node.ended is None
    node.tick(109.0)
    assert node.ended == LinkEnd(code="silence", reason="no greeting for 5 s")
