"""Decides, from a seed alone, which calls the generated callers place and when.

Rule of this file: the same settings and seed give the same plan, byte for byte; no clock, no
sockets. Each cause has its own random stream, so that one more trunk group does not change
everybody's patience.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from site_agent.phones.attached_data import canonical


class ReferMode(Enum):
    """How a caller's side (the carrier) treats a REFER in the dialog."""

    ACCEPT = "accept"
    "202, places the new call, tells the outcome by NOTIFY."
    ACCEPT_WITHOUT_NOTIFY = "accept_without_notify"
    "202 and the new call, but no NOTIFY after the first."
    REFUSE = "refuse"
    "405: this trunk does not know the method."


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where callers ring: one trunk group of one site, and how its carrier behaves."""

    site: str
    trunk_group: str
    address: tuple[str, int]
    refer: ReferMode = ReferMode.ACCEPT
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan:
    """One call that will be placed."""

    number: int
    at_s: float
    "Seconds after the start of the load."
    door: Door
    dialed: str
    ani: str
    interaction_id: str
    "32 hex digits, sent as Session-ID (RFC 7989), or as the IVR's header."
    data: bytes = b""
    "Attached data as canonical JSON; not empty only for calls from the IVR."
    from_ivr: bool = False
    reaches: Mapping[str, tuple[str, int]] | None = None
    """The carrier's edge follows a 302 or REFER to telephone numbers alone: where those that begin
    so are; None: it follows any address."""
    patience_s: float = 60.0
    "How long the caller waits for an agent before hanging up."
    talk_s: float | None = None
    "After so long a talk the caller hangs up; None leaves it to the agent."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSettings:
    """What the generated calls are like."""

    calls: int
    over_s: float
    "The arrivals are spread over this many seconds (Poisson within)."
    doors: tuple[Door, ...]
    dialed: tuple[tuple[str, float], ...]
    "(number, weight)"
    ivr_share: float = 0.5
    talk_s: tuple[float, float] = (1.0, 4.0)
    patience_s: tuple[float, float] = (25.0, 60.0)
    impatient_share: float = 0.03
    impatient_s: tuple[float, float] = (0.3, 3.0)
    caller_ends_share: float = 0.3
    ani_prefix: str = field(default="+3519100")


_T = TypeVar("_T")
_NAMES = ("João", "Inês", "Zoë", "Łukasz", "Søren", "Ana Sofia", "O'Neil", 'Dr. "Z"')
_TOPICS = ("invoice", "new contract", "fault report", "moving house", "cancel", "à la carte")


def plan_calls(settings: LoadSettings, seed: int) -> tuple[CallPlan, ...]:
    """The whole load, sorted by time."""
    arrivals = _stream(seed, "arrivals")
    instants = sorted(arrivals.uniform(0.0, settings.over_s) for _ in range(settings.calls))
    streams = {
        cause: _stream(seed, cause)
        for cause in ("door", "number", "ivr", "data", "patience", "talk", "id")
    }
    return tuple(
        _call(number, at_s, settings, streams) for number, at_s in enumerate(instants, start=1)
    )


def _call(
    number: int, at_s: float, settings: LoadSettings, streams: dict[str, random.Random]
) -> CallPlan:
    door = _weighted(streams["door"], [(one, one.weight) for one in settings.doors])
    from_ivr = streams["ivr"].random() < settings.ivr_share
    data = _data(streams["data"], number)
    return CallPlan(
        number=number,
        at_s=at_s,
        door=door,
        dialed=_weighted(streams["number"], settings.dialed),
        ani=f"{settings.ani_prefix}{number:05d}",
        interaction_id=f"{streams['id'].getrandbits(128):032x}",
        data=data if from_ivr else b"",
        from_ivr=from_ivr,
        patience_s=_patience(streams["patience"], settings),
        talk_s=_talk(streams["talk"], settings),
    )


def _patience(stream: random.Random, settings: LoadSettings) -> float:
    impatient = stream.random() < settings.impatient_share
    return stream.uniform(*(settings.impatient_s if impatient else settings.patience_s))


def _talk(stream: random.Random, settings: LoadSettings) -> float | None:
    ends, talk_s = stream.random() < settings.caller_ends_share, stream.uniform(*settings.talk_s)
    return talk_s if ends else None


def _data(stream: random.Random, number: int) -> bytes:
    """What an IVR might collect: short and long texts, letters beyond ASCII, numbers, lists."""
    return canonical(
        {
            "customer": f"C{stream.randrange(10**6):06d}",
            "name": stream.choice(_NAMES),
            "topic": stream.choice(_TOPICS),
            "ivr_path": [str(stream.randrange(1, 10)) for _ in range(stream.randrange(1, 6))],
            "note": "x" * stream.randrange(0, 200),
            "verified": stream.random() < 0.5,
            "call": number,
        }
    )


def _weighted(stream: random.Random, choices: Sequence[tuple[_T, float]]) -> _T:
    return stream.choices([one for one, _ in choices], [weight for _, weight in choices])[0]


def _stream(seed: int, cause: str) -> random.Random:
    return random.Random(f"{seed}/{cause}")
