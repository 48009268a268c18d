"""`nrcli alarms`: what stands, what happened, the rules, who is notified, and silences.

Rule of this file: each command asks one question and shows the answer; each act says who and why.
"""

import re
from collections.abc import Sequence
from datetime import UTC
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import RenderableType

from nrcli.commands.acts import Who, Why
from nrcli.commands.clock import time_told
from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.node_access import access_of, author_of, failed, put_json
from nrcli.commands.record_times import instant_unix_s
from nrcli.commands.tables import alarms_parts, show, table
from nrcli.errors import SettingsError
from nrcli.wire.alarm_models import AcknowledgeAlarm, Alarm, AlarmEvent, AlarmHistory
from nrcli.wire.alarm_rule_models import (
    SILENCE_S_MAX,
    AlarmChannels,
    AlarmFigures,
    AlarmRules,
    NewSilence,
    Silence,
    SilenceEnded,
    Silences,
    TestNotice,
    TestResults,
)

ACKNOWLEDGE = "/alarms/acknowledge"
_FOR = re.compile(r"(\d{1,6})([mhd])")
_SECONDS = {"m": 60, "h": 3600, "d": 86_400}

app = typer.Typer(
    help="Alarms: what stands, what happened, rules, who is notified, silences.",
    invoke_without_command=True,
)


@app.callback()
def alarms(
    context: typer.Context,
    *,
    acknowledge: Annotated[
        str, typer.Option(metavar="ALARM", help="Say that you care for this one.")
    ] = "",
    place: Annotated[str, typer.Option(help="With --acknowledge: where it stands.")] = "",
    reason: Why = "",
    author: Who = "",
    history: Annotated[
        bool, typer.Option("--history", help="What happened at all nodes, the newest last.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="With --history: most to show.")] = 50,
) -> None:
    """Alarms that stand; --acknowledge says that somebody cares for one."""
    if context.invoked_subcommand is not None:
        return
    access = access_of(context)
    if not acknowledge and (place or reason or author):
        raise failed("--place, --reason and --author go with --acknowledge", USAGE)
    if history:
        query = {"limit": str(limit)}
        found = access.ask(lambda node: node.read(AlarmHistory, "/alarms/history", query))
        put_json(found) if access.as_json else show(*history_parts(found))
    elif acknowledge:
        wanted = AcknowledgeAlarm(
            code=acknowledge, place=place, author=author_of(author), reason=reason
        )
        told = access.ask(lambda node: node.send(Alarm, ACKNOWLEDGE, wanted))
        put_json(told) if access.as_json else show(*alarms_parts([told]))
    else:
        answer = access.ask(lambda node: node.alarms())
        put_json(answer) if access.as_json else show(*alarms_parts(answer.alarms))


@app.command()
def rules(context: typer.Context) -> None:
    """Alarm rules in use, those that come with NIRC among them."""
    access = access_of(context)
    answer = access.ask(lambda node: node.read(AlarmRules, "/alarm-rules"))
    put_json(answer) if access.as_json else show(*rules_parts(answer))


@app.command()
def figures(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="One figure, at all its places.")] = "",
) -> None:
    """Figures that rules may look at, and what they are now (ask the node that leads)."""
    access = access_of(context)
    answer = access.ask(lambda node: node.read(AlarmFigures, "/alarm-figures"))
    if name and not any(one.name == name for one in answer.figures):
        raise failed(f"there is no figure {name}: `nrcli alarms figures` lists them", REFUSED)
    put_json(answer) if access.as_json else show(*figures_parts(answer, name))


@app.command()
def channels(context: typer.Context) -> None:
    """Who is notified of alarms, and how that goes."""
    access = access_of(context)
    answer = access.ask(lambda node: node.read(AlarmChannels, "/alarm-channels"))
    put_json(answer) if access.as_json else show(*channels_parts(answer))


@app.command("test-notify")
def test_notify(
    context: typer.Context,
    channel: Annotated[str, typer.Argument(help="One receiver; all.")] = "",
    reason: Why = "",
    author: Who = "",
) -> None:
    """Send a notice that says it is a test, from the node asked; ends with 1 when one failed."""
    access = access_of(context)
    wanted = TestNotice(channel=channel, author=author_of(author), reason=reason)
    answer = access.ask(lambda node: node.send(TestResults, "/alarm-channels/test", wanted))
    if access.as_json:
        put_json(answer)
    else:
        rows = [(one.channel, one.problem or "taken", one.took_s) for one in answer.results]
        show(table(("receiver", "came to", "took s"), rows))
    if not all(one.sent for one in answer.results):
        raise typer.Exit(REFUSED)


@app.command()
def silences(context: typer.Context) -> None:
    """What nobody is notified of just now, or will not be."""
    access = access_of(context)
    answer = access.ask(lambda node: node.read(Silences, "/silences"))
    put_json(answer) if access.as_json else show(*silences_parts(answer.silences))


