"""What `nrcli top` shows, and what its keys change."""

from __future__ import annotations

import pytest
from told_node import STATUS, queue, site

from nrcli.commands.top_picture import (
    VIEWS,
    Look,
    Picture,
    chosen_rows,
    column_named,
    everything,
    pressed,
    screen,
    table_lines,
)
from nrcli.wire.alarm_models import Alarm

PICTURE = Picture(
    status=STATUS,
    sites=(site("lisbon", tier=2), site("porto", ready_count=11), site("faro", ready_count=9)),
    queues=tuple(queue("lisbon", f"q{n}", waiting_count=n, service_level=0.5) for n in range(30)),
    alarms=(
        Alarm(code="redis_away", place="", text="away", since_unix_s=90.0),
        Alarm(code="site_down", place="faro", text="silent", since_unix_s=40.0),
    ),
    at_unix_s=100.0,
)


def after(*keys: str) -> Look:
    look = Look()
    for key in keys:
        found = pressed(look, key)
        assert found is not None
        look = found
    return look


def shown(look: Look, **more: int) -> list[str]:
    size = {"width": 100, "height": 20} | more
    return screen(look, PICTURE, node="http://n1:8001", silent="", **size)


def test_the_first_lines_say_who_answers_who_leads_and_what_counts() -> None:
    lines = shown(Look())
    assert lines[0] == "n1 at http://n1:8001  leader n1"
    assert lines[1] == "3 sites  0 calls in motion  0 in the network queue  2 alarms"
    assert lines[2].startswith("[1] SITES  [2] queues")
    assert lines[-1].startswith("q end")


def test_what_is_not_current_says_so_and_stays_on_the_screen() -> None:
    lines = screen(
        Look(), PICTURE, node="n1", silent="cannot reach n1: refused", width=90, height=20
    )
    assert lines[0] == "NOT CURRENT: cannot reach n1: refused"
    assert any("lisbon" in line for line in lines)


def test_sites_stand_by_name_and_the_fullest_queues_first() -> None:
    assert [row[0] for row in chosen_rows(Look(), PICTURE)] == ["faro", "lisbon", "porto"]
    assert [row[6] for row in chosen_rows(after("2"), PICTURE)][:3] == [29, 28, 27]
    assert [row[0] for row in chosen_rows(after("5"), PICTURE)] == ["redis_away", "site_down"]


def test_numbers_sort_as_numbers_largest_first_and_r_turns_it() -> None:
    ready = column_named(0, "ready")
    rows = chosen_rows(Look(sort=ready), PICTURE)
    assert [row[0] for row in rows] == ["porto", "faro", "lisbon"]
    turned = chosen_rows(Look(sort=ready, turned=True), PICTURE)
    assert [row[0] for row in turned] == ["lisbon", "faro", "porto"]


def test_s_goes_through_the_columns_and_around() -> None:
    look = after(*"s" * (len(VIEWS[0].titles) - 1))
    assert look.sort == len(VIEWS[0].titles) - 1
    assert after(*"s" * len(VIEWS[0].titles)).sort == 0


def test_a_filter_is_typed_corrected_and_given_up() -> None:
    look = after("/", "P", "o", "x", "\x7f")
    assert look.typing and [row[0] for row in chosen_rows(look, PICTURE)] == ["porto"]
    assert shown(look)[-1] == "filter: Po_"
    kept = pressed(look, "\r")
    assert kept is not None and kept.words == "Po" and not kept.typing
    assert shown(kept)[-1] == "filter: Po  (Esc: none)"
    assert pressed(kept, "\x1b") == Look()
    assert after("/", "q").words == "q", "while it is typed no key ends the program"
    assert shown(after("/", "z"))[4:6] == ["nothing", "(only with 'z')"]


@pytest.mark.parametrize("key", ["q", "Q", "\x03"])
def test_these_keys_end_it(key: str) -> None:
    assert pressed(Look(), key) is None


def test_views_follow_one_another_and_keep_the_filter() -> None:
    assert after("\t", "\t").view == 2 and after("5", "\t").view == 0
    assert after("/", "x", "\r", "4") == Look(view=3, words="x")
    assert after("9", "w") == Look()


def test_no_line_is_wider_than_the_screen_and_no_more_than_fit() -> None:
    for width, height in ((39, 10), (80, 24)):
        lines = shown(after("2"), width=width, height=height)
        assert len(lines) <= height and max(map(len, lines)) <= width
        assert lines[-2].startswith("and ")


def test_a_name_cannot_move_the_cursor_nor_push_the_others_out() -> None:
    evil = Picture(status=STATUS, sites=(site("\x1b[2J\u202eevil\n" + "x" * 300),))
    (_, line) = table_lines(Look(), evil, 500, None)
    assert line.isprintable() and line.startswith("?[2J?evil?xxx") and len(line) < 120


def test_for_a_file_all_views_stand_one_after_the_other() -> None:
    text = "\n".join(everything(after("2"), PICTURE, node="n1", width=200))
    assert all(view.name.upper() in text for view in VIEWS)
    assert "no call is in motion" in text and "and " not in text
