"""A suspended place is barred, unless it is the last that could serve the call."""

from __future__ import annotations

from dataclasses import replace

from nirc.core.agent_table import AgentTable
from nirc.core.alarms import Alarms
from nirc.core.black_holes import BlackHoles
from nirc.core.hole_bars import bar, spared
from nirc.core.hole_places import QUEUE, way_key
from nirc.core.leadership import Leadership
from nirc.core.paths import Ladder
from nirc.core.promises import Promises
from nirc.core.queue_table import QueueTable
from nirc.core.settings import RouterSettings
from nirc.core.statistics import Statistics
from nirc.core.suspension import TALK, Phase, Suspension
from nirc.core.ways import Ways, ways_of
from nrcli.wire.messages import Rung, TransferMethod
from routing_policies import reasons

SETTINGS = RouterSettings()
WAYS = (way_key("porto", "refer", "refer"), way_key("porto", "bridge", "bridge"))
METHODS = (TransferMethod.REFER, TransferMethod.BRIDGE)
RUNGS = tuple(
    Rung(method=one, path=one.value, arrives_on="network", origin_channels=needed)
    for needed, one in enumerate(METHODS)
)
LADDER = Ladder(rungs=RUNGS, methods=METHODS, claims=(), expires_s=5.0, place_only=False)
SITES = ("porto", "faro", "braga")


def holes(*places: tuple[str, str, str]) -> BlackHoles:
    table, alarms = QueueTable(), Alarms(SETTINGS)
    made = BlackHoles(
        settings=SETTINGS,
        table=table,
        agents=AgentTable(table, Promises()),
        leadership=Leadership("n1", SETTINGS, alarms),
        alarms=alarms,
        statistics=Statistics(),
    )
    for place in places:
        made.standing[place] = Suspension(SETTINGS)
        made.standing[place].suspend(TALK, f"bad {place[1]}", 100.0)
    return made


def ways() -> Ways:
    return ways_of([1, 2, 3], list(SITES), ["sales"] * 3, [LADDER] * 3, 3)


def barred(found: BlackHoles, *, at_home: bool = False, before: float = 0.0) -> list[float]:
    """Reasons by site; `before`: why the sites after the first are barred anyway."""
    reasons_of, told = [0.0, before, before], dict[int, str]()
    bar(found, ways(), reasons_of, told, served_at_home=at_home, counted=True, now_s=101.0)
    assert set(told) == {k + 1 for k, one in enumerate(reasons_of) if one == reasons.SUSPENDED}
    return reasons_of


def test_a_suspended_queue_is_barred_and_the_reason_told() -> None:
    found, told, reasons_of = holes((QUEUE, "porto", "sales")), dict[int, str](), [0.0] * 3
    bar(found, ways(), reasons_of, told, served_at_home=False, counted=False, now_s=101.0)
    assert reasons_of == [reasons.SUSPENDED, 0.0, 0.0] and told == {1: "suspended: bad porto"}


def test_the_last_way_is_not_barred_unless_home_serves() -> None:
    place = (QUEUE, "porto", "sales")
    assert barred(holes(place), before=reasons.NO_PATH)[0] == 0.0
    assert barred(holes(place), before=reasons.NO_PATH, at_home=True)[0] == reasons.SUSPENDED


def test_of_several_the_least_harmful_is_left() -> None:
    found = holes(*((QUEUE, site, "sales") for site in SITES))
    found.standing[QUEUE, "porto", "sales"].probes_failed_count = 2
    found.standing[QUEUE, "faro", "sales"].probes_failed_count = 1
    assert barred(found) == [reasons.SUSPENDED, reasons.SUSPENDED, 0.0]
    found.standing[QUEUE, "porto", "sales"].phase = Phase.RETURNING
    assert barred(found)[0] == 0.0


def test_a_redirect_does_not_lead_there_either() -> None:
    found = holes((QUEUE, "faro", "sales"))
    assert barred(found, before=reasons.NAMED_ONLY)[1] == reasons.SUSPENDED


def test_paths_bar_only_where_all_of_them_are_suspended() -> None:
    refer, bridge = WAYS
    assert barred(holes(refer))[0] == 0.0
    assert barred(holes(refer, bridge))[0] == reasons.SUSPENDED


def test_a_suspended_rung_is_left_out_while_another_is_there() -> None:
    refer, bridge = WAYS
    left = spared(holes(refer), LADDER, "porto", 101.0)
    assert left == replace(LADDER, rungs=RUNGS[1:], methods=METHODS[1:], origin_channels=1)
    assert spared(holes(refer, bridge), LADDER, "porto", 101.0) is LADDER
    assert spared(holes(refer), LADDER, "faro", 101.0) is LADDER


def test_only_real_calls_bring_a_probe_nearer() -> None:
    found = holes((QUEUE, "porto", "sales"))
    one = found.standing[QUEUE, "porto", "sales"]
    for counted in (False, True):
        for _ in range(10):
            told: dict[int, str] = {}
            bar(found, ways(), [0.0] * 3, told, served_at_home=True, counted=counted, now_s=101.0)
        assert one.admits(200.0) is counted
