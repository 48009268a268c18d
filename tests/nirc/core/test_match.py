"""Who of the network queue is offered which agent; what failed costs nobody their place."""

from __future__ import annotations

import pytest
from playbook import Playbook
from router_network import EPOCH, FakeSite, ask, documents, join, leading, policy_text, report

from nirc.core.actions import RecordDecision
from nirc.core.events import CampaignWon, LeadershipLost, SiteLinkDown, SiteLinkUp, SiteSaid
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg
from routing_policies.document import NetworkDocuments

ANYWHERE = "{name: anywhere, select: longest_available, action: route}"


def docs(rules: str = ANYWHERE, otherwise: str = "network_queue") -> NetworkDocuments:
    more = {"RoutingPolicy/default": policy_text(rules, otherwise=otherwise)}
    return documents(["faro", "lisbon", "porto"], more=more)


def three(**settings: int) -> tuple[Playbook, FakeSite, FakeSite, FakeSite]:
    """Nobody is ready; lisbon and porto have callers in the network queue."""
    faro, lisbon, porto = FakeSite("faro"), FakeSite("lisbon"), FakeSite("porto")
    given = RouterSettings(**settings)  # type: ignore[arg-type]
    book = leading(faro, lisbon, porto, docs=docs(), settings=given)
    lisbon.wait("old", 50.0)
    porto.wait("new", 80.0)
    report(book, lisbon)
    report(book, porto)
    return book, faro, lisbon, porto


def gets_ready(book: Playbook, site: FakeSite, *agents: str) -> None:
    for agent in agents:
        site.agents[agent] = (msg.AgentState.READY, book.now_s)
    report(book, site)


def reserved(book: Playbook) -> list[tuple[str, str, str]]:
    """(target, agent, interaction) of what was asked in this turn."""
    return [(s, m.agent, m.interaction_id) for s, m in book.messages(msg.Reserve)]


def grant(book: Playbook, site: FakeSite) -> msg.RouteAnswer:
    """The target grants what it was asked; the answer to the origin."""
    (message,) = [m for s, m in book.messages(msg.Reserve) if s == site.name]
    for said in site.hear(message, book.now_s):
        book.event(SiteSaid(site=site.name, message=said))
    ((_, answer),) = book.messages(msg.RouteAnswer)
    return answer


def refuse(
    book: Playbook, site: str, reason: msg.ReserveRefusal = msg.ReserveRefusal.NO_AGENT
) -> None:
    (message,) = [m for s, m in book.messages(msg.Reserve) if s == site]
    said = msg.ReserveRefused(
        domain="default", epoch=EPOCH, request_id=message.request_id, reason=reason
    )
    book.event(SiteSaid(site=site, message=said))


def test_a_call_that_finds_nobody_becomes_an_entry() -> None:
    book = leading(FakeSite("faro"), FakeSite("lisbon"), docs=docs())
    book.event(SiteSaid(site="lisbon", message=ask("r1")))
    answer = book.sent("lisbon", msg.RouteAnswer)
    assert (answer.outcome, answer.entry_id) == (msg.RouteOutcome.NETWORK_QUEUE, "r1")


def test_a_call_that_nobody_grants_becomes_an_entry_too() -> None:
    book = leading(FakeSite("faro", {"ana": 1.0}), FakeSite("lisbon"), docs=docs())
    book.event(SiteSaid(site="lisbon", message=ask("r1")))
    refuse(book, "faro")
    assert book.sent("lisbon", msg.RouteAnswer).outcome is msg.RouteOutcome.NETWORK_QUEUE


def test_the_agent_who_gets_ready_is_offered_to_the_longest_waiting_alone() -> None:
    book, faro, *_ = three()
    gets_ready(book, faro, "ana")
    assert reserved(book) == [("faro", "ana", "i-old")]
    answer = grant(book, faro)
    assert (answer.outcome, answer.entry_id) == (msg.RouteOutcome.MOVE, "old")
    assert (answer.target_site, answer.agent, bool(answer.token)) == ("faro", "ana", True)
    assert answer.request_id != "old", "a question of its own"


def test_two_agents_take_two_callers() -> None:
    book, faro, *_ = three()
    gets_ready(book, faro, "ana", "bia")
    assert [interaction for _, _, interaction in reserved(book)] == ["i-old", "i-new"]


def test_an_entry_that_comes_is_offered_an_agent_who_is_ready() -> None:
    faro, lisbon = FakeSite("faro", {"ana": 1.0}), FakeSite("lisbon")
    book = leading(faro, lisbon, docs=docs())
    lisbon.wait("a", 90.0)
    report(book, lisbon)
    assert reserved(book) == [("faro", "ana", "i-a")]


