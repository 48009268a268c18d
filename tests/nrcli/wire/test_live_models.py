"""The closed list of live events, and where a snapshot keeps each kind."""

from nrcli.wire.live_models import GONE, KINDS, RESET, SKIPPED, SNAPSHOT_FIELDS, Snapshot


def test_every_kind_has_its_place_in_a_snapshot_and_no_other_stands_there() -> None:
    assert tuple(SNAPSHOT_FIELDS) == KINDS
    assert list(SNAPSHOT_FIELDS.values()) == list(Snapshot.model_fields)
    assert not {RESET, GONE, SKIPPED} & set(KINDS)
