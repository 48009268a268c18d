"""Names stand where they mean something; others are answered with the nearest."""

import pytest

from routing_policies.expression_names import (
    SCOPES_AT,
    Scope,
    emits_at,
    entry_at,
    nearest_calendar,
    wrong_function,
    wrong_name,
    wrong_word,
)
from routing_policies.vocabulary import SCOPES, VOCABULARY


@pytest.mark.parametrize(
    ("name", "scope", "told"),
    [
        ("queue.waiting", Scope.CANDIDATES, "did you mean queue.waiting_count?"),
        ("queue.Ewt_s", Scope.CANDIDATES, "did you mean queue.ewt_s?"),
        ("queue.expected_wait", Scope.CANDIDATES, "did you mean queue.ewt_s?"),
        ("queue.colour", Scope.CANDIDATES, "`queue` has open"),
        ("data.tier", Scope.WHEN, 'data("tier")'),
        ("que.waiting_count", Scope.CANDIDATES, "did you mean queue.waiting_count?"),
        ("orign.ewt_s", Scope.WHEN, "did you mean origin.ewt_s?"),
        ("caller.ani", Scope.WHEN, "did you mean call.ani?"),
        ("foo.bar", Scope.WHEN, "names begin with call, origin, service, calendar and network"),
        ("call.ewt_s", Scope.WHEN, "did you mean origin.ewt_s or network.ewt_s?"),
        ("agent.level", Scope.WHEN, "no candidate is chosen yet"),
        ("agent.levle", Scope.WHEN, "no candidate is chosen yet"),
        ("queue.ewt_s", Scope.HYSTERESIS, "the caller's own queue is origin.ewt_s"),
        ("origin.ewt_s", Scope.ASK, "`queue` here: queue.ewt_s"),
        ("network.ewt_s", Scope.ASK, "here stand call, queue"),
        ("site.cost", Scope.ASK, "remove it"),
        ("calendar.opne", Scope.WHEN, 'calendar("NAME").open'),
    ],
)
def test_a_name_that_does_not_stand_here(name: str, scope: Scope, told: str) -> None:
    assert entry_at(name, scope) is None
    first, _, last = name.partition(".")
    problem, remedy = wrong_name(first, last, scope)
    assert problem
    assert told in remedy


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("waiting_count", "did you mean queue.waiting_count or origin.waiting_count?"),
        ("waiting_cuont", "waiting_count"),
        ("porto", 'a text stands in quotes: "porto"'),
        ("queue", "such as queue.open"),
        ("calendar", 'calendar("NAME").open'),
        ("known", "write known(...)"),
        ("Queue", "queue"),
    ],
)
def test_a_word_alone(word: str, told: str) -> None:
    assert told in wrong_word(word, Scope.CANDIDATES)[1]


def test_a_scope_alone_where_it_does_not_stand() -> None:
    assert "only in candidates" in wrong_word("agent", Scope.WHEN)[0]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("knwon", "did you mean known(...)?"),
        ("exists", "did you mean known(...)?"),
        ("coalesce", "did you mean default(...)?"),
        ("float", "did you mean number(...)?"),
        ("round", "there are default, known"),
    ],
)
def test_a_function_that_is_none(word: str, told: str) -> None:
    assert told in wrong_function(word)[1]


def test_the_callers_own_queue_has_its_own_row() -> None:
    entry = VOCABULARY["origin.waiting_count"]
    assert emits_at("origin.waiting_count", entry, Scope.WHEN).startswith("O[")
    assert emits_at("queue.waiting_count", entry, Scope.ASK).startswith("Q[")


def test_every_name_stands_somewhere() -> None:
    for name in VOCABULARY:
        assert any(entry_at(name, scope) for scope in Scope), name
    assert set(SCOPES_AT) == set(Scope)
    assert frozenset().union(*SCOPES_AT.values()) == set(SCOPES)


def test_calendars() -> None:
    assert nearest_calendar("holidays") == "holiday"
    assert nearest_calendar("?") == "open"
