"""How a benchmark reports a figure: one JSON line on standard output.

`tests/benchmarks/run.py` reads these lines; whatever else a benchmark prints is shown as it is.
"""

import json
import sys
from typing import Literal

Better = Literal["higher", "lower"]


def report(name: str, value: float, unit: str, goal: float, better: Better) -> None:
    """Report one figure; `name` is in the benchmark's NAMES, `goal` in the same unit."""
    entry = {"name": name, "value": value, "unit": unit, "goal": goal, "better": better}
    sys.stdout.write(json.dumps({"bench": entry}) + "\n")
    sys.stdout.flush()
