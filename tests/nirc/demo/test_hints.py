from itertools import count
from pathlib import Path

import pytest

from nirc.demo.hints import SIPP, Started, hints
from nirc.demo.layout import NetworkShape, SiteKind, build_layout, with_kinds

ROOT = Path(__file__).resolve().parents[3]
LAYOUT = build_layout(NetworkShape(), count(20_000).__next__)
FOLDER = Path("/run/demo")


def _said(*, leader_pid: int = 4711, has_live_view: bool = True) -> str:
    started = Started(
        layout=LAYOUT,
        folder=FOLDER,
        programs=Path(".venv/bin"),
        leader="n2",
        leader_pid=leader_pid,
        last_site_pid=4712,
        has_live_view=has_live_view,
    )
    return "\n".join(hints(started))


def test_a_person_is_told_where_to_ring_and_what_to_try() -> None:
    said = _said()
    assert [site.name for site in LAYOUT.sites if site.trunks[0].address not in said] == []
    assert "kill -9 4711" in said
    assert "kill -STOP 4712" in said
    assert "softphone: sip:+351210000001@" in said
    assert "127.0.0.9" in said
    assert "kill the leader" not in _said(leader_pid=0)


def test_the_console_is_at_a_node_that_is_not_the_one_to_be_killed() -> None:
    url = f"http://127.0.0.1:{LAYOUT.nodes[0].http_port}/console/"
    assert f"open the console: {url}   (the token is in /run/demo/n1/admin.token)" in _said()


def test_what_was_killed_can_be_started_again() -> None:
    said = _said()
    assert ".venv/bin/nirc run --config /run/demo/n2/node.yaml" in said
    assert ".venv/bin/site-agent run --config /run/demo/faro/site.yaml" in said


def test_without_the_live_view_decisions_are_asked_for() -> None:
    assert "under `Last decisions`" in _said()
    said = _said(has_live_view=False)
    assert "Last decisions" not in said
    url = f"http://127.0.0.1:{LAYOUT.nodes[1].http_port}"
    assert f".venv/bin/nrcli --url {url} --token-file /run/demo/n2/admin.token decisions" in said


def test_the_shells_node_is_not_the_one_that_is_to_be_killed() -> None:
    said = _said(has_live_view=False)
    url = f"http://127.0.0.1:{LAYOUT.nodes[0].http_port}"
    assert f"export NRCLI_URL={url} NRCLI_TOKEN_FILE=/run/demo/n1/admin.token" in said


@pytest.mark.parametrize("document", ["README.md", "docs/demo.md"])
def test_documents_show_the_same_sipp_line(document: str) -> None:
    line = SIPP.format(number="+351210000001", address="ADDRESS")
    assert line in (ROOT / document).read_text(encoding="utf-8")
    assert line.replace("ADDRESS", LAYOUT.sites[0].trunks[0].address) in _said()


def test_an_asterisk_is_rung_from_the_address_that_makes_it_ring() -> None:
    shape = with_kinds(NetworkShape(), (SiteKind.ASTERISK,))
    started = Started(
        layout=build_layout(shape, count(20_000).__next__),
        folder=FOLDER,
        programs=Path(".venv/bin"),
        consoles={"lisbon": "asterisk -r"},
    )
    said = "\n".join(hints(started))
    assert "lisbon   Asterisk 127.0.0.1:20000" in said
    assert "127.0.0.1:20000 -i 127.0.0.8" in said
    assert "console of lisbon's Asterisk:  asterisk -r" in said
