"""Random streams: one for each cause, all from one seed.

Rule of this file: nothing else in the simulator makes dice. What one cause draws never moves
another's numbers, so that a change of one input leaves the other chances as they were (common
random numbers).
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


def stream(seed: int, *cause: str | int) -> np.random.Generator:
    """The stream of a cause, such as `stream(7, "patience", "lisbon-sales", day)`: a PCG64 DXSM
    generator (O'Neill 2014; numpy's recommended successor of PCG64) started from 128 bits that are
    a hash of seed and cause."""
    text = "\x1f".join(map(str, (seed, *cause)))
    key = int.from_bytes(blake2b(text.encode("utf-8"), digest_size=16).digest(), "little")
    return np.random.Generator(np.random.PCG64DXSM(key))
