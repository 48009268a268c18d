"""Draws pictures as SVG and PNG.

Rule of this file: nothing is worked out here. Colours are told apart by people who see few of them
(Okabe and Ito 2008), and lines also by their marks where the report is printed in grey.
"""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator, PercentFormatter

from simulator.report.pictures import Bars, Differences, Lines, Matrix, Picture, Series, Values

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
MARKS = ("", "o", "s", "^", "D", "v", "x", "+")
WIDTH_IN = 7.2
PNG_DPI = 150
SERIES_MAX = 20
"More lines than this in one picture say nothing: the rest is left to the tables."


def svg(picture: Picture) -> str:
    """The picture as an SVG element, with text that can be searched and read aloud."""
    from matplotlib import rc_context

    written = BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": picture.name, "font.size": 9}):
        figure = _drawn(picture)
        FigureCanvasSVG(figure)
        figure.savefig(written, format="svg", metadata={"Date": None})
    text = written.getvalue().decode("utf-8")
    return text[text.index("<svg") :]


def write_png(picture: Picture, path: Path) -> None:
    """The picture as a PNG file, with its title on it. Raises OSError."""
    from matplotlib import rc_context

    with rc_context({"font.size": 9}):
        figure = _drawn(picture)
        figure.suptitle(picture.title, fontsize=11)
        FigureCanvasAgg(figure)
        figure.savefig(path, format="png", dpi=PNG_DPI)


def _drawn(picture: Picture) -> Figure:
    content = picture.content
    figure = Figure(figsize=(WIDTH_IN, _height_in(content)), layout="constrained")
    axes = figure.add_subplot()
    match content:
        case Lines():
            _lines(axes, content)
        case Bars():
            _bars(axes, content)
        case Matrix():
            _matrix(axes, content)
        case Differences():
            _differences(axes, content)
    return figure


def _height_in(content: Any) -> float:
    if isinstance(content, Matrix):
        return min(2.0 + 0.32 * len(content.rows), 9.0)
    if isinstance(content, Differences):
        return 1.0 + 0.42 * len(content.labels)
    return 3.0


def _plain(values: Values) -> list[float]:
    return [float("nan") if v is None or not isfinite(v) else v for v in values]


def _lines(axes: Any, content: Lines) -> None:
    x = list(content.x)
    for number, one in enumerate(content.series[:SERIES_MAX]):
        colour = COLOURS[number % len(COLOURS)]
        axes.plot(
            x,
            _plain(one.mean),
            label=one.name,
            color=colour,
            linewidth=1.4,
            linestyle="--" if one.dashed else "-",
            marker=MARKS[number % len(MARKS)],
            markersize=3,
            markevery=max(len(x) // 12, 1),
            drawstyle="steps-post" if content.steps else "default",
        )
        if one.low and one.high:
            step = "post" if content.steps else None
            axes.fill_between(
                x, _plain(one.low), _plain(one.high), color=colour, alpha=0.18, step=step
            )
    if content.target is not None:
        axes.axhline(content.target, color="#444444", linestyle=":", linewidth=1.0)
    if content.first_day:
        first = date.fromisoformat(content.first_day)
        axes.xaxis.set_major_locator(MultipleLocator(24 * max(1, round(len(x) / 10))))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda h, _: _day(first, h)))
    elif content.clock:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=10, steps=[1, 2, 3, 6]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda h, _: _clock(h)))
    axes.set_xlabel(content.x_label)
    _value_axis(axes, content.y_label, share=content.share)
    if len(content.series) > 1:
        axes.legend(fontsize=7, ncols=2, frameon=False)


def _day(first: date, hours: float) -> str:
    """The day that is so many hours after the first one's midnight."""
    return f"{first + timedelta(days=round(hours / 24)):%a\n%d %b}"


def _clock(hours: float) -> str:
    """Time of day; the second day and later with the number of the day."""
    minutes = round(hours * 60)
    day, minute = divmod(minutes, 1440)
    text = f"{minute // 60:02d}:{minute % 60:02d}"
    return f"{text}\n+{day} d" if day else text


