"""What is no HTTP is one line of the log."""

import logging

import pytest
from aiohttp.http_exceptions import BadHttpMessage

from nirc.links.http_log import server_log


def logged(caplog: pytest.LogCaptureFixture, error: Exception) -> logging.LogRecord:
    caplog.clear()
    with caplog.at_level(logging.INFO):
        try:
            raise error
        except type(error):
            server_log().exception("Error handling request from %s", "10.0.0.1")
    (record,) = caplog.records
    return record


def test_no_http_is_one_short_line(caplog: pytest.LogCaptureFixture) -> None:
    record = logged(caplog, BadHttpMessage("GET \n\x1b[31m ERROR alarm" + "x" * 1_000))
    line = record.getMessage()
    assert (record.levelname, record.exc_info) == ("INFO", None)
    assert "10.0.0.1" in line and "\n" not in line and "\x1b" not in line and len(line) < 300


def test_a_fault_of_ours_keeps_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    record = logged(caplog, KeyError("ours"))
    assert record.levelname == "ERROR" and record.exc_info is not None


def test_asked_twice_it_is_the_same_log() -> None:
    assert server_log() is server_log() and len(server_log().filters) == 1
