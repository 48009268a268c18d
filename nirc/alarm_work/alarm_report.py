"""Makes what the HTTP API says of alarm rules, figures, receivers, history and silences.

Rule of this file: it reads and translates; only tests, and silences that begin or end, are passed
on.
"""

from collections.abc import Callable

from nirc.alarm_work.alarm_desk import AlarmDesk
from nirc.alarm_work.notice_desk import NoticeDesk
from nirc.alarms.history import newest_first
from nirc.alarms.rule_words import condition_told, override_told
from nirc.alarms.silences import KeptSilence
from nirc.stores.alarm_store import AlarmStore
from nrcli.wire.alarm_models import AlarmEvent
from nrcli.wire.alarm_rule_models import (
    AlarmChannel,
    AlarmFigure,
    AlarmRule,
    FigureValue,
    NewSilence,
    PlaceOverride,
    Silence,
    TestResult,
)
from routing_policies.alarm_figures import FIGURES, Figure
from routing_policies.alarm_kinds import WebhookReceiver
from routing_policies.alarm_rules_in_use import RuleInUse

VALUES_MAX = 200
"Places of one figure that are told."


class AlarmReport:
    """What one node knows of alarms beside those that stand."""

    def __init__(
        self,
        desk: AlarmDesk,
        notices: NoticeDesk,
        store: AlarmStore,
        *,
        new_id: Callable[[], str],
        wall_unix_s: Callable[[], float],
    ) -> None:
        self._desk = desk
        self._notices = notices
        self._store = store
        self._new_id = new_id
        self._wall_unix_s = wall_unix_s

    def events(self) -> list[AlarmEvent]:
        """What happened at all nodes, newest first."""
        return newest_first(self._store.rows())

    def waiting_and_lost(self) -> tuple[int, int]:
        """Events of this node that etcd does not have yet, and those that found no room."""
        return self._store.waiting_count, self._store.lost_count

    def rules(self) -> list[AlarmRule]:
        """All in use, by name."""
        return [self._rule(one) for one in self._desk.in_use.rules]

    def figures(self) -> list[AlarmFigure]:
        """The catalogue, and what this node sees now."""
        return [self._figure(one) for one in FIGURES]

    def channels(self) -> list[AlarmChannel]:
        """Receivers, by name."""
        return [self._channel(name) for name in sorted(self._notices.receivers)]

    def notifies_here(self) -> bool:
        """Is it this node's part to send?"""
        return self._notices.notifies_here

    async def test(self, channel: str) -> list[TestResult]:
        """Send a test; nothing where there is no such receiver."""
        return await self._notices.test(channel)

    def silences(self) -> list[Silence]:
        """In force or to come, the next to end first."""
        now_unix_s = self._wall_unix_s()
        kept = [one for one in self._store.silences if one.until_unix_s > now_unix_s]
        return [self._silence(one) for one in sorted(kept, key=lambda one: one.until_unix_s)]

    async def silence(self, wanted: NewSilence) -> Silence | None:
        """Begin one; None: there are too many. Raises StoreError."""
        now_unix_s = self._wall_unix_s()
        from_unix_s = now_unix_s if wanted.from_unix_s is None else wanted.from_unix_s
        kept = KeptSilence(
            id=self._new_id(),
            code=wanted.code,
            place=wanted.place,
            from_unix_s=from_unix_s,
            until_unix_s=from_unix_s + wanted.lasts_s,
            author=wanted.author,
            reason=wanted.reason,
        )
        return self._silence(kept) if await self._store.silence(kept) else None

    async def end_silence(self, name: str) -> bool:
        """End one; whether there was one. Raises StoreError."""
        return await self._store.end_silence(name)

    def _rule(self, one: RuleInUse) -> AlarmRule:
        rule, rules = one.rule, self._desk.rules
        watch = rules.watch_of(rule.name)
        return AlarmRule(
            name=rule.name,
            document=one.document,
            figure=rule.figure,
            condition=condition_told(rule),
            severity=rule.severity,
            cause=rule.cause,
            text=rule.text,
            advice=rule.advice,
            off=rule.off,
            places=tuple(
                PlaceOverride(
                    place=own.place,
                    off=own.off,
                    condition=override_told(rule, own),
                    severity=own.severity,
                )
                for own in rule.places
            ),
            watched_here=watch is not None and rules.is_watched(watch),
            watched_count=watch.watched_count if watch else 0,
            standing=watch.standing()[:VALUES_MAX] if watch else (),
            problem=rules.problems.get(rule.name, ""),
        )

    def _figure(self, figure: Figure) -> AlarmFigure:
        samples = self._desk.figures.get(figure.name, {})
        share = figure.kind == "share"
        return AlarmFigure(
            name=figure.name,
            kind=figure.kind,
            unit=figure.unit,
            place=figure.place,
            leader_only=figure.leader_only,
            meaning=figure.meaning,
            values=tuple(
                FigureValue(
                    place=place,
                    value=one.value / one.of if share and one.of else one.value,
                    of_count=None if one.of is None else int(one.of),
                )
                for place, one in sorted(samples.items())[:VALUES_MAX]
            ),
        )

    def _channel(self, name: str) -> AlarmChannel:
        receiver, channel = self._notices.receivers[name], self._notices.channels[name]
        hook = isinstance(channel, WebhookReceiver)
        return AlarmChannel(
            name=name,
            kind="webhook" if hook else "mail",
            to=_host_of(channel.url)
            if isinstance(channel, WebhookReceiver)
            else str(len(channel.to)),
            severity_at_least=channel.severity_at_least,
            problem=receiver.problem,
            failures_count=receiver.failures_count,
            sent_count=receiver.sent_count,
            sent_at_unix_s=receiver.sent_at_unix_s,
            told_count=len(receiver.told.standing),
        )

    def _silence(self, one: KeptSilence) -> Silence:
        return Silence(
            id=one.id,
            code=one.code,
            place=one.place,
            from_unix_s=one.from_unix_s,
            until_unix_s=one.until_unix_s,
            author=one.author,
            reason=one.reason,
            in_force=one.is_in_force(self._wall_unix_s()),
        )


def _host_of(url: str) -> str:
    """An address may have a secret in its path; its host has none.

    >>> _host_of("https://hooks.example:8443/T00/secret")
    'hooks.example:8443'
    """
    return url.partition("://")[2].partition("/")[0]
