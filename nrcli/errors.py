"""The errors of the NRCLI client and of the link between sites and nodes.

Rule of this file: one base, our mistakes apart from the other end's, and every error carries the
fields that a program would ask for beside the text that a person reads.
"""

from collections.abc import Sequence


class NrcliError(Exception):
    """Base of every error this package raises."""


class LocalProtocolError(NrcliError):
    """We were about to break the link protocol: a mistake in our own program."""


class RemoteProtocolError(NrcliError):
    """The other end broke the link protocol; the link is ended, nothing else changes."""

    def __init__(self, reason: str, *, peer: str = "") -> None:
        super().__init__(f"{peer}: {reason}" if peer else reason)
        self.reason = reason
        self.peer = peer


class SettingsError(NrcliError):
    """A settings file or argument is wrong.

    `place` says where (`site.yaml: trunk_groups[2].channels_max`), `remedy` what to write instead;
    `more` are further mistakes, a line each.
    """

    def __init__(
        self, place: str, problem: str, remedy: str = "", more: Sequence[str] = ()
    ) -> None:
        first = f"{place}: {problem}" + (f" ({remedy})" if remedy else "")
        super().__init__("\n".join((first, *more)))
        self.place = place
        self.problem = problem
        self.remedy = remedy


class AdminError(NrcliError):
    """The node's HTTP API refused a request or could not be reached."""

    def __init__(self, text: str, *, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


class RecordsError(NrcliError):
    """Records, or a file to compare them with, cannot be read."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"{place}: {problem} ({remedy})")
        self.place = place
        self.problem = problem
        self.remedy = remedy
