"""Each command wants what it says, and nothing is begun that was not shown and confirmed."""

from typing import Any

import pytest
from control_samples import control
from pydantic import BaseModel
from typer.testing import CliRunner, Result

from nrcli.admin_client import AdminClient
from nrcli.commands.main import app
from nrcli.wire.control_models import Control, ControlEffect, Controls, ControlWanted

WHY = ("-m", "carrier storm", "--author", "ana@noc")


class Node:
    """Stands in for a node's API."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.wanted: ControlWanted | None = None
        self.kept: tuple[Control, ...] = ()

    async def send(
        self,
        _model: type[BaseModel],
        path: str,
        body: ControlWanted | None = None,
        *,
        etag: str = "",
        method: str = "POST",
        query: dict[str, str] | None = None,
    ) -> BaseModel:
        self.asked.append((method, path, etag or (query or {}).get("reason", "")))
        self.wanted = body or self.wanted
        found = control("freeze")
        if path.endswith("preview"):
            return ControlEffect(control=found, lines=("no call is moved",), etag='"7"')
        return found

    async def read(self, *_args: object) -> Controls:
        return Controls(controls=self.kept)


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    node = Node()
    monkeypatch.setattr(AdminClient, "send", lambda _self, *args, **more: node.send(*args, **more))
    monkeypatch.setattr(AdminClient, "read", lambda _self, *args: node.read(*args))
    return node


def run(tmp_path: Any, *words: str, said: str = "") -> Result:
    token = tmp_path / "token"
    token.write_text("t")
    return CliRunner().invoke(app, ["--token-file", str(token), *words], input=said)


@pytest.mark.parametrize(
    ("words", "kind", "target", "for_s"),
    [
        ("freeze", "freeze", "all", None),
        ("freeze --site lisbon --for 30m", "freeze", "site lisbon", 1800.0),
        ("freeze --service sales", "freeze", "service sales", None),
        ("freeze --path out", "freeze", "path out", None),
        ("path off out", "path_off", "path out", None),
        ("close sales --for 2h", "close", "service sales", 7200.0),
        ("holiday today", "holiday", "all", None),
        ("holiday today office", "holiday", "calendar office", None),
        ("holiday today --service sales", "holiday", "service sales", None),
        ("announce storm --site lisbon", "announce", "site lisbon", None),
        ("flush sales", "flush", "service sales", None),
        ("plan activate porto-lost", "plan", "plan porto-lost", None),
    ],
)
def test_each_command_wants_its_kind(  # noqa: PLR0917 - what a table's row has
    node: Node, tmp_path: Any, words: str, kind: str, target: str, for_s: float | None
) -> None:
    done = run(tmp_path, *words.split(), *WHY, "--yes")
    assert done.exit_code == 0, done.output
    assert node.wanted is not None
    found = (node.wanted.kind, node.wanted.target.told(), node.wanted.for_s)
    assert found == (kind, target, for_s)
    assert (node.wanted.author, node.wanted.reason) == ("ana@noc", "carrier storm")
    assert node.wanted.parameters.announcement == ("storm" if kind == "announce" else "")
    assert node.asked == [("POST", "/controls/preview", ""), ("POST", "/controls", '"7"')]


@pytest.mark.parametrize(
    ("more", "said", "asked", "code"),
    [
        ((), "y\n", 2, 0),
        ((), "n\n", 1, 1),
        ((), "", 1, 1),
        (("--preview",), "", 1, 0),
    ],
)
def test_nothing_begins_without_a_yes(  # noqa: PLR0917 - what a table's row has
    node: Node, tmp_path: Any, more: tuple[str, ...], said: str, asked: int, code: int
) -> None:
    done = run(tmp_path, "freeze", *WHY, *more, said=said)
    assert (len(node.asked), done.exit_code) == (asked, code), done.output
    assert "no call is moved" in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("freeze",), "say why"),
        (("freeze", "--site", "a", "--service", "b", *WHY), "name one of"),
        (("holiday", "today", "a", "--service", "b", *WHY), "name one of"),
        (("close", "sales", "--for", "soon", *WHY), "write 90s, 30m, 2h or 1d"),
        (("--json", "freeze", *WHY), "say --yes"),
        (("controls", "end", "c1"), "say why"),
    ],
)
def test_what_is_missing_is_told_before_anybody_is_asked(
    node: Node, tmp_path: Any, words: tuple[str, ...], told: str
) -> None:
    done = run(tmp_path, *words)
    assert done.exit_code == 2 and told in done.output and node.asked == []


def test_a_control_is_ended_by_the_beginning_of_its_id(node: Node, tmp_path: Any) -> None:
    node.kept = (control("freeze", name="aa1"), control("close", "service sales", name="ab2"))
    assert run(tmp_path, "controls", "end", "a", *WHY).exit_code == 2
    assert run(tmp_path, "controls", "end", "x", *WHY).exit_code == 1
    done = run(tmp_path, "controls", "end", "ab", *WHY)
    assert done.exit_code == 0 and node.asked == [("DELETE", "/controls/ab2", "carrier storm")]
    listed = run(tmp_path, "controls").output
    assert "service sales" in listed and "aa1" in listed
