"""The names an expression may use, with unit, meaning and where the number stands.

Rule of this file: one entry per name. `emits` is the number as source text: Q[n] is queue column n
at the row in question, A[n] agent column n at the slot, C[n] call feature n, W[n] way column n and
N[n] a network sum. Functions named stand in `kernel`; docs/policy_language.md shows the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from routing_policies import columns as c


class Unit(Enum):
    """What a number means; only like is compared with or added to like."""

    SECONDS = "seconds"
    COUNT = "count"
    SHARE = "share, 0 to 1"
    LEVEL = "level"
    MONEY = "money"
    PER_HOUR = "per hour"
    YES_NO = "true or false"
    NAME = "name"
    "Compared by == , != and `in` with text only."
    PLAIN = "plain number"
    "A literal, or a quotient of likes: fits every unit but YES_NO and NAME."


class Names(Enum):
    """Whose name a `Unit.NAME` is: text compared with it is looked up among these at publish."""

    SITE = "Site"
    QUEUE = "queue"
    SERVICE = "NetworkService"
    TRUNK_GROUP = "trunk group"
    AGENT = "agent"
    NUMBER = "number"
    FREE = "any text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One name."""

    name: str
    unit: Unit
    emits: str
    meaning: str
    may_be_missing: bool = False
    "Must then be read through default(), or after known()."
    names: Names = Names.FREE


def _q(name: str, unit: Unit, emits: str, meaning: str, *, missing: bool = False) -> list[Entry]:
    """A value of a queue, for the candidate (`queue.`) and for the caller's own (`origin.`)."""
    return [
        Entry(
            name=f"{scope}.{name}", unit=unit, emits=emits, meaning=meaning, may_be_missing=missing
        )
        for scope in ("queue", "origin")
    ]


EWT = (
    f"expected_wait(Q[{c.Q_ESTIMATOR}], {{ahead}}, Q[{c.Q_FREE}],"
    f" (Q[{c.Q_STAFFED}] - Q[{c.Q_NOT_READY}]), Q[{c.Q_AHT_S}], Q[{c.Q_PATIENCE_S}],"
    f" Q[{c.Q_OLDEST_AT}], Q[{c.Q_LAST_WAIT_S}], now_s)"
)
"""Expected wait of a call with `ahead` calls before it; 0 where an agent is free, inf where nobody
is at work: agents in a break serve nobody."""
QUEUE_EWT = EWT.format(ahead=f"Q[{c.Q_WAITING}]")
ORIGIN_EWT = EWT.format(ahead=f"(Q[{c.Q_WAITING}] - 1)")
"At home the call itself is among those waiting."
AGENT_IDLE = f"(now_s - A[{c.A_READY_AT}])"

