"""Feeds mutants of files of calls to the reader, and what is read to the writer and the fits.

Found is: anything raised but CallsError with a place and a remedy, a file that takes over five
seconds, calls out of order or with impossible times, a file that is not read back as it was
written. Usage: `fuzz_calls_csv.py --seconds 60 [--seed 1]`; what was found is printed with the seed
and number that repeat it.
"""

from __future__ import annotations

import gzip
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
from fuzz_seeds import fuzzed

from simulator.calibration.fitted import calibrated
from simulator.calibration.scenario_part import part_text
from simulator.errors import CallsError
from simulator.records.csv_calls import read_csv, read_text
from simulator.records.csv_written import write_csv
from simulator.records.formats import FORMATS
from simulator.records.parquet import read_calls
from simulator.records.recorded import RecordedCalls

SLOW_S = 5.0
DATED = """\
date,arrival_s,ingress,site,service,agent,priority,wait_s,outcome,talk_s,acw_s,caller
2026-03-02,28800,lisbon,porto,sales,anna,0,0,served,120.5,10,1
2026-03-02,28801.25,lisbon,porto,sales,bert,1,12,served,60,0,2
2026-03-02,28900,lisbon,,sales,,0,30.5,abandoned,,,3
2026-03-03,100,faro,faro,sales,anna,0,3,served,1,,4
2026-03-03,100,faro,faro,support,anna,0,0,abandoned,,,5
"""
UNDATED = "arrival_s,wait_s,outcome,talk_s\n" + "".join(
    f"{n * 7},{n % 9},{'abandoned' if n % 9 == 8 else 'served'},{'' if n % 9 == 8 else 30 + n}\n"
    for n in range(60)
)
FREE = """\
date;arrive_s;skill;wait_s;outcome;service_s;server
2026-03-02;28800;sales;0;served;120;X
2026-03-02;28810;sales;5;served;10;Y
2026-03-03;28810;vip;50;abandoned;;Y
"""
CELLS = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1e400",
        "1e9",
        "99999999999999999999",
        "nan",
        "inf",
        "-inf",
        "1,5",
        "0x1f",
    ),
    *("12:00", "25:61", "2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "02/03/2026"),
    *("served", "SERVED", "lost", "\x00", "\ufeff", "\u202e", "é" * 50, '"', '""', '"a\nb"', "'"),
    *("=1+1", "٣", "1_000", "1 000", "+5", "5.", ".5", "1e-9", "86400", "86399.9999999", "x" * 500),
)
JOINTS = ("\n", "\r\n", "\r", "\n\n", ",", ";", "\t", "\x0b", "\x85", "\u2028", '"', " ", "\x1a")


class Finding(Exception):
    """Something that must not happen."""


class Fuzz:
    """One stream of dice."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.dice = random.Random(seed)
        self.folder = folder
        self.outcomes: Counter[str] = Counter()
        self.count = 0
        self.data = b""

    def step(self) -> None:
        """One file."""
        self.count += 1
        began_s = time.process_time()
        text = self.mutant()
        self.data = self.bytes_of(text)
        known = self.dice.choice((*FORMATS, "nirc"))
        path = self.folder / self.dice.choice(("calls.csv", "calls.csv.gz"))
        path.write_bytes(self.data)
        if self.dice.random() < 0.05:
            self.as_parquet(path)
        try:
            calls = read_csv(path, known)
        except CallsError as error:
            self.outcomes["refused"] += 1
            self.look(error)
        else:
            self.outcomes["accepted"] += 1
            self.accepted(calls)
        if time.process_time() - began_s > SLOW_S:
            raise Finding(f"took over {SLOW_S} s")

    def mutant(self) -> str:
        """A file with a few mistakes."""
        dice = self.dice
        text = dice.choice((DATED, DATED, UNDATED, FREE))
        rows = [line.split("," if ";" not in text else ";") for line in text.splitlines()]
        for _ in range(dice.choice((0, 1, 1, 2, 4))):
            row = dice.randrange(len(rows))
            kind = dice.random()
            if kind < 0.5 and rows[row]:
                rows[row][dice.randrange(len(rows[row]))] = dice.choice(CELLS)
            elif kind < 0.6:
                rows.insert(row, list(dice.choice(rows)))
            elif kind < 0.7 and len(rows) > 1:
                del rows[row]
            elif kind < 0.8:
                rows[row] = rows[row][:-1]
            elif kind < 0.9:
                column = dice.randrange(len(rows[0]) or 1)
                for one in rows:
                    del one[column : column + 1]
            else:
                dice.shuffle(rows)
        joint = "," if ";" not in text or dice.random() < 0.1 else ";"
        text = "\n".join(joint.join(row) for row in rows) + dice.choice(("\n", "\n", "", "\n\n\n"))
        if dice.random() < 0.2:
            at = dice.randrange(len(text) + 1)
            text = text[:at] + dice.choice(JOINTS) + text[at + dice.randrange(3) :]
        return text

    def bytes_of(self, text: str) -> bytes:
        """As they stand in a file, now and then in another coding, zipped, or cut."""
        dice = self.dice
        coding = dice.choice(("utf-8",) * 6 + ("utf-8-sig", "utf-16", "latin-1"))
        data = text.encode(coding, "replace")
        if dice.random() < 0.15:
            data = gzip.compress(data)
        if dice.random() < 0.1:
            data = data[: dice.randrange(len(data) + 1)]
        if data and dice.random() < 0.1:
            at = dice.randrange(len(data))
            data = data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        return data

    def as_parquet(self, path: Path) -> None:
        """The same file taken for a table of calls."""
        try:
            read_calls(path)
        except CallsError as error:
            self.look(error)
        else:
            raise Finding("was read as Parquet")

    def look(self, error: CallsError) -> None:
        """Does a person learn what to do."""
        if not (error.place and error.problem and error.remedy):
            raise Finding(f"{error} has no words") from error
        if "\n" in str(error) or len(str(error)) > 2_000:
            raise Finding(f"too much is told: {str(error)[:200]}") from error

    def accepted(self, calls: RecordedCalls) -> None:
        """Is it sound, does it come back, can it be fitted."""
        arrival_us = np.asarray(calls.arrival_us)
        if (np.diff(arrival_us) < 0).any() or (arrival_us < 0).any():
            raise Finding("calls are out of order")
        path = self.folder / "again.csv"
        write_csv(path, calls)
        again = read_text(path.read_text(encoding="utf-8"))
        if not np.array_equal(again.arrival_us, arrival_us):
            raise Finding("arrivals are not read back as they were written")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                part_text(calibrated(calls, interval_s=1800.0), "calls")
            except CallsError as error:
                self.look(error)
                self.outcomes["not fitted"] += 1


def run(seed: int, *, seconds: float = 0.0, texts: int = 0) -> Counter[str]:
    """Fuzz for a time or a number of files; how many of each outcome.

    Raises: whatever was found, with seed and number as a note.
    """
    with tempfile.TemporaryDirectory() as folder:
        fuzz = Fuzz(seed, Path(folder))
        end = time.monotonic() + seconds
        try:
            while fuzz.count < texts or time.monotonic() < end:
                fuzz.step()
        except Exception as error:
            error.add_note(f"seed {seed}, text {fuzz.count}: {fuzz.data[:2_000]!r}")
            raise
        return fuzz.outcomes


def main() -> int:
    """Fuzz with one seed after the other; 1 if something was found."""
    return fuzzed("fuzz_calls_csv", run, texts=300)


if __name__ == "__main__":
    sys.exit(main())
