"""What a redirect server asks of those who know where calls go, and what they say.

Rule of this file: frozen data only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PreRouteAsked:
    """An edge asks where to deliver a call before any site has it: `PreRouteTold` answers."""

    id: str
    "Of the question; also its request id."
    client: str
    "Who asks, as the settings call them."
    trunk_group: str
    "On which calls of this client arrive at sites."
    called: str
    "What was dialed: a SIP user or digits."
    to: str = ""
    caller: str = ""
    withheld: bool = False
    verified: bool = False
    call_id: str = ""
    interaction_id: str = ""
    deadline_s: float = 1.0
    refused_sites: tuple[str, ...] = ()
    "Sites that did not take this call just now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where calls for a site arrive."""

    site: str
    host: str
    "An IP address, or a name that the edge looks up."
    port: int
    "0: none is written, and the name is looked up by SRV (RFC 3263 4.2)."
    transport: str
    handler: str = ""
    "It is a Handler, no site, and `uri` its whole address."
    uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreRouteTold:
    """Where an edge delivers its call, best first; nothing is reserved there."""

    id: str
    contacts: tuple[Contact, ...] = ()
    "Empty: see `problem`."
    queue: str = ""
    by_default: bool = False
    "No policy chose: the first is the first entry site that can be used."
    problem: str = ""
    """no_documents | no_site | not_in_service | blocked | busy | closed | try_later"""
    reason: str = ""
    decision_id: str = ""
    dialed_number: str = ""
    because: str = ""
    "Of a handler: why the call goes there, if the policy says."
    remedy: str = ""
    "What a person does about `problem`."
