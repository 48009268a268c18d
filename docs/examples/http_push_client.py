"""A CTI that joins NIRC over HTTP: a sample to read, and to start from.

    python http_push_client.py --url http://127.0.0.1:8200 --token-file /var/lib/nirc/cti.token

Two parts. `Link` keeps the wire: a session, numbered batches that are sent until they are answered,
commands that are done once whatever is repeated. `ToyPbx` stands for your own telephone system; it
only remembers who is ready and who waits. Lines of JSON on stdin are its agents' and callers'
doings ({"order": "caller_enters"}); what it says and is told is printed, a line of JSON each.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import sys
from pathlib import Path

import aiohttp

LONGEST_WAIT_S = 10.0
CAN = {"hold_agent": "exact", "methods": ["refer"]}


class ToyPbx:
    """One queue, its agents, and calls that are names only."""

    def __init__(self, queue, trunk_group, agents):
        self.queue, self.trunk_group = queue, trunk_group
        self.agents = dict.fromkeys(agents, "ready")
        self.calls, self.holds = {}, {}
        self.ids = itertools.count(1)
        self.next_move = "takes"

    def snapshot(self):
        about = {"queue": self.queue, "trunk_group": self.trunk_group}
        named = [about | {"call_id": call_id} for call_id in self.calls]
        known = [
            {key: call[key] for key in ("answered", "agent", "token")}
            for call in self.calls.values()
        ]
        calls = [name | call for name, call in zip(named, known, strict=True)]
        agents = [self.agent(agent) for agent in self.agents]
        used = {"channels_max": 30, "channels_used_count": len(calls)}
        trunks = [{"trunk_group": self.trunk_group} | used]
        told = {"type": "snapshot", "agents": agents, "queues": [self.figures()], "calls": calls}
        return told | {"trunk_groups": trunks, "holds": list(self.holds)}

    def agent(self, agent):
        told = {"agent": agent, "state": self.agents[agent], "queues": [{"queue": self.queue}]}
        return {"type": "agent_changed"} | told

    def figures(self):
        waiting = sum(1 for call in self.calls.values() if not call["agent"] and not call["token"])
        told = {"type": "queue_changed", "queue": self.queue, "open": True, "places_max": 50}
        counts = {"waiting_count": waiting, "answered_count": 0, "abandoned_count": 0}
        return told | counts | {"aht_ms": 180_000, "oldest_waited_ms": 0 if waiting else None}

    def set(self, agent, state):
        self.agents[agent] = state
        return [self.agent(agent)]

    def carry_out(self, command):
        """One command; what there is to say. None: this kind is not known here."""
        return getattr(self, "do_" + command["type"], lambda command: None)(command)

    def do_hold_agent(self, command):
        hold_id, agent = command["hold_id"], command["agent"]
        if self.agents.get(agent) != "ready":
            return [{"type": "hold_refused", "hold_id": hold_id, "reason": "no_agent"}]
        self.holds[hold_id] = agent
        granted = {"type": "hold_granted", "hold_id": hold_id, "agent": agent, "queue": self.queue}
        return [*self.set(agent, "reserved"), granted]

    def do_release_hold(self, command):
        held = (hold_id for hold_id, agent in self.holds.items() if agent == command["agent"])
        agent = self.holds.pop(command["hold_id"] or next(held, ""), "")
        return self.set(agent, "ready") if self.agents.get(agent) == "reserved" else []

    def do_accept_arrival(self, command):
        call = self.calls.get(command["call_id"])
        self.holds.pop(command["hold_id"], None)
        if call is None:
            return []
        call.update(answered=True, token="", agent=command["agent"])
        about = {"call_id": command["call_id"]}
        said = [{"type": "call_answered"} | about, {"type": "arrival_acknowledged"} | about]
        if command["agent"]:
            talks = {"type": "call_connected", "agent": command["agent"], "queue": self.queue}
            said += [*self.set(command["agent"], "busy"), talks | about]
        return [*said, self.figures()]

    def do_treat_as_ordinary(self, command):
        return self.do_accept_arrival(command | {"hold_id": "", "agent": ""})

    def do_refuse_arrival(self, command):
        return self.end(command["call_id"], "site")

    def do_start_move(self, command):
        """Here a REFER to command["address"] would be sent, and its answers told."""
        about = {"type": "move_progress", **{key: command[key] for key in ("call_id", "move_id")}}
        if command["call_id"] not in self.calls or self.next_move == "refuses":
            return [about | {"sign": "refused", "sip_status": 603}]
        signs = ({"sign": "accepted", "sip_status": 202}, {"sign": "notified", "sip_status": 200})
        return [about | sign for sign in signs]

    def do_end_moved(self, command):
        return self.end(command["call_id"], "moved")

    def do_reject_call(self, command):
        return self.end(command["call_id"], "site")

    def nothing_to_say(self, command):
        return []

    do_put_back = do_abort_move = do_give_data = do_screen_pop = nothing_to_say
    do_set_queue_closed = do_set_ageing = do_send_snapshot = nothing_to_say

    def end(self, call_id, by):
        call = self.calls.pop(call_id, None)
        if call is None:
            return []
        free = self.set(call["agent"], "ready") if call["agent"] else []
        ended = {"type": "call_ended", "call_id": call_id, "released_by": by}
        return [ended, *free, self.figures()]

    def do_test_order(self, order):
        """The conformance kit's wish, or a line on stdin."""
        kind = order["order"]
        if kind in ("ready", "busy", "not_ready"):
            return self.set(order["agent"], kind)
        if kind == "next_move":
            self.next_move = order["outcome"]
            return []
        if kind == "caller_leaves":
            return self.end(order["call_id"], "caller")
        call_id, token = f"call-{next(self.ids)}", order.get("token", "")
        self.calls[call_id] = {"answered": not token, "agent": "", "token": token}
        about = {"call_id": call_id, "trunk_group": self.trunk_group}
        if token:
            return [{"type": "call_arriving", "token": token, "invite_key": call_id} | about]
        entered = {"type": "call_offered", "queue": self.queue} | about
        return [entered, {"type": "call_answered", "call_id": call_id}, self.figures()]