@app.command()
def silence(
    context: typer.Context,
    *,
    alarm: Annotated[str, typer.Argument(help="Its name; * stands for any characters.")],
    lasts: Annotated[str, typer.Option("--for", metavar="2h", help="How long: 30m, 2h, 3d.")],
    reason: Annotated[str, typer.Option("-m", "--reason", help="Why.")],
    place: Annotated[str, typer.Option(help="Where; * stands for any characters.")] = "*",
    begin: Annotated[str, typer.Option("--from", metavar="TIME", help="When, in UTC; now.")] = "",
    author: Who = "",
) -> None:
    """Notify nobody of some alarms for some time; they are raised and shown all the same."""
    access = access_of(context)
    wanted = NewSilence(
        code=alarm,
        place=place,
        from_unix_s=_instant(begin) if begin else None,
        lasts_s=_seconds(lasts),
        author=author_of(author),
        reason=reason,
    )
    told = access.ask(lambda node: node.send(Silence, "/silences", wanted))
    put_json(told) if access.as_json else show(*silences_parts([told]))


@app.command()
def unsilence(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="As `silences` shows it.")],
    reason: Why = "",
    author: Who = "",
) -> None:
    """End a silence before its time."""
    access = access_of(context)
    query = {"author": author_of(author), "reason": reason}
    path = f"/silences/{quote(name, safe='')}"
    told = access.ask(lambda node: node.read(SilenceEnded, path, query, "DELETE"))
    put_json(told) if access.as_json else show(f"silence {told.id} has ended")


def history_parts(answer: AlarmHistory) -> list[RenderableType]:
    """Events, a line each, the newest last."""
    titles = ("at (UTC)", "node", "what", "severity", "alarm", "place", "text")
    rows = [_event(one) for one in reversed(answer.events)]
    parts: list[RenderableType] = [table(titles, rows)] if rows else ["nothing happened"]
    if answer.waiting_count:
        parts.append(f"{answer.waiting_count} events of this node are not in etcd yet")
    if answer.lost_count:
        parts.append(f"{answer.lost_count} events of this node were lost: etcd was away too long")
    return parts


def rules_parts(answer: AlarmRules) -> list[RenderableType]:
    """Rules, a line each."""
    titles = ("rule", "figure", "raised", "severity", "from", "stands at")
    rows = [
        (
            *(one.name, one.figure, "off" if one.off else one.condition, one.severity),
            one.document,
            one.problem or ", ".join(place or "yes" for place in one.standing) or "-",
        )
        for one in answer.rules
    ]
    return [table(titles, rows)]


def figures_parts(answer: AlarmFigures, name: str) -> list[RenderableType]:
    """All figures with their meaning, or one with its places."""
    if not name:
        rows = [
            (one.name, one.kind, one.unit, one.place, len(one.values), one.meaning)
            for one in answer.figures
        ]
        return [table(("figure", "kind", "unit", "places", "now", "meaning"), rows)]
    (figure,) = (one for one in answer.figures if one.name == name)
    values = [
        (one.place or "network", f"{one.value:.3g}", "-" if one.of_count is None else one.of_count)
        for one in figure.values
    ]
    return [table(("place", figure.unit, "of"), values) if values else "no place has a value"]


def channels_parts(answer: AlarmChannels) -> list[RenderableType]:
    """Receivers, a line each, and who sends."""
    titles = ("receiver", "kind", "to", "from severity", "sent", "told", "problem")
    rows = [
        (
            *(one.name, one.kind, one.to, one.severity_at_least),
            *(one.sent_count, one.told_count, one.problem or "-"),
        )
        for one in answer.channels
    ]
    here = "this node sends" if answer.notifies_here else "another node sends"
    return [table(titles, rows), here] if rows else ["nobody is notified"]


def silences_parts(found: Sequence[Silence]) -> list[RenderableType]:
    """Silences, a line each."""
    titles = ("id", "alarm", "place", "from (UTC)", "until (UTC)", "now", "by", "why")
    rows = [
        (
            *(one.id, one.code, one.place),
            *(time_told(one.from_unix_s), time_told(one.until_unix_s)),
            *("yes" if one.in_force else "no", one.author, one.reason),
        )
        for one in found
    ]
    return [table(titles, rows)] if rows else ["nothing is silenced"]


def _event(one: AlarmEvent) -> tuple[str, ...]:
    told = f"{one.who}: {one.reason or one.text}" if one.happened == "acknowledged" else one.text
    return (
        *(time_told(one.at_unix_s), one.node, one.happened),
        *(one.severity, one.code, one.place or "-", told),
    )


def _seconds(text: str) -> float:
    found = _FOR.fullmatch(text)
    lasts_s = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 0 < lasts_s <= SILENCE_S_MAX:
        raise failed(f"--for {text[:20]!r}: write 30m, 2h or 3d, 30 days at most", USAGE)
    return float(lasts_s)


def _instant(text: str) -> float:
    try:
        return instant_unix_s(text, UTC)
    except SettingsError as error:
        raise failed(f"--from {error}", USAGE) from error
