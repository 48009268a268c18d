"""Makes the bearer token of the HTTP API at start, readable by the node's own user only.

Rule of this file: a new token for every start; it is written before the API listens.
"""

import os
import secrets
from pathlib import Path

from nirc.errors import SettingsError

TOKEN_BYTES = 32


def make_token(path: Path) -> str:
    """A new token, written to `path` with mode 0600. Raises SettingsError."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(token + "\n")
        new.replace(path)
    except OSError as error:
        remedy = "set admin.token_file to a place this user may write"
        raise SettingsError(str(path), f"cannot be written: {error.strerror}", remedy) from error
    return token
