"""The tables of a report: what a person reads, and the numbers themselves for a program.

Rule of this file: figures are taken from summaries as they are, and told by `measures.reading`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.measures.comparisons import sure_told
from simulator.measures.figures import FIGURES
from simulator.measures.places import Key
from simulator.measures.reading import difference_told, estimate_told, interval_told, told
from simulator.measures.replications import EstimatedPlaces, FigureEstimates, Summary
from simulator.studies.result import StudyResult

Number = str | float | int | None
NETWORK_FIGURES = (
    "offered", "answered", "abandoned", "blocked", "rejected", "site_lost", "lost", "unfinished",
    "service_level_negative", "service_level_ignore", "service_level_positive", "abandonment",
    "asa_s", "wait_mean_s", "wait_p50_s", "wait_p90_s", "wait_p95_s", "wait_p99_s", "wait_max_s",
    "ewt_error_mean_s", "ewt_error_abs_s", "occupancy", "utilisation", "aht_s", "agents_mean",
    "held_s", "ring_no_answer", "asked", "refused", "moves", "moved_share", "moves_back",
    "move_mean_s", "trunk_used_mean", "trunk_blocking",
)  # fmt: skip
PLACE_FIGURES = {
    "site": (
        "offered", "service_level_negative", "abandonment", "asa_s", "wait_p95_s", "occupancy",
        "agents_mean", "moves", "moved_in", "blocked",
    ),
    "row": (
        "offered", "service_level_negative", "abandonment", "asa_s", "wait_p95_s", "waiting_mean",
        "waiting_most", "handled", "handled_foreign",
    ),
    "service": (
        "offered", "service_level_negative", "abandonment", "asa_s", "wait_p95_s", "moved_share",
    ),
    "interval": (
        "offered", "service_level_negative", "abandonment", "asa_s", "wait_p95_s", "occupancy",
        "agents_mean", "moves",
    ),
    "flow": ("moves", "moves_back", "moves_caller_gone", "move_mean_s"),
    "trunk": ("trunk_offered", "trunk_blocked", "trunk_blocking", "trunk_used_mean",
              "trunk_used_most", "trunk_occupancy"),
}  # fmt: skip
TITLES = {
    "site": "By site",
    "row": "By queue",
    "service": "By service",
    "interval": "By interval",
    "flow": "Moves between sites",
    "trunk": "By trunk group",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table."""

    name: str
    "Of its file."
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    "As a person reads them."
    number_head: tuple[str, ...]
    number_rows: tuple[tuple[Number, ...], ...]
    "As a program reads them."
    long: bool = False
    "Folded away on a screen."


def sheets_of(result: StudyResult, start: str) -> tuple[Sheet, ...]:
    """All tables of a study; `start` is the local time at which the run begins, as HH:MM."""
    summaries = [(variant.name, variant.summary()) for variant in result.variants]
    measured = [(name, summary) for name, summary in summaries if summary is not None]
    found: list[Sheet] = []
    if measured:
        found.append(_network(measured))
    if result.comparisons:
        found.append(_comparisons(result))
    if result.model_errors:
        found.append(_model_errors(result))
    for name, summary in measured if len(measured) <= 4 else measured[:1]:
        found += _places(name if len(measured) > 1 else "", summary, start)
    return tuple(found)


def clock(start: str, interval: int, interval_us: int) -> str:
    """Local time of day at which an interval begins, with the day where it is not the first.

    >>> clock("08:00", 5, 900_000_000), clock("23:30", 2, 900_000_000)
    ('09:15', '+1 d 00:00')
    """
    hour, _, minute = start.partition(":")
    seconds = int(hour) * 3600 + int(minute) * 60 + interval * interval_us // 1_000_000
    day, second = divmod(seconds, 86_400)
    text = f"{second // 3600:02d}:{second % 3600 // 60:02d}"
    return f"+{day} d {text}" if day else text


def _network(measured: Sequence[tuple[str, Summary]]) -> Sheet:
    names = [name for name, _ in measured]
    columns: list[FigureEstimates] = [summary.network for _, summary in measured]
    rows, numbers = [], []
    for figure in NETWORK_FIGURES:
        estimates = [column.get(figure) for column in columns]
        if all(one is None for one in estimates):
            continue
        rows.append(
            (FIGURES[figure].title, *(estimate_told(FIGURES[figure], one) for one in estimates))
        )
        for name, one in zip(names, estimates, strict=True):
            if one is not None:
                numbers.append((figure, name, one.mean, one.low, one.high, one.count))
    single = len(measured) == 1
    return Sheet(
        name="network",
        title="The whole network",
        head=("Figure", *(["Mean (95 % interval)"] if single else names)),
        rows=tuple(rows),
        number_head=("figure", "variant", "mean", "low", "high", "replications"),
        number_rows=tuple(numbers),
    )


