"""The largest SIP message that is read."""

from nrcli.sip.limits import MessageLimits


def test_head_and_body_fit_into_a_datagram() -> None:
    limits = MessageLimits()
    assert limits.head_bytes_max + limits.body_bytes_max > limits.message_bytes_max
    assert limits.message_bytes_max == 2**16 - 1
