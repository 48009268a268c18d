"""Which pictures a study is shown in, made from its summaries.

Rule of this file: what is not measured is left out; nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulator.measures.by_day import by_day
from simulator.measures.figures import FIGURES
from simulator.measures.reading import difference_told
from simulator.measures.replications import EstimatedPlaces, Summary, over_replications
from simulator.report.local_time import begins
from simulator.report.pictures import Bars, Content, Differences, Lines, Matrix, Picture, Series
from simulator.studies.result import StudyResult

SITES_MAX = 8
"Lines of single sites in one picture; over it the network alone is drawn."
MATRIX_MAX = 40
INTERVALS_MAX = 300
"A run of more intervals is drawn by days."
US_PER_HOUR = 3_600_000_000
Named = Sequence[tuple[str, Summary]]


def pictures_of(result: StudyResult, start_hour: float) -> tuple[Picture, ...]:
    """All pictures of a study; `start_hour` is the local hour of day at which the run begins."""
    long = result.facts.duration_s / result.facts.interval_s > INTERVALS_MAX
    measured = [
        (one.name, over_replications([by_day(run, start_hour) for run in one.measures]))
        if long
        else (one.name, over_replications(one.measures))
        for one in result.variants
        if one.measures
    ]
    if long:
        pictures = _measured(result, measured, 0.0)
        days = [_told_by_day(one, f"{begins(result.facts):%Y-%m-%d}") for one in pictures]
        return (*_comparison(result), *_model_errors(result), *days)
    return (*_comparison(result), *_model_errors(result), *_measured(result, measured, start_hour))


def _told_by_day(picture: Picture, first_day: str) -> Picture:
    """The picture of a long run: its intervals are days."""
    content = picture.content
    if not isinstance(content, Lines):
        return picture
    content = replace(content, first_day=first_day, x_label="day")
    return replace(picture, title=picture.title.replace("by interval", "by day"), content=content)


def _measured(result: StudyResult, measured: Named, start_hour: float) -> Iterator[Picture]:
    if not measured:
        return
    few = measured[:6]
    target = min((share for _, _, share in result.facts.thresholds_s), default=None)
    yield from _by_interval(few, start_hour, target)
    if len(measured) > 1:
        yield from _variants(measured)
    yield from _waits(few)
    for name, summary in measured[:2]:
        suffix = f" - {name}" if len(measured) > 1 else ""
        yield from _sites(summary, start_hour, suffix)
        yield from _flows(summary, suffix)
        yield from _trunks(summary, suffix)


def _comparison(result: StudyResult) -> Iterator[Picture]:
    found = [one for one in result.comparisons if one.difference.half_width is not None]
    if not found or len(result.variants) < 2:
        return
    first, second = result.variants[0].name, result.variants[1].name
    yield Picture(
        name="comparison",
        title=f"{second} against {first}",
        caption="Differences on the same callers, each with its own interval. Coloured: one is"
        " better, with all figures judged together. Grey: none is shown to be, even where an"
        " interval by itself does not reach the line at 0.",
        content=Differences(
            labels=tuple(FIGURES[one.figure].title for one in found),
            mean=tuple(one.difference.mean for one in found),
            low=tuple(one.difference.low for one in found),
            high=tuple(one.difference.high for one in found),
            told=tuple(difference_told(FIGURES[one.figure], one.difference.mean) for one in found),
            better=tuple(one.better for one in found),
            names=(first, second),
        ),
    )


def _model_errors(result: StudyResult) -> Iterator[Picture]:
    shares = [one for one in result.model_errors if FIGURES[one.figure].unit == "share"]
    seconds = [one for one in result.model_errors if FIGURES[one.figure].unit == "s"]
    for name, errors, label in (("share", shares, ""), ("s", seconds, "seconds")):
        if errors:
            yield Picture(
                name=f"model_error_{name}",
                title="Recorded and simulated",
                caption="How far the model is from what was recorded.",
                content=Bars(
                    labels=tuple(FIGURES[one.figure].title for one in errors),
                    series=(
                        Series(name="recorded", mean=[one.recorded for one in errors]),
                        Series(
                            name="simulated",
                            mean=[one.simulated for one in errors],
                            low=[one.low for one in errors],
                            high=[one.high for one in errors],
                        ),
                    ),
                    y_label=label,
                    share=name == "share",
                ),
            )


def _by_interval(measured: Named, start_hour: float, target: float | None) -> Iterator[Picture]:
    wanted = (
        ("service_level", "service_level_negative", "Service level by interval", target),
        ("speed_of_answer", "asa_s", "Speed of answer by interval", None),
        ("abandonment", "abandonment", "Abandonment by interval", None),
        ("occupancy", "occupancy", "Occupancy by interval", None),
        ("offered", "offered", "Offered calls by interval", None),
    )
    for name, figure, title, level in wanted:
        series = [
            _series(run, summary.by_interval, figure)
            for run, summary in measured
            if figure in summary.by_interval.columns
        ]
        if not any(value is not None for one in series for value in one.mean):
            continue
        first = measured[0][1]
        dotted = "" if level is None else " The dotted line is the target."
        yield Picture(
            name=name,
            title=title,
            caption="Mean of the replications; the band is the 95 % interval." + dotted,
            content=Lines(
                x=_hours(first, start_hour),
                series=tuple(series),
                y_label=FIGURES[figure].title,
                x_label="time of day",
                share=FIGURES[figure].unit == "share",
                target=level,
            ),
        )


def _series(name: str, places: EstimatedPlaces, figure: str, at: Sequence[int] = ()) -> Series:
    spots = at or range(len(places.keys_in_order))
    values = [places.value(figure, spot) for spot in spots]
    return Series(
        name=name,
        mean=[None if one is None else one.mean for one in values],
        low=[None if one is None else one.low for one in values],
        high=[None if one is None else one.high for one in values],
    )


def _hours(summary: Summary, start_hour: float) -> list[float]:
    step = summary.interval_us / US_PER_HOUR
    return [start_hour + step * i for i in range(len(summary.by_interval.keys_in_order))]


def _variants(measured: Named) -> Iterator[Picture]:
    for name, figure in (("service_level", "service_level_negative"), ("waits", "asa_s")):
        values = [summary.network.get(figure) for _, summary in measured]
        if any(values):
            yield Picture(
                name=f"{name}_by_variant",
                title=f"{FIGURES[figure].title}, all together",
                caption="Means with 95 % intervals.",
                content=Bars(
                    labels=tuple(run for run, _ in measured),
                    series=(
                        Series(
                            name=FIGURES[figure].title,
                            mean=[None if one is None else one.mean for one in values],
                            low=[None if one is None else one.low for one in values],
                            high=[None if one is None else one.high for one in values],
                        ),
                    ),
                    y_label=FIGURES[figure].title,
                    share=FIGURES[figure].unit == "share",
                ),
            )


def _waits(measured: Named) -> Iterator[Picture]:
    figures = ("wait_mean_s", "wait_p50_s", "wait_p90_s", "wait_p95_s", "wait_p99_s")
    series = []
    for name, summary in measured:
        values = [summary.network.get(figure) for figure in figures]
        series.append(
            Series(
                name=name,
                mean=[None if one is None else one.mean for one in values],
                low=[None if one is None else one.low for one in values],
                high=[None if one is None else one.high for one in values],
            )
        )
    yield Picture(
        name="waits",
        title="How long callers wait",
        caption="Mean, median, and the waits that 90, 95 and 99 of 100 callers stay under.",
        content=Bars(
            labels=("mean", "median", "90 %", "95 %", "99 %"),
            series=tuple(series),
            y_label="seconds",
        ),
    )


def _sites(summary: Summary, start_hour: float, suffix: str) -> Iterator[Picture]:
    sites, places = list(summary.by_site), summary.by_site_interval
    if not 1 < len(sites) <= SITES_MAX:
        return
    spots: dict[str, list[int]] = {str(site): [] for site in sites}
    for at, key in enumerate(places.keys_in_order):
        assert isinstance(key, tuple)
        spots[str(key[0])].append(at)
    for name, figure, title in (
        ("occupancy_by_site", "occupancy", "Occupancy by site"),
        ("agents_by_site", "agents_mean", "Agents signed in, by site"),
        ("service_level_by_site", "service_level_negative", "Service level by site"),
    ):
        series = tuple(_series(site, places, figure, at) for site, at in spots.items())
        if not any(value is not None for one in series for value in one.mean):
            continue
        content: Content = Lines(
            x=_hours(summary, start_hour),
            series=tuple(Series(name=one.name, mean=one.mean) for one in series),
            y_label=FIGURES[figure].title,
            x_label="time of day",
            share=FIGURES[figure].unit == "share",
            steps=figure == "agents_mean",
        )
        yield Picture(
            name=name + suffix.replace(" - ", "_"),
            title=title + suffix,
            caption="Means of the replications.",
            content=content,
        )


def _flows(summary: Summary, suffix: str) -> Iterator[Picture]:
    places = summary.by_flow
    if not len(places):
        return
    moved: dict[tuple[str, str], float] = {}
    for at, key in enumerate(places.keys_in_order):
        assert isinstance(key, tuple)
        found = places.value("moves", at)
        if found is not None:
            pair = (str(key[0]), str(key[1]))
            moved[pair] = moved.get(pair, 0.0) + found.mean
    names = [str(site) for site in summary.by_site][:MATRIX_MAX]
    values = tuple(
        tuple(moved.get((origin, target)) if origin != target else None for target in names)
        for origin in names
    )
    if moved:
        yield Picture(
            name="flows" + suffix.replace(" - ", "_"),
            title="Calls moved between sites" + suffix,
            caption="Moves that arrived, per replication.",
            content=Matrix(
                rows=tuple(names),
                columns=tuple(names),
                values=values,
                row_label="from",
                column_label="to",
                label="calls",
            ),
        )


def _trunks(summary: Summary, suffix: str) -> Iterator[Picture]:
    places = summary.by_trunk
    if not 0 < len(places) <= MATRIX_MAX:
        return
    keys = [" ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in places]
    yield Picture(
        name="trunks" + suffix.replace(" - ", "_"),
        title="Trunk groups" + suffix,
        caption="Channels in use: mean over time, and most at once.",
        content=Bars(
            labels=tuple(keys),
            series=(
                _series("mean", places, "trunk_used_mean"),
                _series("most", places, "trunk_used_most"),
            ),
            y_label="channels",
        ),
    )
