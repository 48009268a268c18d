"""Explains one call, for `nrcli explain` and `nrcli policy explain`.

Rule of this file: it shows; the words are the node's own (`nrcli.explaining`), so that people read
the same wherever they ask.
"""

import textwrap
from collections.abc import Iterable
from urllib.parse import quote

import typer

from nrcli.commands.clock import time_told
from nrcli.commands.exit_codes import USAGE
from nrcli.commands.node_access import access_of, failed, put_json
from nrcli.commands.tables import show
from nrcli.wire.api_models import Decision
from nrcli.wire.explanation_models import DecisionTold, Explanation
from routing_policies.explain import explain

FIND_HELP = "`nrcli decisions` lists ids; at least their first 6 characters"
CALL_HELP = (
    "Interaction, request or decision id, or its first 6 characters or more; or the Session-ID."
)
WIDTH = 100
FIGURES_MAX = 5
"Decisions whose figures are shown, the newest; `--json` has them all."


def explain_call(context: typer.Context, call: str) -> None:
    """The whole call in plain words, then what each decision saw."""
    access = access_of(context)
    if not call:
        raise failed(f"name a call ({FIND_HELP})", USAGE)
    path = f"/calls/{quote(call, safe='')}/explanation"
    answer = access.ask(lambda node: node.read(Explanation, path))
    if access.as_json:
        put_json(answer)
        return
    show("\n".join(explanation_lines(answer)).replace("[", r"\["))


def explanation_lines(answer: Explanation) -> list[str]:
    """An explanation as a person reads it on a terminal."""
    lines = [*_wrapped((answer.headline,), ""), ""]
    lines += _wrapped(answer.story, "  ")
    lines += _wrapped((f"Not known: {one}" for one in answer.missing), "  ")
    told = answer.decisions[-FIGURES_MAX:]
    if len(told) < len(answer.decisions):
        lines += ["", f"The last {len(told)} of {len(answer.decisions)} decisions in figures:"]
    for one in told:
        lines += ["", *_figures(one)]
    return [*lines, "", f"interaction {answer.interaction_id}"]


def _wrapped(sentences: Iterable[str], indent: str) -> list[str]:
    lines = []
    for sentence in sentences:
        lines += textwrap.wrap(
            sentence,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines


def _figures(one: DecisionTold) -> list[str]:
    when = f" at {time_told(one.at_unix_s)} UTC" if one.at_unix_s else ""
    first, *more, last = one.figures
    return [first, *(f"  {line}" for line in more), f"  {last}{when}"]


def told(decision: Decision) -> str:
    """One decision in plain words, as `show` takes it."""
    first, *more = explain(decision.model_dump())
    lines = [first, *(f"  {line}" for line in more)]
    where = f"  request {decision.request_id}, decided by {decision.node} with epoch "
    when = f" at {time_told(decision.at_unix_s)} UTC" if decision.at_unix_s else ""
    lines.append(f"{where}{decision.generation}.{decision.revision}{when}")
    return "\n".join(lines).replace("[", r"\[")
