"""Every routing command is fenced, nothing dialable travels, and what is left out holds nothing."""

import pytest
from contract_samples import classes_in, enums_in, field_names, needed_in

from nrcli.wire import route_messages
from nrcli.wire.route_messages import (
    QueuePosition,
    Release,
    Reserve,
    ReserveGranted,
    ReserveRefused,
    RouteAnswer,
    RouteOutcome,
    RouteRequest,
    RouteRequestCancel,
    Rung,
)
from nrcli.wire.words import DOMAIN_FIRST, NO_EPOCH, TransferMethod

FENCED = [Reserve, Release, RouteAnswer, ReserveGranted, ReserveRefused]


@pytest.mark.parametrize("message", FENCED)
def test_a_leaders_word_and_the_answer_to_it_cannot_be_made_without_its_epoch(
    message: type,
) -> None:
    assert {"domain", "epoch", "request_id"} <= needed_in(message)


@pytest.mark.parametrize("message", [RouteRequest, RouteRequestCancel])
def test_an_origin_asks_by_request_id_alone(message: type) -> None:
    assert "request_id" in needed_in(message)
    assert "epoch" not in field_names(message)


@pytest.mark.parametrize("message", classes_in(route_messages))
def test_nothing_dialable_travels(message: type) -> None:
    """A site dials only what its own operator wrote into its site table."""
    words = {word for name in field_names(message) for word in name.split("_")}
    assert not words & {"address", "uri", "contact", "host", "port"}


def test_an_answer_that_names_no_target_gives_nothing_to_move_with() -> None:
    answer = RouteAnswer(
        domain=DOMAIN_FIRST, epoch=NO_EPOCH, request_id="r1", outcome=RouteOutcome.STAY
    )
    assert (answer.target_site, answer.token, answer.rungs, answer.expires_s) == ("", "", (), 0)


def test_a_call_of_which_nothing_is_told_is_new_and_unanswered() -> None:
    asked = RouteRequest(
        request_id="r1", interaction_id="i1", call_id="c1", service="sales", queue="sales"
    )
    assert not asked.answered, "302 is for unanswered callers: guess that nothing was proven"
    assert (asked.moves_count, asked.moves_since_person_count, asked.visited_sites) == (0, 0, ())
    assert (asked.data_version, asked.data_digest, asked.reason) == (0, b"", None)
    assert asked.deadline_s > 0


def test_a_position_is_fenced_and_names_the_entry_alone() -> None:
    assert {"domain", "epoch", "entry_id", "position"} <= needed_in(QueuePosition)
    assert "call_id" not in field_names(QueuePosition)


def test_a_call_waits_in_the_network_queue_only_where_that_is_said() -> None:
    asked = RouteRequest(
        request_id="r1", interaction_id="i1", call_id="c1", service="sales", queue="sales"
    )
    assert asked.entry_id == ""


def test_a_hold_outlives_the_time_to_answer_it() -> None:
    reserve = Reserve(
        domain=DOMAIN_FIRST,
        epoch=NO_EPOCH,
        request_id="r1",
        interaction_id="i1",
        origin_site="porto",
        service="sales",
        queue="sales",
        methods=(TransferMethod.REFER,),
    )
    assert 0 < reserve.answer_within_s < reserve.expires_s
    assert (reserve.agent, reserve.channels, reserve.data) == ("", (), b"")


def test_the_call_that_a_target_judges_is_the_call_that_the_origin_told_of() -> None:
    """Loops and hop budgets are checked at the target too, on the origin's own figures."""
    told = {"waited_s", "priority", "answered", "ani", "dialed_number", "visited_sites"}
    told |= {"moves_since_person_count", "moves_count", "data_version", "data_digest"}
    assert told <= field_names(RouteRequest) & field_names(Reserve)


def test_a_rung_that_is_not_proven_to_lead_home_does_not() -> None:
    rung = Rung(method=TransferMethod.REDIRECT_302, path="p1", arrives_on="network")
    assert not rung.follows_contacts
    assert rung.origin_channels == 0


@pytest.mark.parametrize("words", enums_in(route_messages), ids=lambda e: e.__name__)
def test_no_two_words_share_a_value(words: type[RouteOutcome]) -> None:
    assert len(list(words)) == len(words.__members__)
