"""What nrcli's exit codes mean; scripts rely on them.

Rule of this file: a meaning never changes.
"""

from nrcli.errors import AdminError

OK = 0
REFUSED = 1
"The node refused, or there is no such thing."
USAGE = 2
"The command line, a file named on it, or the token is wrong."
UNREACHABLE = 3
"The node could not be reached, or what it needs for this cannot be."
CONFLICT = 4
"Somebody changed the document since it was read; nothing was changed."
DOCUMENT_WRONG = 5
"The document, or the set with it, is not valid; nothing was changed."
NO_LEADER = 6
"`nrcli status`: the node was reached, and by its knowledge nobody leads a domain."
UNHEALTHY = 7
"`nrcli doctor`: something is wrong; what, and the remedy, was told."

MEANINGS: dict[int, str] = {
    OK: "done",
    REFUSED: "refused or not found",
    USAGE: "command line, file or token wrong",
    UNREACHABLE: "node or store not reached",
    CONFLICT: "document changed meanwhile",
    DOCUMENT_WRONG: "document not valid",
    NO_LEADER: "(status) nobody leads",
    UNHEALTHY: "(doctor) something is wrong",
}
HELP = f"Exit codes: {', '.join(f'{code} {told}' for code, told in MEANINGS.items())}."

_BY_STATUS = {0: UNREACHABLE, 401: USAGE, 412: CONFLICT, 422: DOCUMENT_WRONG, 503: UNREACHABLE}


def exit_code_of(error: AdminError) -> int:
    """The exit code for what the node said."""
    return _BY_STATUS.get(error.status, REFUSED)
