"""How calls get to a site: doors, lost sites, moves that come back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sim_models

from simulator.compiled.engine import CompiledEngine
from simulator.model.calls import calls_table
from simulator.model.instants import US
from simulator.model.network import FaultModel, NetworkModel, QueueModel, TrunkModel
from simulator.model.outcomes import MoveEnd, Outcome


def results(model: NetworkModel, **columns: Any) -> tuple[Any, Any, Any]:
    calls = calls_table(**{name: np.array(value) for name, value in columns.items()})
    run = CompiledEngine().start(model, interpreted=True)
    parts = (run.feed(calls, model.duration_us), run.finish())
    outcomes = np.concatenate([one.outcomes for one in parts])
    order = np.lexsort((outcomes["attempt"], outcomes["number"]))
    return outcomes[order], np.concatenate([one.moves for one in parts]), run


def with_site(model: NetworkModel, s: int, **changes: Any) -> NetworkModel:
    sites = list(model.sites)
    sites[s] = replace(sites[s], **changes)
    return replace(model, sites=tuple(sites))


def test_a_full_trunk_group_and_a_full_queue_give_a_busy_tone() -> None:
    model = sim_models.network((1,), policy=sim_models.STAY)
    queue, trunk = QueueModel(name="sales", places_max=1), TrunkModel(name="t", channels_max=3)
    full = with_site(model, 0, queues=(queue,))
    outcomes, _, _ = results(full, arrival_us=[0, 1, 2], talk_us=[10 * US] * 3)
    assert outcomes["outcome"].tolist() == [1, 1, Outcome.NO_PLACE]
    narrow = with_site(model, 0, trunks=(trunk,))
    outcomes, _, run = results(narrow, arrival_us=[0, 1, 2, 3], talk_us=[10 * US] * 4)
    assert outcomes["outcome"].tolist() == [1, 1, 1, Outcome.NO_CHANNEL]
    assert run.sums.blocked.sum() == 1


def test_a_caller_balks_and_redials() -> None:
    model = sim_models.network((1,), policy=sim_models.STAY)
    outcomes, _, _ = results(
        model,
        arrival_us=[0, 1],
        talk_us=[10 * US] * 2,
        balks=[0, 1],
        redials_max=[0, 1],
        redial_after_us=[0, 20 * US],
    )
    assert outcomes["outcome"].tolist() == [1, Outcome.BALKED, 1]
    assert outcomes["attempt"].tolist() == [0, 0, 1]
    assert outcomes["arrival_us"].tolist() == [0, 1, 20 * US + 1]


@pytest.mark.parametrize(("luck", "ended"), [(0.1, Outcome.SITE_LOST), (0.9, Outcome.ANSWERED)])
def test_callers_of_a_lost_site_are_lost_or_try_the_next(luck: float, ended: Outcome) -> None:
    fault = FaultModel(kind="site", window=(10 * US, 60 * US), site=0)
    model = sim_models.network((1, 1), policy=sim_models.STAY, faults=(fault,))
    ingress = replace(
        model.ingresses[0], entries=((0, 0), (1, 0)), switch_over_us=5 * US, lost_share=0.5
    )
    model = replace(model, ingresses=(ingress,))
    outcomes, _, _ = results(
        model,
        arrival_us=[0, 11 * US, 20 * US],
        talk_us=[100 * US, US, US],
        luck=[0.0, luck, 0.0],
    )
    assert outcomes["outcome"].tolist() == [Outcome.SITE_LOST, ended, Outcome.ANSWERED]
    assert outcomes["ended_us"][0] == 10 * US
    assert outcomes["row"][2] == 1


def test_a_move_to_a_full_trunk_group_comes_back() -> None:
    model = sim_models.network((1, 2), ideal=True)
    trunks = (
        TrunkModel(name="carrier", channels_max=9),
        TrunkModel(name="network", channels_max=1, kind="network"),
    )
    model = with_site(model, 1, trunks=trunks)
    own = replace(model.ingresses[1], entries=((1, 1),))
    model = replace(model, ingresses=(model.ingresses[0], own))
    outcomes, moves, _ = results(
        model,
        arrival_us=[0, US, US + US // 2],
        ingress=[0, 0, 1],
        talk_us=[30 * US, 10 * US, 10 * US],
    )
    assert moves["ended"].tolist()[0] == MoveEnd.RETURNED
    assert (outcomes["outcome"] == Outcome.ANSWERED).all()
    assert outcomes["refused"][1] >= 1


def test_who_gives_up_on_the_way_frees_the_agent() -> None:
    model = sim_models.network((1, 1), ideal=True, set_up_us=3 * US)
    outcomes, moves, run = results(
        model, arrival_us=[0, 1], talk_us=[30 * US] * 2, patience_us=[60 * US, 2 * US]
    )
    assert outcomes["outcome"].tolist() == [Outcome.ANSWERED, Outcome.ABANDONED]
    assert outcomes["held_us"][1] == 2 * US
    assert moves["ended"].tolist() == [MoveEnd.CALLER_GONE]
    assert run.counters["standing"] == 0


def test_channels_at_home_by_method() -> None:
    used = {}
    for method in ("redirect_302", "refer", "bridge"):
        model = sim_models.network((1, 1), ideal=True)
        queue = QueueModel(name="sales", answer_after_us=0 if method == "refer" else 1 << 62)
        moves = tuple(
            replace(one, method=method, channels_us=2 * US, origin_channels=1)
            for one in model.moves
        )
        model = with_site(
            replace(model, moves=moves, documents=_documents(method)), 0, queues=(queue,)
        )
        _, _, run = results(model, arrival_us=[0, 0], talk_us=[100 * US, 20 * US])
        used[method] = int(run.sums.trunks_us[:, 0].sum()) - 100 * US
    assert used == {"redirect_302": 0, "refer": 3 * US, "bridge": 2 * 21 * US}


def _documents(method: str) -> Any:
    texts = {
        "NetworkService/sales": "kind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales, aht_s: 180}\n",
        "RoutingPolicy/default": sim_models.SHORTEST,
    }
    for name in sim_models.NAMES[:2]:
        texts[f"Site/{name}"] = f"kind: Site\nmetadata: {{name: {name}}}\n"
        for group in ("carrier", "network"):
            texts[f"Path/{name}-{group}"] = (
                f"kind: Path\nmetadata: {{name: {name}-{group}}}\n"
                f"spec: {{from_site: {name}, trunk_group: {group}, to_site: '*', "
                f"methods: [{method}], arrives_on: network, "
                "set_up_p99_s: 1, proven: true, follows_contacts: true}\n"
            )
    documents = {key: (sim_models.HEAD + text, 1) for key, text in texts.items()}
    return sim_models.assemble(documents, 1)
