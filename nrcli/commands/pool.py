"""`nrcli pool list`: how the pools stand; `nrcli pool size`: how many numbers one needs.

Rule of this file: a formula and its words; what is told of a pool was read from the node. A number
is away from the moment it is lent until its rest is over, and a call that finds none is refused:
that is Erlang B, for any distribution of that time.
"""

from typing import Annotated

import typer
from pydantic import BaseModel

from nrcli.commands.node_access import access_of, put_json
from nrcli.commands.pool_text import pools_parts
from nrcli.commands.tables import show
from nrcli.wire.path_models import Pools
from routing_policies.erlang import blocked_share, servers_for

app = typer.Typer(no_args_is_help=True, help="Number pools: how many numbers moves by number need.")
SECONDS_AN_HOUR = 3600.0


class PoolSize(BaseModel):
    """What a pool needs."""

    numbers: int
    load_erl: float
    "Numbers that are away on the average."
    away_s: float
    "How long each call keeps a number away."
    blocked_share: float
    "Share of calls that find none, with so many numbers."
    blocked_share_of_one_less: float


@app.command("list")
def pools(context: typer.Context) -> None:
    """The pools: what is free, which number is lent to whom, when they run out, who found none."""
    access = access_of(context)
    found = access.ask(lambda node: node.read(Pools, "/pools"))
    put_json(found) if access.as_json else show(*pools_parts(found.pools))


@app.command()
def size(
    context: typer.Context,
    calls_per_hour: Annotated[
        float, typer.Option(min=0.0, max=10_000_000, help="Moves by number in the busiest hour.")
    ],
    hold_s: Annotated[
        float,
        typer.Option(min=0.1, max=600, help="From lending to arrival: the path's set-up time."),
    ] = 12.0,
    quarantine_s: Annotated[
        float, typer.Option(min=0.0, max=3600, help="How long a number rests afterwards.")
    ] = 60.0,
    blocking: Annotated[
        float, typer.Option(min=1e-9, max=0.5, help="Share of calls that may find no number.")
    ] = 0.001,
) -> None:
    """Say how many numbers a pool needs, by Erlang B."""
    found = size_of(calls_per_hour, hold_s, quarantine_s, blocking)
    if access_of(context).as_json:
        put_json(found)
        return
    show(
        f"{found.numbers} numbers: {found.load_erl:.1f} are away on the average"
        f" ({calls_per_hour:g} calls an hour, {found.away_s:g} s each)",
        f"{found.blocked_share:.2%} of the calls find none; with one less"
        f" {found.blocked_share_of_one_less:.2%}",
    )


def size_of(calls_per_hour: float, hold_s: float, quarantine_s: float, blocking: float) -> PoolSize:
    """The fewest numbers at which at most `blocking` of the calls find none."""
    away_s = hold_s + quarantine_s
    load = calls_per_hour / SECONDS_AN_HOUR * away_s
    numbers = servers_for(load, blocking) if load else 0
    return PoolSize(
        numbers=numbers,
        load_erl=load,
        away_s=away_s,
        blocked_share=blocked_share(numbers, load) if load else 0.0,
        blocked_share_of_one_less=blocked_share(max(0, numbers - 1), load) if load else 0.0,
    )
