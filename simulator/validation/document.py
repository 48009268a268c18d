"""The page that the study writes: every row with its value, its interval and its verdict.

Rule of this file: text from a finished study, nothing is reckoned anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from textwrap import fill

from simulator.validation.bank import BankMonth
from simulator.validation.bank_text import bank_text
from simulator.validation.judging import CHANCE_ALL, Judged, Kind
from simulator.validation.study import Study

WIDTH = 98
NAMES = {
    "abandonment": "gave up",
    "waiting_share": "waited",
    "asa_s": "mean wait, s",
    "asa_answered_s": "mean wait of answered, s",
    "asa_waiting_s": "mean wait of those who waited, s",
    "service_level": "answered within 20 s",
    "mean_queue": "mean queue",
    "occupancy": "occupancy",
    "blocking": "blocked",
    "moved_share": "moved",
    "lost_of_overflow": "lost, of those that overflow",
    "trunks_used": "trunks in use",
    "wait_p90_s": "90 % of waits below, s",
}
"What figures are called."
GROUPS = {
    "Theory": "Theory by itself: printed values, and two ways to one number. No engine.",
    "Erlang B": "Calls that find all lines busy are lost. The value holds for any handle time of "
    "the same mean.",
    "Erlang C": "All callers wait, nobody gives up.",
    "Erlang A": "Callers wait and give up after an exponential patience; light to overloaded.",
    "Published": "Printed in the literature, and the exact value beside it. The interval holds "
    "half a unit of the last printed digit, and the error of a printed simulation.",
    "Handle times": "Handle times that are not exponential.",
    "Two sites": "Calls that find no free agent may be moved on arrival, by a rule written as a "
    "routing policy and compiled into the engine, against the exact Markov chain of the rule.",
    "Loss with overflow": "Nobody waits: a call finds a free agent at home, or at the other site, "
    "or is lost. "
    "Some tables print the share lost of the calls that overflow (0.073103 for 8 Erl on 8 and 6): "
    "it is the share lost of all calls (0.017221) over the share that overflows (0.235570).",
    "Call by call": "Every call's wait and end, to the microsecond, against an independent program "
    "in plain Python.",
    "Laws": "What holds in every run, without tolerance.",
    "Common random numbers": "Two variants on the same callers. The ratio says how many times "
    "fewer runs a comparison needs.",
    "Engines": "The world engine, which runs the real router and site agents, against the "
    "compiled engine, call by call.",
}
"What each group is about, in their order on the page."

HEAD = """# Is the simulator right?

This page is written by `nirc-sim validate`: every row is a run of the compiled engine, or a
formula, against a value that is known. **{verdict}** Seed {seed}, commit `{commit}`, {calls}
million calls.

```console
$ nirc-sim validate --output docs/simulator_validation.md
```

makes it anew (`--quick` takes part of the rows with fewer calls, for a look in between; `--json`
is for programs). The same seed and commit give the same page.

## How to read it

- *known* is the value of theory or print, *found* what the engine gave, *interval* where the
  truth lies by what the engine gave. An engine whose figure were off by what stands under *shows*
  would fail that row in half of all runs.
- The intervals are wide on purpose. With {count} rows, one in twenty of ordinary 95 % intervals
  would miss by chance, and a miss would mean nothing. Each interval here has level 1 - {miss:.1e}
  (Student's t over batches), so that by Bonferroni's inequality **all rows together hold with a
  chance of at least {chance:.0f} % if the simulator is right**: one miss is a fault to be found. Of
  the rows with an engine and an interval, {sharp_1} would show an error of 1 %, {sharp_2} one of
  2 %.
- Estimates come from one long run, cut into batches after a warm-up that does not count; a batch
  lasts ten times as long as the system remembers, or longer. What the number of calls, their work
  and their patience happened to be in a batch is known, and its influence is taken off by
  regression (control variates).
- `equal` rows have no interval: the two numbers must be the same. `told` rows are approximations
  or reports, shown to be seen.
"""


def page(study: Study, *, commit: str, bank: BankMonth | None) -> str:
    """The whole page as Markdown."""
    ordered = sorted(study.rows, key=lambda judged: list(GROUPS).index(judged.row.group))
    parts = [_head(study, commit)]
    for group, rows in groupby(ordered, key=lambda judged: judged.row.group):
        parts.append(_table(group, list(rows)))
    if bank is not None:
        parts.append(bank_text(bank))
    return "\n".join(parts)


def _head(study: Study, commit: str) -> str:
    wrong = sum(1 for judged in study.rows if not judged.good)
    count = study.intervals_count
    sharp = [
        sum(
            1
            for j in study.rows
            if j.row.kind is Kind.INTERVAL and j.row.group != "Theory" and 0.0 < j.shows <= error
        )
        for error in (0.01, 0.02)
    ]
    asked = sum(1 for judged in study.rows if judged.row.kind is not Kind.TOLD)
    return HEAD.format(
        verdict=(
            f"All {asked} rows agree." if not wrong else f"{wrong} of {asked} rows do not agree."
        ),
        seed=study.seed,
        commit=commit,
        calls=f"{study.calls_count / 1e6:.0f}",
        count=count,
        miss=(1.0 - CHANCE_ALL) / max(count, 1),
        chance=100 * CHANCE_ALL,
        sharp_1=sharp[0],
        sharp_2=sharp[1],
    )


def _table(group: str, rows: list[Judged]) -> str:
    lines = [f"## {group}", "", fill(GROUPS[group], WIDTH), ""]
    lines += ["| system | figure | known | found | interval | shows | verdict |"]
    lines += ["|---|---|---|---|---|---|---|"]
    before = ""
    for judged in rows:
        row = judged.row
        name = row.what if row.what != before else ""
        before = row.what
        cells = (
            name,
            NAMES.get(row.figure, row.figure),
            number(row.known),
            number(row.found.value),
            _interval(judged),
            f"{100 * judged.shows:.2g} %" if row.kind is Kind.INTERVAL else "",
            verdict(judged),
        )
        lines.append(f"| {' | '.join(cells)} |")
    sources = "; ".join(dict.fromkeys(judged.row.source for judged in rows))
    lines += ["", fill(f"Known from: {sources}.", WIDTH), ""]
    return "\n".join(lines)


def _interval(judged: Judged) -> str:
    if judged.row.kind in {Kind.EQUAL, Kind.TOLD}:
        return str(judged.row.kind.value)
    if judged.row.kind is Kind.LEAST:
        return f"from {number(judged.low)}"
    return f"{number(judged.low)} to {number(judged.high)}"


def verdict(judged: Judged) -> str:
    """In one word or two."""
    if judged.row.kind is Kind.TOLD:
        return ""
    return "agrees" if judged.good else "**DOES NOT AGREE**"


def number(value: float) -> str:
    """Six digits, without an exponent where that is shorter.

    >>> number(0.0309122490), number(12345678.0), number(0.0)
    ('0.0309122', '12345678', '0')
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.6g}"


def summary(rows: Iterable[Judged]) -> list[tuple[str, int, int]]:
    """(group, rows, rows that do not agree), for a screen."""
    found: dict[str, list[int]] = {}
    for judged in rows:
        if judged.row.kind is Kind.TOLD:
            continue
        counts = found.setdefault(judged.row.group, [0, 0])
        counts[0] += 1
        counts[1] += not judged.good
    return [(group, found[group][0], found[group][1]) for group in GROUPS if group in found]
