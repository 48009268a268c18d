"""All trunks busy: how long, and in pieces."""

from site_playbook import led, trunk_of

from nrcli.wire import messages as msg
from site_agent.core.events import NodeLinkUp, WallTimeRead


def test_the_time_without_a_free_channel_is_told() -> None:
    play = led().event(NodeLinkUp(node="n1", records=True))
    play.event(trunk_of("carrier", used=4), at_s=200.0)
    play.event(trunk_of("carrier", used=4), at_s=210.0)
    assert play.sent(msg.TrunkBusyRecord) == []
    (piece,) = play.event(WallTimeRead(unix_s=501.0), at_s=501.0).sent(msg.TrunkBusyRecord)
    assert (piece.lasted_s, piece.continues, piece.channels_max) == (301.0, False, 4)
    (rest,) = play.event(trunk_of("carrier", used=3), at_s=505.0).sent(msg.TrunkBusyRecord)
    assert (rest.began_unix_s, rest.lasted_s, rest.continues) == (501.0, 4.0, True)
    assert play.event(trunk_of("carrier", used=3), at_s=506.0).sent(msg.TrunkBusyRecord) == []


def test_a_group_without_channels_is_not_busy() -> None:
    play = led().event(NodeLinkUp(node="n1", records=True))
    play.event(trunk_of("carrier", used=0, channels_max=0)).event(trunk_of("carrier"))
    assert play.sent(msg.TrunkBusyRecord) == []
