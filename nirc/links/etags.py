"""Turns etcd revisions into ETags, and conditions of requests back (RFC 9110 section 13.1).

Rule of this file: a condition that cannot be understood is an error, never "no condition".
"""

from collections.abc import Mapping


class ConditionError(Exception):
    """A condition header that cannot be understood."""


def revision_etag(revision: int) -> str:
    """The ETag of a document at a revision."""
    return f'"{revision}"'


def if_match_revision(headers: Mapping[str, str]) -> int | None:
    """The revision a change is bound to; 0: must not exist; None: no condition.

    Raises ConditionError.
    """
    if_none, if_match = headers.get("If-None-Match"), headers.get("If-Match")
    if if_none is not None:
        if if_none.strip() != "*" or if_match is not None:
            raise ConditionError("If-None-Match may only be * here, and without If-Match")
        return 0
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix('"').removesuffix('"')
    if not text.isdecimal() or len(text) > 18:
        raise ConditionError('one ETag as it was given, such as "42"')
    return int(text)
