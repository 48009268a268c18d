"""What a plan does not speak of is told: queues, the warm-up, groups that only moved calls use."""

from pathlib import Path

from sim_morning import MORNING

from simulator.measures.runs import RunMeasures
from simulator.measures.targets import Target
from simulator.model.network import NetworkModel
from simulator.scenarios.lowering import model_of
from simulator.studies.capacity_notes import plan_notes
from simulator.studies.cases import Case, case_of
from simulator.studies.run import Job, run_job

SCENARIO = """
apiVersion: nirc/v1
kind: Scenario
metadata: {name: mixed}
spec:
  duration_s: 1800
  interval_s: 300
  warm_up_s: 600
  policy: stay
  services: [{name: sales}, {name: billing}]
  sites:
    - name: a
      queues: [{name: sales}, {name: billing}]
      agents:
        - {group: s, count: 30, skills: {sales: 5}}
        - {group: b, count: 1, skills: {billing: 5}}
  patience: {sales: {exponential: {mean_s: 100}}, billing: {exponential: {mean_s: 100}}}
  ingresses:
    - {name: s, service: sales, entry_sites: [{site: a}]}
    - {name: b, service: billing, entry_sites: [{site: a}]}
  arrivals: [{ingress: s, per_s: 0.1}, {ingress: b, per_s: 0.02}]
"""
LEVEL = Target(figure="service_level_negative", value=0.8)


def measured(case: Case) -> tuple[NetworkModel, list[RunMeasures]]:
    [done] = run_job(Job(case=case, policies=("",), replication=0), lambda _: None)
    assert done.measures is not None
    return model_of(case.scenario), [done.measures]


def test_queues_that_a_site_hides(tmp_path: Path) -> None:
    file = tmp_path / "mixed.yaml"
    file.write_text(SCENARIO)
    model, runs = measured(case_of(str(file)))
    warm_up, queues = plan_notes(model, LEVEL, runs, sites=["a"], of_trunks=False, by_interval=True)
    assert warm_up.startswith("the first 10 min are not measured")
    assert queues.startswith("queues that miss the target with this plan: a billing ")
    assert "a sales" not in queues
    assert plan_notes(model, LEVEL, runs, sites=["b"], of_trunks=False, by_interval=False) == ()


def test_groups_where_only_moved_calls_arrive() -> None:
    model = model_of(case_of(MORNING).scenario)
    [note] = plan_notes(
        model,
        Target(figure="trunk_blocking", value=0.01),
        [],
        sites=["porto", "faro"],
        of_trunks=True,
        by_interval=False,
    )
    assert note.startswith("left as they are: porto network (60), faro network (40): only moved")
