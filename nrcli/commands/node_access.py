"""How a command reaches its node: where, with which token, and what happens when it cannot.

Rule of this file: every error of a command ends here as one plain line on standard error and an
exit code; nobody sees a traceback.
"""

import asyncio
import getpass
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer
from pydantic import BaseModel

from nrcli.admin_client import AdminClient
from nrcli.commands.exit_codes import USAGE, exit_code_of
from nrcli.errors import AdminError, NrcliError, SettingsError

T = TypeVar("T")
TOKEN_BYTES_MAX = 4096
"More bytes of a token's file are not read."


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAccess:
    """What the options before the command said."""

    url: str
    token_file: Path | None
    ca: Path | None
    as_json: bool

    def token(self) -> str:
        """The bearer token. Raises SettingsError."""
        if self.token_file is None:
            remedy = "name the node's token file with --token-file or NRCLI_TOKEN_FILE"
            raise SettingsError("--token-file", "is missing", remedy)
        try:
            with self.token_file.open("rb") as file:
                token = file.read(TOKEN_BYTES_MAX).decode("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            remedy = "the node writes it at start, readable by its own user only"
            why = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise SettingsError(str(self.token_file), f"cannot be read: {why}", remedy) from error
        if not token or not token.isascii() or not token.isprintable():
            remedy = "a token is one line of letters and digits, as the node wrote it at start"
            raise SettingsError(str(self.token_file), "holds no token", remedy)
        return token

    def ask(self, question: Callable[[AdminClient], Awaitable[T]]) -> T:
        """Ask the node one thing; ends the program with a plain line when that fails."""

        async def asked() -> T:
            async with AdminClient(self.url, self.token(), self.ca) as client:
                return await question(client)

        try:
            return asyncio.run(asked())
        except AdminError as error:
            raise failed(str(error), exit_code_of(error)) from error
        except NrcliError as error:
            raise failed(str(error), USAGE) from error


def access_of(context: typer.Context) -> NodeAccess:
    """The access that the main command prepared."""
    access = context.find_object(NodeAccess)
    assert access is not None
    return access


def author_of(named: str) -> str:
    """Who wants a change: as named, else the user of this machine."""
    if named:
        return named
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError) as error:
        raise failed("who are you? name an --author", USAGE) from error


def failed(text: str, code: int) -> typer.Exit:
    """Say why on standard error; raise what this returns."""
    sys.stderr.write(f"nrcli: {text}\n")
    return typer.Exit(code)


def put_json(answer: BaseModel) -> None:
    """An answer for programs: one JSON object on standard output."""
    sys.stdout.write(answer.model_dump_json(indent=2) + "\n")
