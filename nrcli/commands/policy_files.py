"""`nrcli policy check|test|lint|diff`: what can be said of policies without a cluster.

Rule of this file: files in, words out; nothing is asked over the network, but for `NAME@VERSION`
in `diff`. Every file is looked at before the exit code is given.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from nrcli.commands.exit_codes import DOCUMENT_WRONG, USAGE
from nrcli.commands.node_access import access_of, failed
from nrcli.commands.policy_reading import (
    PolicyFile,
    Source,
    one_policy,
    policy_of,
    sources_of,
    typed,
    with_progress,
)
from nrcli.commands.tables import show
from nrcli.policy_client import PolicyClient
from routing_policies.cases import CaseResult, run_cases
from routing_policies.compiler import compile_policy
from routing_policies.diff import diff as differences
from routing_policies.document import assemble
from routing_policies.errors import DocumentError, Fault, shown
from routing_policies.lint import Finding, lint, lint_cases
from routing_policies.loading import with_lines

FILES_HELP = "YAML files, or folders of them; `-` for standard input."
Files = Annotated[list[Path], typer.Argument(help=FILES_HELP)]


def check(
    context: typer.Context,
    files: Files,
    network: Annotated[
        list[Path] | None,
        typer.Option(
            help="Files or folders with the network's other documents: names are looked up there."
        ),
    ] = None,
) -> None:
    """Is each policy well-formed, typed, and can it be compiled? Shows line, caret and remedy.

    Without --network, names of sites, queues and services are not looked up.
    """
    told: list[dict[str, Any]] = []
    around = sources_of(network) if network else []
    as_json = access_of(context).as_json
    for source in with_progress(sources_of(files), "checked"):
        faults = _faults(source, around)
        told.append({"file": source.name, "good": not faults, "faults": list(map(_fields, faults))})
        if as_json:
            continue
        if faults:
            sys.stderr.write(_pictures(faults, [source, *around]) + "\n")
        else:
            show(_plain(f"good: {source.name} ({_size(source)})"))
    wrong_count = sum(not one["good"] for one in told)
    if as_json:
        _put({"files": told})
    elif wrong_count and len(told) > 1:
        sys.stderr.write(f"{wrong_count} of {len(told)} files are wrong\n")
    if wrong_count:
        raise typer.Exit(DOCUMENT_WRONG)


def test(
    context: typer.Context,
    files: Files,
    case: Annotated[str, typer.Option(help="Only cases whose name has this in it.")] = "",
) -> None:
    """Run the cases inside each policy (`spec.tests`); tells what was expected and what came."""
    as_json = access_of(context).as_json
    told: list[dict[str, Any]] = []
    counts = {True: 0, False: 0}
    for source in with_progress(sources_of(files), "tested"):
        results = [one for one in _results(policy_of(source)) if case in one.name]
        for one in results:
            counts[one.passed] += 1
        told.append({"file": source.name, "cases": [_case(one) for one in results]})
        if not as_json:
            _show_cases(source, results)
    if case and not any(counts.values()):
        raise failed(f"--case {case}: no case has this in its name", USAGE)
    if as_json:
        _put({"files": told, "passed": counts[True], "failed": counts[False]})
    else:
        show(f"{counts[True]} passed, {counts[False]} failed")
    if counts[False]:
        raise typer.Exit(DOCUMENT_WRONG)


def lint_files(
    context: typer.Context,
    files: Files,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
) -> None:
    """Find what is well-formed and still wrong: rules never reached, no cases, and the like."""
    found = _findings(sources_of(files))
    errors_count = sum(one.severity == "error" for one in found)
    warnings_count = sum(one.severity == "warning" for one in found)
    if access_of(context).as_json:
        _put({"findings": [_finding(one) for one in found]})
    else:
        for one in found:
            show(_plain(str(one)))
        show(_counted(errors_count, warnings_count, len(found)))
    if errors_count or (strict and warnings_count):
        raise typer.Exit(DOCUMENT_WRONG)


def _counted(errors_count: int, warnings_count: int, found_count: int) -> str:
    notes_count = found_count - errors_count - warnings_count
    notes = f", {notes_count} notes" if notes_count else ""
    return f"{errors_count} errors, {warnings_count} warnings{notes}"


def _findings(sources: list[Source]) -> list[Finding]:
    """Policies, and what stands beside them where several files are named, looked at together."""
    notes: list[Finding] = []
    for source in with_progress(sources, "looked at"):
        if len(sources) == 1:
            policy_of(source)
        try:
            notes += lint_cases(source.text, source=source.name)
        except DocumentError as error:
            raise failed(shown(error, source.text), DOCUMENT_WRONG) from error
    return lint({one.name: one.text for one in sources}) + notes


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(help="A file, or NAME@VERSION of a node's.")],
    new: Annotated[str, typer.Argument(help="A file, or NAME@VERSION of a node's.")],
) -> None:
    """Say what differs between two policies in words: rules, thresholds, order."""
    before, after = _either(context, old), _either(context, new)
    lines = differences(before.document, after.document)
    if access_of(context).as_json:
        _put({"old": old, "new": new, "differences": list(lines)})
        return
    for line in lines or ["nothing differs"]:
        show(_plain(line))


def _faults(source: Source, around: list[Source]) -> tuple[Fault, ...]:
    try:
        document = typed(source)
        compile_policy(document, 0, source=source.name)
        if around:
            _check_names(source, document.name, around)
    except DocumentError as error:
        texts = {one.name: one.text for one in (*around, source)}
        return tuple(with_lines(error.faults, texts))
    return ()


def _check_names(source: Source, name: str, around: list[Source]) -> None:
    """The policy among the network's other documents. Raises DocumentError."""
    from nrcli.commands.policy_reading import document_of

    found: dict[str, Source] = {}
    for one in around:
        document = document_of(one)
        found[f"{document.kind}/{document.name}"] = one
    found[f"RoutingPolicy/{name}"] = source
    try:
        assemble({key: (one.text, 1) for key, one in found.items()}, 1)
    except DocumentError as error:
        files = {key: one.name for key, one in found.items()}
        named = [replace(one, source=files.get(one.source, one.source)) for one in error.faults]
        raise DocumentError(*named) from error


