"""Chooses the shell of the ACD that the site agent's file names.

Rule of this file: one branch for each kind of ACD; what is not used is not imported.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from nrcli.sip.trace_ring import TraceRing
from routing_policies.call_numbers import NumberReader
from site_agent.adapters.base import AcdCommand, AcdEvent, KeepForRestart
from site_agent.asterisk_config import AsteriskConfig
from site_agent.clock import boottime_s
from site_agent.config import AcdConfig, SiteConfig
from site_agent.core.events import JournalRead
from site_agent.driver import Driver, Input
from site_agent.fence import Fence
from site_agent.freeswitch_config import FreeswitchConfig
from site_agent.http_push_config import HttpPushAcdConfig
from site_agent.in_memory_config import InMemoryAcdConfig
from site_agent.journal_gate import JournalGate


class AcdShell(Protocol):
    """An ACD with its sockets."""

    async def start(self) -> dict[str, tuple[str, int]]:
        """Open the sockets; the address of each trunk group."""

    async def stop(self) -> None:
        """Close them."""

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Agents, queues and trunks."""

    def resume(self, kept: JournalRead, now_s: float) -> tuple[list[AcdEvent], JournalRead]:
        """Go on with the calls that the journal keeps; it comes back with those that stand."""

    def take_in_again(self, kept: JournalRead, now_s: float) -> list[AcdEvent]:
        """Take in the callers who only rang; after the daemon has read the journal."""

    def command(self, command: AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command."""

    def use_numbers(self, numbers: NumberReader | None, unix_offset_s: float) -> None:
        """Read new calls by these number plans."""

    def fire(self, now_s: float) -> list[AcdEvent]:
        """Run what is due."""

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellTools:
    """What a shell needs of the site agent around it."""

    post: Callable[[Input], bool]
    "Hands the driver work for one turn; False: it takes no more."
    now: Callable[[], float]
    "CLOCK_BOOTTIME in seconds."
    keep: Callable[[Sequence[KeepForRestart]], None]
    "Into the journal."
    may_act: Callable[[], bool]
    "Does this process serve the site (it has the lease, where two may)?"
    site: str = ""
    screen_pop_url: str = ""
    "Template of what an agent's screen opens; empty: nothing."
    ring: TraceRing | None = None
    "Keeps SIP messages for a trace; None: nobody does."


def tools_of(
    config: SiteConfig, driver: Driver, gate: JournalGate, fence: Fence, ring: TraceRing
) -> ShellTools:
    """What the shell of this site's ACD needs of the process around it."""
    return ShellTools(
        post=driver.post,
        now=boottime_s,
        keep=gate.keep_now,
        may_act=fence.holds,
        site=config.site,
        screen_pop_url=config.screen_pop_url,
        ring=ring,
    )


def new_token() -> str:
    """A token of 128 bits: `nirc-` and 26 characters of `a-z2-7`."""
    return "nirc-" + base64.b32encode(secrets.token_bytes(16)).decode("ascii").lower().rstrip("=")


def new_id() -> str:
    """An id that nobody else has."""
    return os.urandom(16).hex()


def make_shell(acd: AcdConfig, tools: ShellTools) -> AcdShell:
    """The ACD with its sockets, not yet open. Raises ConfigError."""
    if isinstance(acd, InMemoryAcdConfig):
        from site_agent.in_memory_shell import InMemoryShell

        return InMemoryShell(acd)
    if isinstance(acd, AsteriskConfig):
        from site_agent.asterisk_shell import AsteriskShell

        return AsteriskShell(acd, new_id, tools.post, tools.now, tools.may_act)
    if isinstance(acd, FreeswitchConfig):
        from site_agent.freeswitch_shell import FreeswitchShell

        return FreeswitchShell(acd, new_id, tools.post, tools.may_act)
    if isinstance(acd, HttpPushAcdConfig):
        from site_agent.http_push_shell import HttpPushShell

        return HttpPushShell(
            acd,
            new_id,
            tools.post,
            site=tools.site,
            screen_pop=tools.screen_pop_url,
            may_act=tools.may_act,
        )
    from site_agent.password_file import read_passwords
    from site_agent.sip_acd_settings import sip_acd_settings
    from site_agent.sip_acd_shell import SipAcdShell

    passwords = read_passwords(acd.passwords_file) if acd.passwords_file else {}
    return SipAcdShell(
        sip_acd_settings(acd, passwords),
        new_id,
        tools.post,
        tools.now,
        tools.keep,
        tools.may_act,
        ring=tools.ring,
    )
