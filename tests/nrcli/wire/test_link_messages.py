"""A link begins with what is needed to refuse it, and leadership is told with its epoch."""

import pytest
from contract_samples import needed_in

from nrcli.wire.link_messages import (
    EpochRefused,
    Hello,
    Leading,
    LeadingAck,
    LinkRefused,
    NotLeading,
    Welcome,
)
from nrcli.wire.words import VERSION_NEWEST, VERSION_OLDEST, Epoch


def test_a_hello_offers_all_versions_and_claims_no_epoch() -> None:
    hello = Hello(site="lisbon", incarnation=3)
    assert (hello.version_oldest, hello.version_newest) == (VERSION_OLDEST, VERSION_NEWEST)
    assert hello.epochs == ()


def test_nobody_forgets_name_and_incarnation() -> None:
    assert needed_in(Hello) == {"site", "incarnation"}


@pytest.mark.parametrize("message", [Welcome, LinkRefused, Leading, LeadingAck])
def test_an_answer_leaves_nothing_to_guess(message: type) -> None:
    assert needed_in(message) == set(message.__annotations__) - {"pre_routes", "records"}


def test_a_node_that_says_nothing_of_pre_routes_takes_none() -> None:
    assert not Welcome(node="n1", version=2, heartbeat_s=1.0, silence_s_max=3.0).pre_routes


def test_leadership_is_acknowledged_for_the_domain_and_epoch_it_was_told_with() -> None:
    assert needed_in(LeadingAck) <= needed_in(Leading)


def test_a_refused_leader_learns_which_epoch_is_higher_and_which_command_it_was() -> None:
    assert needed_in(EpochRefused) == {"domain", "highest", "request_id"}


def test_a_refusal_to_decide_names_its_leadership_where_the_sender_knows_how() -> None:
    assert needed_in(NotLeading) == {"domain", "request_id", "leader"}
    low, high = Epoch(generation=1, revision=4), Epoch(generation=1, revision=9)
    told = NotLeading(domain="default", request_id="", leader="", epoch=low)
    assert told.ends(low)
    assert not told.ends(high)
    assert NotLeading(domain="default", request_id="", leader="").ends(high)
