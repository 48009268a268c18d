"""The table of operations is whole and unambiguous."""

import re

from nrcli.wire.api_routes import BY_ID, OPERATIONS, STREAMED
from nrcli.wire.openapi import PATH_PARAMETERS, WORDS
from nrcli.wire.query_models import Query


def test_names_and_paths_stand_once() -> None:
    assert len(BY_ID) == len(OPERATIONS)
    places = [(one.method, re.sub(r"\{\w+\}", "{}", one.path)) for one in OPERATIONS]
    assert len(set(places)) == len(places)


def test_every_change_is_audited_and_every_question_is_not() -> None:
    unaudited = {one.id for one in OPERATIONS if one.method != "GET" and not one.audited}
    assert unaudited == {"dryRun", "preRoute", "previewControl"}, "they change nothing"
    told = {one.id for one in OPERATIONS if one.method == "GET" and one.audited}
    assert told == {"traceCallUnmasked"}, "who looked at numbers is written down"


def test_who_does_it_can_be_said_wherever_it_is_audited() -> None:
    for one in OPERATIONS:
        if one.audited:
            said = one.query.model_fields | getattr(one.body, "model_fields", {})
            assert "author" in said, one.id


def test_everything_named_is_known() -> None:
    for one in OPERATIONS:
        assert issubclass(one.query, Query)
        assert set(re.findall(r"\{(\w+)\}", one.path)) <= set(PATH_PARAMETERS), one.id
        assert {one.status, *one.refusals} <= set(WORDS), one.id
    assert set(STREAMED) <= set(BY_ID)
