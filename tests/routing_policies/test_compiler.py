"""A compiled policy never raises, remembers only what it must, and gives each verdict its own."""

from random import Random

from policy_network import HOME, NOW_S, Network, Ready, policy, route

from routing_policies import columns as c
from routing_policies.assembly import default_policy
from routing_policies.model import Memory


def test_the_default_serves_at_home_then_lends_then_moves_to_a_shorter_wait() -> None:
    tried, network = default_policy(), Network().put(HOME, Ready("h")).put("a", waiting=1)
    network.put("b", Ready("x"))
    assert network.decide(tried).rule == "own-agent"
    verdict = network.put(HOME, waiting=20).decide(tried)
    assert (verdict.rule, verdict.selection) == ("idle-elsewhere", "longest_available")
    assert network.agents(verdict) == ["b/x"]
    verdict = network.put("b", waiting=9).decide(tried)
    assert (verdict.rule, network.sites(verdict)) == ("least-delay", ["a", "b"])
    verdict = network.put("a", open=0).put("b", open=0).decide(tried)
    assert verdict.action == "queue_at_origin"
    assert network.lost(verdict) == {"a": "closed", "b": "closed"}


def test_with_and_without_reasons_the_same_is_decided() -> None:
    tried, network = default_policy(), Network().put("a", waiting=1).put("b", open=0)
    told, untold = network.decide(tried), network.decide(tried, reasons=False)
    assert told.ranked == untold.ranked
    assert (told.rule, told.rule_index) == (untold.rule, untold.rule_index) == ("least-delay", 2)
    assert [one.rule for one in told.lost] == [2]
    assert (untold.lost, untold.tried) == ([], [])


def test_a_call_whose_own_queue_is_not_known_is_nobodys() -> None:
    network = Network().put("a", waiting=3)
    assert network.decide(default_policy(), origin=0).rule == "least-delay"


def test_a_verdict_is_not_touched_by_the_next() -> None:
    tried, network = route("longest_available"), Network().put("a", Ready("x")).put("b")
    first = network.decide(tried)
    kept = (list(first.ranked), list(first.lost), list(first.tried))
    network.put("a").put("b", Ready("y")).put("d", Ready("z"))
    network.decide(tried)
    assert (first.ranked, first.lost, first.tried) == kept


def test_what_cannot_happen_takes_otherwise_and_is_marked() -> None:
    tried = policy(
        "- {name: a, action: route, select: longest_available}",
        otherwise="{action: announce, announcement: sorry}",
    )
    network = Network().put("a", Ready("x"))
    del network.columns.queues[c.Q_LENDABLE][:]
    for reasons in (True, False):
        verdict = network.decide(tried, reasons=reasons)
        assert (verdict.action, verdict.announcement) == ("announce", "sorry")
        assert (verdict.rule, verdict.ranked) == ("otherwise", [])
        assert verdict.failed == "IndexError: list index out of range"
    assert network.decide(policy("- {name: a, action: queue_at_origin}")).failed == ""


def test_memory_is_made_to_fit_and_a_copy_leaves_it_alone() -> None:
    tried, network = route("rotary"), Network().put("a").put("b")
    live = network.memory
    network.memory = live.copy()
    network.decide(tried)
    assert (live.kept, live.row_kept) == ([], [])
    assert network.memory.kept == [1.0]
    assert len(network.memory.row_kept[0]) == len(network.columns.site)
    network.put("d")
    assert network.sites(network.decide(tried))[0] == "b"


def test_a_replay_from_a_copy_of_the_memory_says_the_same() -> None:
    tried = route("{by: proportional, shares: {a: 0.3, b: 0.7}}")
    network = Network().put("a").put("b")
    for _ in range(7):
        network.decide(tried)
    before = network.memory.copy()
    said = [network.sites(network.decide(tried)) for _ in range(5)]
    network.memory = Memory(before.kept, before.row_kept)
    assert [network.sites(network.decide(tried)) for _ in range(5)] == said


