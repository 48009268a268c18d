"""`nirc`: run a node, check its settings, or run the demonstration.

Rule of this file: it reads the command line and turns every error into one plain line and an exit
code: 0 done, 1 the node could not run, 2 the command line or the settings are wrong.
"""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from nirc import __version__
from nirc.config import NodeConfig, load_config
from nirc.errors import NircError, SettingsError
from nrcli.telemetry.log_lines import set_up_logging

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A node of the network intelligent routing centre.",
    epilog="Exit codes: 0 done, 1 could not run, 2 command line or settings wrong.",
)
config_app = typer.Typer(no_args_is_help=True, help="Settings of a node.")
app.add_typer(config_app, name="config")
records_app = typer.Typer(no_args_is_help=True, help="Files of decisions and call records.")
app.add_typer(records_app, name="records")

COULD_NOT_RUN, SETTINGS_WRONG = 1, 2
GC_THRESHOLDS = (10_000, 5, 1_000)
"""Young objects before the collector looks at them, and how many looks at each age make one at the
next. Nobody is answered meanwhile. On a busy machine a look at 50,000 objects took 18 to 25 ms, one
at 10,000 at most 4, and all looks together the same processor time."""
SWITCH_INTERVAL_S = 0.001
"Documents are read in a thread: the loop waits for the interpreter at most about this long."


def _version(asked: bool) -> None:
    if asked:
        print(f"nirc {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that every command takes."""


@app.command()
def run(
    config: Annotated[Path, typer.Option(help="The node's settings file (YAML).")],
) -> None:
    """Run one node until SIGTERM or Ctrl-C."""
    _run_work(config, _run)


@records_app.command("keep")
def keep(
    config: Annotated[Path, typer.Option(help="The node's settings file (YAML).")],
) -> None:
    """Write records from Redis into files until SIGTERM or Ctrl-C; one of a cluster does so."""
    _run_work(config, _keep)


def _run_work(config: Path, work: Callable[[NodeConfig], Coroutine[Any, Any, None]]) -> None:
    settings = _settings(config)
    telemetry = settings.telemetry
    set_up_logging(settings.node, telemetry.log_level, as_json=telemetry.log_json)
    try:
        run_on_loop(work(settings))
    except SettingsError as error:
        raise _failed(str(error), SETTINGS_WRONG) from error
    except (NircError, OSError) as error:
        raise _failed(str(error), COULD_NOT_RUN) from error


@config_app.command("check")
def check(file: Annotated[Path, typer.Argument(help="A node's settings file (YAML).")]) -> None:
    """Say whether a settings file is right, without starting anything."""
    settings = _settings(file)
    print(f"{file}: node {settings.node} is well described")


def run_on_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` on uvloop where it is installed, else on asyncio's own loop."""
    if find_spec("uvloop") is None:
        logging.getLogger(__name__).info("uvloop is not installed; asyncio's own loop is used")
        asyncio.run(work)
        return
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def _run(settings: NodeConfig) -> None:
    gc.disable()  # of what the imports make nothing is garbage
    from nirc.app import run_node

    wait_for_end = _asked_to_end()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.enable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    await run_node(settings, wait_for_end)


async def _keep(settings: NodeConfig) -> None:
    if find_spec("pyarrow") is None:
        raise SettingsError("records", "pyarrow is not installed", "install nirc[records]")
    from nirc.commands.keep_records import keep_records

    await keep_records(settings, _asked_to_end())


def _asked_to_end() -> Callable[[], Coroutine[Any, Any, None]]:
    """Waits for SIGTERM or Ctrl-C."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)

    async def wait_for_end() -> None:
        await end.wait()

    return wait_for_end


def _settings(path: Path) -> NodeConfig:
    try:
        return load_config(path)
    except SettingsError as error:
        raise _failed(str(error), SETTINGS_WRONG) from error


def _failed(text: str, code: int) -> typer.Exit:
    sys.stderr.write(f"nirc: {text}\n")
    return typer.Exit(code)


def _add_demo() -> None:
    """The demonstration brings its own options."""
    if find_spec("nirc.demo.main") is None:
        return
    app.command("demo")(import_module("nirc.demo.main").run_demo)


def main() -> None:
    """The console script."""
    if sys.argv[1:2] in ([], ["demo"], ["--help"]):
        _add_demo()
    app()


if __name__ == "__main__":
    main()
