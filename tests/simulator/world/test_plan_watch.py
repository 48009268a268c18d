"""What sites do by the plan is judged by what happened."""

from types import SimpleNamespace
from typing import Any

from simulator.model.network import PeerPlanModel
from simulator.model.peer_plan_text import PlanWords, plan_text
from simulator.world.plan_watch import PlanWatch
from site_agent.core.return_ramp import fraction_of

TEXT = plan_text(
    ("lisbon", "porto"),
    {"sales": ("sales", ("lisbon", "porto"))},
    PlanWords(calls_max=1, calls_per_minute_max=2),
    0.0,
)


class World:
    """A clock, two sites, and what was told."""

    def __init__(self) -> None:
        self.at_s = 100.0
        self.told: list[str] = []
        self.sites = [SimpleNamespace(name=name, life=1) for name in ("lisbon", "porto")]

    def now_s(self) -> float:
        return self.at_s

    def problem(self, text: str) -> None:
        self.told.append(text)


def made() -> tuple[Any, PlanWatch]:
    world: Any = World()
    return world, PlanWatch(world, PeerPlanModel(text=TEXT))


def leg(*, over: bool = False) -> Any:
    return SimpleNamespace(site=1, over=over)


def test_more_calls_than_the_plan_says_are_told() -> None:
    world, watch = made()
    watch.taken(leg(over=True))
    watch.taken(leg())
    assert world.told == []
    world.at_s += 61.0
    watch.taken(leg(over=True))
    assert world.told == []
    watch.taken(leg())
    assert world.told == ["peer plan: porto has 2 calls at once, 2 in a minute; it takes 1 and 2"]


def test_a_new_process_counts_anew() -> None:
    world, watch = made()
    watch.taken(leg())
    world.sites[1].life = 2
    watch.taken(leg())
    assert world.told == []


def test_who_asks_before_their_turn_is_told() -> None:
    world, watch = made()
    site, name = world.sites[0], "7.0"
    watch.tier(site, 0)
    watch.asked(site, name)
    watch.tier(site, 2)
    world.at_s += 100.0
    watch.tier(site, 0)
    world.at_s += 5.0 * fraction_of(name) - 0.1
    watch.asked(site, name)
    assert len(world.told) == 1
    assert world.told[0].startswith("peer plan: lisbon asks about 7.0 0.1")
    world.at_s += 0.2
    watch.asked(site, name)
    assert len(world.told) == 1


def test_no_turns_after_a_change_of_leader() -> None:
    world, watch = made()
    for tier in (0, 1, 0):
        watch.tier(world.sites[0], tier)
    watch.asked(world.sites[0], "1.0")
    assert world.told == []
