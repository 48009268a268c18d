"""Addresses, names and queues of a site agent's file."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from site_agent.config_parts import QueueConfig, known, only_once, split_address


def test_an_address_is_split_at_its_port() -> None:
    assert split_address("[2001:db8::1]:5060") == ("2001:db8::1", 5060)


def test_a_queue_has_no_keys_that_nobody_reads() -> None:
    with pytest.raises(ValidationError, match="max_loans"):
        QueueConfig.model_validate({"name": "sales", "max_loans": 3})


def test_names_stand_once_and_any_free_port_often() -> None:
    only_once("x[{}]", ["127.0.0.1:0", "127.0.0.1:0"])
    with pytest.raises(ValueError, match=r"x\[1\]: sales stands twice"):
        only_once("x[{}]", ["sales", "sales"])


def test_an_unknown_queue_is_told_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r'no queue "sails" \(queues: faults, sales\)'):
        known("agents[0].queues", "sails", {"sales", "faults"})
