"""What was written is read; what was cut off or damaged is found, whatever it is."""

import random

import pytest

from site_agent.journal_lines import Head, drop_line, head_line, put_line, read_lines, whole

HEAD = Head(site="lisbon", boot_id="b", unix_offset_s=2.5)
DATA = whole(HEAD, [put_line("hold", "t1", {"state": "live"}), put_line("call", "ç", {"n": 1})])


def test_there_and_back() -> None:
    data = DATA + put_line("hold", "t1", {"state": "taken"}) + drop_line("call", "ç")
    contents = read_lines(data)
    assert contents.head == HEAD
    assert contents.entries == {("hold", "t1"): {"state": "taken"}}
    assert contents.damaged_count == 0


def test_an_empty_file_is_a_first_start() -> None:
    contents = read_lines(b"")
    assert (contents.head, contents.damaged_count) == (None, 0)


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_torn_tail_is_dropped_without_damage(cut: int) -> None:
    last = put_line("hold", "t1", {"state": "cancelled"})
    contents = read_lines(DATA + last[:-cut])
    assert contents.damaged_count == 0
    state = "cancelled" if cut == 1 else "live"
    assert contents.entries[("hold", "t1")] == {"state": state}


def test_zeros_after_a_power_cut_are_a_torn_tail() -> None:
    assert read_lines(DATA + b"\0" * 500).damaged_count == 0


def test_any_flipped_byte_is_damage_or_changes_nothing() -> None:
    dice = random.Random(7)
    good = read_lines(DATA).entries
    for place in range(len(DATA)):
        spoilt = bytearray(DATA)
        spoilt[place] ^= 1 << dice.randrange(8)
        contents = read_lines(bytes(spoilt))
        assert contents.damaged_count or contents.entries == good, place


@pytest.mark.parametrize(
    "data",
    [
        b"garbage\n",
        put_line("hold", "t", {}),
        head_line(HEAD) + head_line(HEAD),
        DATA.replace(b'"journal",1', b'"journal",2'),
    ],
)
def test_what_is_no_journal_is_damage(data: bytes) -> None:
    assert read_lines(data).damaged_count
