"""Epochs fence in the right order, lanes go out in the right order, versions make a range."""

import pytest
from contract_samples import enums_in

from nrcli.wire import words
from nrcli.wire.words import (
    NO_EPOCH,
    VERSION_NEWEST,
    VERSION_OLDEST,
    Epoch,
    Lane,
    TransferMethod,
)


def test_a_restored_etcd_with_lower_revisions_still_outranks_the_old_one() -> None:
    before, after = Epoch(generation=1, revision=900), Epoch(generation=2, revision=3)
    assert after > before
    assert max(after, before) == after


def test_within_a_generation_the_later_leader_key_is_higher() -> None:
    assert Epoch(generation=1, revision=10) > Epoch(generation=1, revision=9)


def test_no_epoch_is_below_every_real_one() -> None:
    assert Epoch(generation=1, revision=0) > NO_EPOCH
    assert Epoch(generation=1, revision=1) > NO_EPOCH


def test_a_lower_lane_is_sent_first() -> None:
    in_order = sorted(Lane, key=lambda lane: lane.value)
    assert in_order == [Lane.DECISION, Lane.STATE, Lane.HISTORY]


def test_methods_stand_in_the_order_of_the_ladder() -> None:
    """The cheapest for the origin first: after a 302 it holds nothing, with a bridge it does."""
    ladder = list(TransferMethod)
    assert ladder[0] is TransferMethod.REDIRECT_302
    assert ladder.index(TransferMethod.REFER) < ladder.index(TransferMethod.BRIDGE)


def test_versions_make_a_range() -> None:
    assert 1 <= VERSION_OLDEST <= VERSION_NEWEST


@pytest.mark.parametrize("words_of", enums_in(words), ids=lambda e: e.__name__)
def test_no_two_words_share_a_value(words_of: type[words.Lane]) -> None:
    """A second name for a value would silently be the first one."""
    assert len(list(words_of)) == len(words_of.__members__)
