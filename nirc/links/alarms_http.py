"""The part of a node's HTTP API about alarms beside those that stand: history, rules, figures,
receivers of notices, silences.

Rule of this file: it answers; what the answers say is made elsewhere.
"""

from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from nirc.links.api_server import asked, bound, kept, page
from nirc.links.problems import json_answer, problem
from nrcli.wire import alarm_rule_models as m
from nrcli.wire import query_models as q
from nrcli.wire.alarm_models import AlarmEvent, AlarmHistory


class AlarmReport(Protocol):
    """What the API can tell of alarms, and do."""

    def events(self) -> Sequence[AlarmEvent]:
        """What happened at all nodes, newest first."""

    def waiting_and_lost(self) -> tuple[int, int]:
        """Events of this node that etcd does not have yet, and those that found no room."""

    def rules(self) -> Sequence[m.AlarmRule]:
        """All in use, by name."""

    def figures(self) -> Sequence[m.AlarmFigure]:
        """The catalogue, and what this node sees now."""

    def channels(self) -> Sequence[m.AlarmChannel]:
        """Receivers, by name."""

    def notifies_here(self) -> bool:
        """Is it this node's part to send?"""

    async def test(self, channel: str) -> Sequence[m.TestResult]:
        """Send a test; nothing where there is no such receiver."""

    def silences(self) -> Sequence[m.Silence]:
        """In force or to come."""

    async def silence(self, wanted: m.NewSilence) -> m.Silence | None:
        """Begin one; None: there are too many."""

    async def end_silence(self, name: str) -> bool:
        """End one; whether there was one."""


class AlarmsHttp:
    """Handlers; `routes` are added to the node's API."""

    def __init__(self, report: AlarmReport) -> None:
        self._report = report

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return bound(
            {
                "listAlarmHistory": self._history,
                "listAlarmRules": self._rules,
                "listAlarmFigures": self._figures,
                "listAlarmChannels": self._channels,
                "testNotice": self._test,
                "listSilences": self._silences,
                "addSilence": self._silence,
                "endSilence": self._end_silence,
            }
        )

    async def _history(self, request: web.Request) -> web.Response:
        query = asked(request, q.AlarmHistoryQuery)
        part, after = page(kept(self._report.events(), query), query, lambda one: one.id)
        waiting, lost = self._report.waiting_and_lost()
        return json_answer(
            AlarmHistory(events=part, waiting_count=waiting, lost_count=lost, next=after)
        )

    async def _rules(self, request: web.Request) -> web.Response:
        query = asked(request, q.AlarmRulesQuery)
        part, after = page(kept(self._report.rules(), query), query, lambda one: one.name)
        return json_answer(m.AlarmRules(rules=part, next=after))

    async def _figures(self, request: web.Request) -> web.Response:
        query = asked(request, q.Page)
        part, after = page(self._report.figures(), query, lambda one: one.name)
        return json_answer(m.AlarmFigures(figures=part, next=after))

    async def _channels(self, request: web.Request) -> web.Response:
        query = asked(request, q.Page)
        part, after = page(self._report.channels(), query, lambda one: one.name)
        here = self._report.notifies_here()
        return json_answer(m.AlarmChannels(channels=part, notifies_here=here, next=after))

    async def _test(self, request: web.Request) -> web.Response:
        wanted = m.TestNotice.model_validate_json(await request.read())
        results = await self._report.test(wanted.channel)
        if not results:
            remedy = "an AlarmRules document names receivers below spec.notify"
            what = f"no receiver {wanted.channel}" if wanted.channel else "there is no receiver"
            return problem(404, what, place="channel", remedy=remedy)
        return json_answer(m.TestResults(results=tuple(results)))

    async def _silences(self, request: web.Request) -> web.Response:
        query = asked(request, q.Page)
        part, after = page(self._report.silences(), query, lambda one: one.id)
        return json_answer(m.Silences(silences=part, next=after))

    async def _silence(self, request: web.Request) -> web.Response:
        wanted = m.NewSilence.model_validate_json(await request.read())
        begun = await self._report.silence(wanted)
        if begun is None:
            remedy = "end some, or make one of several by `*`"
            return problem(409, "there are too many silences", remedy=remedy)
        return json_answer(begun, 201)

    async def _end_silence(self, request: web.Request) -> web.Response:
        name = request.match_info["silence"]
        if not await self._report.end_silence(name):
            remedy = "`nrcli alarms silences` lists them; has it ended by itself?"
            return problem(404, f"no silence {name[:80]}", remedy=remedy)
        return json_answer(m.SilenceEnded(id=name))