_QUEUE_ENTRIES: list[Entry] = [
    *_q("open", Unit.YES_NO, f"(Q[{c.Q_OPEN}] > 0)", "takes calls"),
    *_q("shared", Unit.YES_NO, f"(Q[{c.Q_SHARED}] > 0)", "may serve calls of other sites"),
    *_q("accepting", Unit.YES_NO, f"(Q[{c.Q_ACCEPTING}] > 0)", "serves a new call before closing"),
    *_q("staffed_count", Unit.COUNT, f"Q[{c.Q_STAFFED}]", "agents signed in"),
    *_q("free_count", Unit.COUNT, f"Q[{c.Q_FREE}]", "ready agents not promised to anybody"),
    *_q("lendable_count", Unit.COUNT, f"Q[{c.Q_LENDABLE}]", "free agents another site may have"),
    *_q("busy_count", Unit.COUNT, f"Q[{c.Q_BUSY}]", "agents talking"),
    *_q("acw_count", Unit.COUNT, f"Q[{c.Q_ACW}]", "agents in after-call work"),
    *_q("not_ready_count", Unit.COUNT, f"Q[{c.Q_NOT_READY}]", "agents signed in and not ready"),
    *_q("reserved_count", Unit.COUNT, f"Q[{c.Q_RESERVED}]", "agents held for a call on its way"),
    *_q("waiting_count", Unit.COUNT, f"Q[{c.Q_WAITING}]", "calls waiting, or on their way here"),
    *_q("places_free_count", Unit.COUNT, f"Q[{c.Q_PLACES_FREE}]", "places for waiting calls"),
    *_q("places_max", Unit.COUNT, f"Q[{c.Q_PLACES_MAX}]", "places in all"),
    *_q("max_loan_count", Unit.COUNT, f"Q[{c.Q_MAX_LOAN}]", "most calls of other sites at once"),
    *_q("min_reserve_count", Unit.COUNT, f"Q[{c.Q_MIN_RESERVE}]", "ready agents never lent"),
    *_q("loan_count", Unit.COUNT, f"Q[{c.Q_LOANS}]", "calls of other sites here or promised"),
    *_q("answered_count", Unit.COUNT, f"Q[{c.Q_ANSWERED}]", "calls answered since the start"),
    *_q("abandoned_count", Unit.COUNT, f"Q[{c.Q_ABANDONED}]", "calls abandoned since the start"),
    *_q("aht_s", Unit.SECONDS, f"Q[{c.Q_AHT_S}]", "mean handle time"),
    *_q(
        "oldest_wait_s",
        Unit.SECONDS,
        f"since(now_s, Q[{c.Q_OLDEST_AT}])",
        "longest wait of a call waiting now; 0 if none waits",
    ),
    *_q("last_wait_s", Unit.SECONDS, f"Q[{c.Q_LAST_WAIT_S}]", "wait of the call answered last"),
    *_q(
        "patience_s",
        Unit.SECONDS,
        f"Q[{c.Q_PATIENCE_S}]",
        "mean time until a caller gives up",
        missing=True,
    ),
    *_q(
        "service_level",
        Unit.SHARE,
        f"Q[{c.Q_SERVICE_LEVEL}]",
        "answered in time over 15 minutes",
        missing=True,
    ),
    *_q(
        "occupancy",
        Unit.SHARE,
        f"occupancy(Q[{c.Q_BUSY}], Q[{c.Q_ACW}], Q[{c.Q_RESERVED}], Q[{c.Q_STAFFED}],"
        f" Q[{c.Q_NOT_READY}])",
        "agents at work among those not in a break",
    ),
    *_q(
        "closes_in_s", Unit.SECONDS, f"(Q[{c.Q_CLOSES_AT}] - now_s)", "until its calendar closes it"
    ),
    *_q("age_s", Unit.SECONDS, f"(now_s - Q[{c.Q_REPORTED_AT}])", "how old these values are"),
    *_q(
        "longest_ready_s",
        Unit.SECONDS,
        f"since(now_s, Q[{c.Q_LONGEST_READY_AT}])",
        "how long the longest available agent has been ready; 0 without one",
    ),
]


def _ewt(scope: str, emits: str) -> list[Entry]:
    return [
        Entry(name=f"{scope}.ewt_s", unit=Unit.SECONDS, emits=emits, meaning="expected wait"),
        Entry(
            name=f"{scope}.ewt_low_s",
            unit=Unit.SECONDS,
            emits=f"({emits} * Q[{c.Q_EWT_LOW}])",
            meaning="low end of its range",
        ),
        Entry(
            name=f"{scope}.ewt_high_s",
            unit=Unit.SECONDS,
            emits=f"({emits} * Q[{c.Q_EWT_HIGH}])",
            meaning="high end of its range",
        ),
    ]


def _name(name: str, emits: str, meaning: str, names: Names) -> Entry:
    return Entry(name=name, unit=Unit.NAME, emits=emits, meaning=meaning, names=names)


def _value(name: str, unit: Unit, emits: str, meaning: str, *, missing: bool = False) -> Entry:
    return Entry(name=name, unit=unit, emits=emits, meaning=meaning, may_be_missing=missing)


N_FREE = 0
N_WAITING = 1
N_QUEUES = 2
N_EWT_S = 3
NETWORK_SUMS = 4
"Over the candidate rows of a call that are neither barred nor closed: worked out only if read."

