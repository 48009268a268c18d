"""`nirc-sim`: the commands joined, and the entry point.

Rule of this file: names only. A command's module imports what is heavy (numbers, engines, plots)
inside its function, so that help comes at once.
"""

from __future__ import annotations

import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from simulator import __version__
from simulator.commands import (
    backtest,
    calibrate,
    capacity,
    check,
    compare,
    erlang,
    faults,
    plan,
    replay,
    run,
    scenarios,
    schema,
    sweep,
    validate,
)
from simulator.commands.exit_codes import HELP, STOPPED
from simulator.commands.failures import Commands, surprised

COMMANDS = (
    run,
    compare,
    capacity,
    sweep,
    replay,
    backtest,
    plan,
    scenarios,
    schema,
    calibrate,
    erlang,
    validate,
    faults,
    check,
)
"In the order of the help."

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(
        "Tries policies, staffing and traffic before they go live, on the code that routes live "
        "calls. Begin with `nirc-sim run quick-start`."
    ),
    epilog=HELP,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"nirc-sim {__version__}")
        raise typer.Exit


@app.callback()
def top(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that every command takes."""


for _command in COMMANDS:
    _command.register(app)


def main() -> None:
    """The console script. An output that cannot be written is told like any other mistake."""
    if sys.stderr is None:  # closed by who started the program
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _as_ctrl_c)
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("nirc-sim: interrupted\n")
        sys.exit(STOPPED)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            sys.stderr.write(f"nirc-sim: the output cannot be written: {error.strerror}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(STOPPED)
    except Exception as error:
        sys.exit(surprised(error))


def _as_ctrl_c(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
