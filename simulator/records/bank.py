"""A month of a real bank's calls and a year of its arrivals, shipped as sample data.

Rule of this file: the files are read as they were prepared; what is changed is told in `notes`, and
ACKNOWLEDGEMENT goes wherever results from them are shown.

Quirks: 6.7 % of services last 1 to 10 s (agents hanging up); 1,972 of the 5,902 who abandoned did
so at once (wait 0), which is not patience; 97 who abandoned have a service time (passed over); in
491 served calls the agent is unknown; half hours such as 1999-02-03 13:00-13:30 look like an
outage (BURSTS): good to replay, bad to fit patience on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import as_file, files

import numpy as np

from simulator.model.calls import Whole
from simulator.model.instants import US
from simulator.records.csv_calls import read_csv
from simulator.records.formats import BANK
from simulator.records.recorded import DAY_US, UNKNOWN, RecordedCalls

ACKNOWLEDGEMENT = (
    "Data: a bank's call centre in Israel, 1999, prepared by A. Mandelbaum, A. Sakov and S. Zeltyn"
    " (Technion, Haifa); documentation by I. Guedj and A. Mandelbaum (2000)"
)
BANK_NAME = "bank"
"Word that names these calls where a file of calls is asked for."
CALLS_FILE = "bank_1999_02_calls.csv.gz"
ARRIVALS_FILE = "bank_1999_arrivals_6min.csv.gz"
FIRST_DAY = date(1999, 2, 1)
DAYS_COUNT = 28
KEY_CUSTOMERS = 2
"The bank's priority of customers who are placed KEY_AHEAD_US ahead in the queue."
KEY_AHEAD_US = 90 * US
SKILLS = {
    "PS": "regular activity",
    "NW": "prospective customers",
    "NE": "stock exchange",
    "TT": "calls back to customers who left a message",
    "IN": "internet support",
    "PE": "other language",
}
"What callers wanted, as the bank coded it."
SLOTS_A_DAY = 240
"Slots of six minutes in the year's arrivals."


def bank_calls(days: Sequence[int] | None = None) -> RecordedCalls:
    """The month, or some of its days (0 is Monday, 1 February), one after the other as recorded.

    The bank's priority becomes a head start: key customers rank as if they had come 90 s earlier.
    """
    with as_file(files("simulator.records") / "data" / CALLS_FILE) as path:
        read = read_csv(path, BANK)
    agents = np.asarray([-1 if name == "0" else i for i, name in enumerate(read.agents)])
    unknown = np.append(agents, UNKNOWN)[read.agent].astype(np.int32)
    ahead = np.where(read.priority == KEY_CUSTOMERS, KEY_AHEAD_US, 0).astype(np.int64)
    calls = replace(
        read,
        agent=unknown,
        ahead_us=ahead,
        priority=np.zeros_like(read.priority),
        source=ACKNOWLEDGEMENT,
        notes=(*read.notes, "key customers rank 90 s ahead; the bank gives them no other priority"),
    )
    if days is None:
        return calls
    return calls.chosen(np.isin(calls.day, np.asarray(days)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedArrivals:
    """Calls counted by slot of the day."""

    days: tuple[date, ...]
    counts: Whole
    "[day, slot]"

    @property
    def slot_us(self) -> int:
        """Length of a slot."""
        return int(DAY_US // self.counts.shape[1])


def bank_year() -> CountedArrivals:
    """Calls of the year 1999 by six minutes: 365 days of 240 slots."""
    with as_file(files("simulator.records") / "data" / ARRIVALS_FILE) as path:
        table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.str_)
    days = tuple(date.fromisoformat(str(text)) for text in table[::SLOTS_A_DAY, 0])
    counts = table[:, 2].astype(np.int64).reshape(len(days), SLOTS_A_DAY)
    return CountedArrivals(days=days, counts=counts)
