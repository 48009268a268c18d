"""Records as a spreadsheet has them."""

from datetime import UTC
from zoneinfo import ZoneInfo

from contract_samples import sample

from nrcli.records.csv_rows import cells_of, titles_of
from nrcli.wire.history_messages import CallLegRecord
from nrcli.wire.record_tables import DECISIONS, LEGS, DecisionRow, row_of


def line(zone=UTC, show_numbers=False, **fields):
    row = row_of(sample(CallLegRecord, **fields))
    (cells,) = cells_of(LEGS, [row], zone, show_numbers=show_numbers)
    return dict(zip(titles_of(LEGS), cells, strict=True))


def test_instants_are_text_in_the_zone_and_empty_where_nothing_happened() -> None:
    told = line(ZoneInfo("Europe/Lisbon"), ended_unix_s=1_752_000_000.25, answered_unix_s=0.0)
    assert told["ended"] == "2025-07-08T19:40:00.250+01:00" and told["answered"] is None


def test_callers_numbers_are_masked_unless_asked_for() -> None:
    number = "+351912345678"
    assert line(ani=number, ani_received=number)["ani"] == "+35191......."
    assert line(ani=number)["dialed_number"] == "x"
    assert line(ani=number, show_numbers=True)["ani"] == number


def test_truth_is_a_word_and_the_whole_decision_is_left_out() -> None:
    assert line(ewt_known=True)["ewt_known"] == "yes"
    assert "record" not in titles_of(DECISIONS)
    (cells,) = cells_of(DECISIONS, [row_of(sample(DecisionRow))], UTC, show_numbers=False)
    assert len(cells) == len(titles_of(DECISIONS))
