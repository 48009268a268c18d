"""Records are complete, and carry nothing that was entrusted for the call alone."""

from contract_samples import kinds_of, needed_in

from nrcli.wire.history_messages import CallLegRecord


def test_a_record_carries_no_attached_data() -> None:
    assert bytes not in kinds_of(CallLegRecord).values()


def test_only_the_start_is_wall_time_the_rest_is_durations() -> None:
    times = {name for name, kind in kinds_of(CallLegRecord).items() if kind is float}
    assert times == {"started_unix_s", "waited_s", "talked_s"}


def test_who_hung_up_and_how_is_never_left_out() -> None:
    needed = {"released_by", "sip_status", "interaction_id", "call_id", "site", "leg"}
    assert needed <= needed_in(CallLegRecord)
