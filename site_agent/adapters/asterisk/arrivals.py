"""Calls that come by a token: the channel waits in AsyncAGI until the daemon has spoken.

Rule of this file: the daemon's word is carried out in the same turn; without one the INVITE is
refused, for the site that sent the caller still has them. An accepted caller is never refused.
"""

from __future__ import annotations

import re

from site_agent.adapters import base
from site_agent.adapters.asterisk.ami_events import AgiWaits, DialplanSaid, DialSign
from site_agent.adapters.asterisk.asterisk_protocol import action, setvar
from site_agent.adapters.asterisk.callers import Callers
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.asterisk.holds import Holds
from site_agent.adapters.asterisk.state import Agent, Call, Place
from site_agent.adapters.asterisk.talks import Talks
from site_agent.adapters.asterisk.variables import data_variables, harmless_id, harmless_text

CONTEXT = "nirc-arrival"
VERDICT = "arrival"
DATA = "data"
TOKEN = re.compile(r"nirc-(?:p-)?[a-z2-7]{1,72}\Z")
CAUSES = {480: 19, 503: 34, 404: 1, 403: 21, 603: 21, 486: 17}
"""SIP status to the hangup cause that Asterisk turns into it before an answer. 16, 41 and 44 would
be 603, which ends all forks of the call."""
CAUSE_DEFAULT = 19
REDIRECTED = "redirect"


