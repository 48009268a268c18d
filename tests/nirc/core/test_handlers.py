"""Policies send callers to handlers that are open, have room and are in reach; else they go on."""

from __future__ import annotations

import json

from playbook import Playbook
from router_network import FakeSite, documents, leading, policy_text

from nirc.core.actions import RecordDecision
from nirc.core.events import SiteLinkUp, SiteSaid
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nirc.core.site_documents import SiteDocumentSender
from nrcli.wire import messages as msg
from routing_policies.explain import explain
from routing_policies.handler_kinds import NO_HANDLER

TO_MAIL = "{name: mail, when: call.waited_s > 5, action: to_handler, handler: mail, reason: closed}"
WAYS = "[{trunk_group: carrier, methods: [refer, bridge]}]"
SITES = ("lisbon", "porto")


def book_of(rules: str = TO_MAIL, *, reads: bool = True, **spec: object) -> Playbook:
    words = "".join(f", {key}: {value}" for key, value in spec.items())
    docs = documents(
        SITES,
        more={
            "RoutingPolicy/default": policy_text(rules),
            "Handler/mail": "kind: Handler\nmetadata: {name: mail}\n"
            f'spec: {{uri: "sip:m@192.0.2.9", ways: {WAYS}{words}}}\n',
        },
    )
    sites = (FakeSite("lisbon"), FakeSite("porto"))
    book = leading(*sites, docs=docs)
    if reads:
        hello = msg.Hello(site="lisbon", incarnation=1, handlers=True)
        book.router._parts.active.handlers.link_up("lisbon", hello.handlers)
    return book


def asks(book: Playbook, request: str = "r1", **fields: object) -> msg.RouteAnswer:
    values: dict[str, object] = {
        "request_id": request,
        "interaction_id": f"i-{request}",
        "call_id": f"c-{request}",
        "service": "sales",
        "queue": "sales",
        "trunk_group": "carrier",
        "waited_s": 6.0,
        "answered": True,
    }
    message = msg.RouteRequest(**(values | fields))  # type: ignore[arg-type]
    book.event(SiteSaid(site="lisbon", message=message))
    return book.sent("lisbon", msg.RouteAnswer)


def outcome(book: Playbook, request: str, word: msg.MoveOutcome) -> None:
    book.event(
        SiteSaid(
            site="lisbon",
            message=msg.TransferOutcome(
                request_id=request,
                token="nirc-handler-x",
                target_site="handler:mail",
                method=msg.TransferMethod.REFER,
                outcome=word,
            ),
        )
    )


def why(book: Playbook) -> str:
    return dict(book.take(RecordDecision).record.rules)["mail"]


def test_a_caller_is_sent_there_and_the_record_says_so() -> None:
    book = book_of()
    answer = asks(book)
    assert (answer.outcome, answer.handler) == (msg.RouteOutcome.STAY, "mail")
    assert (answer.reject_reason, answer.target_site, answer.token) == ("closed", "", "")
    record = book.take(RecordDecision).record
    assert (record.outcome, record.handler) == ("to_handler", "mail")
    told = explain({"outcome": record.outcome, "handler": record.handler})
    assert "was sent to a handler (mail)" in told[0]
    assert asks(book, "r2", waited_s=1.0).handler == ""


def test_a_site_that_knows_no_handlers_is_told_of_none() -> None:
    book = book_of(reads=False)
    assert asks(book).handler == ""
    assert "knows no handlers yet" in why(book)


def test_a_caller_whom_the_site_can_send_to_none_goes_by_the_next_rule() -> None:
    book = book_of()
    assert asks(book, refused_targets=(NO_HANDLER,)).handler == ""
    assert "handler mail: lisbon can send this caller to none" in why(book)


def test_no_more_are_sent_than_fit_until_one_is_known_not_to_have_come() -> None:
    book = book_of(calls_max=1)
    assert asks(book, "r1").handler == "mail"
    assert asks(book, "r2").handler == ""
    assert "1 callers are there, at most 1 may" in why(book)
    outcome(book, "r1", msg.MoveOutcome.CALLER_GONE)
    assert asks(book, "r3").handler == "mail"
    outcome(book, "r3", msg.MoveOutcome.ARRIVED)
    assert asks(book, "r4").handler == ""
    book.now_s += 61.0
    assert book.router._parts.active.handlers.count("mail", book.now_s) == 0


def test_one_that_failed_a_caller_rests_and_is_not_offered_to_them_again() -> None:
    book = book_of()
    asks(book, "r1")
    outcome(book, "r1", msg.MoveOutcome.NO_ANSWER)
    assert asks(book, "r2").handler == ""
    assert "failed another caller just now" in why(book)
    assert asks(book, "r3", refused_targets=("handler:mail",)).handler == ""
    assert "failed this caller just now" in why(book)


def test_the_next_rule_decides_where_there_is_no_way_there() -> None:
    book = book_of(f"{TO_MAIL}, {{name: no, action: reject, reason: busy}}")
    answer = asks(book, trunk_group="pbx")
    assert answer.outcome is msg.RouteOutcome.REJECT
    assert "no way from lisbon trunk group pbx" in why(book)
    assert asks(book, "r2", answered=False).handler == "mail"


def test_handlers_are_sent_to_sites_that_read_them() -> None:
    docs = book_of().router._parts.active.documents
    assert docs is not None
    for reads in (True, False):
        out: list[object] = []
        parts = Router(node="n1", settings=RouterSettings(), new_id=lambda: "x")._parts
        sender = SiteDocumentSender(RouterSettings(), parts.alarms, lambda site, r=reads: r)
        sender.link_up("lisbon", docs, out)  # type: ignore[arg-type]
        told = json.loads(out[-1].message.documents)  # type: ignore[attr-defined]
        assert ("Handler/mail" in told) is reads


def test_a_links_greeting_tells_whether_a_site_reads_them() -> None:
    book = book_of(reads=False)
    hello = msg.Hello(site="lisbon", incarnation=2, handlers=True)
    book.event(SiteLinkUp(site="lisbon", hello=hello))
    assert book.router._parts.active.handlers.reads("lisbon")
