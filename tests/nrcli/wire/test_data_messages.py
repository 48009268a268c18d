"""Attached data travels with its seal, and is read by right of a token."""

import pytest
from contract_samples import field_names, needed_in

from nrcli.wire.data_messages import (
    INLINE_DATA_BYTES_MAX,
    DataAnswer,
    DataGet,
    DataPut,
    DataStored,
)

DATA_BYTES_MAX = 64 * 1024


@pytest.mark.parametrize("message", [DataPut, DataAnswer])
def test_data_cannot_be_sent_without_its_version_and_digest(message: type) -> None:
    assert {"version", "digest", "data"} <= needed_in(message)


def test_who_asks_shows_the_token_and_gets_it_back() -> None:
    assert "token" in needed_in(DataGet)
    assert {"token", "version"} <= needed_in(DataAnswer)


def test_no_reason_means_stored() -> None:
    assert DataStored(interaction_id="i1", version=2).reason == ""
    assert needed_in(DataStored) == {"interaction_id", "version"} <= field_names(DataPut)


def test_small_data_is_a_small_part_of_what_is_allowed() -> None:
    """What rides on the lane of decisions must not hold them up."""
    assert 0 < INLINE_DATA_BYTES_MAX <= DATA_BYTES_MAX // 8
