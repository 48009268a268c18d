"""`nrcli alarms` in tables, and what it refuses before it asks a node."""

from typing import Any

import pytest
from typer.testing import CliRunner

from nrcli.commands.alarms import (
    channels_parts,
    figures_parts,
    history_parts,
    rules_parts,
    silences_parts,
)
from nrcli.commands.main import app
from nrcli.commands.tables import table
from nrcli.wire.alarm_models import AlarmEvent, AlarmHistory
from nrcli.wire.alarm_rule_models import (
    AlarmChannel,
    AlarmChannels,
    AlarmFigure,
    AlarmFigures,
    AlarmRule,
    AlarmRules,
    FigureValue,
    Silence,
)


def rows(part: object) -> list[tuple[Any, ...]]:
    assert isinstance(part, type(table((), ())))
    return list(zip(*(column.cells for column in part.columns), strict=True))


def event(number: int, **more: Any) -> AlarmEvent:
    said = {"id": str(number), "at_unix_s": number, "node": "n1", "code": "c", "place": "p"}
    said |= {"happened": "raised", "severity": "major", "text": "too much"}
    return AlarmEvent.model_validate(said | more)


def test_history_the_newest_last() -> None:
    cared = event(9, happened="acknowledged", who="ana", reason="disk")
    part, waiting, lost = history_parts(
        AlarmHistory(events=(cared, event(1, place="")), waiting_count=2, lost_count=1)
    )
    first, last = rows(part)
    assert first[1:] == ("n1", "raised", "major", "c", "-", "too much")
    assert last[2] == "acknowledged" and last[-1] == "ana: disk"
    assert str(waiting).startswith("2 events") and str(lost).startswith("1 events")
    assert history_parts(AlarmHistory(events=())) == ["nothing happened"]


def test_rules() -> None:
    base = {"figure": "f", "condition": "above 3", "severity": "minor", "text": "t"}
    made = [
        AlarmRule.model_validate({**base, "name": name, "document": "shipped", **more})
        for name, more in (
            ("a", {"standing": ("p", "")}),
            ("b", {"off": True}),
            ("c", {"problem": "broken"}),
        )
    ]
    (part,) = rules_parts(AlarmRules(rules=tuple(made)))
    assert [(one[0], one[2], one[-1]) for one in rows(part)] == [
        ("a", "above 3", "p, yes"),
        ("b", "off", "-"),
        ("c", "above 3", "broken"),
    ]


def test_figures() -> None:
    figure = AlarmFigure(
        name="wait",
        kind="level",
        unit="s",
        place="queue",
        leader_only=True,
        meaning="m",
        values=(FigureValue(place="", value=0.3333), FigureValue(place="p", value=2, of_count=4)),
    )
    answer = AlarmFigures(figures=(figure,))
    (part,) = figures_parts(answer, "")
    assert rows(part)[0][:5] == ("wait", "level", "s", "queue", "2")
    (part,) = figures_parts(answer, "wait")
    assert rows(part) == [("network", "0.333", "-"), ("p", "2", "4")]


def test_receivers_and_silences() -> None:
    channel = AlarmChannel(name="noc", kind="mail", to="2", severity_at_least="minor", sent_count=3)
    part, here = channels_parts(AlarmChannels(channels=(channel,), notifies_here=True))
    assert rows(part) == [("noc", "mail", "2", "minor", "3", "0", "-")]
    assert here == "this node sends"
    assert channels_parts(AlarmChannels(channels=())) == ["nobody is notified"]
    silence = Silence(
        id="5f",
        code="a",
        place="*",
        from_unix_s=0.0,
        until_unix_s=60.0,
        author="ana",
        reason="x",
        in_force=False,
    )
    (part,) = silences_parts([silence])
    assert rows(part)[0][-3:] == ("no", "ana", "x")
    assert silences_parts([]) == ["nothing is silenced"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--place", "x"), "go with --acknowledge"),
        (("silence", "a", "--for", "2 weeks", "-m", "x"), "write 30m, 2h or 3d"),
        (("silence", "a", "--for", "31d", "-m", "x"), "30 days at most"),
        (("silence", "a", "--for", "0h", "-m", "x"), "write 30m"),
        (("silence", "a", "--for", "1h", "-m", "x", "--from", "soon"), "is no instant"),
        (("silence", "a", "--for", "1h"), "--reason"),
    ],
)
def test_refused_before_a_node_is_asked(words: tuple[str, ...], told: str) -> None:
    done = CliRunner().invoke(app, ["alarms", *words])
    assert done.exit_code == 2 and told in done.output
