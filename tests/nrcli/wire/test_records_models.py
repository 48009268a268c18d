"""What a node says of records can be left out by an older one, and grow."""

from nrcli.wire.records_models import RecordsStatus


def test_an_older_node_says_nothing_and_a_newer_one_more() -> None:
    assert RecordsStatus.model_validate({}).kept_for_s is None
    told = RecordsStatus.model_validate({"lost_count": 3, "colour": "red"})
    assert told.lost_count == 3
