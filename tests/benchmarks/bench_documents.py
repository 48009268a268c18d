"""Measures how fast routing policies are loaded: from YAML to a policy that may decide.

    make bench ONLY=policies_loaded_per_s

A network of 1,000 policies, all different, of five rules and two tests each, is joined in one go on
one core; then once more with one of them changed. A policy writes and compiles its function at its
first decision: that is not among these figures.
"""

from __future__ import annotations

from time import thread_time

from bench_report import report

from routing_policies.assembly import assemble
from routing_policies.read_texts import ReadTexts

NAMES = ("policies_loaded_per_s", "policy_changed_ms")
POLICIES = 1_000
CHANGES = 20

POLICY = """apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {{name: policy-{number}}}
spec:
  description: Serve at home, then lend, then the shorter wait.
  rules:
    - {{name: own-agent, when: origin.free_count > 0, action: queue_at_origin}}
    - name: important
      when: call.priority >= {priority} and call.waited_s > {waited_s}
      select: longest_available
      action: route
    - name: idle-elsewhere
      when: origin.ewt_s > {ewt_s}
      candidates: queue.lendable_count > 1 and site.name != "faro"
      select: longest_available
      loan: {{max_loan: 5, min_reserve: 1}}
      action: route
    - name: less-wait
      when: origin.ewt_s > {ewt_s} * 2
      candidates: queue.ewt_s < {ewt_s} and queue.age_s < 10
      select: min_expected_delay
      adjust: 2
      min_gain_s: {gain_s}
      steps: [{{after_s: 60, min_gain_s: 5}}]
      action: route
    - {{name: full, when: origin.places_free_count < 2, select: min_expected_delay, action: route}}
  tests:
    - name: an own agent is ready
      call: {{origin: lisbon, waited_s: 5}}
      queues: [{{site: lisbon, queue: sales, agents: [{{agent: anna, ready_s: 10}}]}}]
      expect: {{action: queue_at_origin, rule: own-agent}}
    - name: porto has one
      call: {{origin: lisbon, waited_s: 5}}
      queues:
        - {{site: lisbon, queue: sales, waiting_count: 9, staffed_count: 3}}
        - {{site: porto, queue: sales, agents: [{{agent: bela, ready_s: 10}}, {{agent: ciro}}]}}
      expect: {{action: route, site: porto}}
"""
SITE = "apiVersion: nirc/v1\nkind: Site\nmetadata: {{name: {}}}\n"


def policy(number: int, gain_s: int = 5) -> str:
    """A policy like no other."""
    return POLICY.format(
        number=number,
        priority=number % 10,
        waited_s=number % 97,
        ewt_s=20 + number,
        gain_s=gain_s,
    )


def main() -> None:
    """Load all, then all again with one that changed."""
    texts = {f"Site/{name}": (SITE.format(name), 1) for name in ("lisbon", "porto", "faro")}
    texts |= {f"RoutingPolicy/policy-{i}": (policy(i), 1) for i in range(POLICIES)}
    assemble({"Site/faro": texts["Site/faro"]}, 1)
    read = ReadTexts()
    began = thread_time()
    documents = assemble(texts, 1, compiled_cache=read)
    took_s = thread_time() - began
    assert len(documents.policies) == POLICIES
    report(NAMES[0], POLICIES / took_s, "policies/s", 200.0, "higher")
    began = thread_time()
    for turn in range(CHANGES):
        texts[f"RoutingPolicy/policy-{turn}"] = (policy(turn, gain_s=turn + 6), turn + 2)
        assemble(texts, turn + 2, compiled_cache=read)
    report(NAMES[1], (thread_time() - began) / CHANGES * 1e3, "ms", 50.0, "lower")


if __name__ == "__main__":
    main()
