"""Who may be promised to be called back."""

from __future__ import annotations

import json

import pytest

from site_agent.core.callback import Callback
from site_agent.core.callback_book import CallbackBook
from site_agent.core.callback_settings import CallbackSettings
from site_agent.core.calls import Call
from site_agent.core.outbox import Outbox
from site_agent.core.site_documents import SiteDocuments

NUMBER = "+351911111111"
TENANT = """apiVersion: nirc/v1
kind: Tenant
metadata: {name: default}
spec:
  lists:
    - {name: regulars, numbers: ["+3519222*", "+4910"], needs_verified: false}
    - {name: nuisance, numbers: ["+351933333333"], blocked: true}
"""


def book(**rules: object) -> CallbackBook:
    documents = SiteDocuments("lisbon", Outbox(), 0.0)
    documents.stored(json.dumps({"Tenant/default": TENANT}).encode())
    settings = CallbackSettings(allowed_list="regulars", **rules)  # type: ignore[arg-type]
    return CallbackBook(settings, documents, lambda *_: None, lambda *_: None)


def call(ani: str = NUMBER, *, verified: bool = True, withheld: bool = False) -> Call:
    made = Call(call_id="c1", interaction_id="i", service="s", queue="q", offered_at_s=0.0)
    made.ani, made.verified, made.withheld = ani, verified, withheld
    return made


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (call(), ""),
        (call("+351922211111", verified=False), ""),
        (call(verified=False), "nobody vouches"),
        (call(withheld=True), "withheld"),
        (call("911111111"), "no number"),
        (call("anna"), "no number"),
        (call("+351933333333"), "blocked"),
        (call("+351760123456"), "is dear"),
        (call("+35112345678901"), "is unknown"),
        (call("+351210000000"), "dials no such"),
    ],
)
def test_only_numbers_that_are_vouched_for_or_listed_and_cost_nothing_extra(
    given: Call, words: str
) -> None:
    found = book(denied=("+35121",)).refuses(given, given.ani)
    assert words in found and bool(words) == bool(found)


def test_another_number_than_that_of_the_call_must_be_listed() -> None:
    assert "vouches" in book().refuses(call(), "+351914444444")
    assert book().refuses(call(), "+351922244444") == ""


def test_one_promise_per_number_and_so_many_at_most() -> None:
    kept = book(entries_max=2)
    kept.add(Callback("e1", NUMBER, 0.0))
    assert "already" in kept.refuses(call(), NUMBER)
    kept.add(Callback("e2", "+351912222222", 0.0))
    assert "2 callers" in kept.refuses(call("+351913333333"), "+351913333333")
    found = kept.get("e1")
    assert found is not None
    kept.drop(found)
    assert kept.refuses(call(), NUMBER) == "" and len(kept) == 1
