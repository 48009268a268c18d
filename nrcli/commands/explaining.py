"""Explains recorded decisions about one call, for `nrcli explain` and `nrcli policy explain`.

Rule of this file: it finds the decisions that are meant; the words stand in `routing_policies`.
"""

import typer

from nrcli.commands.clock import time_told
from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.node_access import access_of, failed, put_json
from nrcli.commands.tables import ids_meant, show
from nrcli.wire.api_models import Decision
from routing_policies.explain import explain

FIND_HELP = "`nrcli decisions` lists ids; at least their first 6 characters"
CALL_HELP = "Interaction, request or decision id, or its first 6 characters or more."


def explain_call(context: typer.Context, call: str) -> None:
    """Every decision about the call, in plain words."""
    access = access_of(context)
    if not call:
        raise failed(f"name a call ({FIND_HELP})", USAGE)
    answer = access.ask(lambda node: node.decisions(call, 50))
    if not answer.decisions:
        raise failed(f"no decision about {call} is known to this node ({FIND_HELP})", REFUSED)
    ids = ids_meant(call, answer.decisions)
    if len(ids) > 1:
        listed = "".join(f"\n  {one}" for one in ids)
        raise failed(f"{call} is the beginning of several ids; write more of one:{listed}", REFUSED)
    if access.as_json:
        put_json(answer)
        return
    for one in answer.decisions:
        show(told(one))


def told(decision: Decision) -> str:
    """One decision in plain words, as `show` takes it."""
    first, *more = explain(decision.model_dump())
    lines = [first, *(f"  {line}" for line in more)]
    where = f"  request {decision.request_id}, decided by {decision.node} with epoch "
    when = f" at {time_told(decision.at_unix_s)} UTC" if decision.at_unix_s else ""
    lines.append(f"{where}{decision.generation}.{decision.revision}{when}")
    return "\n".join(lines).replace("[", r"\[")
