"""Documents at a site: taken, refused one by one, kept on disk, told to the ACD."""

import json

import pytest

from site_agent.core.actions import ClearAlarm, RaiseAlarm, SaveSiteDocuments, UseNumbers
from site_agent.core.outbox import Outbox
from site_agent.core.site_documents import SiteDocuments

SUNDAY_NOON_UNIX_S = 1_700_395_200.0
"2023-11-19 12:00 UTC."
SITE = """
apiVersion: nirc/v1
kind: Site
metadata: {name: lisbon}
spec: {tenant: acme, calendar: office, queues: [{name: front, services: [sales]}]}
"""
CALENDAR = """
apiVersion: nirc/v1
kind: Calendar
metadata: {name: office}
spec: {time_zone: Europe/Lisbon, hours: [{days: [sun], from: "08:00", to: "20:00"}]}
"""
SERVICE = """
apiVersion: nirc/v1
kind: NetworkService
metadata: {name: sales}
spec: {queue: sales, priority: 2}
"""
PLAN = """
apiVersion: nirc/v1
kind: DialedNumberPlan
metadata: {name: lisbon}
spec: {country: PT, entries: [{number: "+351210000001", service: sales}]}
"""
TENANT = """
apiVersion: nirc/v1
kind: Tenant
metadata: {name: acme}
spec: {lists: [{name: vip, numbers: ["+351910000001"], priority: 4, needs_verified: false}]}
"""
ALL = {
    "Site/lisbon": SITE,
    "Calendar/office": CALENDAR,
    "NetworkService/sales": SERVICE,
    "DialedNumberPlan/lisbon": PLAN,
    "Tenant/acme": TENANT,
}


@pytest.fixture
def out() -> Outbox:
    return Outbox()


@pytest.fixture
def documents(out) -> SiteDocuments:
    return SiteDocuments("lisbon", out, 1_000.0)


def sent(texts) -> bytes:
    return json.dumps(texts).encode()


def of(kind, actions):
    return [action for action in actions if isinstance(action, kind)]


def test_everything_is_parsed_and_told(out, documents) -> None:
    changed = []
    documents.join(changed.append)
    documents.told(5, sent(ALL), 10.0)
    assert documents.site is not None
    assert documents.site.spec.calendar == "office"
    assert list(documents.calendars) == ["office"]
    assert documents.services["sales"].spec.priority == 2
    assert changed == [10.0]
    actions = out.take()
    (told,) = of(UseNumbers, actions)
    assert told.numbers is documents.numbers
    assert told.numbers.queue_of("sales") == "front"
    assert told.unix_offset_s == 1_000.0
    (saved,) = of(SaveSiteDocuments, actions)
    assert json.loads(saved.documents) == ALL


def test_an_old_revision_or_an_older_node_changes_nothing(out, documents) -> None:
    documents.told(5, sent(ALL), 0.0)
    out.take()
    documents.told(5, sent(ALL), 0.0)
    documents.told(4, sent({}), 0.0)
    documents.told(6, b"", 0.0)
    assert documents.site is not None
    assert out.take() == []


def test_a_control_changes_documents_of_the_same_revision_and_its_end_does_too(
    out, documents
) -> None:
    documents.told(5, sent(ALL), 0.0)
    assert documents.is_open("office", SUNDAY_NOON_UNIX_S - 1_000.0)
    closed = CALENDAR.replace("days: [sun]", "days: [mon]")
    documents.told(5, sent({**ALL, "Calendar/office": closed}), 0.0)
    assert not documents.is_open("office", SUNDAY_NOON_UNIX_S - 1_000.0)
    documents.told(5, sent(ALL), 0.0)
    assert documents.is_open("office", SUNDAY_NOON_UNIX_S - 1_000.0)


def test_a_refused_document_keeps_its_last_good_version(out, documents) -> None:
    documents.told(5, sent(ALL), 0.0)
    out.take()
    wrong = CALENDAR.replace("Europe/Lisbon", "Europe/Lisbn")
    better = SERVICE.replace("priority: 2", "priority: 3")
    documents.told(6, sent({**ALL, "Calendar/office": wrong, "NetworkService/sales": better}), 0.0)
    assert documents.services["sales"].spec.priority == 3
    assert list(documents.calendars) == ["office"]
    actions = out.take()
    (alarm,) = of(RaiseAlarm, actions)
    assert "did you mean Europe/Lisbon?" in alarm.text
    (saved,) = of(SaveSiteDocuments, actions)
    assert json.loads(saved.documents)["Calendar/office"] == CALENDAR
    documents.told(7, sent(ALL), 0.0)
    assert len(of(ClearAlarm, out.take())) == 1


def test_a_document_that_is_no_longer_sent_is_gone(out, documents) -> None:
    documents.told(5, sent(ALL), 0.0)
    out.take()
    rest = {key: text for key, text in ALL.items() if not key.startswith("DialedNumberPlan")}
    documents.told(6, sent(rest), 0.0)
    (told,) = of(UseNumbers, out.take())
    assert told.numbers is None


@pytest.mark.parametrize("wrong", [b"\xff", b"[]", b"{", b'{"Site/lisbon": 1}', b"[" * 100_000])
def test_what_cannot_be_read_at_all_changes_nothing(out, documents, wrong) -> None:
    documents.told(5, sent(ALL), 0.0)
    out.take()
    documents.told(6, wrong, 0.0)
    assert documents.site is not None
    assert [type(action) for action in out.take()] == [RaiseAlarm]


def test_a_document_under_another_name_is_refused(out, documents) -> None:
    documents.told(5, sent({"Site/porto": SITE}), 0.0)
    assert documents.site is None
    assert len(of(RaiseAlarm, out.take())) == 1


def test_starts_with_what_was_kept(out, documents) -> None:
    documents.stored(sent(ALL))
    assert documents.site is not None
    assert [type(action) for action in out.take()] == [UseNumbers]
    documents.told(1, sent({}), 0.0)
    assert documents.site is None


def test_the_acd_is_told_when_the_clock_was_moved(out, documents) -> None:
    documents.stored(sent(ALL))
    out.take()
    documents.wall_time(1_010.2, 10.0)
    assert out.take() == []
    documents.wall_time(4_610.0, 10.0)
    (told,) = out.take()
    assert told.unix_offset_s == 4_600.0
