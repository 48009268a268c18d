"""Joins what all sites, and edges at this node, said over SIP about one call.

Rule of this file: every site with a link is asked, for only a site knows what it heard; nobody is
waited for beyond a limit, and who did not answer is named. It never concerns a call.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from aiohttp import web

from nirc.links.api_server import bound
from nirc.links.problems import json_answer, problem
from nirc.trace_config import TraceConfig
from nrcli.records.sip_traces import trace_of
from nrcli.sip.trace_ring import TraceRing
from nrcli.wire.messages import Hello, TraceAsk, TraceTold
from nrcli.wire.trace_models import PARTS_MAX, CallTrace, by_our_clock, unpacked

CALL_CHARS_MIN, CALL_CHARS_MAX = 6, 200
ASKS_MAX = 4
"At once."
PLACE = "call"


class SiteTraces:
    """Asks sites, and serves what they answer."""

    def __init__(
        self,
        *,
        node: str,
        config: TraceConfig,
        hellos: Callable[[], Mapping[str, Hello]],
        send: Callable[[str, TraceAsk], bool],
        new_id: Callable[[], str],
        now_s: Callable[[], float],
        unix_s: Callable[[], float],
    ) -> None:
        """`hellos`: what each linked site said first; `send` False: it cannot be sent."""
        self.ring = TraceRing(config.limits)
        self._node, self._config = node, config
        self._hellos, self._send, self._new_id = hellos, send, new_id
        self._now_s, self._unix_s = now_s, unix_s
        self._asks: dict[tuple[str, str], _Ask] = {}
        "By site and id of the question."
        self._under_way_count = 0

    def routes(self) -> list[web.RouteDef]:
        """What is served."""
        return bound({"traceCall": self._masked, "traceCallUnmasked": self._whole})

    def told(self, site: str, said: object) -> bool:
        """Part of an answer; False: it is something else. Late or unasked ones are forgotten."""
        if not isinstance(said, TraceTold):
            return False
        ask = self._asks.get((site, said.id))
        if ask is not None:
            ask.take(said, self._unix_s())
        return True

    async def _masked(self, request: web.Request) -> web.Response:
        return await self._answered(request.match_info["call"], whole=False)

    async def _whole(self, request: web.Request) -> web.Response:
        if not self._config.unmasked:
            remedy = "set trace.unmasked in the settings of the node, and of each site"
            return problem(403, "this node shows no whole numbers", remedy=remedy)
        return await self._answered(request.match_info["call"], whole=True)

    async def _answered(self, call: str, *, whole: bool) -> web.Response:
        if not CALL_CHARS_MIN <= len(call) <= CALL_CHARS_MAX:
            length = f"ids have {CALL_CHARS_MIN} to {CALL_CHARS_MAX} characters"
            return problem(404, length, place=PLACE)
        if self._under_way_count >= ASKS_MAX:
            remedy = "wait for one of them, and ask again"
            return problem(503, f"{ASKS_MAX} traces are under way", remedy=remedy)
        self._under_way_count += 1
        try:
            told = await self._joined(call, whole)
        finally:
            self._under_way_count -= 1
        return json_answer(told)

    async def _joined(self, call: str, whole: bool) -> CallTrace:
        now_s, unix_s = self._now_s(), self._unix_s()
        search = partial(trace_of, self._node, self.ring.snapshot(), call)
        own = asyncio.to_thread(search, whole=whole, now_s=now_s, unix_s=unix_s)
        asked = [self._of_site(name, hello, call, whole) for name, hello in self._sites()]
        return _sum(call, whole, self._unix_s(), await asyncio.gather(own, *asked))

    def _sites(self) -> Iterable[tuple[str, Hello]]:
        return sorted(self._hellos().items())

    async def _of_site(self, site: str, hello: Hello, call: str, whole: bool) -> CallTrace:
        if not hello.traces:
            return _missing(call, f"{site}: its site agent is of an older version")
        key = (site, self._new_id())
        ask = self._asks[key] = _Ask(self._unix_s())
        try:
            if not self._send(site, TraceAsk(id=key[1], call=call, unmasked=whole)):
                return _missing(call, f"{site}: its link is down")
            async with asyncio.timeout(self._config.answer_s):
                return await ask.answer
        except TimeoutError:
            return _missing(call, f"{site}: no answer in {self._config.answer_s:g} s")
        except ValueError as error:
            return _missing(call, f"{site}: its answer cannot be read ({str(error)[:100]})")
        finally:
            del self._asks[key]


class _Ask:
    """One question to one site."""

    def __init__(self, asked_unix_s: float) -> None:
        self.answer: asyncio.Future[CallTrace] = asyncio.get_running_loop().create_future()
        self._asked_unix_s = asked_unix_s
        self._parts: list[bytes] = []

    def take(self, said: TraceTold, now_unix_s: float) -> None:
        """The next part; parts come in order, as the link keeps it."""
        if self.answer.done():
            return
        if said.part != len(self._parts) or not 0 < said.parts_count <= PARTS_MAX:
            self.answer.set_exception(ValueError("a part is missing"))
            return
        self._parts.append(said.data)
        if len(self._parts) < said.parts_count:
            return
        try:
            told = unpacked(self._parts)
            self.answer.set_result(by_our_clock(told, self._asked_unix_s, now_unix_s))
        except ValueError as error:
            self.answer.set_exception(error)


def _missing(call: str, why: str) -> CallTrace:
    return CallTrace(call=call, messages=[], notes=[why])


def _sum(call: str, whole: bool, unix_s: float, parts: Iterable[CallTrace]) -> CallTrace:
    parts = list(parts)
    messages = [one for part in parts for one in part.messages]
    return CallTrace(
        call=call,
        messages=sorted(messages, key=lambda one: one.at_unix_s),
        now_unix_s=unix_s,
        unmasked=whole,
        notes=[note for part in parts for note in part.notes],
    )
