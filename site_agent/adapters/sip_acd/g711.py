"""G.711 encoding in both laws, and the built-in melody. Pure; no tables from elsewhere.

Rule of this file: samples are 16-bit signed at 8 kHz; encoding follows ITU-T G.711.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

_ULAW_BIAS, _ULAW_CLIP = 132, 32635
_CHORDS = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))
_CHORD_S = 1.5


def ulaw(samples: Iterable[int]) -> bytes:
    """Encode in mu-law."""
    return bytes(_ulaw(sample) for sample in samples)


def alaw(samples: Iterable[int]) -> bytes:
    """Encode in A-law."""
    return bytes(_alaw(sample) for sample in samples)


@cache
def _ulaw(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    level = min(abs(sample), _ULAW_CLIP) + _ULAW_BIAS
    segment = level.bit_length() - 8
    return ~(sign | (segment << 4) | ((level >> (segment + 3)) & 0x0F)) & 0xFF


@cache
def _alaw(sample: int) -> int:
    sign = 0x80 if sample >= 0 else 0
    level = min(abs(sample) if sample >= 0 else -sample - 1, 32767) >> 3
    segment = max(0, level.bit_length() - 5)
    shift = max(1, segment)
    return (sign | (segment << 4) | ((level >> shift) & 0x0F)) ^ 0x55


@cache
def melody() -> list[int]:
    """Six seconds of soft chords that follow one another without a gap."""
    samples: list[int] = []
    for chord in _CHORDS:
        count = int(_CHORD_S * 8000)
        for index in range(count):
            swell = math.sin(math.pi * index / count) * 0.8 + 0.2
            wave = sum(math.sin(2 * math.pi * tone * index / 8000) for tone in chord)
            samples.append(int(2200 * swell * wave))
    return samples