def _pictures(faults: tuple[Fault, ...], sources: list[Source]) -> str:
    """Every fault with the picture of its own file."""
    texts = {one.name: one.text for one in reversed(sources)}
    told = []
    for name in dict.fromkeys(fault.source for fault in faults):
        of_one = DocumentError(*(fault for fault in faults if fault.source == name))
        told.append(shown(of_one, texts.get(name, "")))
    return "\n".join(told)


def _either(context: typer.Context, named: str) -> PolicyFile:
    """A policy from a file, or a version of a node's."""
    policy, at, number = named.rpartition("@")
    if not at or Path(named).exists() or not number.isdecimal():
        return one_policy(Path(named))
    found = access_of(context).ask(lambda node: PolicyClient(node).version(policy, int(number)))
    return policy_of(Source(name=named, text=found.text))


def _results(policy: PolicyFile) -> list[CaseResult]:
    try:
        return run_cases(policy.document)
    except DocumentError as error:
        text = policy.source.text
        located = DocumentError(*with_lines(error.faults, {policy.source.name: text}))
        raise failed(shown(located, text), DOCUMENT_WRONG) from error


def _show_cases(source: Source, results: list[CaseResult]) -> None:
    if not results:
        show(_plain(f"{source.name}: no cases"))
    for one in results:
        show(_plain(f"{'pass' if one.passed else 'FAIL'}  {source.name}: {one.name}"))
        if not one.passed:
            for line in one.told.splitlines():
                show(_plain(f"      {line}"))


def _size(source: Source) -> str:
    document = typed(source)
    rules, tests = len(document.spec.rules), len(document.spec.tests)
    return f"{document.name}: {rules} rules, {tests} cases"


def _fields(fault: Fault) -> dict[str, Any]:
    return {
        "file": fault.source,
        "line": fault.line,
        "column": fault.column,
        "width": fault.width,
        "place": fault.place,
        "problem": fault.problem,
        "remedy": fault.remedy,
    }


def _case(result: CaseResult) -> dict[str, Any]:
    return {"name": result.name, "passed": result.passed, "told": result.told}


def _finding(one: Finding) -> dict[str, Any]:
    names = ("severity", "source", "line", "place", "problem", "remedy")
    return {name: getattr(one, name) for name in names}


def _plain(text: str) -> str:
    """Not read as markup."""
    return text.replace("[", r"\[")


def _put(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
