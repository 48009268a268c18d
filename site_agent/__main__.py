"""`site-agent`: run a site agent, check its file, or play phones for demo and tests.

Rule of this file: it turns words into calls, and our errors into one line and an exit code.
"""

from __future__ import annotations

import asyncio
import gc
import signal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from site_agent import __version__
from site_agent.commands.conformance import app as conformance_app
from site_agent.commands.lending import app as lending_app
from site_agent.config import SiteConfig, warnings_of
from site_agent.config_files import load_settled, open_secrets
from site_agent.errors import SiteAgentError
from site_agent.rules_file import problem_of
from site_agent.telemetry import set_up_log

if TYPE_CHECKING:
    from site_agent.app import SiteApp
    from site_agent.pair_app import PairApp

EXIT_MISTAKE = 2
GC_THRESHOLDS = (50_000, 20, 50)
"Young objects before a collection, and collections of each age before the next older one."
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The daemon of one site: joins its telephone system, its SIP trunks and the nodes.",
    epilog="Exit codes: 0 done, 2 command line or settings wrong, or the agent could not start.",
)
config_app = typer.Typer(no_args_is_help=True, help="The site agent's file.")
app.add_typer(config_app, name="config")
app.add_typer(conformance_app, name="conformance")
app.add_typer(lending_app, name="lending")
ConfigPath = Annotated[Path, typer.Option("--config", "-c", help="The file.")]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"site-agent {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that every command takes."""


@app.command()
def run(config: ConfigPath, verbose: bool = False) -> None:
    """Run a site agent until SIGTERM or Ctrl-C."""
    set_up_log(verbose=verbose)
    try:
        _run_loop(_serve(config, verbose=verbose))
    except SiteAgentError as error:
        _stop(error)


@config_app.command("check")
def config_check(file: Path) -> None:
    """Check a file, and the keys and OverflowRules it names; say what is wrong, and where."""
    try:
        config = load_settled(file)
        if config.peer_plan is not None:
            import_module("site_agent.peer_plan_file").plan_trust(config.peer_plan)
    except SiteAgentError as error:
        _stop(error)
    for warning in (*warnings_of(config), *open_secrets(config)):
        typer.echo(f"warning: {warning}", err=True)
    problem = problem_of(config)
    if problem:
        typer.echo(problem, err=True)
        raise typer.Exit(EXIT_MISTAKE)
    typer.echo(f"{file}: good (site {config.site}, {config.acd.kind}, {len(config.nodes)} nodes)")


@app.command()
def phones(config: ConfigPath) -> None:
    """Play callers and agents over SIP."""
    set_up_log()
    try:
        import_module("site_agent.phones.main").main(config)
    except SiteAgentError as error:
        _stop(error)


@app.command()
def balancer(config: ConfigPath, verbose: bool = False, check: bool = False) -> None:
    """Be one SIP address for several members: share calls and log-ins among them.

    The file's members may change while it runs. `--check` reads the file and ends.
    """
    set_up_log(verbose=verbose)
    try:
        if check:
            found = import_module("site_agent.balancer.config").load_balancer(config)
            typer.echo(f"{config}: good (balancer {found.balancer}, {len(found.members)} members)")
            return
        _run_loop(import_module("site_agent.balancer.app").serve(config))
    except SiteAgentError as error:
        _stop(error)


async def _serve(path: Path, *, verbose: bool) -> None:
    config = load_settled(path)
    told = config.telemetry
    set_up_log(verbose=verbose, level=told.log_level, site=config.site, as_json=told.log_json)
    site = _made(config)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    loop.add_signal_handler(signal.SIGHUP, site.read_rules)
    try:
        await site.start()
        _tune_collector()
        await stopped.wait()
    finally:
        await site.stop()


def _made(config: SiteConfig) -> SiteApp | PairApp:
    if config.pair is None:
        from site_agent.app import SiteApp

        return SiteApp(config)
    from site_agent.pair_app import PairApp

    return PairApp(config, _tune_collector)


def _tune_collector() -> None:
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def _run_loop(main: object) -> None:
    assert asyncio.iscoroutine(main), "a coroutine to run"
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


def _stop(error: SiteAgentError) -> None:
    typer.echo(str(error), err=True)
    raise typer.Exit(EXIT_MISTAKE) from error


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
