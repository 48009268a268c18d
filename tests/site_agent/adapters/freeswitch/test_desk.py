"""FreeSWITCH's wall time by our clock, and which version keeps a caller after REFER."""

from __future__ import annotations

import dataclasses

import pytest
from freeswitch_bench import SETTINGS

from site_agent.adapters.freeswitch.conversation import Conversation
from site_agent.adapters.freeswitch.desk import Desk


def desk(*, refer: bool = True) -> Desk:
    settings = dataclasses.replace(SETTINGS, refer=refer)
    return Desk(settings, Conversation(password="x", answer_s=1.0), lambda: "id")


def test_wall_time_is_unknown_until_it_was_read() -> None:
    found = desk()
    found.begin(100.0)
    assert found.epoch(105.0) == 0 and found.at_s(1_000_000) < 0.0
    found.read_epoch(1_000_000.0)
    assert found.at_s(1_000_005) == 105.0 and found.epoch(105.0) == 1_000_005
    assert found.at_s(0) < 0.0


@pytest.mark.parametrize(
    ("version", "refer", "keeps"),
    [((1, 10, 6), True, False), ((1, 10, 7), True, True), ((1, 10, 12), False, False)],
)
def test_refer_needs_a_version_that_keeps_the_caller(
    version: tuple[int, int, int], refer: bool, keeps: bool
) -> None:
    found = desk(refer=refer)
    found.version = version
    assert found.keeps_after_refer is keeps