class Link:
    """The wire to one site agent."""

    def __init__(self, http, pbx, url=""):
        self.http, self.pbx, self.url = http, pbx, url
        self.session, self.seq, self.done = "", 0, 0
        self.messages, self.wake = [], asyncio.Event()
        self.heartbeat_s = 1.0
        self.failed_count, self.told = 0, ""

    async def wait_after(self, problem):
        """Say what is wrong once, and wait longer each time, up to ten seconds."""
        if problem != self.told:
            show(problem=problem, remedy=remedy(problem, self.url))
        self.told, self.failed_count = problem, self.failed_count + 1
        await asyncio.sleep(min(LONGEST_WAIT_S, 0.25 * 2 ** min(self.failed_count, 8)))

    def say(self, *messages):
        show(said=messages)
        self.messages += messages
        self.wake.set()

    async def post(self, path, body):
        """Status and answer; whatever is not an answer is tried again later."""
        try:
            async with self.http.post(path, json=body) as reply:
                return reply.status, {"want": "", **await reply.json(content_type=None)}
        except (aiohttp.ClientError, TimeoutError, TypeError, ValueError) as error:
            return 0, {"want": "", "detail": said_of(error)}

    async def hello(self):
        """Begin a session, which begins with a snapshot."""
        body = {"protocol": 1, "vendor": "sample", "capabilities": CAN}
        status, answer = await self.post("/v1/hello", body)
        if status != 200:
            told = answer.get("detail") or answer
            return await self.wait_after(f"{status}: {told}" if status else told)
        self.failed_count, self.told = 0, ""
        self.seq, self.done, self.messages = 0, 0, [self.pbx.snapshot()]
        self.heartbeat_s, self.session = answer["heartbeat_ms"] / 1000, answer["session"]
        return None

    async def send_forever(self):
        """Batches in order, each with its own number until it is answered."""
        while True:
            if not self.session:
                await self.hello()
                continue
            if not self.messages:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), self.heartbeat_s)
            self.wake.clear()
            batch, self.messages = self.messages[:500], self.messages[500:]
            self.seq += 1
            body = {"session": self.session, "seq": self.seq, "messages": batch}
            status, answer = await self.post("/v1/events", body)
            while status not in (200, 400, 409, 413, 422):
                told = answer.get("detail") or answer
                await self.wait_after(f"{status}: {told}" if status else told)
                status, answer = await self.post("/v1/events", body)
            self.failed_count, self.told = 0, ""
            if answer["want"] == "hello":
                self.session = ""
            elif status != 200 or answer["want"] == "snapshot":
                self.messages = [self.pbx.snapshot(), {"type": "ack", "up_to": self.done or 1}]

    async def read_forever(self):
        """Commands by server-sent events; a stream that broke is taken up where it ended."""
        while True:
            if not self.session:
                await asyncio.sleep(0.2)
                continue
            try:
                session, last = self.session, {"Last-Event-ID": str(self.done)}
                where = {"params": {"session": session}, "headers": last}
                async with self.http.get("/v1/commands", **where) as reply:
                    async for line in reply.content:
                        if line.startswith(b"data: ") and session == self.session:
                            self.take(json.loads(line[6:]))
            except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
                await self.wait_after(said_of(error))
            await asyncio.sleep(0.2)

    def take(self, command):
        """Do a command once, and acknowledge it as often as it comes."""
        if command["number"] > self.done:
            show(told=command)
            self.done = command["number"]
            said = self.pbx.carry_out(command)
            problem = {"type": "command_failed", "number": self.done, "problem": "not known here"}
            self.say(*([problem] if said is None else said))
        self.say({"type": "ack", "up_to": self.done})

    async def obey_forever(self):
        while line := await asyncio.to_thread(sys.stdin.readline):
            self.say(*self.pbx.do_test_order(json.loads(line)))


