"""Says what fits found, in a table and in plain words, above all what does not fit.

Rule of this file: every number is worked out elsewhere; here stand its name, its interval and what
follows for who uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from simulator.calibration.arrivals import ArrivalFit
from simulator.calibration.fitted import Calibration
from simulator.calibration.patience import PatienceFit
from simulator.calibration.times import FAR, TimesFit
from simulator.model.instants import US

Row = tuple[str, str, str]
"(what, number, interval)"
POISSON_P = 0.01
POISSON_FAR = 0.03
SHOWN_BURSTS = 12
STEPS_S = (10, 20, 30, 60, 120, 300, 600)
"Waits at which survival is told."


def rows(found: Calibration) -> Iterator[Row]:
    """The table."""
    yield "calls", f"{found.calls_count}", f"{found.days_count} days"
    gone = found.abandoned_count / found.calls_count
    yield "abandoned", f"{gone:.1%}", ""
    fit = found.arrivals
    for kind, mean in fit.calls_mean.items():
        wide = fit.calls_wide[kind]
        bounds = "one day alone" if wide is None else f"{mean - wide:.0f} to {mean + wide:.0f}"
        yield f"calls a day, {kind}", f"{mean:.0f}", bounds
    spread = fit.spread
    if spread.gamma_shape is not None:
        low = f"{spread.gamma_low:.0f}" if spread.gamma_low else "0"
        high = f"{spread.gamma_high:.0f}" if spread.gamma_high else "none"
        yield "busyness, gamma shape", f"{spread.gamma_shape:.1f}", f"{low} to {high}"
    for what, times in (("talk", found.talk), ("after-call work", found.acw)):
        if times is not None:
            yield from _times_rows(what, times)
    if found.patience is not None:
        yield from _patience_rows(found.patience)


def _times_rows(what: str, fit: TimesFit) -> Iterator[Row]:
    bounds = f"{fit.mean_low_s:.1f} to {fit.mean_high_s:.1f} s"
    yield f"{what}, mean", f"{fit.mean_s:.1f} s", bounds
    yield f"{what}, standard deviation", f"{fit.sd_s:.1f} s", ""
    yield f"{what}, median", f"{fit.median_s:.1f} s", ""
    for one in () if fit.constant else fit.forms:
        said = f"mean {one.mean_s:.1f} s, sd {one.sd_s:.1f} s"
        yield f"{what}, {one.form}", f"{one.ks:.3f}", f"{said}, AIC {one.aic:.0f}"


def _patience_rows(fit: PatienceFit) -> Iterator[Row]:
    bounds = f"{fit.mean_low_s:.0f} to {fit.mean_high_s:.0f} s"
    yield "patience, mean if exponential", f"{fit.mean_s:.0f} s", bounds
    low, high = fit.survival.interval()
    steps = [at_s for at_s in STEPS_S if (fit.survival.times_us <= at_s * US).any()]
    for at_s in steps:
        index = int((fit.survival.times_us <= at_s * US).sum()) - 1
        share = f"{fit.survival.survival[index]:.1%}"
        yield f"waits longer than {at_s} s", share, f"{low[index]:.1%} to {high[index]:.1%}"
    bounds = f"{fit.at_once_low:.1%} to {fit.at_once_high:.1%}"
    yield "hang up at once, if there is a queue", f"{fit.at_once_share:.1%}", bounds


def told(found: Calibration) -> tuple[str, ...]:
    """What fits, what does not, and what was left out."""
    return (
        *found.notes,
        *_bursts_told(found),
        *_arrivals_told(found.arrivals, found.dated),
        *_times_told("talk", found.talk),
        *(_times_told("after-call work", found.acw) if found.acw is not None else ()),
        *_patience_told(found.patience),
    )


def _bursts_told(found: Calibration) -> Iterator[str]:
    for burst in found.bursts[:SHOWN_BURSTS]:
        yield f"unlike other days: {burst.told}"
    if len(found.bursts) > SHOWN_BURSTS:
        yield f"and {len(found.bursts) - SHOWN_BURSTS} more quarters of an hour like that"
    if found.bursts:
        yield (
            "such stretches look like outages or mass calling: arrivals and patience were fitted"
            " without them unless you asked for them with --keep-bursts"
        )


def _arrivals_told(fit: ArrivalFit, dated: bool) -> Iterator[str]:
    spread = fit.spread
    few = [kind for kind, count in fit.days.items() if count < 4]
    if few:
        yield f"arrivals: fewer than four days of {', '.join(few)}: profiles are rough"
    if not dated:
        yield "arrivals: the record has no dates, so all days were taken as alike"
    if spread.dispersion_p is None:
        yield "arrivals: too few days to tell whether busy and calm days differ beyond chance"
    elif spread.gamma_shape is None:
        yield "arrivals: days differ by no more than chance (Poisson); no busyness factor is needed"
    else:
        yield (
            f"arrivals: days of a kind differ {spread.dispersion:.1f} times as much as Poisson"
            f" would: a busyness factor with a spread of {spread.gamma_shape**-0.5:.0%} stands for"
            " it; dates such as paydays and holidays are not told apart"
        )
    if fit.poisson_ks is None or fit.poisson_p is None:
        yield "arrivals: too few calls to hold them against Poisson within intervals"
        return
    fits = fit.poisson_p >= POISSON_P or fit.poisson_ks < POISSON_FAR
    said = "as Poisson arrivals do" if fits else "not as Poisson arrivals do: expect worse waits"
    yield (
        f"arrivals: within six minutes calls come {said} (distance {fit.poisson_ks:.3f} over"
        f" {fit.tested_count} gaps, p {fit.poisson_p:.2g})"
    )


def _times_told(what: str, fit: TimesFit | None) -> Iterator[str]:
    if fit is None:
        yield f"{what}: too few times are recorded, nothing was fitted"
        return
    if fit.constant:
        yield f"{what}: all alike, written as `constant`"
        return
    best, others = fit.best, fit.forms[1:]
    against = ", ".join(f"{one.form} {one.ks:.3f}" for one in others)
    yield (
        f"{what}: {best.form}, as it has the least Akaike criterion; distance from the record"
        f" {best.ks:.3f} (the others: {against})"
    )
    if best.ks > FAR:
        yield f"{what}: no form fits well; `empirical` with the record's own times is truer"
    if fit.short_apart:
        yield (
            f"{what}: {fit.short_share:.1%} last at most 10 s: told apart as a part of a mixture;"
            " often agents who hang up, worth looking at"
        )
    if fit.zero_count:
        yield f"{what}: {fit.zero_count} times of 0 s were left out"


def _patience_told(fit: PatienceFit | None) -> Iterator[str]:
    if fit is None:
        yield "patience: too few callers gave up waiting, nothing was fitted"
        return
    if fit.exponential:
        yield f"patience: exponential fits (farthest {fit.distance:.3f} from the survival)"
    else:
        yield (
            f"patience: not exponential (up to {fit.distance:.3f} from the survival): values of the"
            " survival itself are written instead"
        )
    if fit.at_once_count:
        yield (f"patience: {fit.at_once_count} who hung up at once count apart, as `balk_share`")


def numbers(found: Calibration) -> dict[str, Any]:
    """All fits for programs."""
    made = asdict(found)
    made["first_day"] = found.first_day.isoformat() if found.dated else None
    made["bursts"] = [
        {"told": one.told, "calls": one.calls, "usual": one.usual} for one in found.bursts
    ]
    if found.patience is not None:
        survival = found.patience.survival
        low, high = survival.interval()
        made["patience"] |= {
            "at_once_share": found.patience.at_once_share,
            "survival": [
                {"wait_s": float(t) / US, "share": float(s), "low": float(a), "high": float(b)}
                for t, s, a, b in zip(survival.times_us, survival.survival, low, high, strict=True)
            ],
        }
    return made | {"told": list(told(found))}
