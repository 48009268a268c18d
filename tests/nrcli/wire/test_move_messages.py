"""Sites settle a move between themselves: by token, addressed, without any leader."""

import typing

import pytest
from contract_samples import enums_in, field_names, needed_in

from nrcli.wire import move_messages
from nrcli.wire.move_messages import CancelVerdict, MoveOutcome, SiteToSite, TransferOutcome
from nrcli.wire.words import RequeryReason

BETWEEN_SITES = typing.get_args(SiteToSite)


@pytest.mark.parametrize("message", BETWEEN_SITES)
def test_any_node_can_carry_it(message: type) -> None:
    assert {"token", "from_site", "to_site"} <= needed_in(message)


@pytest.mark.parametrize("message", BETWEEN_SITES)
def test_no_leader_is_needed_for_it(message: type) -> None:
    assert not field_names(message) & {"epoch", "domain"}


def test_a_cancel_has_exactly_two_answers() -> None:
    """A third one would leave the caller owned by both sites, or by none."""
    assert set(CancelVerdict) == {CancelVerdict.TAKEN, CancelVerdict.NEVER}


def test_every_failed_move_has_a_word_for_asking_again() -> None:
    """An unresolved move is not asked about again: the caller may be at the target."""
    over = {MoveOutcome.ARRIVED, MoveOutcome.CALLER_GONE, MoveOutcome.SERVED_AT_HOME}
    failed = {outcome.value for outcome in set(MoveOutcome) - over - {MoveOutcome.UNRESOLVED}}
    assert failed <= {reason.value for reason in RequeryReason}


def test_an_outcome_is_never_told_without_the_token_it_settles() -> None:
    assert {"request_id", "token", "target_site", "outcome"} <= needed_in(TransferOutcome)


@pytest.mark.parametrize("words", enums_in(move_messages), ids=lambda e: e.__name__)
def test_no_two_words_share_a_value(words: type[MoveOutcome]) -> None:
    assert len(list(words)) == len(words.__members__)
