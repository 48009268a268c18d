"""A trace is made of what is kept: masked, by the time on the wall, and no more than is allowed."""

from nrcli.records.sip_traces import trace_of
from nrcli.sip.flow import Peer
from nrcli.sip.trace_ring import Traced

CARRIER = Peer("udp", ("10.0.0.1", 5060), ("2001:db8::9", 5080))
INVITE = b"INVITE sip:+351912345678@h SIP/2.0\r\nCall-ID: caller-1\r\n\r\n"
KEPT = [Traced(5.0 + n, n == 1, CARRIER, INVITE) for n in range(3)]


def test_what_is_kept_of_a_call_is_told_masked() -> None:
    told = trace_of("lisbon", KEPT, "caller-1", whole=False, now_s=10.0, unix_s=1010.0)
    assert [(one.at_unix_s, one.sent) for one in told.messages] == [
        (1005.0, False),
        (1006.0, True),
        (1007.0, False),
    ]
    first = told.messages[0]
    assert (first.place, first.transport) == ("lisbon", "udp")
    assert (first.local, first.remote) == ("10.0.0.1:5060", "[2001:db8::9]:5080")
    assert "+351912345678" not in first.message
    assert (told.now_unix_s, told.unmasked, told.notes) == (1010.0, False, [])


def test_whole_and_cut_are_told() -> None:
    told = trace_of("lisbon", KEPT, "caller-1", whole=True, now_s=10.0, unix_s=10.0, messages_max=2)
    assert "+351912345678" in told.messages[0].message and told.unmasked
    assert len(told.messages) == 2
    assert told.notes == ["lisbon: only the first 2 messages of this call"]
    assert trace_of("lisbon", KEPT, "nobody", whole=True, now_s=1.0, unix_s=1.0).messages == []
