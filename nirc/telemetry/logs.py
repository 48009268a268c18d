"""How a node's log lines look: one line each, structured, with secrets masked.

Rule of this file: a line never holds a token, a password or a caller's data in clear, whoever wrote
it; a fault's traceback stays on its one line.
"""

import json
import logging
import re
import sys
from typing import TextIO

MASKED = (
    (re.compile(r"nirc-(?:plan-|p-)?[a-z2-7]{22,}(?=[a-z2-7]{4})"), "nirc-***"),
    (re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+"), r"\1***"),
    (re.compile(r"(\w+://[^\s:/@]*:)[^\s@/]+@"), r"\1***@"),
    (re.compile(r"(?i)(X-NIRC-Data:?\s*)[\w=-]+"), r"\1***"),
    (re.compile(r"(?i)\b(data|password|secret)=(b?'[^']*'|b?\"[^\"]*\"|\S+)"), r"\1=***"),
)


def masked(text: str) -> str:
    """`text` with what must not be read replaced by stars."""
    for pattern, replacement in MASKED:
        text = pattern.sub(replacement, text)
    return text


class LineFormatter(logging.Formatter):
    """`time level name message`, or the same as one JSON object."""

    def __init__(self, node: str, *, as_json: bool) -> None:
        super().__init__()
        self._node = node
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """One line, masked."""
        message = record.getMessage()
        if record.exc_info:
            message += " | " + self.formatException(record.exc_info).replace("\n", " | ")
        message = masked(message.replace("\n", " | "))
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}"
        if not self._as_json:
            return f"{when} {record.levelname:7} {self._node} {record.name}: {message}"
        line = {"at": when, "level": record.levelname, "node": self._node, "name": record.name}
        return json.dumps({**line, "message": message}, ensure_ascii=False)


def set_up_logging(
    node: str, level: str, *, as_json: bool = False, stream: TextIO | None = None
) -> None:
    """Send every log line of this process to `stream` (standard error)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter(node, as_json=as_json))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("aiohttp.access", "asyncio", "grpc"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
