"""Looks into every file that a scenario names, before anything is run.

Rule of this file: a file that is missing or wrong is told at the place in the scenario that names
it; what is wrong inside a file is told at its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from routing_policies.errors import DocumentError, Fault
from routing_policies.kinds import OverflowRulesDoc
from routing_policies.loading import load_document, text_of
from simulator.errors import CallsError
from simulator.records.formats import format_of
from simulator.scenarios.distributions_of import distributions_of
from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.means import values_of
from simulator.scenarios.policies import policy_text
from simulator.scenarios.rates import calls_of
from simulator.scenarios.written import texts_of_files


def file_faults(spec: ScenarioSpec, folder: Path, source: str) -> list[Fault]:
    """Everything that is wrong with the files of a scenario whose own text is in order."""
    faults: list[Fault] = []
    for place, look in _looks(spec, folder):
        try:
            look()
        except DocumentError as error:
            faults += (_placed(fault, place, source) for fault in error.faults)
    return list(dict.fromkeys(faults))


def _looks(spec: ScenarioSpec, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "spec.policy", partial(policy_text, spec.policy, folder)
    for i, name in enumerate(spec.documents):
        only = spec.model_copy(update={"documents": (name,)})
        yield f"spec.documents[{i}]", partial(texts_of_files, only, folder)
    for s, site in enumerate(spec.sites):
        if site.asks.rules is not None:
            yield f"spec.sites[{s}].asks.rules", partial(_rules, folder / site.asks.rules)
    for place, one in distributions_of(spec):
        if one.empirical is not None and one.empirical.file is not None:
            yield f"{place}.empirical.file", partial(values_of, one.empirical, folder)
    for i, profile in enumerate(spec.profiles):
        yield f"spec.profiles[{i}].file", partial(calls_of, profile, folder)
    for i, arrival in enumerate(spec.arrivals):
        if arrival.profile is not None and arrival.profile.name is None:
            yield f"spec.arrivals[{i}].profile.file", partial(calls_of, arrival.profile, folder)
        if arrival.records is not None and arrival.records.file is not None:
            yield f"spec.arrivals[{i}].records.file", partial(_there, folder / arrival.records.file)
            if arrival.records.format.endswith((".yaml", ".yml")):
                place = f"spec.arrivals[{i}].records.format"
                yield place, partial(_mapping, folder / arrival.records.format)


def _there(path: Path) -> None:
    if not path.is_file():
        raise DocumentError(_missing(path))


def _mapping(path: Path) -> None:
    _there(path)
    try:
        format_of(path)
    except CallsError as error:
        raise DocumentError(
            Fault(source=error.place, line=0, place="", problem=error.problem, remedy=error.remedy)
        ) from error


def _rules(path: Path) -> None:
    _there(path)
    document = load_document(text_of(path.read_bytes(), source=str(path)), source=str(path))
    if not isinstance(document, OverflowRulesDoc):
        problem, remedy = f"is a {document.kind}", "give OverflowRules"
        raise DocumentError(
            Fault(source=str(path), line=0, place="", problem=problem, remedy=remedy)
        )


def _missing(path: Path) -> Fault:
    return Fault(
        source=str(path),
        line=0,
        place="",
        problem="is no file that can be read",
        remedy="name a file that is there",
    )


def _placed(fault: Fault, place: str, source: str) -> Fault:
    """A fault of a whole file is the scenario's, which names it."""
    if fault.line or fault.place:
        return fault
    problem = f"{fault.source} {fault.problem}"
    if fault.problem.startswith("there is no"):
        problem = fault.problem
    return replace(fault, source=source, place=place, problem=problem)
