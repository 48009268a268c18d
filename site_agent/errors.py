"""The errors of a site agent: ours, and those that an operator's file or command causes."""

from __future__ import annotations

from collections.abc import Sequence


class SiteAgentError(Exception):
    """Base of every error this package raises."""


class ConfigError(SiteAgentError):
    """A site agent's file is wrong; `place` says where, `remedy` what to write
    instead; `more` are further mistakes, a line each."""

    def __init__(
        self, place: str, problem: str, remedy: str = "", more: Sequence[str] = ()
    ) -> None:
        first = f"{place}: {problem}" + (f" ({remedy})" if remedy else "")
        super().__init__("\n".join((first, *more)))
        self.place = place
        self.problem = problem
        self.remedy = remedy


class StartError(SiteAgentError):
    """The site agent cannot start: a port is taken, a file cannot be written, a part is missing."""


class DataError(SiteAgentError):
    """Attached data that is not a JSON object, or too large."""
