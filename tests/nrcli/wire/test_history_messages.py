"""Records are complete, and carry nothing that was entrusted for the call alone."""

import typing

import pytest
from contract_samples import kinds_of, needed_in

from nrcli.wire.history_messages import CallLegRecord, SiteRecord

DURATIONS = {"waited_s", "talked_s", "lasted_s", "rang_s", "held_s", "acw_s", "threshold_s"}
DURATIONS |= {"ewt_s", "ewt_low_s", "ewt_high_s"}
KINDS = typing.get_args(SiteRecord)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_carries_no_attached_data(kind: type) -> None:
    assert bytes not in kinds_of(kind).values()


@pytest.mark.parametrize("kind", KINDS)
def test_instants_are_wall_time_and_the_rest_is_durations(kind: type) -> None:
    times = {name for name, inner in kinds_of(kind).items() if inner is float}
    instants = {name for name in times if name.endswith("_unix_s")}
    assert times - instants <= DURATIONS


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_record_can_be_told_by_its_number(kind: type) -> None:
    assert {"site", "incarnation", "number"} <= set(kinds_of(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_newer_than_the_version_before_may_be_missing(kind: type) -> None:
    assert {"incarnation", "number"}.isdisjoint(needed_in(kind))


def test_who_hung_up_and_how_is_never_left_out() -> None:
    needed = {"released_by", "sip_status", "interaction_id", "call_id", "site", "leg"}
    assert needed <= needed_in(CallLegRecord)
