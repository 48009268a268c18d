"""`nirc-sim erlang b|c|a`: what Erlang's formulas say, and the fewest agents for a target.

Rule of this file: it checks the words of the command line and shows numbers; formulas stand in
`simulator.theory`. Nothing heavy is imported: the answer is there at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from math import inf, isfinite
from typing import Annotated

import typer

from simulator.commands.failures import failed
from simulator.theory import erlang_b, targets
from simulator.theory.erlang_a import impatient
from simulator.theory.erlang_c import waiting

Answer = dict[str, float | int | str | None]
AGENTS_MAX = 1_000_000

Rate = Annotated[float, typer.Option("--rate", help="Calls per second.")]
Aht = Annotated[float, typer.Option("--aht", help="Mean handle time, in seconds.")]
Agents = Annotated[int | None, typer.Option("--agents", help="Agents; left out: found.")]
Threshold = Annotated[
    float, typer.Option("--threshold", help="Service level: answered within this, in seconds.")
]
Level = Annotated[
    float | None,
    typer.Option("--service-level", help="Target: share answered in time, such as 0.8."),
]
Asa = Annotated[
    float | None, typer.Option("--asa", help="Target: mean wait of all calls, in seconds.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object for programs.")]

TEXTS = {
    "load": ("load, Erlangs", ".4f"),
    "agents": ("agents", "d"),
    "trunks": ("trunks", "d"),
    "blocking": ("blocked", "%"),
    "carried": ("trunks in use", ".4f"),
    "overflow": ("overflow, Erlangs", ".4f"),
    "waiting_share": ("waited", "%"),
    "asa_s": ("mean wait of all, s", ".3f"),
    "asa_waiting_s": ("mean wait of those who waited, s", ".3f"),
    "asa_answered_s": ("mean wait of those answered, s", ".3f"),
    "service_level": ("answered in time", "%"),
    "wait_p50_s": ("half of the waits below, s", ".3f"),
    "wait_p90_s": ("90 % of the waits below, s", ".3f"),
    "wait_p95_s": ("95 % of the waits below, s", ".3f"),
    "wait_p99_s": ("99 % of the waits below, s", ".3f"),
    "abandonment": ("gave up", "%"),
    "abandonment_waiting": ("gave up, of those who waited", "%"),
    "mean_queue": ("mean queue", ".4f"),
    "occupancy": ("occupancy", "%"),
}
"What each figure is called, and how it is written."
PERCENTILES = (0.5, 0.9, 0.95, 0.99)

app = typer.Typer(
    no_args_is_help=True,
    help="Erlang B (lost), C (all wait) and A (callers give up), exactly; also the fewest agents.",
)


def register(top: typer.Typer) -> None:
    """Add the command and its three parts."""
    top.add_typer(app, name="erlang")


@app.command()
def b(
    rate: Rate,
    aht: Aht,
    trunks: Annotated[
        int | None, typer.Option("--trunks", "--agents", help="Trunks; left out: found.")
    ] = None,
    blocking: Annotated[
        float | None, typer.Option("--blocking", help="Target: share lost, such as 0.01.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Calls that find all trunks busy are lost."""
    _checked(rate=rate, aht=aht)
    _one_of({"--trunks": trunks, "--blocking": blocking})
    _shares(blocking=blocking)
    _whole("--trunks", trunks, least=0)
    load = _load(rate, aht)

    def at(count: int) -> Answer:
        found = erlang_b.loss(count, load)
        return {
            "blocking": found.blocking,
            "carried": found.carried,
            "overflow": found.overflow,
            "occupancy": found.occupancy,
        }

    given: Answer = {"model": "Erlang B", "rate_per_s": rate, "aht_s": aht, "load": load}
    if trunks is not None:
        _show(given | {"trunks": trunks} | at(trunks), None, as_json)
        return
    assert blocking is not None
    count = erlang_b.fewest_trunks(load, blocking)
    below = {"trunks": count - 1} | at(count - 1) if count > 0 else None
    _show(given | {"target_blocking": blocking, "trunks": count} | at(count), below, as_json)


@app.command()
def c(  # noqa: PLR0917 - options
    rate: Rate,
    aht: Aht,
    agents: Agents = None,
    threshold: Threshold = 20.0,
    service_level: Level = None,
    asa: Asa = None,
    as_json: Json = False,
) -> None:
    """All callers wait, and nobody gives up."""
    _checked(rate=rate, aht=aht)
    _not_negative(threshold=threshold, asa=asa)
    _one_of({"--agents": agents, "--service-level": service_level, "--asa": asa})
    _shares(service_level=service_level)
    _whole("--agents", agents, least=1)
    load = _load(rate, aht)
    if agents is not None and load >= agents:
        raise failed(
            f"erlang c: {load:g} Erlangs on {agents} agents: the line grows for ever; give at least"
            f" {int(load) + 1} agents, or callers a patience (erlang a --patience S)"
        )
    given: Answer = {"model": "Erlang C", "rate_per_s": rate, "aht_s": aht, "load": load}
    given["threshold_s"] = threshold

    def at(count: int) -> Answer | None:
        return _c_figures(count, load, aht, threshold) if count > load else None

    _answer(given, at, agents, _found(load, aht, inf, service_level, threshold, asa, None), as_json)


