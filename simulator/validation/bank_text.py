"""The bank's month in words.

Rule of this file: figures side by side, and what the records do not say.
"""

from __future__ import annotations

from textwrap import fill

from simulator.records.bank import ACKNOWLEDGEMENT
from simulator.validation.bank import REPLICATIONS, BankMonth
from simulator.validation.bank_halves import GAP_S, Halves

WIDTH = 98
HEAD = """{calls:,} calls of {days} days. {acknowledgement}. Arrivals, work and head starts are
those of the records; in this table nothing is fitted to the waits. Staff are the agents who are
seen to serve: there from a service to the next, away where none comes for longer than is
written over the column. They take the kinds of calls that they were seen to take. How long
those callers would have waited who were answered is drawn from the survival of patience, given
the recorded wait (Kaplan and Meier 1958); in the last column everybody's patience is
exponential, 347 s on average. Means of {replications} runs.
"""
TAIL = """There is no verdict here, because the records do not say what would be needed for one:

- **Simulated waits are too short in every column**: not all agents between two services are ready.
  Even where an agent counts as away after two minutes, {called:.0f} of the {between:.0f} hours
  between two services passed while a call waited that the agent takes: whoever was there did not
  take it. Where a caller waited already as a service ended, the agent's next one began
  {next:.1f} s later on average ({count:,} services); the simulated agent begins at once.
- **Who was ready is not recorded**, nor is after-call work. The records have no sign-in times. In
  491 served calls the agent is unknown, so staff are missing where they served.
- 1,972 callers hung up in the second in which they asked for an agent. They are taken as callers
  who hang up when no agent is ready; simulated, some of them find one and are answered.
- Times are whole seconds, and 6.7 % of services last ten seconds or less (agents hanging up).
- Bursts such as 3 February from 13:00 to 13:30 look like an outage. They are in, because they
  were.

### One quantity calibrated, on other days
"""
HALVES = """What keeps agents from being ready is one number here: seconds after each service, added
to whatever the records have. It follows from every other day of the month alone, so that the mean
wait of the answered is that of these days: **{after} s** (agents away after {gap:g} min, callers'
patience as recorded). The other days have no part in it. It stands for all that the records do not
tell (after-call work, short breaks, agents who do other work), not for after-call work as measured.
"""
END = """The days to test have no part in the number. Still shorter than recorded is what those
wait who give up: calibrating the staff does nothing for what is assumed of patience.
"""


def bank_text(month: BankMonth) -> str:
    """The section of the page."""
    names = list(month.rows[0].simulated)
    head = HEAD.format(
        calls=month.calls_count,
        days=month.days_count,
        acknowledgement=ACKNOWLEDGEMENT,
        replications=REPLICATIONS,
    )
    lines = [
        "## A real month",
        "",
        fill(head, WIDTH),
        "",
        f"| figure | recorded | {' | '.join(names)} |",
        "|---|---|" + "---|" * len(names),
    ]
    for row in month.rows:
        share = row.recorded < 1.0
        recorded = "" if row.figure == "agent hours" else _cell(row.recorded, share)
        cells = [_cell(row.simulated[name], share) for name in names]
        lines.append(f"| {row.figure} | {recorded} | {' | '.join(cells)} |")
    gaps = month.gaps
    tail = TAIL.format(
        called=gaps.called_h, between=gaps.between_h, next=gaps.next_mean_s, count=gaps.next_count
    )
    return "\n".join([*lines, "", tail, *_halves(month.halves)])


def _halves(found: Halves) -> list[str]:
    text = HALVES.format(after=found.after_s, gap=GAP_S / 60)
    head = f"| figure | recorded | simulated, 0 s | simulated, {found.after_s} s |"
    lines = [fill(text, WIDTH), ""]
    for name, rows in (("Days to learn from", found.learnt), ("Days to test", found.tested)):
        lines += [f"{name}:", "", head, "|---|---|---|---|"]
        for row in rows:
            share = row.recorded < 1.0
            cells = [_cell(value, share) for value in (row.recorded, row.before, row.after)]
            lines.append(f"| {row.figure} | {' | '.join(cells)} |")
        lines.append("")
    return [*lines, fill(END, WIDTH), ""]


def _cell(value: float, share: bool) -> str:
    return f"{100 * value:.1f} %" if share else f"{value:.1f}"
