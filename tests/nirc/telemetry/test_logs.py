"""Log lines: one line each, nothing secret in them."""

import io
import json
import logging

import pytest

from nirc.telemetry.logs import LineFormatter, masked, set_up_logging


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
