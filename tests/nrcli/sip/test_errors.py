"""Errors carry fields, and ours are told from theirs."""

from nrcli import errors as base
from nrcli.sip.errors import LocalProtocolError, MessageError


def test_whose_mistake() -> None:
    assert issubclass(LocalProtocolError, base.LocalProtocolError)
    assert issubclass(MessageError, base.RemoteProtocolError)


def test_fields() -> None:
    error = MessageError(513, "Message Too Large")
    assert (error.status, error.reason, error.request) == (513, "Message Too Large", None)
    assert str(error) == "513 Message Too Large"
