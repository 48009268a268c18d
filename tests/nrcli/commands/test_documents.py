"""How a mistake in a document is shown. (The commands against a real node: test_main.)"""

from pathlib import Path

import pytest
import typer

from nrcli.commands.documents import _change, _revision, _split

SITE = """\
apiVersion: nirc/v1
kind: Site
metadata: {name: lisbon}
spec: {tenant: default, time_zone: Europe/Lisbon, queues: [{name: sales}], colour: red}
"""


def test_the_line_is_shown_with_a_caret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(SITE)
    with pytest.raises(typer.Exit) as caught:
        _change(file, None)
    said = capsys.readouterr().err
    assert caught.value.exit_code == 5
    assert "site.yaml:4" in said and "colour" in said and "    spec: {tenant" in said
    assert said.rstrip().endswith("^")


def test_kind_and_name_come_from_the_document(tmp_path: Path) -> None:
    file = tmp_path / "any-name.yaml"
    file.write_text(SITE.replace(", colour: red", ""))
    change = _change(file, 5)
    assert (change.kind, change.name, change.if_revision) == ("Site", "lisbon", 5)


def test_a_plan_that_no_site_would_take_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(
        "apiVersion: nirc/v1\nkind: PeerPlan\nmetadata: {name: network}\n"
        'spec: {serial: 1, valid_until: "2020-01-01T00:00:00Z"}\n'
    )
    assert _change(file, None).kind == "PeerPlan"
    said = capsys.readouterr().err
    assert "not signed" in said and "ended at 2020" in said and said.count("warning: no site") == 2


def test_arguments() -> None:
    assert _split("Site/lisbon") == ("Site", "lisbon")
    assert _revision('"42"') == 42
    for wrong in ("lisbon", "/lisbon", "Site/", "a/b/c", "Nope/x", "Site/UP"):
        with pytest.raises(typer.Exit):
            _split(wrong)
    with pytest.raises(typer.Exit):
        _revision("new")


def test_an_unknown_kind_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        _split("Nope/x")
    said = capsys.readouterr().err
    assert "Nope is no kind of document" in said and "RoutingPolicy" in said


def test_a_mistake_in_an_expression_is_shown_inside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = '{name: a, when: "call.waited_s > 3 and call.waitd_s < 5", action: queue_at_origin}'
    head = "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: p}\n"
    file = tmp_path / "p.yaml"
    file.write_text(f"{head}spec: {{rules: [{rule}]}}\n")
    with pytest.raises(typer.Exit):
        _change(file, None)
    _, line, carets = capsys.readouterr().err.rstrip().split("\n")
    assert line[carets.index("^") : carets.rindex("^") + 1] == "call.waitd_s"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: \xff\n", "is not UTF-8 (save it"),
        (b"a: 1\n" * 300_000, "bytes long"),
        (None, "cannot"),
    ],
)
def test_a_file_that_is_no_text_is_told(
    data: bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.yaml"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(typer.Exit):
        _change(file, None)
    assert said in capsys.readouterr().err