class Arrivals:
    """Callers sent here by other sites."""

    def __init__(self, desk: Desk, callers: Callers, holds: Holds, talks: Talks) -> None:
        self._desk = desk
        self._callers = callers
        self._talks = talks
        self._holds = holds

    def waits(self, event: AgiWaits) -> None:
        """A channel with a token waits for a word."""
        desk = self._desk
        token = (event.variables.get("NIRC_TOKEN") or event.extension).lower()
        if event.unique_id in desk.channels:
            return
        if not TOKEN.match(token) or len(desk.calls) >= desk.settings.calls_max:
            self._refuse(event.channel, 404 if not TOKEN.match(token) else 503)
            return
        call = self._callers.begin(event.unique_id, event.channel, event.variables)
        desk.timers.start((VERDICT, call.call_id), desk.now_s + desk.settings.arrival_s)
        desk.tell(
            base.CallArriving(
                call_id=call.call_id,
                token=token,
                invite_key=event.variables.get("NIRC_KEY") or event.unique_id,
                trunk_group=call.trunk_group,
                ani=event.ani,
                data=self._callers.data_of(event.unique_id),
            )
        )

    def accept(self, command: base.AcceptArrival) -> None:
        """Put the caller on what was held for them."""
        call = self._call(command.call_id)
        if call is None:
            return
        hold = self._holds.use(command.hold_id, call.call_id)
        self._take(call, command)
        call.by_token = bool(command.hold_id)
        agent = self._desk.agents.get(hold.agent if hold is not None else "")
        if agent is None or not agent.interface:
            self._send(call, "queue")
            return
        call.head = True
        late_s = min(command.data_within_s, self._desk.settings.data_within_s_max)
        call.rings = agent.phone
        if late_s > 0 and not command.data:
            self._desk.timers.start((DATA, call.call_id), self._desk.now_s + late_s)
        else:
            self.ring(call.call_id)

    def treat_as_ordinary(self, command: base.TreatAsOrdinary) -> None:
        """A dead token: a call like any other."""
        call = self._call(command.call_id)
        if call is not None:
            self._take(call, command)
            call.by_token = True
            self._send(call, "queue")

    def refuse(self, command: base.RefuseArrival) -> None:
        """End the INVITE."""
        call = self._call(command.call_id)
        if call is not None:
            self._refuse(call.channel, command.sip_status)
            call.ended_by = "site"
            self._callers.close(call, "site")

    def hand_over(self, call_id: str, context: str, extension: str) -> None:
        """The dialplan alone goes on with it: it is no caller of the site's."""
        call = self._call(call_id)
        if call is not None:
            self._desk.say(
                action(
                    "Redirect",
                    Channel=call.channel,
                    Context=context,
                    Exten=extension,
                    Priority="1",
                )
            )
            self._callers.close(call, "site")

    def unspoken(self, call_id: str) -> None:
        """The daemon said nothing in time."""
        self.refuse(base.RefuseArrival(call_id=call_id, sip_status=503))

    def ring(self, call_id: str) -> None:
        """Ring the agent: the data is here, or it is too late for it."""
        call = self._desk.calls.get(call_id)
        if call is None or not call.rings:
            return
        phone, call.rings = call.rings, ""
        self._desk.timers.stop((DATA, call_id))
        call.place, call.agent = Place.GIVEN, ""
        self._send(call, "agent", agent=phone)

    def give(self, command: base.GiveData) -> None:
        """Attached data that came after the arrival."""
        call = self._desk.calls.get(command.call_id)
        if call is None:
            return
        call.data = command.data
        self._desk.say(*setvar(call.channel, self._data(call)))
        if (DATA, call.call_id) in self._desk.timers:
            self.ring(call.call_id)

    def dialed(self, event: DialSign, call: Call) -> None:
        """The held agent's phone: rung, or answered."""
        if not event.ended:
            self._talks.acknowledged(call)
        elif event.status == "ANSWER":
            agent = self._given_to(call)
            if agent is not None:
                self._talks.connected(call, agent, call.queue)

    def said(self, event: DialplanSaid) -> None:
        """`NircAgent`: the held agent's phone was not answered, or their talk is over."""
        call = self._desk.channels.get(event.unique_id)
        if call is None or call.place is not Place.GIVEN:
            return
        agent = self._given_to(call)
        if agent is not None and event.fields.get("status", "").upper() != "ANSWER":
            self._talks.not_answered(call, agent)

    # ---- inner ---------------------------------------------------------------------------------

    def _given_to(self, call: Call) -> Agent | None:
        agents = self._desk.agents.values()
        return next((agent for agent in agents if agent.given == call.call_id), None)

    def _call(self, call_id: str) -> Call | None:
        """A call that waits for a word; it waits no longer."""
        call = self._desk.calls.get(call_id)
        if call is None or call.place is not Place.ARRIVING:
            return None
        self._desk.timers.stop((VERDICT, call_id))
        return call

    def _take(self, call: Call, command: base.AcceptArrival | base.TreatAsOrdinary) -> None:
        call.interaction_id, call.service = command.interaction_id, command.service
        call.queue, call.data = command.queue, command.data
        call.offered_at_s = self._desk.now_s - command.waited_s
        call.place = Place.SENT
        self._desk.touch(call)

    def _send(self, call: Call, extension: str, *, agent: str = "") -> None:
        desk = self._desk
        queue = desk.queues.get(call.queue)
        variables = {
            "NIRC_QUEUE": call.queue,
            "NIRC_POSITION": desk.position(call),
            "__NIRC_INTERACTION": harmless_id(call.interaction_id),
            "__NIRC_SERVICE": harmless_text(call.service),
        }
        if agent:
            variables["NIRC_AGENT"] = agent
            variables["NIRC_RING_S"] = f"{queue.settings.ring_s if queue else 15.0:.0f}"
        desk.say(
            *setvar(call.channel, {**variables, **self._data(call)}),
            action(
                "Redirect",
                action_id=desk.ask(REDIRECTED, call.call_id),
                Channel=call.channel,
                Context=CONTEXT,
                Exten=extension,
                Priority="1",
            ),
        )

    def _data(self, call: Call) -> dict[str, str]:
        settings = self._desk.settings
        return data_variables(call.data, settings.agent_data_keys, settings.agent_data_bytes_max)

    def _refuse(self, channel: str, sip_status: int) -> None:
        cause = str(CAUSES.get(sip_status, CAUSE_DEFAULT))
        self._desk.say(
            *setvar(channel, {"NIRC_CAUSE": cause}),
            action("Redirect", Channel=channel, Context=CONTEXT, Exten="refuse", Priority="1"),
        )
