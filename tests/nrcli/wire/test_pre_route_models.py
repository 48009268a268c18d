"""What an edge that speaks HTTP asks and is told."""

import pytest
from pydantic import ValidationError

from nrcli.wire.pre_route_models import PreRoute, PreRouted


def test_a_question_needs_a_number_and_knows_its_keys() -> None:
    assert PreRoute.model_validate({"dialed_number": "112"}).refused_sites == ()
    for body in ({}, {"dialed_number": ""}, {"dialed_number": "1", "site": "x"}):
        with pytest.raises(ValidationError):
            PreRoute.model_validate(body)


def test_an_answer_may_grow() -> None:
    contact = {"site": "porto", "host": "192.0.2.1", "port": 5060, "transport": "udp"}
    told = PreRouted.model_validate({"contacts": [contact], "uri": "sip:x", "later": 1})
    assert told.contacts[0].site == "porto"
