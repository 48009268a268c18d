"""Sends what only the leader can do to the node that leads (RFC 9110 section 15.4.8).

Rule of this file: once. A request that another node has sent here is answered here, whoever leads,
so that two nodes that disagree never send it to and fro.
"""

from collections.abc import Callable, Mapping
from urllib.parse import quote

from aiohttp import web

from nirc.links.problems import problem
from nrcli.wire.api_models import Status
from nrcli.wire.api_routes import Operation


class LeaderRedirect:
    """Where other nodes are. `urls`: their HTTP addresses by name, empty where it is not known."""

    def __init__(self, status: Callable[[], Status], urls: Mapping[str, str]) -> None:
        self._status = status
        self._urls = urls

    def answer(self, request: web.Request, operation: Operation) -> web.Response | None:
        """The redirect; None where the request is to be answered here."""
        if not operation.leader_only or "redirected_by" in request.query:
            return None
        status = self._status()
        leader = leader_elsewhere(status)
        url = self._urls.get(leader, "")
        if not url:
            return None
        remedy = f"send it to {url}, with the token of {leader}"
        found = problem(307, f"{leader} leads, and does this", remedy=remedy)
        by = quote(status.node, safe="")
        found.headers["Location"] = f"{url}{request.rel_url.raw_path}?redirected_by={by}"
        return found


def leader_elsewhere(status: Status) -> str:
    """The node that leads; empty where this one does, or none is known."""
    if any(one.leads_here for one in status.domains):
        return ""
    return next((one.leader for one in status.domains if one.leader), "")
