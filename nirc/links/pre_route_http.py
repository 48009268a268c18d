"""The question of an edge over HTTP: JSON in, sites with their addresses out.

Rule of this file: who may ask is told by the address, as over SIP, and by a token that opens this
one path; the router judges. Who gets no answer in time is told so, and takes its own default.
"""

import asyncio
from collections.abc import Callable, Sequence

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from nirc.links.api_server import bound
from nirc.links.problems import json_answer, problem
from nrcli.sip.redirect_peers import Sources
from nrcli.sip.redirect_server import STATUS, contact_uri
from nrcli.sip.redirect_settings import RedirectSettings
from nrcli.sip.redirect_words import PreRouteAsked, PreRouteTold
from nrcli.wire.api_models import API
from nrcli.wire.api_routes import BY_ID
from nrcli.wire.pre_route_models import PreRoute, PreRouteContact, PreRouted

PATH = API + BY_ID["preRoute"].path
LATE_S = 0.2
"The router answers by default within the deadline; only a node that hangs takes longer."
WRITE = 'send {"dialed_number": "+351800100100", "ani": "..."}: docs/pre_routing.md has every key'
REMEDIES = {
    "no_documents": "this node has no documents yet: ask another node",
    "no_site": "does the SiteTable have addresses for this client's trunk_group?",
    "not_in_service": "does a DialedNumberPlan have this number? (`nrcli number explain NUMBER`)",
    "blocked": "the policy, or a number list, refuses this caller: refuse it (603)",
    "busy": "the policy refuses the call: refuse it (486)",
    "closed": "the policy refuses the call: use the edge's own default",
    "try_later": "the policy refuses the call for now: use the edge's own default",
}
"What whoever asked, or whoever keeps the documents, is to do."


class PreRouteHttp:
    """The route, and whoever waits for the router's word."""

    def __init__(
        self,
        *,
        settings: RedirectSettings,
        post: Callable[[PreRouteAsked], bool],
        new_id: Callable[[], str],
        now_s: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._post = post
        self._new_id = new_id
        self._now_s = now_s
        self._sources = Sources(settings)
        self._waiting: dict[str, asyncio.Future[PreRouteTold]] = {}

    def routes(self) -> Sequence[web.RouteDef]:
        """What is served."""
        return bound({"preRoute": self._pre_route})

    def told(self, action: PreRouteTold) -> None:
        """The router's word."""
        waiting = self._waiting.get(action.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(action)

    async def _pre_route(self, request: web.Request) -> web.Response:
        source = self._sources.of(request.remote or "", self._now_s())
        if source.client is None:
            remedy = "add its address to pre_route.clients of this node's settings"
            return problem(403, f"{request.remote} is no listed edge", remedy=remedy)
        try:
            wanted = TypeAdapter(PreRoute).validate_json(await request.read())
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "body"
            return problem(400, first["msg"], place=place, remedy=WRITE)
        if not (source.message(1.0, self._now_s()) and source.call()):
            return problem(429, "more questions than calls_per_s_max", remedy="ask another node")
        if wanted.verified and not source.client.identity:
            wanted = wanted.model_copy(update={"verified": False})
        told = await self._asked(wanted, source.client.name, source.client.trunk_group)
        if told is None:
            return problem(503, "no answer in time", remedy="use the edge's own default")
        if told.problem:
            status = 503 if STATUS[told.problem][0] == 503 else 409
            remedy = told.remedy or REMEDIES[told.problem]
            return problem(status, told.problem, place=told.reason, remedy=remedy)
        contacts = tuple(
            PreRouteContact(
                site=one.site,
                host=one.host,
                port=one.port,
                transport=one.transport,
                handler=one.handler,
            )
            for one in told.contacts[: source.client.contacts_max]
        )
        user = user_of(wanted.dialed_number)
        uris = [contact_uri(user, one) for one in told.contacts[: len(contacts)]]
        return json_answer(
            PreRouted(
                contacts=contacts,
                uri=uris[0],
                next_uri=uris[1] if len(uris) > 1 else "",
                queue=told.queue,
                by_default=told.by_default,
                reason=told.reason,
                decision_id=told.decision_id,
            )
        )

    async def _asked(self, wanted: PreRoute, client: str, group: str) -> PreRouteTold | None:
        ask = self._new_id()
        event = PreRouteAsked(
            id=ask,
            client=client,
            trunk_group=group,
            called=wanted.dialed_number,
            caller=wanted.ani,
            withheld=wanted.withheld,
            verified=wanted.verified,
            call_id=wanted.call_id or ask,
            interaction_id=wanted.interaction_id or ask,
            deadline_s=self._settings.deadline_s,
            refused_sites=wanted.refused_sites,
        )
        answer: asyncio.Future[PreRouteTold] = asyncio.get_running_loop().create_future()
        self._waiting[ask] = answer
        try:
            if not self._post(event):
                return None
            async with asyncio.timeout(self._settings.deadline_s + LATE_S):
                return await answer
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(ask, None)


def user_of(dialed: str) -> str:
    """What was dialed as the user part of an address: `sip:`, `tel:` and a host are cut off."""
    number = dialed.rpartition(":")[2] if "@" not in dialed else dialed.partition("@")[0]
    return number.rpartition(":")[2].partition(";")[0].replace(" ", "")