def test_while_one_target_is_asked_no_other_is() -> None:
    book, faro, _, porto = three()
    gets_ready(book, faro, "ana")
    gets_ready(book, porto, "diogo")
    assert reserved(book) == [], "old is with faro; new waits at porto itself"
    book.wait_until(book.now_s + 0.5)
    assert reserved(book) == []


def test_a_refusal_rests_the_queue_until_its_site_reports_and_keeps_the_rank() -> None:
    book, faro, *_ = three()
    gets_ready(book, faro, "ana")
    refuse(book, "faro")
    assert not list(book.messages(msg.RouteAnswer)), "an entry hears nothing of what failed"
    book.wait_until(book.now_s + 0.6)
    assert reserved(book) == []
    gets_ready(book, faro, "ana")
    assert reserved(book) == [("faro", "ana", "i-old")]


def test_a_call_that_a_site_will_not_have_lets_the_next_one_go() -> None:
    book, faro, *_ = three()
    gets_ready(book, faro, "ana")
    refuse(book, "faro", msg.ReserveRefusal.HOP_BUDGET)
    report(book, faro)
    assert reserved(book) == [("faro", "ana", "i-new")]


def test_a_silent_target_is_given_up_and_the_record_says_so() -> None:
    book, faro, *_ = three()
    gets_ready(book, faro, "ana")
    book.wait_until(book.now_s + 0.7)
    book.sent("faro", msg.Release)
    record = book.take(RecordDecision).record
    assert record.outcome == "network_queue" and record.refusals == ("faro silent",)
    assert not list(book.messages(msg.RouteAnswer))


def test_a_failed_move_frees_the_entry_for_other_sites() -> None:
    book, faro, _, porto = three()
    gets_ready(book, faro, "ana")
    answer = grant(book, faro)
    book.event(
        SiteSaid(
            site="lisbon",
            message=msg.TransferOutcome(
                domain="default", request_id=answer.request_id, token=answer.token,
                target_site="faro", method=None, outcome=msg.MoveOutcome.TIMEOUT,
            ),
        )
    )  # fmt: skip
    porto.waiting.clear()
    report(book, porto)
    faro.held.clear()
    gets_ready(book, faro, "ana")
    assert reserved(book) == [], "faro not again so soon"
    gets_ready(book, porto, "diogo")
    assert reserved(book) == [("porto", "diogo", "i-old")]


def test_an_entry_that_is_gone_gives_its_target_back() -> None:
    book, faro, lisbon, _ = three()
    gets_ready(book, faro, "ana")
    lisbon.waiting.clear()
    report(book, lisbon)
    book.sent("faro", msg.Release)
    gets_ready(book, faro, "ana")
    assert reserved(book) == [("faro", "ana", "i-new")]


def test_the_origin_withdraws_before_its_state_says_so() -> None:
    book, faro, *_ = three()
    gets_ready(book, faro, "ana")
    cancel = msg.RouteRequestCancel(request_id="old", reason="own agent")
    book.event(SiteSaid(site="lisbon", message=cancel))
    book.sent("faro", msg.Release)
    gets_ready(book, faro, "ana")
    assert reserved(book) == [("faro", "ana", "i-new")]


def test_only_its_own_site_withdraws_an_entry() -> None:
    book, faro, *_ = three()
    gets_ready(book, faro, "ana")
    cancel = msg.RouteRequestCancel(request_id="old", reason="mischief")
    book.event(SiteSaid(site="porto", message=cancel))
    assert not list(book.messages(msg.Release))


def test_the_origins_own_question_takes_the_place_of_an_offer() -> None:
    book, faro, *_ = three()
    gets_ready(book, faro, "ana")
    book.event(SiteSaid(site="lisbon", message=ask("r2", entry_id="old")))
    book.sent("faro", msg.Release)
    assert [m.request_id for _, m in book.messages(msg.Reserve)] == ["r2"]
    refuse(book, "faro")
    answer = book.sent("lisbon", msg.RouteAnswer)
    assert (answer.outcome, answer.entry_id) == (msg.RouteOutcome.NETWORK_QUEUE, "old")


def test_a_node_that_does_not_lead_knows_all_entries_and_offers_none() -> None:
    book, faro, *_ = three()
    book.event(LeadershipLost(domain="default", reason="x"))
    gets_ready(book, faro, "ana")
    book.wait_until(book.now_s + 0.5)
    assert reserved(book) == []
    assert len(book.router.view(book.now_s).network_queue) == 2


