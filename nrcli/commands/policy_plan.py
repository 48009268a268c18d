"""`nrcli policy plan`: what publishing a policy would change, in words and, simulated, for callers.

Rule of this file: the simulator is another program, `nirc-sim`, found beside this one; what is
published is fetched from a node and handed to it as a file. Nothing is published.
"""

import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from nrcli.admin_client import AdminClient
from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.node_access import access_of, failed
from nrcli.commands.policy_reading import policy_of, sources_of, typed
from nrcli.policy_client import PolicyClient
from nrcli.wire import policy_models as models
from routing_policies.errors import DocumentError

PROGRAM = "nirc-sim"
INSTALL = "install it beside nrcli: pip install '.[simulator]' in a clone"


def plan(
    context: typer.Context,
    new: Annotated[
        Path, typer.Argument(help="The policy's file, or a folder of policies and documents.")
    ],
    *,
    against: Annotated[
        str,
        typer.Option(
            metavar="OLD",
            help="File, folder, `catalogue:NAME` or NAME@VERSION; what is live unless told.",
        ),
    ] = "",
    scenario: Annotated[
        str, typer.Option("--scenario", "-s", help="Where both are tried; `nirc-sim scenarios`.")
    ] = "three-sites",
    records: Annotated[
        str, typer.Option(help="Try on recorded calls: a CSV or Parquet file, or `bank`.")
    ] = "",
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=1, max=10_000, help="How often.")
    ] = 10,
    more: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change the scenario; may be repeated."),
    ] = None,
) -> None:
    """What would this change, and what would callers notice? Simulated, with intervals.

    Both policies meet the same callers of a scenario or of records; nothing is published.
    """
    program = _program()
    with TemporaryDirectory(prefix="nrcli-plan-") as folder:
        old = against if _is_local(against) else _fetched(context, new, against, Path(folder))
        words = [str(program), "plan", str(new), "--against", old]
        words += ["--scenario", scenario, "--replications", str(replications)]
        words += ["--records", records] if records else []
        for one in more or ():
            words += ["--set", one]
        if access_of(context).as_json:
            words.append("--json")
        try:
            done = subprocess.run(words, check=False)
        except OSError as error:
            raise failed(f"{program} cannot be started: {error.strerror}", USAGE) from error
        except KeyboardInterrupt:
            raise typer.Exit(REFUSED) from None
    raise typer.Exit(done.returncode)


def _is_local(against: str) -> bool:
    """Whether no node is needed to have it."""
    return bool(against) and (
        against == "stay" or against.startswith("catalogue:") or Path(against).exists()
    )


def _program() -> Path:
    """The simulator's program: beside this one, else on the path."""
    for beside in (Path(sys.argv[0]).parent, Path(sys.executable).parent):
        if (found := beside / PROGRAM).is_file():
            return found
    if (known := shutil.which(PROGRAM)) is not None:
        return Path(known)
    raise failed(f"the simulator ({PROGRAM}) is not installed: {INSTALL}", USAGE)


def _fetched(context: typer.Context, new: Path, against: str, folder: Path) -> str:
    """What is published of the same names, in a folder of files."""
    name, at, number = against.rpartition("@")
    if at and number.isdecimal():
        wanted = [(name, int(number))]
    elif against:
        raise failed(f"--against {against}: no such file; or write NAME@VERSION", USAGE)
    else:
        wanted = [(one, 0) for one in _names(new)]
    access = access_of(context)
    if not against and access.token_file is None:
        told = "what is live must be asked of a node: name its token with --token-file"
        raise failed(f"{told}; or name the old policy: --against FILE needs no network", USAGE)
    for policy, version in wanted:
        found = access.ask(_version(policy, version))
        (folder / f"{policy}.yaml").write_text(found.text, encoding="utf-8")
    return str(folder / f"{wanted[0][0]}.yaml") if len(wanted) == 1 else str(folder)


def _version(policy: str, version: int) -> Callable[[AdminClient], Awaitable[models.PolicyVersion]]:
    return lambda node: PolicyClient(node).version(policy, version)


def _names(new: Path) -> list[str]:
    """Names of the policies in a file or a folder; ends the program at one that is wrong."""
    sources = sources_of([new])
    if len(sources) == 1:
        return [policy_of(sources[0]).document.name]
    names = []
    for source in sources:
        try:
            names.append(typed(source).name)
        except DocumentError:
            continue
    if not names:
        raise failed(f"{new}: there is no RoutingPolicy in it", USAGE)
    return names
