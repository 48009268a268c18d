"""The log of a site agent: one line per fact, masked, for people or for programs."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest

from site_agent.core.actions import ClearAlarm, RaiseAlarm
from site_agent.telemetry import set_up_log, tell_alarm


@pytest.fixture(autouse=True)
def _root_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def told(as_json: bool, level: str = "info") -> list[str]:
    stream = io.StringIO()
    with redirect_stderr(stream):
        set_up_log(level=level, site="lisbon", as_json=as_json)
        tell_alarm("lisbon", RaiseAlarm(code="local_only", place="x", text="call +351912345678"))
        tell_alarm("lisbon", ClearAlarm(code="local_only", place="x"))
    return stream.getvalue().splitlines()


def test_alarms_are_logged_for_people() -> None:
    begun, over = told(as_json=False)
    assert begun.endswith("site_agent: lisbon: alarm local_only (x): call +35191***")
    assert "is over" in over


def test_and_for_programs() -> None:
    begun, _over = map(json.loads, told(as_json=True))
    assert begun["site"] == "lisbon" and begun["level"] == "WARNING"
    assert (begun["alarm"], begun["place"]) == ("local_only", "x")
    assert "+351912345678" not in str(begun)


def test_less_is_told_where_less_is_wanted() -> None:
    assert len(told(as_json=False, level="warning")) == 1
    stream = io.StringIO()
    with redirect_stderr(stream):
        set_up_log(verbose=True, level="error")
        logging.getLogger("site_agent").debug("seen")
    assert "seen" in stream.getvalue()