_OTHER_ENTRIES: list[Entry] = [
    *_ewt("queue", QUEUE_EWT),
    *_ewt("origin", ORIGIN_EWT),
    _name("queue.name", f"Q[{c.Q_QUEUE}]", "the queue", Names.QUEUE),
    _name("origin.queue", f"Q[{c.Q_QUEUE}]", "the caller's own queue", Names.QUEUE),
    _name("origin.site", f"C[{c.C_ORIGIN_SITE}]", "the site the call is at", Names.SITE),
    _name("site.name", f"Q[{c.Q_SITE}]", "the candidate's site", Names.SITE),
    _value("site.open", Unit.YES_NO, f"(Q[{c.Q_SITE_OPEN}] > 0)", "open by its calendar"),
    _value(
        "site.age_s",
        Unit.SECONDS,
        f"(now_s - Q[{c.Q_SITE_REPORTED_AT}])",
        "since it was last heard",
    ),
    _value("site.cost", Unit.MONEY, f"W[{c.W_COST}]", "cost of moving the call there"),
    _value("site.set_up_s", Unit.SECONDS, f"W[{c.W_SET_UP_S}]", "set-up time of the way there"),
    _name("agent.name", f"A[{c.A_AGENT}]", "the agent, as site/agent", Names.AGENT),
    _value("agent.level", Unit.LEVEL, f"A[{c.A_LEVEL}]", "skill in this queue, 10 is best"),
    _value("agent.idle_s", Unit.SECONDS, AGENT_IDLE, "ready for so long"),
    _value("agent.calls_count", Unit.COUNT, f"A[{c.A_CALLS}]", "calls answered since signing in"),
    _value(
        "agent.occupancy",
        Unit.SHARE,
        f"agent_occupancy(A[{c.A_OCCUPIED_S}], A[{c.A_READY_S}], {AGENT_IDLE})",
        "share of time at work since signing in, breaks apart",
    ),
    _value(
        "agent.average_idle_s",
        Unit.SECONDS,
        f"average_idle(A[{c.A_READY_S}], A[{c.A_READY_PERIODS}], {AGENT_IDLE})",
        "mean time ready between two calls",
    ),
    _value(
        "agent.calls_per_hour",
        Unit.PER_HOUR,
        f"calls_per_hour(A[{c.A_CALLS}], A[{c.A_OCCUPIED_S}], A[{c.A_READY_S}], {AGENT_IDLE})",
        "calls answered per hour not in a break",
    ),
    _value("call.waited_s", Unit.SECONDS, f"C[{c.C_WAITED_S}]", "time waited, at all sites"),
    _value("call.priority", Unit.LEVEL, f"C[{c.C_PRIORITY}]", "0 to 10, grown with waiting"),
    _value("call.answered", Unit.YES_NO, f"(C[{c.C_ANSWERED}] > 0)", "the site has answered it"),
    _value("call.moves_count", Unit.COUNT, f"C[{c.C_MOVES}]", "moves so far"),
    _value(
        "call.moves_since_person_count",
        Unit.COUNT,
        f"C[{c.C_MOVES_SINCE_PERSON}]",
        "moves since it last talked to a person",
    ),
    Entry(
        name="call.last_agent",
        unit=Unit.NAME,
        emits=f"C[{c.C_LAST_AGENT}]",
        meaning="who served this caller last, as site/agent",
        may_be_missing=True,
        names=Names.AGENT,
    ),
    _value(
        "call.refused_count", Unit.COUNT, f"C[{c.C_REFUSED}]", "targets that failed it just now"
    ),
    _value("call.withheld", Unit.YES_NO, f"(C[{c.C_WITHHELD}] > 0)", "the caller hides the number"),
    _value("call.verified", Unit.YES_NO, f"(C[{c.C_VERIFIED}] > 0)", "the number is vouched for"),
    _value("call.share", Unit.SHARE, f"C[{c.C_SHARE}]", "0 to below 1, fixed per interaction"),
    _name("call.service", f"C[{c.C_SERVICE}]", "the network service", Names.SERVICE),
    _name("call.trunk_group", f"C[{c.C_TRUNK_GROUP}]", "where it came in", Names.TRUNK_GROUP),
    _name("call.dialed_number", f"C[{c.C_DIALED_NUMBER}]", "called number, E.164", Names.NUMBER),
    _name("call.ani", f"C[{c.C_ANI}]", "caller's number, E.164", Names.NUMBER),
    _name("service.name", f"C[{c.C_SERVICE}]", "the network service", Names.SERVICE),
    _value("service.priority", Unit.LEVEL, f"C[{c.C_SERVICE_PRIORITY}]", "its priority"),
    _value("service.aht_s", Unit.SECONDS, f"C[{c.C_SERVICE_AHT_S}]", "its mean handle time"),
    _value(
        "service.threshold_s", Unit.SECONDS, f"C[{c.C_SERVICE_THRESHOLD_S}]", "answer within this"
    ),
    _value("service.target", Unit.SHARE, f"C[{c.C_SERVICE_TARGET}]", "for this share of calls"),
    _value("network.free_count", Unit.COUNT, f"N[{N_FREE}]", "agents other sites could lend"),
    _value("network.waiting_count", Unit.COUNT, f"N[{N_WAITING}]", "calls waiting at other sites"),
    _value("network.queues_count", Unit.COUNT, f"N[{N_QUEUES}]", "queues that could be chosen"),
    _value("network.ewt_s", Unit.SECONDS, f"N[{N_EWT_S}]", "shortest expected wait elsewhere"),
]

VOCABULARY: dict[str, Entry] = {e.name: e for e in (*_QUEUE_ENTRIES, *_OTHER_ENTRIES)}
SCOPES = ("call", "origin", "site", "queue", "agent", "service", "calendar", "network")
