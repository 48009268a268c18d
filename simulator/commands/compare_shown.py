"""A comparison as a table and a sentence.

Rule of this file: verdicts are the measures' own; the sentence is `studies.answer`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import typer

from simulator.commands.console import plain, put_json, show, table
from simulator.commands.study_answers import ended
from simulator.commands.study_json import study_object
from simulator.commands.study_shown import compact, foot_parts, head_parts
from simulator.measures.figures import FIGURES
from simulator.studies.answer import answer_of
from simulator.studies.result import StudyResult

if TYPE_CHECKING:
    from rich.console import RenderableType


def compared(
    result: StudyResult, as_json: bool, besides: Mapping[str, Any] | None = None
) -> typer.Exit:
    """Show a comparison; raise what this returns. `besides` goes into the object too."""
    answer = answer_of(result.comparisons)
    if as_json:
        told = {"winner": answer.winner or None, "sure": answer.sure, "answer": answer.text}
        put_json(study_object(result) | told | dict(besides or {}))
    else:
        show(*head_parts(result), *comparison_parts(result), *foot_parts(result))
    return ended(result)


def comparison_parts(result: StudyResult) -> Iterator[RenderableType]:
    """Each figure of both, what differs, and the answer."""
    if not result.comparisons:
        yield ""
        yield "nothing can be compared: no replication was finished under both"
        return
    a, b = (variant.name for variant in result.variants[:2])
    together = f" with {len(result.comparisons)} figures compared together"
    rows = [
        (
            FIGURES[one.figure].title,
            compact(one.figure, one.a),
            compact(one.figure, one.b),
            one.verdict.replace(together, ""),
        )
        for one in result.comparisons
    ]
    made = table(("", a, b, ""), rows)
    made.columns[3].justify = "left"
    made.columns[3].no_wrap = False
    yield ""
    yield made
    yield ""
    yield f"[bold]{plain(answer_of(result.comparisons).text)}[/bold]"
    if len(result.comparisons) > 1:
        yield "(how sure: of these verdicts together, not of each by itself)"
