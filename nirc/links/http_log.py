"""The log of the HTTP server itself: what is no HTTP at all is one line, never a traceback.

Rule of this file: whoever can reach the port could else fill the log with what they like.
"""

import logging

from aiohttp.http_exceptions import HttpProcessingError

TOLD_CHARS_MAX = 200


class NoHttp(logging.Filter):
    """Shortens what was no HTTP; faults of our own keep their traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: nothing is left out."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            told = ascii(error.message)[:TOLD_CHARS_MAX]
            record.msg, record.args = f"{record.getMessage()}: no HTTP: %s", (told,)
            record.exc_info, record.exc_text = None, None
            record.levelno, record.levelname = logging.INFO, "INFO"
        return True


def server_log() -> logging.Logger:
    """The logger that aiohttp is given."""
    log = logging.getLogger(__name__)
    if not any(isinstance(one, NoHttp) for one in log.filters):
        log.addFilter(NoHttp())
    return log
