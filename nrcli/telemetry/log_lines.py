"""How log lines of the daemons look: one line each, structured, with secrets masked.

Rule of this file: a line never holds a token, a password, a caller's number or a caller's data in
clear, whoever wrote it; a fault's traceback stays on its one line, and nothing in it moves a
terminal's cursor.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

from nrcli.telemetry.call_traces import trace_of

MASKED = (
    (re.compile(r"nirc-(?:plan-|p-)?[a-z2-7]{22,}(?=[a-z2-7]{4})"), "nirc-***"),
    (re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+"), r"\1***"),
    (re.compile(r"(\w+://[^\s:/@]*:)[^\s@/]+@"), r"\1***@"),
    (re.compile(r"(?i)(X-NIRC-Data:?\s*)[\w=-]+"), r"\1***"),
    (re.compile(r"(?i)\b(data|password|secret)=(b?'[^']*'|b?\"[^\"]*\"|\S+)"), r"\1=***"),
    (re.compile(r"(\+\d{5})\d{3,}"), r"\1***"),
    (re.compile(r"(?i)(\b(?:sips?|tel):\+?)\d{5,}"), r"\1***"),
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
FIELDS = ("alarm", "place", "interaction")
"""What a line may say apart from its message, given as `extra=`; an interaction brings the id of
its trace with it."""
QUIET = ("aiohttp", "asyncio", "grpc")
"Libraries whose lines below a warning say nothing to an operator."


def masked(text: str) -> str:
    """`text` with what must not be read replaced by stars."""
    for pattern, replacement in MASKED:
        text = pattern.sub(replacement, text)
    return text


def message_of(record: logging.LogRecord) -> str:
    """What a record says, on one line and masked."""
    message = record.getMessage()
    if record.exc_info:
        message += " | " + logging.Formatter().formatException(record.exc_info)
    return masked(CONTROL.sub(_harmless, message.replace("\n", " | ")))


def fields_of(record: logging.LogRecord) -> dict[str, str]:
    """What a record says besides, by name, masked."""
    given = ((name, getattr(record, name, "")) for name in FIELDS)
    found = {name: masked(CONTROL.sub(_harmless, str(value))) for name, value in given if value}
    if "interaction" in found:
        found["trace_id"] = f"{trace_of(found['interaction']):032x}"
    return found


class LineFormatter(logging.Formatter):
    """`time level who name: message`, or the same as one JSON object with the time in UTC."""

    def __init__(self, who: str, *, as_json: bool, called: str = "node") -> None:
        """`called`: what `who` is, `node` or `site`. Lines for people tell a node's name only: a
        site agent's own messages begin with the site."""
        super().__init__()
        self._who = who
        self._as_json = as_json
        self._called = called

    def format(self, record: logging.LogRecord) -> str:
        """One line, masked."""
        message = message_of(record)
        if self._as_json:
            at = datetime.fromtimestamp(record.created, UTC)
            line = {
                "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "level": record.levelname,
                self._called: self._who,
                "name": record.name,
                "message": message,
                **fields_of(record),
            }
            return json.dumps(line, ensure_ascii=False)
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}"
        who = f"{self._who} " if self._called == "node" else ""
        return f"{when} {record.levelname:7} {who}{record.name}: {message}"


def set_up_logging(
    who: str,
    level: str,
    *,
    as_json: bool = False,
    called: str = "node",
    stream: TextIO | None = None,
) -> None:
    """Send every log line of this process to `stream` (standard error)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter(who, as_json=as_json, called=called))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in QUIET:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _harmless(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}"
