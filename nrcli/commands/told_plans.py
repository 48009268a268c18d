"""Says of a peer plan what every site would refuse it for: no signature, or its end.

Rule of this file: it looks at the text alone and needs no key; whether the signature is good is
`nrcli verify`'s question, and which serial is in use each site's own.
"""

from nrcli.wire.signatures import is_signed
from routing_policies.errors import DocumentError
from routing_policies.kinds import Document
from routing_policies.loading import load_document
from routing_policies.peer_plan_kinds import PeerPlanDoc


def end_of(document: Document) -> str:
    """Serial and end of a plan, for a person; empty for any other document."""
    if not isinstance(document, PeerPlanDoc):
        return ""
    return f"serial {document.spec.serial}, good until {document.spec.valid_until}"


def serial_in(text: str) -> int:
    """The serial of the plan in a text; 0 where it is none."""
    try:
        document = load_document(text, source="peer plan")
    except DocumentError:
        return 0
    return document.spec.serial if isinstance(document, PeerPlanDoc) else 0


def is_over(document: Document, now_unix_s: float) -> bool:
    """A plan whose time is over."""
    return isinstance(document, PeerPlanDoc) and document.valid_until_unix_s <= now_unix_s


def refusals(document: Document, text: str, now_unix_s: float) -> list[str]:
    """Why no site would take this plan, with the remedy; nothing for any other document."""
    if not isinstance(document, PeerPlanDoc):
        return []
    found = []
    if not is_signed(text):
        found.append("it is not signed: sign it with `nrcli sign` and put it again")
    if is_over(document, now_unix_s):
        found.append(f"it ended at {document.spec.valid_until}: draft and sign a newer one")
    return found
