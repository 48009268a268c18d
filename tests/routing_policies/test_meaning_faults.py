"""Each kind is asked for its own faults, and a document with one is refused with its line."""

import pytest

from routing_policies.document import DocumentError, load_document

CALENDAR = """apiVersion: nirc/v1
kind: Calendar
metadata: {name: office}
spec:
  time_zone: Europe/Lisbon
  special_days:
    - {date: "2026-12-24"}
    - {date: "2026-02-30"}
"""
PLAN = """apiVersion: nirc/v1
kind: DialedNumberPlan
metadata: {name: lisbon}
spec:
  country: PT
  entries:
    - {number: "+351*", service: sales}
    - {number: "+351*", service: support}
"""
SITE = """apiVersion: nirc/v1
kind: Site
metadata: {name: lisbon}
spec:
  time_zone: Europe/Lisbn
"""


@pytest.mark.parametrize(
    ("text", "line", "place", "words"),
    [
        (CALENDAR, 8, "spec.special_days[1].date", "there is no 2026-02-30"),
        (PLAN, 8, "spec.entries[1]", "entries[0] and entries[1] match the same calls"),
        (SITE, 5, "spec.time_zone", "did you mean Europe/Lisbon?"),
    ],
)
def test_refused_where_it_stands(text, line, place, words) -> None:
    with pytest.raises(DocumentError) as refused:
        load_document(text, source="x.yaml")
    assert (refused.value.line, refused.value.place) == (line, place)
    assert words in str(refused.value)


def test_good_documents_pass() -> None:
    load_document(CALENDAR.replace("02-30", "02-28"), source="x.yaml")
    load_document(PLAN.replace('+351*", service: support', '+34*", service: support'), source="x")
    load_document(SITE.replace("Lisbn", "Lisbon"), source="x.yaml")
