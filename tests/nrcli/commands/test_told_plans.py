"""What every site would refuse a plan for is told beforehand."""

from nrcli.commands.told_plans import end_of, is_over, refusals, serial_in
from routing_policies.document import load_document

PLAN = """apiVersion: nirc/v1
kind: PeerPlan
metadata: {name: network}
spec: {serial: 3, valid_until: "2027-01-01T00:00:00Z"}
"""
SITE = "apiVersion: nirc/v1\nkind: Site\nmetadata: {name: a}\nspec: {queues: [{name: sales}]}\n"
BEFORE, AFTER = 1_798_000_000.0, 1_799_000_000.0
SIGNED = PLAN + "# signed: ed25519 0123456789abcdef AAAA\n"


def test_no_signature_and_an_end_that_is_over_are_told_with_the_remedy() -> None:
    plan = load_document(PLAN, source="plan")
    assert refusals(plan, SIGNED, BEFORE) == []
    assert ["not signed" in why for why in refusals(plan, PLAN, BEFORE)] == [True]
    assert "2027-01-01" in refusals(plan, SIGNED, AFTER)[0]
    assert len(refusals(plan, PLAN, AFTER)) == 2
    assert (is_over(plan, BEFORE), is_over(plan, AFTER)) == (False, True)
    assert end_of(plan) == "serial 3, good until 2027-01-01T00:00:00Z"


def test_the_serial_in_a_text() -> None:
    assert [serial_in(text) for text in (PLAN, SITE, "{")] == [3, 0, 0]


def test_of_other_documents_nothing_is_said() -> None:
    site = load_document(SITE, source="site")
    assert (end_of(site), is_over(site, AFTER), refusals(site, SITE, AFTER)) == ("", False, [])
