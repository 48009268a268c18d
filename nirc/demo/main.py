"""The command `nirc demo`.

Rule of this file: it reads the command line, refuses what cannot be used with exit code 2, and
starts one run.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from nirc.demo.demo_run import DemoRun, console_for
from nirc.demo.layout import NetworkShape, SiteKind, with_kinds
from nirc.demo.options import BadOption, Options, asterisk_for, site_kinds
from nirc.demo.policies import read_policies

EXIT_BAD_ARGUMENTS = 2


def run_demo(  # noqa: PLR0917 - typer makes options of them all
    calls: Annotated[int | None, typer.Option(help="Generated calls (default 200).")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the generated calls.")] = 1,
    duration: Annotated[
        float | None, typer.Option(help="Seconds over which the calls arrive.")
    ] = None,
    no_ui: Annotated[bool, typer.Option("--no-ui", help="Plain lines, no live view.")] = False,
    hold: Annotated[
        bool, typer.Option("--hold", help="No generated callers: the network, for your own calls.")
    ] = False,
    stay: Annotated[
        bool, typer.Option("--stay", help="When the calls have ended, stay until Ctrl-C.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Write the report here (JSON).")] = None,
    keep: Annotated[Path | None, typer.Option(help="Run in this folder and leave it.")] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            help="A policy's file to decide by, or SERVICE=FILE; may stand several times."
        ),
    ] = None,
    site_a: Annotated[
        str, typer.Option(help="What serves the first site's calls: sip_acd or asterisk.")
    ] = SiteKind.SIP_ACD.value,
    site_b: Annotated[
        str, typer.Option(help="What serves the second site's calls: sip_acd or asterisk.")
    ] = SiteKind.SIP_ACD.value,
    asterisk_root: Annotated[
        Path | None,
        typer.Option(help="A folder made by scripts/make_asterisk_root.sh (else: PATH, its own)."),
    ] = None,
) -> None:
    """Start a whole network on this machine: etcd, Valkey, three nodes, three sites, callers."""
    try:
        kinds = site_kinds(site_a, site_b)
        options = Options(
            calls=calls,
            seed=seed,
            duration_s=duration,
            ui=not no_ui and sys.stdout.isatty(),
            hold=hold,
            stay=stay,
            report=report,
            keep=keep,
            policies=read_policies(policy or (), with_kinds(NetworkShape(), kinds)),
            site_kinds=kinds,
        )
        options.check()
        options = replace(options, asterisk=asterisk_for(kinds, asterisk_root))
    except BadOption as error:
        typer.echo(f"nirc demo: {error}", err=True)
        raise typer.Exit(EXIT_BAD_ARGUMENTS) from error
    raise typer.Exit(DemoRun(options, console_for(options.ui)).run())
