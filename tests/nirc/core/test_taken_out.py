"""An operator takes an entry out: its own site ends it, and nobody else is offered it meanwhile."""

from __future__ import annotations

from playbook import Playbook
from router_network import FakeSite, documents, leading, policy_text, report

from nirc.core.actions import EntryTold
from nirc.core.events import LeadershipLost, SiteLinkDown, TakeEntryOut
from nrcli.wire import messages as msg

ANYWHERE = "{name: anywhere, select: longest_available, action: route}"


def waiting(**fields: object) -> tuple[Playbook, FakeSite, FakeSite]:
    """A caller of lisbon in the network queue; nobody is ready."""
    faro, lisbon = FakeSite("faro"), FakeSite("lisbon")
    more = {"RoutingPolicy/default": policy_text(ANYWHERE, otherwise="network_queue")}
    book = leading(faro, lisbon, docs=documents(["faro", "lisbon"], more=more))
    lisbon.wait("old", 50.0, **fields)
    report(book, lisbon)
    return book, faro, lisbon


def take_out(book: Playbook, entry: str) -> EntryTold:
    book.event(TakeEntryOut(id="q1", entry_id=entry, author="ana", reason="test call"))
    (told,) = [one for one in book.left if isinstance(one, EntryTold)]
    return told


def entry_of(book: Playbook) -> str:
    (entry,) = book.router.view(book.now_s).network_queue
    return entry.entry_id


def test_the_site_is_told_who_and_why_and_nobody_is_offered_the_call() -> None:
    book, faro, _ = waiting()
    entry = entry_of(book)
    told = take_out(book, entry)
    assert (told.problem, told.site, told.kind) == (None, "lisbon", "call")
    ((site, word),) = book.messages(msg.RouteAnswer)
    assert (site, word.entry_id, word.taken_out, word.token) == ("lisbon", entry, True, "")
    assert word.reason == "ana: test call" and word.outcome is msg.RouteOutcome.STAY
    faro.agents["katia"] = (msg.AgentState.READY, book.now_s)
    report(book, faro)
    assert not list(book.messages(msg.Reserve))


def test_what_is_not_there_or_not_ours_to_take_is_told() -> None:
    book, _, _ = waiting()
    entry = entry_of(book)
    unknown = take_out(book, "no-such")
    assert unknown.problem is not None and unknown.problem[0] == "unknown"
    book.event(SiteLinkDown(site="lisbon", reason="gone"))
    away = take_out(book, entry)
    assert away.problem is not None and away.problem[0] == "away"
    assert not list(book.messages(msg.RouteAnswer))


def test_only_the_leader_takes_anybody_out() -> None:
    book, _, _ = waiting()
    entry = entry_of(book)
    book.event(LeadershipLost(domain="default", reason="lease"))
    told = take_out(book, entry)
    assert told.problem is not None and told.problem[0] == "elsewhere"


def test_who_is_being_called_back_is_left_alone() -> None:
    book, _, _ = waiting(callback_state="dialing")
    told = take_out(book, entry_of(book))
    assert told.problem is not None and told.problem[0] == "busy" and told.kind == "callback"
