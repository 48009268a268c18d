"""FreeSWITCH's Event Socket as a connection around the adapter's core.

Rule of this file: it carries bytes between the line and the adapter, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from site_agent.adapters.base import AcdEvent
from site_agent.adapters.freeswitch.adapter import FreeswitchAcd, Outcome
from site_agent.adapters.freeswitch.conversation import GiveUpLink, Say
from site_agent.adapters.freeswitch.esl_protocol import UnsafeCommandError, line_of
from site_agent.config_parts import split_address
from site_agent.driver import Input
from site_agent.errors import ConfigError
from site_agent.foreign_pbx import ForeignPbx, PbxLine
from site_agent.freeswitch_config import FreeswitchConfig
from site_agent.freeswitch_settings import freeswitch_settings

HINT = "; is mod_event_socket loaded?"


class FreeswitchShell(ForeignPbx[Outcome]):
    """One connection, for as long as the site agent runs."""

    def __init__(
        self,
        config: FreeswitchConfig,
        new_id: Callable[[], str],
        post: Callable[[Input], bool],
        may_act: Callable[[], bool] = lambda: True,
    ) -> None:
        self._acd = FreeswitchAcd(freeswitch_settings(config), _password(config), new_id)
        super().__init__(self._acd, post, may_act)
        self._given_up = False
        self._stood = False
        "FreeSWITCH let us in on this line."
        address = split_address(config.event_socket)
        self._line = PbxLine("FreeSWITCH", address, self, post, hint=HINT)

    async def start(self) -> dict[str, tuple[str, int]]:
        """Connect as soon as FreeSWITCH is there; trunk groups are its own."""
        self._line.start()
        return {}

    async def stop(self) -> None:
        """Close the connection."""
        await self._line.stop()

    # ---- what is said on the line --------------------------------------------------------------

    def opened(self) -> Input | None:
        """A connection: the adapter begins to speak."""
        self._given_up = self._stood = False
        return lambda now_s: self._carry_out(self._acd.link_up(now_s), now_s)

    def heard(self, data: bytes) -> Input | None:
        """What came, as it came."""
        return lambda now_s: self._carry_out(self._acd.receive(data, now_s), now_s)

    def lost(self) -> Input | None:
        """The end of the line."""
        return lambda now_s: self._carry_out(self._acd.link_down(now_s), now_s)

    def tick(self) -> None:
        """The adapter has timers of its own."""

    def due_in_s(self) -> float | None:
        """The adapter has timers of its own."""
        return None

    def is_over(self) -> bool:
        """The adapter gave the line up."""
        return self._given_up

    def was_good(self) -> bool:
        """Were we let in?"""
        return self._stood

    # ---- inner ---------------------------------------------------------------------------------

    def _carry_out(self, outcomes: Iterable[Outcome], now_s: float) -> list[AcdEvent]:
        events: list[AcdEvent] = []
        for outcome in outcomes:
            if isinstance(outcome, Say):
                if self._may_act():
                    self._line.write(outcome.data)
            elif isinstance(outcome, GiveUpLink):
                self._given_up = True
                self._line.tell(outcome.problem)
                self._line.close()
            else:
                events.append(outcome)
        if self._acd.is_up and not self._stood:
            self._stood = True
            self._line.tell("")
        return events


def _password(config: FreeswitchConfig) -> str:
    try:
        password = config.password_file.read_text(encoding="utf-8").strip()
        line_of("auth " + password)
    except (OSError, UnicodeDecodeError) as error:
        remedy = "write the password of event_socket.conf.xml into it, mode 0600"
        raise ConfigError(
            f"acd: password_file: {config.password_file}", f"cannot be read: {error}", remedy
        ) from error
    except UnsafeCommandError as error:
        raise ConfigError(
            f"acd: password_file: {config.password_file}", "holds more than one line of text"
        ) from error
    return password