def _bars(axes: Any, content: Bars) -> None:
    count = max(len(content.series), 1)
    width = 0.8 / count
    for number, one in enumerate(content.series):
        left = [i - 0.4 + width * (number + 0.5) for i in range(len(content.labels))]
        axes.bar(
            left,
            _plain(one.mean),
            width=width * 0.92,
            label=one.name,
            color=COLOURS[number % len(COLOURS)],
            yerr=_errors(one),
            error_kw={"linewidth": 0.9, "ecolor": "#333333"},
        )
    axes.set_xticks(range(len(content.labels)), content.labels)
    if max((len(label) for label in content.labels), default=0) * len(content.labels) > 70:
        axes.tick_params(axis="x", rotation=45)
    _value_axis(axes, content.y_label, share=content.share)
    if count > 1:
        axes.legend(fontsize=7, frameon=False)


def _errors(series: Series) -> Any:
    if not series.low or not series.high:
        return None
    mean, low, high = _plain(series.mean), _plain(series.low), _plain(series.high)
    under = [max(m - v, 0.0) if isfinite(m - v) else 0.0 for m, v in zip(mean, low, strict=True)]
    over = [max(v - m, 0.0) if isfinite(v - m) else 0.0 for m, v in zip(mean, high, strict=True)]
    return [under, over]


def _matrix(axes: Any, content: Matrix) -> None:
    values = [_plain(row) for row in content.values]
    axes.pcolormesh(values, cmap="Blues", edgecolors="white", linewidth=0.5)
    axes.invert_yaxis()
    axes.set_title(content.label, fontsize=8, loc="right")
    axes.set_xticks(_middles(content.columns), content.columns, rotation=45, ha="right")
    axes.set_yticks(_middles(content.rows), content.rows)
    axes.set_xlabel(content.column_label)
    axes.set_ylabel(content.row_label)
    most = max((v for row in values for v in row if isfinite(v)), default=0.0)
    if len(content.rows) * len(content.columns) <= 150:
        for i, row in enumerate(values):
            for k, value in enumerate(row):
                if isfinite(value) and value > 0:
                    colour = "white" if value > 0.6 * most else "black"
                    text = f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
                    axes.text(
                        k + 0.5, i + 0.5, text, ha="center", va="center", color=colour, fontsize=7
                    )


def _middles(names: tuple[str, ...]) -> list[float]:
    return [number + 0.5 for number in range(len(names))]


def _differences(axes: Any, content: Differences) -> None:
    """Each difference in half-widths of its own interval, so that all fit one picture."""
    for number, (mean, low, high) in enumerate(
        zip(content.mean, _plain(content.low), _plain(content.high), strict=True)
    ):
        half = (high - low) / 2 if isfinite(high - low) and high > low else 0.0
        scale = half or abs(mean) or 1.0
        colour = COLOURS[0] if content.better[number] else "#888888"
        axes.errorbar(
            [mean / scale], [number], xerr=[[half / scale], [half / scale]],
            fmt="o", color=colour, capsize=3, linewidth=1.6,
        )  # fmt: skip
        axes.annotate(
            content.told[number], (mean / scale, number), xytext=(0, 6),
            textcoords="offset points", ha="center", fontsize=7,
        )  # fmt: skip
    axes.axvline(0.0, color="#444444", linewidth=1.0)
    axes.set_yticks(range(len(content.labels)), content.labels)
    axes.set_ylim(len(content.labels) - 0.4, -0.7)
    axes.set_xlabel(f"{content.names[1]} less {content.names[0]}, in half intervals")


def _value_axis(axes: Any, label: str, *, share: bool) -> None:
    axes.set_ylabel(label)
    axes.set_ylim(bottom=0.0)
    if share:
        axes.yaxis.set_major_formatter(PercentFormatter(xmax=1.0))
        if axes.get_ylim()[1] > 1.0:
            axes.set_ylim(top=1.02)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