@app.command()
def a(  # noqa: PLR0917 - options
    rate: Rate,
    aht: Aht,
    patience: Annotated[
        float, typer.Option("--patience", help="Mean time until a caller gives up, in seconds.")
    ],
    agents: Agents = None,
    threshold: Threshold = 20.0,
    service_level: Level = None,
    asa: Asa = None,
    abandonment: Annotated[
        float | None, typer.Option("--abandonment", help="Target: share given up, such as 0.03.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Callers wait, and give up after an exponential patience."""
    _checked(rate=rate, aht=aht, patience=patience)
    _not_negative(threshold=threshold, asa=asa)
    _one_of(
        {
            "--agents": agents,
            "--service-level": service_level,
            "--asa": asa,
            "--abandonment": abandonment,
        }
    )
    _shares(service_level=service_level, abandonment=abandonment)
    _whole("--agents", agents, least=1)
    load = _load(rate, aht)
    given: Answer = {"model": "Erlang A", "rate_per_s": rate, "aht_s": aht, "patience_s": patience}
    given |= {"load": load, "threshold_s": threshold}

    def at(count: int) -> Answer | None:
        return _a_figures(count, load, aht, patience, threshold) if count > 0 else None

    found = _found(load, aht, patience, service_level, threshold, asa, abandonment)
    _answer(given, at, agents, found, as_json)


def _c_figures(count: int, load: float, aht: float, threshold: float) -> Answer:
    found = waiting(count, load, aht)
    figures: Answer = {
        "waiting_share": found.waiting_share,
        "asa_s": found.asa_s,
        "asa_waiting_s": found.asa_waiting_s,
        "service_level": found.answered_within(threshold),
        "mean_queue": found.mean_queue,
        "occupancy": found.occupancy,
        "abandonment": 0.0,
    }
    return figures | {f"wait_p{round(s * 100)}_s": found.percentile_s(s) for s in PERCENTILES}


def _a_figures(count: int, load: float, aht: float, patience: float, threshold: float) -> Answer:
    found = impatient(count, load, aht, patience)
    figures: Answer = {
        "waiting_share": found.waiting_share,
        "abandonment": found.abandonment,
        "abandonment_waiting": found.abandonment_waiting,
        "asa_s": found.asa_s,
        "asa_waiting_s": found.asa_waiting_s,
        "asa_answered_s": found.asa_answered_s,
        "service_level": found.answered_within(threshold),
        "mean_queue": found.mean_queue,
        "occupancy": found.occupancy,
    }
    return figures | {f"wait_p{round(s * 100)}_s": found.percentile_s(s) for s in PERCENTILES}


def _found(  # noqa: PLR0917 - the targets, of which one is given
    load: float,
    aht: float,
    patience: float,
    service_level: float | None,
    threshold: float,
    asa: float | None,
    abandonment: float | None,
) -> Callable[[], int]:
    """The search for the target that was given."""
    if service_level is not None:
        return lambda: targets.agents_for_service_level(
            load, aht, patience, service_level, threshold
        )
    if asa is not None:
        return lambda: targets.agents_for_asa(load, aht, patience, asa)
    return lambda: targets.agents_for_abandonment(load, aht, patience, abandonment or 0.0)


def _answer(
    given: Answer,
    at: Callable[[int], Answer | None],
    agents: int | None,
    search: Callable[[], int],
    as_json: bool,
) -> None:
    below: Answer | None = None
    if agents is None:
        try:
            agents = search()
        except targets.UnreachableError as error:
            raise failed(f"erlang: {error}; ask for less, or split the load") from error
        fewer = at(agents - 1)
        below = {"agents": agents - 1} | fewer if fewer else None
    _show(given | {"agents": agents} | (at(agents) or {}), below, as_json)


def _show(found: Answer, below: Answer | None, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found | ({"one_fewer": below} if below else {}), indent=2))
        return
    titles = [""] if below is None else ["", "fewest", "one fewer"]
    rows = [
        [name, *(_text(part.get(key), form) for part in (found, below) if part is not None)]
        for key, (name, form) in TEXTS.items()
        if key in found
    ]
    width = max(len(row[0]) for row in rows)
    typer.echo(f"{found['model']}" + (": the fewest that reach it" if below else ""))
    for row in [titles, *rows] if below else rows:
        typer.echo(f"  {row[0]:{width}}" + "".join(f"  {cell:>12}" for cell in row[1:]))


def _text(value: float | str | None, form: str) -> str:
    if value is None or isinstance(value, str):
        return value or "-"
    return f"{100 * value:.3f} %" if form == "%" else format(value, form)


def _load(rate: float, aht: float) -> float:
    load = rate * aht
    if not load <= AGENTS_MAX:
        raise failed(
            f"erlang: {load:g} Erlangs; give --rate in calls per second and --aht in seconds"
        )
    return load


def _checked(**values: float) -> None:
    for name, value in values.items():
        if not (isfinite(value) and value > 0.0):
            raise failed(f"erlang: --{name} is {value:g}; give a number above 0")


def _not_negative(**values: float | None) -> None:
    for name, value in values.items():
        if value is not None and not (isfinite(value) and value >= 0.0):
            raise failed(f"erlang: --{name} is {value:g}; give seconds, 0 or more")


def _shares(**values: float | None) -> None:
    for name, value in values.items():
        if value is not None and not 0.0 < value < 1.0:
            option = name.replace("_", "-")
            raise failed(
                f"erlang: --{option} is {value:g}; give a share between 0 and 1, 0.8 for 80 %"
            )


def _whole(name: str, value: int | None, least: int) -> None:
    if value is not None and not least <= value <= AGENTS_MAX:
        raise failed(f"erlang: {name} is {value}; give {least} to {AGENTS_MAX}")


def _one_of(options: dict[str, float | None]) -> None:
    """Exactly one is given."""
    given = [name for name, value in options.items() if value is not None]
    names = list(options)
    if len(given) != 1:
        have = " and ".join(given) if given else "none"
        every = f"{', '.join(names[:-1])} or {names[-1]}"
        raise failed(f"erlang: give exactly one of {every} ({have} given)")
