"""An Asterisk with its socket: the manager's line around the adapter's core.

Rule of this file: it carries bytes between the line and the adapter and sorts what the core
returns; it decides nothing about calls. What concerns a call is done in the driver's turn.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from nrcli.errors import LocalProtocolError
from site_agent.adapters.asterisk.adapter import AsteriskAcd
from site_agent.adapters.asterisk.ami_session import AmiSession, SessionState
from site_agent.adapters.asterisk.desk import Outcome, Say
from site_agent.adapters.base import AcdEvent
from site_agent.asterisk_config import AsteriskConfig, plain_ami
from site_agent.asterisk_settings import asterisk_settings, session_settings
from site_agent.config_parts import split_address
from site_agent.driver import Input
from site_agent.errors import ConfigError
from site_agent.foreign_pbx import ForeignPbx, PbxLine

log = logging.getLogger(__name__)


class AsteriskShell(ForeignPbx[Outcome]):
    """The line to one Asterisk."""

    def __init__(
        self,
        config: AsteriskConfig,
        new_id: Callable[[], str],
        post: Callable[[Input], bool],
        now: Callable[[], float],
        may_act: Callable[[], bool] = lambda: True,
    ) -> None:
        self._acd = AsteriskAcd(asterisk_settings(config), new_id)
        super().__init__(self._acd, post, may_act)
        self._now = now
        self._session_settings = session_settings(config.ami)
        self._session: AmiSession | None = None
        self._stood = False
        "The log-in was done on this line."
        address = split_address(config.ami.address)
        ca, name = config.ami.tls_ca, config.ami.tls_name
        tls = None if ca is None else partial(_tls, ca)
        if tls is not None:
            tls()
        warning = plain_ami(config)
        if warning:
            log.warning("%s", warning)
        self._line = PbxLine("asterisk", address, self, post, tls=tls, server_name=name)

    async def start(self) -> dict[str, tuple[str, int]]:
        """Begin to connect; the site agent serves nobody before the PBX lets it in."""
        self._line.start()
        return {}

    async def stop(self) -> None:
        """Close the line."""
        await self._line.stop()

    # ---- what is said on the line --------------------------------------------------------------

    def opened(self) -> Input | None:
        """A connection: the log-in begins."""
        self._session, self._stood = AmiSession(self._session_settings, self._now()), False
        return None

    def heard(self, data: bytes) -> Input | None:
        """Hand on what the PBX said, from the end of the log-in on."""
        session = self._session
        assert session is not None
        messages = session.feed(data, self._now())
        begins = session.state is SessionState.UP and not self._stood
        if begins:
            self._stood = True
            self._line.tell("")
            log.info("%s: %s", self._line.name, session.version)
        self._line.write(session.take_bytes())
        if not messages and not begins:
            return None

        def received(now_s: float) -> list[AcdEvent]:
            events = self._carry_out(self._acd.connected(now_s), now_s) if begins else []
            for message in messages:
                events.extend(self._carry_out(self._acd.receive(message, now_s), now_s))
            return events

        return received

    def lost(self) -> Input | None:
        """The end of the line."""
        session, self._session = self._session, None
        if session is not None and session.problem:
            self._line.tell(session.problem)
        if not self._stood:
            return None
        return lambda now_s: self._carry_out(self._acd.lost(now_s), now_s)

    def tick(self) -> None:
        """The session's own timer."""
        if self._session is not None:
            self._session.fire(self._now())
            self._line.write(self._session.take_bytes())

    def due_in_s(self) -> float | None:
        """Until the session's own timer."""
        next_s = self._session.next_timer_s() if self._session is not None else None
        return max(0.0, next_s - self._now()) if next_s is not None else None

    def is_over(self) -> bool:
        """A refused log-in, a word that is none, silence."""
        return self._session is None or self._session.state is SessionState.BROKEN

    def was_good(self) -> bool:
        """Was the log-in done?"""
        return self._stood

    # ---- inner ---------------------------------------------------------------------------------

    def _carry_out(self, outcomes: Iterable[Outcome], now_s: float) -> list[AcdEvent]:
        events: list[AcdEvent] = []
        session = self._session
        for outcome in outcomes:
            if not isinstance(outcome, Say):
                events.append(outcome)
            elif session is not None and self._may_act():
                try:
                    session.send(outcome.action)
                except LocalProtocolError as error:
                    log.error("asterisk: an action was not sent: %s", error)
        if session is not None:
            self._line.write(session.take_bytes())
        return events


def _tls(ca: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            "acd.ami.tls_ca", f"{ca} cannot be used: {error}", "give a PEM file"
        ) from error
