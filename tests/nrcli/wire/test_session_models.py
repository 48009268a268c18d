"""What may be asked of sessions, and what a node's own token is told to be."""

import pytest
from pydantic import ValidationError

from nrcli.wire.session_models import Session, SessionQuery, SessionWanted


def test_a_session_has_somebodys_name() -> None:
    assert SessionWanted(author="ana").author == "ana"
    for wrong in ({}, {"author": ""}, {"author": "a" * 101}, {"author": "ana", "life_s": "9"}):
        with pytest.raises(ValidationError):
            SessionWanted.model_validate(wrong)


def test_only_an_id_names_a_session() -> None:
    assert SessionQuery().id is None and SessionQuery(id="0" * 32).id == "0" * 32
    for wrong in ("", "0" * 31, "../key", "G" * 32):
        with pytest.raises(ValidationError):
            SessionQuery(id=wrong)


def test_a_nodes_own_token_is_no_session_and_may_do_everything() -> None:
    own = Session()
    assert not own.id and own.roles == ("system-operator",)
