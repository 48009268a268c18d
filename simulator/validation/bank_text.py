"""The bank's month in words.

Rule of this file: figures side by side, and what the records do not say.
"""

from __future__ import annotations

from textwrap import fill

from simulator.records.bank import ACKNOWLEDGEMENT
from simulator.validation.bank import REPLICATIONS, BankMonth

WIDTH = 98
HEAD = """{calls:,} calls of {days} days. {acknowledgement}.
Arrivals, work and head starts are those of the
records; nothing is fitted to the waits. Staff are the agents who are seen to serve: there from a
service to the next, away where none comes for longer than is written over the column. They take
the kinds of calls that they were seen to take. How long those callers would have waited who were
answered is drawn from the survival of patience, given the recorded wait (Kaplan and Meier 1958);
in the last column everybody's patience is exponential, 347 s on average. Means of {replications}
runs.
"""
TAIL = """There is no verdict here, because the records do not say what would be needed for one:

- **Simulated waits are too short in every column**, by a third even where an agent counts as away
  after two minutes without a call. How long a gap counts as presence moves the mean wait most of
  what was tried, and does not close the difference. What the rest is has not been found out.
- **Who was ready is not recorded.** An agent between two services may have been ready, on a break,
  or at other work. The records have no sign-in times.
- **After-call work is not recorded**; it stands in the gaps between services, where the simulated
  agent is ready. In 491 served calls the agent is unknown, so staff are missing where they served.
- 1,972 callers hung up in the second in which they asked for an agent. They are taken as callers
  who hang up when no agent is ready; simulated, some of them find one and are answered.
- Times are whole seconds, and 6.7 % of services last ten seconds or less (agents hanging up).
- Bursts such as 3 February from 13:00 to 13:30 look like an outage. They are in, because they
  were.
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
    return "\n".join([*lines, "", TAIL])


def _cell(value: float, share: bool) -> str:
    return f"{100 * value:.1f} %" if share else f"{value:.1f}"
