"""What an edge that speaks HTTP asks a node, and what it is told.

Rule of this file: models only, as in `api_models`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Number = Annotated[str, Field(max_length=256)]
Name = Annotated[str, Field(max_length=128)]


class PreRoute(BaseModel):
    """A call that no site has yet."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    dialed_number: Annotated[str, Field(min_length=1, max_length=256)]
    "As it was dialed: digits, E.164 or a SIP URI."
    ani: Number = ""
    withheld: bool = False
    verified: bool = False
    "The caller's number is vouched for (verstat passed)."
    call_id: Annotated[str, Field(max_length=255)] = ""
    interaction_id: Name = ""
    "One id for the caller's whole story, such as that of Session-ID; made here if it is empty."
    refused_sites: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    "Sites that did not take this call just now."


class PreRouteContact(BaseModel):
    """Where calls for a site arrive."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    site: str
    host: str
    "An IP address, or a name where the site table has one."
    port: int
    "0: the name is looked up by SRV."
    transport: str
    handler: str = ""
    "A voicemail or the like takes the call, and no site; `uri` is its own address."


class PreRouted(BaseModel):
    """Where to deliver it, best first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    contacts: tuple[PreRouteContact, ...]
    uri: str
    "The first of them as a SIP URI, with what was dialed as its user."
    queue: str = ""
    by_default: bool = False
    "No policy chose: the first is the first entry site that can be used."
    reason: str = ""
    decision_id: str = ""
    next_uri: str = ""
    "The second of them as a SIP URI, to be tried if the first one does not take the call."
