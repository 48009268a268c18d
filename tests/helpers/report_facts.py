"""Facts for tests of reports: a minute of a call centre in few words."""

from dataclasses import replace
from itertools import count
from typing import Any

from nrcli.reports.facts import ChannelUse, End, Facts, Spell, Stay, Work
from nrcli.reports.periods import US, Every, Periods, instant_of, periods
from nrcli.reports.places import By, Place
from nrcli.reports.report import Question, counted, report

ZONE = "Europe/Lisbon"
TEN = instant_of("2026-11-23T10:00", ZONE)
"Ten o'clock of the day that all examples are of."
_numbers = count(1)


def at(seconds: float) -> int:
    """So long after ten."""
    return TEN + round(seconds * US)


def stay(end: End, came_s: float = 0.0, waited_s: float = 0.0, **more: Any) -> Stay:
    """A caller who came into the queue `sales` of Lisbon."""
    number = f"{next(_numbers)}"
    plain: dict[str, Any] = {
        "interaction_id": f"i{number}",
        "leg_id": f"leg{number}",
        "site": "lisbon",
        "queue": "sales",
        "service": "sales",
        "tenant": "default",
        "trunk_group": "carrier",
    }
    return Stay(
        end=end,
        offered_us=at(came_s),
        decided_us=at(came_s + waited_s),
        waited_us=round(waited_s * US),
        **plain | more,
    )


def moved(came_s: float, left_s: float, end: End, ended_s: float, **more: Any) -> tuple[Stay, Stay]:
    """A caller who came in at Lisbon, left it for Porto, and what became of them there."""
    out = stay(End.MOVED_OUT, came_s, left_s - came_s, target_site="porto", path="lisbon-porto")
    token = f"token-of-{out.leg_id}"
    there = stay(end, left_s, ended_s - left_s, site="porto", moved_in=True, token=token, **more)
    there = replace(
        there, interaction_id=out.interaction_id, waited_us=at(ended_s) - out.offered_us,
        entry_site="lisbon",
    )  # fmt: skip
    return replace(out, left_token=token), there


def work(
    ended_s: float, talk_s: float = 0.0, hold_s: float = 0.0, acw_s: float = 0.0, **more: Any
) -> Work:
    """Anna's part in a call."""
    plain: dict[str, Any] = {
        "interaction_id": f"i{next(_numbers)}",
        "site": "lisbon",
        "agent": "anna",
        "answered": True,
        "queue": "sales",
        "service": "sales",
        "tenant": "default",
        "trunk_group": "carrier",
    }
    return Work(
        ended_us=at(ended_s),
        talked_us=round(talk_s * US),
        held_us=round(hold_s * US),
        acw_us=round(acw_s * US),
        **plain | more,
    )


def spell(state: str, began_s: float, lasted_s: float, **more: Any) -> Spell:
    """Anna's time in one state."""
    plain: dict[str, Any] = {"site": "lisbon", "agent": "anna", "tenant": "default"}
    return Spell(state=state, began_us=at(began_s), lasted_us=round(lasted_s * US), **plain | more)


def channel(began_s: float, ended_s: float) -> ChannelUse:
    """A channel of Lisbon's carrier."""
    return ChannelUse(
        site="lisbon", trunk_group="carrier", began_us=at(began_s), ended_us=at(ended_s)
    )


def quarters(hours: float = 1.0) -> Periods:
    """Quarters of an hour from ten on."""
    return periods(TEN, at(3600 * hours), Every.QUARTER, ZONE)


def whole(hours: float = 1.0) -> Periods:
    """One interval from ten on."""
    return periods(TEN, at(3600 * hours), Every.WHOLE, ZONE)


def figures(
    facts: Facts, by: By = By.SITE, place: Place = ("lisbon",), **asked: Any
) -> dict[str, float | None]:
    """The figures of one place over all intervals."""
    question = Question(**({"by": by, "periods": whole()} | asked))
    found = report(facts, question)
    row = next(row for row in found.totals if row.place == place)
    return dict(zip((one.name for one in found.figures), row.values, strict=True))


def counts(facts: Facts, by: By = By.SITE, **asked: Any) -> dict[tuple[Place, int], dict[str, int]]:
    """What was counted and is not 0, by place and interval."""
    question = Question(**({"by": by, "periods": whole()} | asked))
    table = counted(facts, question)
    return {
        key: {name: value for name, value in tally.told().items() if value}
        for key, tally in sorted(table.cells.items())
    }
