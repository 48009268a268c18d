"""`site-agent conformance http-push`: is a vendor's CTI one that a site agent can work with?

Rule of this file: it runs the steps in order and prints what they said; a hello that does not come
ends the run, any other failure does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from routing_policies.shapes import is_listen_address
from site_agent.adapters.http_push.settings import HttpPushSettings, QueueLimits
from site_agent.commands.conformance_bench import Bench, StepFailed
from site_agent.commands.conformance_steps import STEPS, Step
from site_agent.config_parts import split_address
from site_agent.errors import ConfigError, SiteAgentError
from site_agent.links.http_push_server import HttpPushServer
from site_agent.links.local_http import read_or_make_token

EXIT_BAD, EXIT_MISTAKE = 1, 2
SILENCE_S = 3.0
app = typer.Typer(
    no_args_is_help=True, help="Kits by which a vendor checks what joins a site agent."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of one step."""

    step: str
    verdict: str
    "good | bad | left out | not tried"
    problem: str = ""
    remedy: str = ""


@app.callback()
def options() -> None:
    """Kits by which a vendor checks what joins a site agent."""


@app.command("http-push")
def http_push(  # noqa: PLR0917
    listen: Annotated[str, typer.Option(help="host:port where the CTI is to say hello.")],
    token_file: Annotated[Path, typer.Option(help="Bearer token; made if the file is not there.")],
    queue: Annotated[
        list[str] | None, typer.Option(help="Queues of the CTI; sales unless told.")
    ] = None,
    trunk_group: Annotated[
        list[str] | None, typer.Option(help="Trunk groups of the CTI; network unless told.")
    ] = None,
    wait_s: Annotated[
        float, typer.Option(min=1, max=3600, help="How long each step waits, in seconds.")
    ] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Play the site agent against a CTI, step by step, and say what it does wrong."""
    if not is_listen_address(listen):
        typer.echo(f'--listen {listen}: expected host:port such as "127.0.0.1:8200"', err=True)
        raise typer.Exit(EXIT_MISTAKE)
    settings = HttpPushSettings(
        queues={name: QueueLimits() for name in queue or ["sales"]},
        trunks=dict.fromkeys(trunk_group or ["network"], 100),
        site="conformance",
        silence_s=SILENCE_S,
        resend_s=0.5,
    )
    bench = Bench(settings, wait_s, lambda text: typer.echo(text, err=True))
    try:
        found = asyncio.run(_run(bench, split_address(listen), token_file))
    except SiteAgentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_MISTAKE) from error
    typer.echo(json.dumps([asdict(one) for one in found], indent=2) if as_json else table(found))
    if any(one.verdict in ("bad", "not tried") for one in found):
        raise typer.Exit(EXIT_BAD)


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP door for a CTI."""
    from site_agent.commands.http_push_openapi import openapi as document

    typer.echo(json.dumps(document(), indent=2))


async def _run(bench: Bench, address: tuple[str, int], token_file: Path) -> list[Found]:
    if not token_file.parent.is_dir():
        problem = f"there is no folder {token_file.parent}"
        raise ConfigError("--token-file", problem, "make it, or correct the path")
    try:
        token = read_or_make_token(token_file, "--token-file")
    except ConfigError as error:
        raise ConfigError("--token-file", error.problem, "write a longer one") from error
    server = HttpPushServer(bench, address=address, token=token)
    host, port = await server.start()
    typer.echo(
        f"waiting for a CTI at http://{host}:{port} with the token in {token_file}", err=True
    )
    ticking = asyncio.ensure_future(bench.tick_forever())
    try:
        return await judged(bench)
    finally:
        ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticking
        await server.stop()


async def judged(bench: Bench, steps: tuple[Step, ...] = STEPS) -> list[Found]:
    """Run every step; without hello and snapshot the rest is not tried."""
    found: list[Found] = []
    for step in steps:
        if any(one.verdict == "bad" for one in found[:2]):
            found.append(Found(step=step.name, verdict="not tried"))
            continue
        left_out = step.left_out(bench)
        if left_out:
            found.append(Found(step=step.name, verdict="left out", problem=left_out))
            continue
        try:
            await step.run(bench)
        except StepFailed as error:
            found.append(
                Found(step=step.name, verdict="bad", problem=str(error), remedy=step.remedy)
            )
        else:
            found.append(Found(step=step.name, verdict="good"))
    return found


def table(found: list[Found]) -> str:
    """The verdicts, a line each, and under a bad one what to do."""
    width = max(len(one.step) for one in found)
    lines = []
    for one in found:
        lines.append(f"{one.step:<{width}}  {one.verdict:<9}  {one.problem}".rstrip())
        if one.remedy:
            lines.append(f"{'':<{width}}  remedy: {one.remedy}")
    bad = sum(one.verdict in ("bad", "not tried") for one in found)
    lines.append(f"{bad} of {len(found)} steps are not good" if bad else "the CTI conforms")
    return "\n".join(lines)