def _comparisons(result: StudyResult) -> Sheet:
    rows, numbers = [], []
    for one in result.comparisons:
        figure = FIGURES[one.figure]
        spread = f"({interval_told(figure, one.difference)})"
        cut = "-" if one.variance_reduction is None else f"{one.variance_reduction:.1f}"
        rows.append(
            (
                figure.title,
                told(figure, one.a.mean),
                told(figure, one.b.mean),
                f"{difference_told(figure, one.difference.mean)} {spread}",
                "-" if one.p_holm is None else sure_told(one.p_holm),
                cut,
                one.verdict,
            )
        )
        numbers.append(
            (
                one.figure,
                one.a.mean,
                one.b.mean,
                one.difference.mean,
                one.difference.low,
                one.difference.high,
                one.p_holm,
                one.better,
                one.variance_reduction,
            )
        )
    first, second = (variant.name for variant in result.variants[:2])
    return Sheet(
        name="comparison",
        title=f"{second} against {first}, on the same callers",
        head=("Figure", first, second, "Difference", "Sure", "Variance cut", "Verdict"),
        rows=tuple(rows),
        number_head=(
            "figure",
            "a",
            "b",
            "difference",
            "low",
            "high",
            "p_holm",
            "better",
            "variance_cut",
        ),
        number_rows=tuple(numbers),
    )


def _model_errors(result: StudyResult) -> Sheet:
    rows, numbers = [], []
    for one in result.model_errors:
        figure = FIGURES[one.figure]
        gap = one.simulated - one.recorded
        rows.append(
            (
                figure.title,
                told(figure, one.recorded),
                told(figure, one.simulated),
                difference_told(figure, gap),
                one.measured_on,
            )
        )
        numbers.append((one.figure, one.recorded, one.simulated, one.low, one.high))
    return Sheet(
        name="model_error",
        title="How far the model is from what was recorded",
        head=("Figure", "Recorded", "Simulated", "Simulated less recorded", "Measured on"),
        rows=tuple(rows),
        number_head=("figure", "recorded", "simulated", "low", "high"),
        number_rows=tuple(numbers),
    )


def _places(variant: str, summary: Summary, start: str) -> Iterator[Sheet]:
    for kind, figures in PLACE_FIGURES.items():
        places = summary.tables.get(kind)
        if places is None or not len(places):
            continue
        yield _sheet(variant, places, figures, summary, start)


def _sheet(
    variant: str, places: EstimatedPlaces, figures: Sequence[str], summary: Summary, start: str
) -> Sheet:
    kind, interval_us = places.kind, summary.interval_us
    shown = [f for f in figures if f in places.columns]
    parts = places.names or (kind,)
    rows, numbers = [], []
    for at, key in enumerate(places.keys_in_order):
        values = [places.value(figure, at) for figure in shown]
        warm_up = isinstance(key, int) and (key + 1) * interval_us <= summary.measured_from_us
        if warm_up or all(one is None for one in values):
            continue
        labels = [clock(start, key, interval_us)] if isinstance(key, int) else _words(key)
        rows.append(
            (
                *labels,
                *(estimate_told(FIGURES[f], one) for f, one in zip(shown, values, strict=True)),
            )
        )
        ends = [
            number
            for one in values
            for number in ((None, None, None) if one is None else (one.mean, one.low, one.high))
        ]
        numbers.append((*labels, *ends))
    ends_head = [f"{figure}{end}" for figure in shown for end in ("", "_low", "_high")]
    suffix = f" - {variant}" if variant else ""
    return Sheet(
        name=f"{kind}_{variant}" if variant else kind,
        title=TITLES[kind] + suffix,
        head=(*parts, *(FIGURES[figure].title for figure in shown)),
        rows=tuple(rows),
        number_head=(*parts, *ends_head),
        number_rows=tuple(numbers),
        long=len(rows) > 12,
    )


def _words(key: Key) -> list[str]:
    return [str(part) for part in key] if isinstance(key, tuple) else [str(key)]
