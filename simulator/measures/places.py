"""The places and times by which figures are told, and a table of figures by place.

Rule of this file: names and groups only. A *pair* is a service and a site at which its calls enter;
pairs, rows, sites and trunk groups are the finest cells, and every kind of place is a grouping of
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.measures.figures import FIGURES, Figures
from simulator.model.network import NetworkModel

Key = str | int | tuple[str | int, ...]
Groups = NDArray[np.int64]
"For each cell the index of its group, -1: in none."
Columns = dict[str, NDArray[np.float64]]
"By figure, one value a place; NaN: nothing was measured."
NETWORK: Key = "network"
METHODS = ("none", "redirect_302", "refer", "bridge")


@dataclass(frozen=True, slots=True, eq=False)
class Places(Mapping[Key, Figures]):
    """Figures of all places of one kind, by key."""

    kind: str
    names: tuple[str, ...]
    "What the parts of a key are, such as ('site', 'queue')."
    keys_in_order: tuple[Key, ...]
    columns: Columns
    "Only figures that this kind of place has."

    def __getitem__(self, key: Key) -> Figures:
        try:
            at = self.keys_in_order.index(key)
        except ValueError:
            raise KeyError(key) from None
        return {name: self.value(name, at) for name in FIGURES}

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys_in_order)

    def __len__(self) -> int:
        return len(self.keys_in_order)

    def value(self, figure: str, at: int) -> float | None:
        """A figure of place number `at`."""
        column = self.columns.get(figure)
        return None if column is None or np.isnan(column[at]) else float(column[at])

    def column(self, figure: str) -> NDArray[np.float64]:
        """A figure of all places, NaN where there is none."""
        return self.columns.get(figure, np.full(len(self.keys_in_order), np.nan))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of place: its keys, and which cells make it up."""

    name: str
    names: tuple[str, ...]
    keys: tuple[Key, ...]
    "Without the interval."
    pairs: Groups | None
    rows: Groups | None
    sites: Groups | None
    trunks: Groups | None
    by_interval: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """How outcomes of a model find their finest cell."""

    model: NetworkModel
    pairs: tuple[tuple[int, int], ...]
    "(service, site)"
    pair_of: NDArray[np.int64]
    "[ingress, row of entry + 1]: the first column for calls that came into no queue."
    trunk_of: NDArray[np.int64]
    "[ingress, row of entry + 1]: number of the trunk group through all sites."
    arrives_on: NDArray[np.int64]
    "[site, site, method]: trunk group on which a move arrives, -1 unknown."
    row_site: NDArray[np.int64]


def cells_of(model: NetworkModel) -> Cells:
    """The cells of a model."""
    row_site = np.array([s for s, _ in model.rows], dtype=np.int64)
    entering = {(ingress.service, s) for ingress in model.ingresses for s, _ in ingress.entries}
    pairs = tuple(sorted(entering))
    index = {pair: p for p, pair in enumerate(pairs)}
    first_trunk = {pair: t for t, pair in enumerate(model.trunks)}
    shape = (len(model.ingresses), len(model.rows) + 1)
    pair_of, trunk_of = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for i, ingress in enumerate(model.ingresses):
        entries = dict(reversed(ingress.entries))
        for column, site in enumerate((-1, *row_site.tolist())):
            at = site if site in entries else ingress.entries[0][0]
            pair_of[i, column] = index[(ingress.service, at)]
            trunk_of[i, column] = first_trunk[(at, entries[at])]
    arrives = np.full((len(model.sites), len(model.sites), len(METHODS)), -1, dtype=np.int64)
    for move in reversed(model.moves):
        arrives[move.from_site, move.to_site, METHODS.index(move.method)] = first_trunk[
            (move.to_site, move.arrives_on)
        ]
    return Cells(
        model=model,
        pairs=pairs,
        pair_of=pair_of,
        trunk_of=trunk_of,
        arrives_on=arrives,
        row_site=row_site,
    )


def kinds_of(cells: Cells) -> tuple[Kind, ...]:
    """Every kind of place of a model, by cell groups."""
    model = cells.model
    site_names = tuple(site.name for site in model.sites)
    row_names = tuple((model.sites[s].name, model.sites[s].queues[q].name) for s, q in model.rows)
    trunk_names = tuple(
        (model.sites[s].name, model.sites[s].trunks[t].name) for s, t in model.trunks
    )
    pair_service = np.array([v for v, _ in cells.pairs], dtype=np.int64)
    pair_site = np.array([s for _, s in cells.pairs], dtype=np.int64)
    pair_row = np.array(
        [model.row_of.get((s, model.services[v].queue), -1) for v, s in cells.pairs],
        dtype=np.int64,
    )
    trunk_site = np.array([s for s, _ in model.trunks], dtype=np.int64)
    rows, sites, trunks = (_each(n) for n in (row_names, site_names, trunk_names))
    whole: dict[str, Any] = {
        "pairs": np.zeros_like(pair_site),
        "rows": np.zeros_like(rows),
        "sites": np.zeros_like(sites),
        "trunks": np.zeros_like(trunk_site),
    }
    by_site: dict[str, Any] = {
        "pairs": pair_site,
        "rows": cells.row_site,
        "sites": sites,
        "trunks": trunk_site,
    }
    by_row: dict[str, Any] = {"pairs": pair_row, "rows": rows, "sites": None, "trunks": None}
    by_service: dict[str, Any] = {
        "pairs": pair_service,
        "rows": None,
        "sites": None,
        "trunks": None,
    }
    by_trunk: dict[str, Any] = {"pairs": None, "rows": None, "sites": None, "trunks": trunks}
    services = tuple(service.name for service in model.services)
    groups: tuple[tuple[str, tuple[str, ...], tuple[Key, ...], dict[str, Any]], ...] = (
        ("network", (), (NETWORK,), whole),
        ("site", ("site",), site_names, by_site),
        ("row", ("site", "queue"), row_names, by_row),
        ("service", ("service",), services, by_service),
        ("trunk", ("site", "trunk"), trunk_names, by_trunk),
    )
    plain = [Kind(name=n, names=names, keys=k, **g) for n, names, k, g in groups]
    timed = [
        Kind(
            name="interval" if n == "network" else f"{n}_interval",
            names=(*names, "interval"),
            keys=k,
            by_interval=True,
            **g,
        )
        for n, names, k, g in groups
    ]
    return (*plain, *timed)


def _each(names: tuple[Any, ...]) -> Groups:
    return np.arange(len(names), dtype=np.int64)


def timed_keys(kind: Kind, intervals: int) -> tuple[Key, ...]:
    """Keys of a kind, with the number of the interval last where it goes by interval."""
    if not kind.by_interval:
        return kind.keys
    if kind.keys == (NETWORK,):
        return tuple(range(intervals))
    return tuple(
        (*(key if isinstance(key, tuple) else (key,)), i)
        for key in kind.keys
        for i in range(intervals)
    )
