"""The errors of a NIRC node.

Rule of this file: one base; each error carries the fields that a program would ask for beside the
text that a person reads. Library errors become these in the shell that called the library.
"""

from nrcli.errors import SettingsError

__all__ = [
    "CompactedError",
    "DocumentConflictError",
    "DocumentRefusedError",
    "LeaseGoneError",
    "NircError",
    "NoticeError",
    "PolicyConflictError",
    "RequestError",
    "SettingsError",
    "StoreError",
    "StoreUnavailableError",
    "UncertainError",
]


class NircError(Exception):
    """Base of every error this package raises."""


class StoreError(NircError):
    """etcd or Redis answered that it will not do what was asked."""

    def __init__(self, store: str, problem: str) -> None:
        super().__init__(f"{store}: {problem}")
        self.store = store
        self.problem = problem


class StoreUnavailableError(StoreError):
    """The store cannot be reached, or has no leader; what was asked certainly had no effect."""


class UncertainError(StoreError):
    """A write may or may not have happened: the answer never came. Read before writing again."""


class CompactedError(StoreError):
    """The revision asked for is gone from etcd's history; list again from the present."""

    def __init__(self, store: str, compact_revision: int) -> None:
        super().__init__(store, f"history before revision {compact_revision} was compacted")
        self.compact_revision = compact_revision


class LeaseGoneError(StoreError):
    """The lease has expired or was revoked."""


class RequestError(NircError):
    """A request to the HTTP API cannot be understood, or means nothing; nothing was done."""

    def __init__(self, place: str, problem: str, remedy: str = "", status: int = 400) -> None:
        super().__init__(f"{place}: {problem}" + (f" ({remedy})" if remedy else ""))
        self.place = place
        self.problem = problem
        self.remedy = remedy
        self.status = status


class NoticeError(NircError):
    """A receiver of notices did not take a message; it is tried again. Names no secret."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class DocumentRefusedError(NircError):
    """A document, or the set it would be part of, is not valid; nothing was changed."""

    def __init__(self, place: str, problem: str, remedy: str = "") -> None:
        super().__init__(f"{place}: {problem}" + (f" ({remedy})" if remedy else ""))
        self.place = place
        self.problem = problem
        self.remedy = remedy


class DocumentConflictError(NircError):
    """Somebody changed the document since it was read; nothing was changed."""

    def __init__(self, key: str, expected_revision: int, found_revision: int) -> None:
        if not found_revision:
            told = "there is no such document, or not any more"
        elif not expected_revision:
            told = f"it exists already (version {found_revision})"
        else:
            told = f"it changed since you read it (now version {found_revision}): get it again"
        super().__init__(f"{key}: {told}")
        self.key = key
        self.expected_revision = expected_revision
        self.found_revision = found_revision


class PolicyConflictError(NircError):
    """Another version of a policy is live than the one its author saw; nothing was changed."""

    def __init__(self, policy: str, seen: int, live: int, told: str) -> None:
        super().__init__(f"RoutingPolicy/{policy}: {told}")
        self.policy = policy
        self.seen = seen
        self.live = live
        self.told = told
