"""What is told of a number."""

import pytest
from time_and_numbers import at

from nrcli.commands.number_answer import (
    BUILT_IN,
    Network,
    Question,
    answer_to,
    duration_words,
    lines_of,
    number_words,
)
from routing_policies.loading import load_document
from routing_policies.numbers import normalise

HEAD = "apiVersion: nirc/v1\nkind: {}\nmetadata: {{name: {}}}\nspec: {}\n"
SITE = (
    "{tenant: acme, time_zone: Europe/Lisbon, calendar: office,"
    " queues: [{name: front, services: [sales]}]}"
)
OFFICE = (
    "{time_zone: Europe/Lisbon, holidays: {country: PT},"
    ' hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "20:00"}]}'
)
PLAN = """
  country: PT
  trunk_groups: [{name: carrier, priority: 2}]
  entries:
    - {number: "+351210000001", service: sales, calendar: office}
    - {number: "+35121*", service: night}
    - {number: "+35121*", trunk_group: pbx, service: sales}
"""
TENANT = """
  policy: house
  lists:
    - {name: vip, numbers: ["+351910000001"], priority: 7}
    - {name: nuisance, numbers: ["+351920000002"], blocked: true}
"""
TEXTS = [
    HEAD.format("Site", "lisbon", SITE),
    HEAD.format("Calendar", "office", OFFICE),
    HEAD.format("NetworkService", "sales", "{queue: sales, priority: 1, policy: local-first}"),
    HEAD.format("NetworkService", "night", "{queue: night, tenant: acme}"),
    HEAD.format("DialedNumberPlan", "lisbon", PLAN),
    HEAD.format("Tenant", "acme", TENANT),
]
DAY, NIGHT = at("2026-11-20T12:00"), at("2026-11-20T23:00")


@pytest.fixture(scope="module")
def network() -> Network:
    return Network([load_document(text, source="x") for text in TEXTS])


def ask(network, number="210000001", **more):
    question = {"number": number, "site": "lisbon", "unix_s": DAY, **more}
    return answer_to(Question(**question), network)


def test_the_whole_answer(network) -> None:
    answer = ask(network, trunk_group="carrier", caller="910000001", verified=True)
    assert lines_of(answer) == [
        "at        2026-11-20 12:00:00 Europe/Lisbon",
        "number    +351210000001 (PT)",
        "caller    +351910000001 (PT), vouched for",
        "entry     DialedNumberPlan/lisbon spec.entries[0]: +351210000001",
        "service   sales, in queue front",
        "policy    local-first (of the service)",
        "priority  7 (from list vip)",
        "calendar  office: open, closes in 8 h",
        "not       DialedNumberPlan/lisbon spec.entries[2]: +35121* for sales:"
        " is for trunk group pbx",
        "not       DialedNumberPlan/lisbon spec.entries[1]: +35121* for night:"
        " spec.entries[0] has the longer number",
    ]


def test_at_night(network) -> None:
    answer = ask(network, unix_s=NIGHT)
    assert (answer.service, answer.queue, answer.policy) == (
        "night",
        "night",
        "house (of tenant acme)",
    )
    (office,) = answer.calendars
    assert (office.open, office.words) == (False, "closed, opens in 2 d 9 h")


def test_on_a_holiday(network) -> None:
    (office,) = ask(network, unix_s=at("2026-12-25T12:00")).calendars
    assert office.words.startswith("closed, holiday Christmas Day, opens in")


def test_blocked_withheld_and_emergency(network) -> None:
    blocked = "\n".join(lines_of(ask(network, caller="+351920000002")))
    assert "refused   603: the caller is on the blocked list nuisance" in blocked
    assert "caller    withheld" in lines_of(ask(network, caller="anonymous"))
    emergency = "\n".join(lines_of(ask(network, "112")))
    assert "never moved, never refused" in emergency
    assert "no entry of DialedNumberPlan/lisbon matches" in emergency


def test_without_documents_it_says_so() -> None:
    answer = ask(Network([]), site="", country="PT")
    assert answer.number == "+351210000001"
    assert "no DialedNumberPlan is for any trunk group" in answer.problem


def test_a_calendar_that_is_not_there() -> None:
    network = Network([load_document(TEXTS[0], source="x"), load_document(TEXTS[4], source="x")])
    answer = ask(network)
    assert answer.service == "night"
    assert [one.words for one in answer.calendars] == ["there is no such Calendar"]


def test_policies(network) -> None:
    assert network.policy_of("unknown") == BUILT_IN
    plain = HEAD.format("NetworkService", "plain", "{queue: sales}")
    assert Network([load_document(plain, source="x")]).policy_of("plain") == BUILT_IN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+351210000001", "+351210000001 (PT)"),
        ("+999123456789", "unknown to the numbering plan"),
        ("1820", "a short code"),
        ("sales", "a name"),
        ("anonymous", "withheld"),
        ("1" * 300, "too long"),
        ("", "none"),
    ],
)
def test_numbers_in_words(text, words) -> None:
    assert words in number_words(normalise(text, "PT"))


def test_durations() -> None:
    assert [duration_words(s) for s in (0, 59, 3600, 90_061)] == ["0 s", "59 s", "1 h", "1 d 1 h"]
