"""Reads the file of agents' passwords: `name:password`, one a line.

Rule of this file: a line that cannot be used is named with its number, never with what it says.
"""

from __future__ import annotations

from pathlib import Path

from site_agent.errors import ConfigError


def read_passwords(path: Path) -> dict[str, str]:
    """Agent to password; empty lines and those that begin with `#` are nothing.

    Raises: ConfigError.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or "is no text in UTF-8"
        raise ConfigError(
            "acd.passwords_file", f"cannot read {path}: {problem}", "write lines `name:password`"
        ) from error
    passwords: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, password = line.partition(":")
        if not colon or not name.strip() or not password:
            raise ConfigError(
                "acd.passwords_file", f"{path}:{number}: no password", "write `name:password`"
            )
        passwords[name.strip()] = password
    return passwords
