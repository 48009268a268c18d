"""The catalogue names each figure once, and the page of alarms shows all of them."""

from pathlib import Path

from routing_policies.alarm_figures import BY_NAME, FIGURES

ROOT = Path(__file__).parents[2]


def test_each_name_once() -> None:
    assert len(BY_NAME) == len(FIGURES)


def test_the_page_shows_every_figure() -> None:
    text = (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")
    assert [one.name for one in FIGURES if f"| `{one.name}` | {one.kind} |" not in text] == []
