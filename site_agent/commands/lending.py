"""`site-agent lending`: the site lends nobody, or lends again, by its own people's word.

Rule of this file: it writes the order and needs nobody: no node, and no site agent that runs. A
running one keeps to it within two seconds, one that starts from its start.
"""

from __future__ import annotations

import getpass
import re
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from site_agent.clock import unix_s
from site_agent.config_files import load_settled
from site_agent.core.lending_order import WORDS_MAX, Order
from site_agent.errors import SiteAgentError
from site_agent.lending_file import LendingFile, lending_path

EXIT_MISTAKE = 2
FOR_S_MAX = 30 * 86_400
REASON_CHARS_MIN = 3
_TIME = re.compile(r"(\d{1,7})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

app = typer.Typer(no_args_is_help=True, help="Lend agents and places to other sites, or nobody.")
ConfigPath = Annotated[Path, typer.Option("--config", "-c", help="The site agent's file.")]
Author = Annotated[str, typer.Option(help="Who wants it; else the user here.")]


@app.command()
def off(
    config: ConfigPath,
    reason: Annotated[str, typer.Option("-m", "--reason", help="Why, for all who will ask.")] = "",
    lasts: Annotated[
        str, typer.Option("--for", help="It ends by itself after this: 30m, 2h, 1d.")
    ] = "",
    author: Author = "",
) -> None:
    """Lend nobody, until `lending on` or the end of --for. Calls on their way here arrive."""
    if not REASON_CHARS_MIN <= len(reason) <= WORDS_MAX:
        _stop(f"say why: -m REASON, {REASON_CHARS_MIN} to {WORDS_MAX} characters")
    for_s = _seconds(lasts)
    now_s = unix_s()
    order = Order(
        who=(author or _user())[:WORDS_MAX],
        reason=reason,
        since_unix_s=now_s,
        until_unix_s=None if for_s is None else now_s + for_s,
    )
    _write(_file(config), order)
    typer.echo(_told(order))


@app.command()
def on(config: ConfigPath) -> None:
    """Lend again, as far as the site's rules say."""
    _write(_file(config), None)
    typer.echo("the site lends again, as far as its rules say")


@app.command()
def status(config: ConfigPath) -> None:
    """Say whether the site lends anybody now."""
    try:
        order = _file(config).order()
    except ValueError as error:
        _stop(f"the order {error}: say `site-agent lending on` or `off` again")
    over = order is None or order.over(unix_s())
    typer.echo("the site lends, as far as its rules say" if order is None or over else _told(order))


def _told(order: Order) -> str:
    until = "until `site-agent lending on`"
    if order.until_unix_s is not None:
        until = f"until {datetime.fromtimestamp(order.until_unix_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"the site lends nobody {until}, by {order.who}: {order.reason}"


def _file(config: Path) -> LendingFile:
    try:
        return LendingFile(lending_path(load_settled(config).incarnation_file))
    except SiteAgentError as error:
        _stop(str(error))


def _write(file: LendingFile, order: Order | None) -> None:
    try:
        file.write(order)
    except OSError as error:
        _stop(f"the order cannot be written: {error}; run this as the site agent's user")


def _seconds(text: str) -> float | None:
    if not text:
        return None
    found = _TIME.fullmatch(text)
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 0 < seconds <= FOR_S_MAX:
        _stop(f"--for: {text[:40]!r} is no time up to 30d: write 90s, 30m, 2h or 1d")
    return float(seconds)


def _user() -> str:
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError):
        return "somebody at the site"


def _stop(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(EXIT_MISTAKE)
