"""`nirc-sim replay`: recorded calls under two policies."""

from sim_commands import said, told

HOURS = ("--from", "1999-02-02", "--set", "duration_s=32400", "--workers", "1")
BOTH = ("-p", "stay", "-p", "catalogue:shortest-wait")


def test_the_bank_is_replayed() -> None:
    found = told("replay", "bank", *BOTH, *HOURS, "-n", "1")
    assert found["kind"] == "replay"
    assert "Mandelbaum" in found["acknowledgement"]
    a, b = found["variants"]
    assert a["network"]["offered"] == b["network"]["offered"]
    assert 150 < a["network"]["offered"]["mean"] < 250
    assert found["settings"]["from"] == "1999-02-02"


def test_a_mistake() -> None:
    assert "no such file of records" in said("replay", "none.csv", *BOTH, code=2).stderr
    assert "give it twice: old, then new" in said("replay", "bank", *BOTH[:2], code=2).stderr
