"""The process of the phones: sockets, clock and loop around one `Switchboard`.

Rule of this file: it carries bytes and time and decides nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket
from typing import Any

from aiohttp import web

from nrcli.sip.sip_transport import SipTransport
from site_agent.clock import boottime_s as now_s
from site_agent.phones.agent_phone import Behaviour
from site_agent.phones.attached_data import canonical
from site_agent.phones.config import PhonesConfig, address_of
from site_agent.phones.control_http import CallOrder, application
from site_agent.phones.plan import CallPlan, Door, plan_calls
from site_agent.phones.results import CallResult
from site_agent.phones.switchboard import Switchboard
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import Peer, SendBytes
from site_agent.sip.user_agent import UserAgent

ORDERED_FROM = 1_000_000
"Calls that a test orders are numbered from here, apart from the planned ones."


class PhonesApp:
    """All phones of one process; `start`, then `stop`."""

    def __init__(self, config: PhonesConfig) -> None:
        self._config = config
        self._rtp = _bound_udp_socket(address_of(config.callers_listen)[0])
        self._switchboard = Switchboard(
            UserAgent(SipSettings(user_agent="NIRC phones"), _new_id),
            agents=config.agent_settings(),
            caller_local=address_of(config.callers_listen),
            ivr_local=address_of(config.ivr_listen),
            rtp=self._rtp.getsockname(),
            seed=config.seed,
            new_id=_new_id,
        )
        self._transport = SipTransport(on_data=self._on_data, on_failed=self._on_failed)
        self._timer: asyncio.TimerHandle | None = None
        self._ordered_count = 0
        self._planned_count = 0
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Open every socket."""
        config = self._config
        listens = {config.callers_listen, config.ivr_listen, *(a.listen for a in config.agents)}
        for listen in sorted(listens):
            await self._transport.listen(*address_of(listen))
        self._runner = web.AppRunner(application(self), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, *address_of(config.control_listen)).start()
        self._arm()

    async def stop(self) -> None:
        """Close every socket."""
        if self._timer is not None:
            self._timer.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
        await self._transport.close()
        self._rtp.close()

    # ---- what the control server asks --------------------------------------------------------

    def start_load(self) -> int:
        """Begin the planned load."""
        plans = plan_calls(self._config.load_settings(), self._config.seed)
        self._planned_count = len(plans)
        self._switchboard.schedule(plans, now_s())
        self._arm()
        return len(plans)

    def stop_load(self) -> None:
        """Place no more planned calls."""
        self._switchboard.stop_schedule()

    def order(self, order: CallOrder) -> int:
        """Place a call now."""
        self._ordered_count += 1
        number = ORDERED_FROM + self._ordered_count
        plan = CallPlan(
            number=number,
            at_s=0.0,
            door=Door(
                site=order.site,
                trunk_group=order.trunk_group,
                address=order.target,
                refer=order.refer,
            ),
            dialed=order.dialed,
            ani=f"+35192{number}",
            interaction_id=secrets.token_hex(16),
            data=canonical(order.data) if order.from_ivr and order.data else b"",
            from_ivr=order.from_ivr,
            patience_s=order.patience_s,
            talk_s=order.talk_s,
            reaches=order.reached,
        )
        self._send(self._switchboard.place(plan, now_s()))
        return number

    def hang_up(self, number: int) -> None:
        """Make a caller leave."""
        self._send(self._switchboard.hang_up(number, now_s()))

    def set_behaviour(
        self, site: str, agent: str, behaviour: Behaviour, talk_s: float | None
    ) -> bool:
        """Change an agent's phone."""
        return self._switchboard.set_behaviour(site, agent, behaviour, talk_s)

    def transfer(self, site: str, agent: str, to: str) -> None:
        """An agent passes their caller on."""
        self._send(self._switchboard.order_agent(site, agent, "transfer", to, now_s()))

    def order_agent(self, site: str, agent: str, do: str, to: str) -> None:
        """An agent does something with the caller at hand."""
        self._send(self._switchboard.order_agent(site, agent, do, to, now_s()))

    def results(self) -> list[CallResult]:
        """Every call so far."""
        return self._switchboard.results()

    def status(self) -> dict[str, Any]:
        """Agents' phones and the load."""
        phones = self._switchboard.agents.values()
        return {
            "planned": self._planned_count,
            "double_booked": sum(phone.double_booked_count for phone in phones),
            "logged_in": sum(one.is_logged_in for one in self._switchboard.log_ins.values()),
            "agents": [
                {
                    "site": phone.settings.site,
                    "agent": phone.settings.name,
                    "behaviour": phone.behaviour.value,
                    **phone.shown(),
                    "rung": phone.rung_count,
                    "taken": phone.taken_count,
                    "refer_statuses": phone.refer_statuses,
                }
                for phone in phones
            ],
        }

    # ---- bytes and time ----------------------------------------------------------------------

    def _on_data(self, data: bytes, peer: Peer) -> None:
        self._send(self._switchboard.receive(data, peer, now_s()))

    def _on_failed(self, peer: Peer) -> None:
        self._send(self._switchboard.send_failed(peer, now_s()))

    def _fire(self) -> None:
        self._timer = None
        self._send(self._switchboard.fire(now_s()))

    def _send(self, sends: list[SendBytes]) -> None:
        for send in sends:
            self._transport.send(send.peer, send.data)
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        at_s = self._switchboard.next_timer_s()
        loop = asyncio.get_running_loop()
        self._timer = (
            None if at_s is None else loop.call_later(max(0.0, at_s - now_s()), self._fire)
        )


def _bound_udp_socket(host: str) -> socket.socket:
    """Where sound would go: a real port, so that nobody gets an ICMP error; nothing is read."""
    rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    rtp.bind((host, 0))
    return rtp


def _new_id() -> str:
    return secrets.token_hex(8)


async def serve(config: PhonesConfig) -> None:
    """Run until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    app = PhonesApp(config)
    try:
        await app.start()
        await stopping.wait()
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await app.stop()
