"""Emergency controls on the command line: shown, asked about, begun as shown, listed and ended."""

from typing import Any

import pytest
import typer
from control_samples import control

from nrcli.commands import controls as commands
from nrcli.commands.controls import controls_parts, effect_parts, seconds_of, wanted_of
from nrcli.wire.control_models import ControlChange, ControlEffect


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", None), ("90s", 90.0), ("30m", 1800.0), ("2h", 7200.0), ("1d", 86_400)],
)
def test_how_long(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["30", "m", "1.5h", "-3m", "12345678s", "3 m"])
def test_what_is_no_time_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        seconds_of(text)
    assert "write 90s, 30m, 2h or 1d" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"reason": ""}, "say why"),
        ({"reason": "    "}, "say why"),
        ({"reason": "x" * 300}, "reason: "),
        ({"lasts": "1s"}, "for_s: "),
        ({"author": "x" * 200}, "author: "),
    ],
)
def test_bad_words_are_told_without_a_traceback(
    given: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"reason": "carrier storm", "author": "ana", "lasts": ""} | given
    with pytest.raises(typer.Exit) as ended:
        wanted_of("freeze", ("all", ""), **said)
    assert ended.value.exit_code == 2 and told in capsys.readouterr().err


def test_lists_and_effects_are_tables_and_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    one = control("freeze", "site lisbon").model_copy(update={"reason": "[red]storm[/red]"})
    commands.show(*controls_parts([one]))
    told = capsys.readouterr().out
    assert "site lisbon" in told and "[red]storm[/red]" in told
    change = ControlChange(
        site="lisbon", trunk_group="carrier", service="sales", now="moves", then="stays [x]"
    )
    effect = ControlEffect(control=one, lines=("no call [is] moved",), changes=(change,))
    commands.show(*effect_parts(effect))
    told = capsys.readouterr().out
    assert "no call [is] moved" in told and "stays [x]" in told
    commands.show(*controls_parts([]))
    assert "no control is in force" in capsys.readouterr().out