def said_of(error):
    """What went wrong on the wire, without Python's names for it."""
    return str(error) or f"no answer in time ({type(error).__name__})"


def remedy(problem, url):
    if problem.startswith(("401", "403")):
        return "the token is the one of another site agent, or of an older start: --token-file"
    if problem[:3].isdigit():
        return "the site agent answered this itself: see its log"
    return f"is the site agent running, and is its http_push.listen what --url names ({url})?"


def show(**what):
    print(json.dumps(what), flush=True)


async def run(given, token):
    pbx = ToyPbx(given.queue, given.trunk_group, given.agents.split(","))
    headers, silence = {"Authorization": f"Bearer {token}"}, aiohttp.ClientTimeout(sock_read=30)
    async with aiohttp.ClientSession(given.url, headers=headers, timeout=silence) as http:
        link = Link(http, pbx, given.url)
        await asyncio.gather(link.send_forever(), link.read_forever(), link.obey_forever())


def token_in(path):
    """The token; ends the program where it cannot be read."""
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        why = f"--token-file {path}: {error.strerror}"
        sys.exit(f"{why}; the site agent writes it into its data_dir when it starts")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A CTI that joins NIRC over HTTP.")
    usual = {"queue": "sales", "trunk-group": "network", "agents": "anna,rita"}
    for name in ("url", "token-file", *usual):
        options.add_argument(f"--{name}", required=name not in usual, default=usual.get(name))
    found = options.parse_args()
    if not found.url.startswith(("http://", "https://")):
        options.error(f"--url {found.url}: write http://HOST:PORT, or https://")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(found, token_in(found.token_file)))
