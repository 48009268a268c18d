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

HELP = (
    "Exit codes: 0 done, 1 refused or not found, 2 command line, file or token wrong, 3 node or "
    "store not reached, 4 document changed meanwhile, 5 document not valid, "
    "6 (status) nobody leads, 7 (doctor) something is wrong."
)

_BY_STATUS = {0: UNREACHABLE, 401: USAGE, 412: CONFLICT, 422: DOCUMENT_WRONG, 503: UNREACHABLE}


def exit_code_of(error: AdminError) -> int:
    """The exit code for what the node said."""
    return _BY_STATUS.get(error.status, REFUSED)