def test_a_new_leader_goes_on_with_the_queue_as_soon_as_sites_obey_it() -> None:
    book, faro, lisbon, porto = three()
    book.event(LeadershipLost(domain="default", reason="x"))
    gets_ready(book, faro, "ana")
    epoch = msg.Epoch(generation=1, revision=11)
    won = CampaignWon(domain="default", epoch=epoch, sent_at_s=book.now_s, ttl_s=100.0)
    book.event(won)
    for site in (faro, porto, lisbon):
        site.highest = epoch
        ack = msg.LeadingAck(domain="default", epoch=epoch)
        book.event(SiteSaid(site=site.name, message=ack))
    book.wait_until(book.now_s + 0.3)
    assert reserved(book) == [("faro", "ana", "i-old")]


def test_who_cannot_be_reached_is_not_waited_for() -> None:
    book, faro, lisbon, _ = three()
    book.event(SiteLinkDown(site="lisbon", reason="cut"))
    gets_ready(book, faro, "ana")
    assert reserved(book) == [("faro", "ana", "i-new")]
    faro.agents.clear()
    report(book, faro)
    join(book, lisbon)
    gets_ready(book, faro, "bia")
    assert reserved(book) == [("faro", "bia", "i-old")]


def test_what_a_policy_demands_less_of_as_time_passes_is_found_by_looking_again() -> None:
    late = "{name: late, select: longest_available, when: call.waited_s > 60, action: route}"
    faro, lisbon = FakeSite("faro", {"ana": 1.0}), FakeSite("lisbon")
    book = leading(faro, lisbon, docs=docs(late))
    lisbon.wait("a", 40.5)
    report(book, lisbon)
    assert reserved(book) == []
    book.wait_until(101.0)
    assert reserved(book) == [("faro", "ana", "i-a")]


@pytest.mark.parametrize("most", [1, 5])
def test_work_for_one_report_is_bounded(most: int) -> None:
    never = "{name: no, select: longest_available, when: call.waited_s > 9000, action: route}"
    faro, lisbon = FakeSite("faro"), FakeSite("lisbon")
    given = RouterSettings(match_asked_max=most)
    book = leading(faro, lisbon, docs=docs(never), settings=given)
    for number in range(40):
        lisbon.wait(f"e{number}", 50.0 + number)
    report(book, lisbon)

    def asked() -> int:
        return book.router.view(book.now_s).counters["network_queue.asked"]

    before = asked()
    gets_ready(book, faro, "ana")
    assert asked() - before <= most


def test_a_group_that_may_not_have_the_agent_does_not_bar_the_others() -> None:
    porto_only = (
        "{name: porto-only, select: longest_available, when: 'origin.site == \"porto\"',"
        " action: route}"
    )
    faro, lisbon, porto = FakeSite("faro"), FakeSite("lisbon"), FakeSite("porto")
    given = RouterSettings(match_asked_max=3)
    book = leading(faro, lisbon, porto, docs=docs(porto_only), settings=given)
    for number in range(40):
        lisbon.wait(f"e{number}", 10.0 + number)
    porto.wait("late", 90.0)
    report(book, lisbon)
    report(book, porto)
    gets_ready(book, faro, "ana")
    assert reserved(book) == [("faro", "ana", "i-late")]


def test_a_site_of_the_version_before_is_answered_as_before() -> None:
    faro, lisbon = FakeSite("faro"), FakeSite("lisbon")
    book = leading(faro, docs=docs())
    hello = msg.Hello(site="lisbon", incarnation=1, version_newest=2)
    book.event(SiteLinkUp(site="lisbon", hello=hello))
    for _, message in list(book.messages(msg.Leading)):
        for said in lisbon.hear(message, book.now_s):
            book.event(SiteSaid(site="lisbon", message=said))
    report(book, lisbon)
    book.event(SiteSaid(site="lisbon", message=ask("r1")))
    answer = book.sent("lisbon", msg.RouteAnswer)
    assert answer.outcome is msg.RouteOutcome.STAY and "older version" in answer.reason


def test_a_full_queue_leaves_the_call_at_home() -> None:
    book, *_ = three(queue_entries_max=2)
    book.event(SiteSaid(site="lisbon", message=ask("r1")))
    answer = book.sent("lisbon", msg.RouteAnswer)
    assert answer.outcome is msg.RouteOutcome.STAY and "full" in answer.reason
    assert answer.entry_id == ""
