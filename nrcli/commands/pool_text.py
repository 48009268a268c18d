"""Says how number pools stand: what is free, which number is lent to whom, who found none.

Rule of this file: it words what the node said, and reckons nothing.
"""

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.table import Table

from nrcli.wire.path_models import PoolStatus

NONE = "no site tells of a number pool: none is published, or its site is of a version before"


def pools_parts(pools: Sequence[PoolStatus]) -> list[RenderableType]:
    """The pools, then the numbers that are away."""
    if not pools:
        return [NONE]
    table = Table("pool", "site", "trunk group", "free", "lent", "resting", "a minute", "forecast",
                  "found none")  # fmt: skip
    for one in pools:
        counts = (one.lent_count, one.resting_count, one.lent_per_minute)
        table.add_row(
            *(one.pool, one.site if one.linked else f"{one.site} (no link: as last told)"),
            *(one.trunk_group or "any", f"{one.free_count} of {one.numbers_count}"),
            *map(str, counts),
            *(_forecast(one), _refused(one)),
        )
    away = Table("number", "pool", "is", "site", "interaction", "free again in s")
    rows = list(_numbers(pools))
    for row in rows:
        away.add_row(*row)
    return [table, *(("", away) if rows else ())]


def _numbers(pools: Iterable[PoolStatus]) -> Iterable[tuple[str, ...]]:
    for pool in pools:
        for one in pool.numbers:
            back = f"{one.back_in_s:.0f}" if one.back_in_s else "when its caller cannot come"
            yield one.number, pool.pool, one.state, one.lent_to, one.interaction_id, back


def _forecast(one: PoolStatus) -> str:
    if not one.free_count:
        return "used up"
    if one.runs_out_in_s is None:
        return "lasts"
    return f"used up in {one.runs_out_in_s:.0f} s"


def _refused(one: PoolStatus) -> str:
    """Moves that got no_number."""
    if not one.refused_count:
        return "nobody"
    by = f", {one.refused_to}" if one.refused_to else ""
    return f"{one.refused_count}, last {one.refused_s_ago or 0.0:.0f} s ago{by}"
