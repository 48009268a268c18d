from nrcli.reports.figure_table import FIGURES, GROUPS, figures_of
from nrcli.reports.places import By


def test_a_name_stands_for_one_figure() -> None:
    assert len(FIGURES) == sum(len(group) for group in GROUPS.values())


def test_each_kind_of_place_has_what_makes_sense_for_it() -> None:
    names = {by: {one.name for one in figures_of(by)} for by in By}
    assert "occupancy" in names[By.SITE]
    assert "occupancy" not in names[By.QUEUE]
    assert "offered" not in names[By.AGENT]
    assert {"answered", "aht_s", "adherence"} <= names[By.AGENT]
    assert {"blocked", "all_trunks_busy_s"} <= names[By.TRUNK]


def test_figures_say_what_they_are() -> None:
    units = {"calls", "share", "s", "agents", "channels", "money", "rings"}
    assert {one.unit for one in FIGURES.values()} <= units
    assert [one.name for one in FIGURES.values() if not one.definition.endswith(".")] == []
