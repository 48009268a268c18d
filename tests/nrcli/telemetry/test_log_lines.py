"""Log lines: one line each, nothing secret in them."""

import io
import json
import logging

import pytest

from nrcli.telemetry.log_lines import LineFormatter, masked, set_up_logging


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("token nirc-abcdefghijklmnopqrstuvwxyz here", "abcdefghijklmnopqrstuv"),
        (f"plan token nirc-p-{'abcdefgh' * 9} here", "abcdefgh" * 8),
        (f"plan token nirc-plan-{'abcdefgh' * 12} here", "abcdefgh" * 11),
        ("Authorization: Bearer s3cret-value", "s3cret-value"),
        ("redis://user:hunter2@host/0", "hunter2"),
        ("X-NIRC-Data: eyJhIjoxfQ", "eyJhIjoxfQ"),
        ("DataPut(data=b'{\"pin\":1}', version=1)", "pin"),
        ("password=abc", "abc"),
        ("caller +351912345678 rang", "12345678"),
        ("INVITE sip:00351912345678@host", "912345678"),
        ("tel:912345678", "45678"),
    ],
)
def test_secrets_are_masked(text: str, hidden: str) -> None:
    assert hidden in text and hidden not in masked(text) and "***" in masked(text)


def test_ordinary_text_stays() -> None:
    text = "site lisbon at 127.0.0.1:7001 data of i1 stored, nirc-demo"
    assert masked(text) == text


def test_one_line_even_with_a_traceback() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("nirc.x", logging.ERROR, "f", 1, "bad %s", ("a\nb",), info)
    line = LineFormatter("n1", as_json=False).format(record)
    assert "\n" not in line and "n1 nirc.x: bad a | b" in line and "ValueError" in line
    as_json = json.loads(LineFormatter("n1", as_json=True).format(record))
    assert as_json["node"] == "n1" and as_json["level"] == "ERROR"
    assert as_json["at"].endswith("Z")


def test_a_line_for_programs_has_its_fields() -> None:
    record = logging.LogRecord("nirc.x", logging.INFO, "f", 1, "moved", (), None)
    record.interaction, record.alarm = "0123456789abcdef0123456789abcdef", "redis_away"
    line = json.loads(LineFormatter("lisbon", as_json=True, called="site").format(record))
    assert line["site"] == "lisbon" and line["alarm"] == "redis_away"
    assert line["trace_id"] == record.interaction
    told = LineFormatter("lisbon", as_json=False, called="site").format(record)
    assert told.endswith("INFO    nirc.x: moved"), "its messages name the site themselves"


def test_nothing_in_a_line_forges_another_or_moves_the_cursor() -> None:
    forged = "porto\r\nERROR forged \x1b[2J\u2028more"
    record = logging.LogRecord("nirc.x", logging.INFO, "f", 1, "site %s", (forged,), None)
    for as_json in (False, True):
        line = LineFormatter("n1", as_json=as_json).format(record)
        assert not {"\r", "\n", "\x1b", "\u2028"} & set(line)
        assert len(line.splitlines()) == 1


def test_setting_up() -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        stream = io.StringIO()
        set_up_logging("n1", "info", stream=stream)
        logging.getLogger("nirc.y").info("password=abc")
        logging.getLogger("nirc.y").debug("unseen")
        assert "password=***" in stream.getvalue() and "unseen" not in stream.getvalue()
    finally:
        root.handlers[:] = before
        root.setLevel(level)
