"""Alarms are told in one line with site, code and place."""

import logging

import pytest

from site_agent.core.actions import ClearAlarm, RaiseAlarm
from site_agent.telemetry import set_up_log, tell_alarm


def test_alarms_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    set_up_log()
    with caplog.at_level(logging.INFO):
        tell_alarm("lisbon", RaiseAlarm(code="local_only", place="x", text="look"))
        tell_alarm("lisbon", ClearAlarm(code="local_only", place="x"))
    assert "lisbon: alarm local_only (x): look" in caplog.text and "is over" in caplog.text
