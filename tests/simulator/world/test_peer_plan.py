"""Plans of fault cases are drawn by chances of their own, and sites go by them without NIRC."""

from dataclasses import replace

from simulator.model.outcomes import MoveEnd
from simulator.world.dice import Dice
from simulator.world.drawn_case import drawn_case
from simulator.world.engine import WorldEngine, WorldRun
from simulator.world.fault_case import FaultCase, SiteCase, case_of
from simulator.world.peer_plan import drawn_away, drawn_plan, plan_model
from simulator.world.shrinking import PLAIN_POLICY

PLAN = {
    "by": "hand",
    "methods": ["bridge"],
    "calls_max": 10,
    "calls_per_minute_max": 60,
    "set_up_p99_s": 0.5,
    "leaderless_s": 1.0,
}
START_UNIX_S = 1_767_603_540.0


def case_with(plan: dict[str, object] | None, *faults: dict[str, object]) -> FaultCase:
    """Lisbon has callers and one agent, Porto has five; the node is killed for the whole time."""
    away = {"kind": "node", "from_s": 0.01, "lasts_s": 90.0, "node": 0}
    return FaultCase(
        seed=7,
        for_s=20.0,
        nodes=1,
        sites=(
            SiteCase(name="lisbon", agents=1, per_s=1.0, methods=("bridge",), set_up_s=0.1),
            SiteCase(name="porto", agents=5, per_s=0.0, methods=("bridge",), set_up_s=0.1),
        ),
        policy=PLAIN_POLICY,
        faults=(away, *faults),
        peer_plan=plan,
    )


def run(case: FaultCase) -> tuple[WorldRun, int]:
    """The run, and how many callers arrived elsewhere."""
    model = case.model()
    made = WorldEngine(seed=case.seed).start(model)
    parts = [made.feed(case.table(), model.duration_us), made.finish()]
    assert made.problems == ()
    return made, sum(int((part.moves["ended"] == MoveEnd.ARRIVED).sum()) for part in parts)


def kinds(made: WorldRun, kind: str) -> list[dict[str, object]]:
    assert made.world.watch is not None
    return [dict(line.fields) for line in made.world.watch.lines if line.kind == kind]


def test_without_nirc_callers_go_to_peers_by_the_plan_alone() -> None:
    made, arrived = run(case_with(PLAN))
    assert arrived > 5
    assert {"tier": 2} in kinds(made, "tier")
    assert run(case_with(None))[1] == 0


def test_a_302_and_its_way_home() -> None:
    made, arrived = run(case_with(PLAN | {"methods": ["redirect_302"], "calls_max": 1}))
    assert arrived > 0
    verdicts = {line["verdict"] for line in kinds(made, "call_arriving")}
    assert {"accepted", "refused", "returned"} <= verdicts


def test_nirc_carries_it_and_a_restarted_site_has_it() -> None:
    restart = {"kind": "agent", "from_s": 8.0, "lasts_s": 0.5, "site": "lisbon", "way": ""}
    case = case_with(PLAN | {"by": "link"}, restart)
    late = replace(
        case, faults=tuple({**one, "from_s": one["from_s"] + 2.0} for one in case.faults)
    )
    made, arrived = run(late)
    assert arrived > 3
    assert all(site.disk.peer_plan for site in made.world.sites)


def test_it_is_over_when_it_says() -> None:
    made, arrived = run(case_with(PLAN | {"ends_s": 0.1}))
    assert arrived == 0
    assert {"tier": 2} not in kinds(made, "tier")


def test_a_newer_plan_is_laid_at_one_site_after_another() -> None:
    made, _ = run(case_with(PLAN | {"newer_s": 19.0}))
    assert all('"serial": 2' in site.disk.peer_plan for site in made.world.sites)
    model = plan_model(("lisbon", "porto"), "sales", PLAN | {"newer_s": 4.0}, START_UNIX_S)
    assert model is not None
    assert [(at_us, site) for at_us, site, _ in model.laid] == [(4_000_000, 0), (5_500_000, 1)]
    assert plan_model(("lisbon",), "sales", None, START_UNIX_S) is None


def test_about_a_third_have_one_and_nothing_else_is_moved() -> None:
    cases = [drawn_case(seed, 5.0) for seed in range(1, 121)]
    planned = [case for case in cases if case.peer_plan is not None]
    assert 20 < len(planned) < 60
    assert all(case.faults for case in planned)
    assert {case.peer_plan["by"] for case in planned if case.peer_plan} == {"hand", "link"}
    dice, other = Dice(9), Dice(9)
    drawn_plan(dice, 5.0)
    drawn_away(dice, 5.0)
    assert dice.share("sites") == other.share("sites")


def test_a_case_with_a_plan_survives_its_file() -> None:
    case = next(one for one in (drawn_case(s, 5.0) for s in range(1, 99)) if one.peer_plan)
    assert case_of(case.to_json(), "here") == case
