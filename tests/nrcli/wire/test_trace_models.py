"""A trace goes through JSON as it is, and says nothing that it does not know."""

from nrcli.wire.trace_models import CallTrace, TracedMessage


def test_a_trace_goes_through_json() -> None:
    one = TracedMessage(
        at_unix_s=1.5,
        place="lisbon",
        sent=True,
        transport="udp",
        local="10.0.0.1:5060",
        remote="10.0.0.9:5080",
        message="BYE\r\n\r\n",
    )
    told = CallTrace(call="story", messages=[one])
    assert CallTrace.model_validate_json(told.model_dump_json()) == told
    assert (told.now_unix_s, told.unmasked, told.notes) == (0, False, [])