def test_what_the_code_looks_at_is_known_once_it_is_written() -> None:
    tried = route("cost", "when: origin.aht_s > 3")
    assert tried.reads_exactly is None
    tried.prepare()
    reads = tried.reads_exactly
    assert reads is not None and not reads.agents and not reads.ani
    assert {c.Q_OPEN, c.Q_AHT_S, c.Q_PLACES_FREE} <= set(reads.queues)
    skilled = route("highest_skill", 'when: call.ani == "112"')
    skilled.prepare()
    assert skilled.reads_exactly is not None
    assert skilled.reads_exactly.agents and skilled.reads_exactly.ani


def test_what_a_record_should_keep() -> None:
    tried = route("cost", "candidates: queue.oldest_wait_s < 9, loan: {max_loan: 3}")
    assert {c.Q_OLDEST_AT, c.Q_LOANS, c.Q_WAITING} <= set(tried.read_columns)
    assert tried.rule_names == ("rule",)
    assert (tried.name, tried.version) == ("tried", 7)


def test_more_candidates_than_before_and_fewer() -> None:
    tried, network = default_policy(), Network()
    for number in range(50):
        network.put(f"s{number:02}", waiting=number)
    assert len(network.decide(tried).ranked) == 8
    small = Network().put("a", waiting=0)
    verdict = small.decide(tried, now_s=NOW_S + 1)
    assert (len(verdict.ranked), verdict.lost) == (1, [])


STRUCTURE = (c.Q_SITE, c.Q_QUEUE, c.Q_FIRST_READY)
ODD = (float("nan"), float("inf"), float("-inf"), 0.0, -1.0, 1e308, -0.0, 1.0)
EVERYTHING = """
- name: first
  hysteresis: {value: "origin.ewt_s / origin.occupancy", on_above: 9, off_below: 2}
  when: network.ewt_s > 5
  action: announce
  announcement: x
- name: second
  action: route
  candidates: queue.ewt_high_s * queue.occupancy < 90 and agent.occupancy < 0.5
  select: {agents_wait: {by: longest_available, measure: average}, calls_wait: cost}
- {name: third, action: route, select: {by: proportional, weight: queue.aht_s}}
- {name: fourth, action: route, select: {by: preferred_site, site: a}, min_gain_s: 5}
- {name: fifth, action: route, select: service_level_risk, min_gain_s: 5}
- {name: sixth, action: route, select: rotary}
"""


def test_whatever_the_numbers_are_something_is_decided() -> None:
    """Sites without data, zeros, infinities: nothing raises."""
    chance = Random(7)
    tried, network = policy(EVERYTHING), Network()
    for site in "abcde":
        network.put(site, Ready("x"), Ready("y"))
    seen = set()
    for _ in range(3000):
        for number, column in enumerate(network.columns.queues):
            if number not in STRUCTURE and chance.random() < 0.3:
                column[chance.randrange(len(column))] = chance.choice(ODD)
        agent = chance.choice(network.columns.agents[c.A_LEVEL : c.A_OCCUPIED_S + 1])
        agent[chance.randrange(len(agent))] = chance.choice(ODD)
        verdict = network.decide(tried, waited_s=chance.choice(ODD))
        assert verdict.failed == ""
        seen.add(verdict.rule)
    assert seen > {"first", "otherwise"}


def test_the_deepest_expressions_compile() -> None:
    """What the language allows is never too much for Python's own compiler."""
    deep = "queue.ewt_s > 5"
    for _ in range(12):
        deep = f"(not ({deep}))"
    long = " or ".join(f"queue.waiting_count > {n}" for n in range(40))
    steps = ", ".join(f"{{after_s: {n}, candidates: '{long}'}}" for n in range(1, 21))
    rules = [
        f"- {{name: r{n}, action: route, select: rotary, candidates: '{deep}', steps: [{steps}]}}"
        for n in range(2)
    ]
    tried = policy("\n".join(rules))
    tried.prepare()
    assert Network().put("a", staffed=0).decide(tried).rule == "otherwise"
