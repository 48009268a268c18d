"""Writes the documents of a scenario's network: sites, services, paths, and what files add.

Rule of this file: text in, text out; `assemble` checks the whole. A document from a file stands in
the place of one that is made here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from routing_policies.document import NetworkDocuments, assemble
from routing_policies.errors import DocumentError, Fault
from routing_policies.loading import load_document, text_of
from routing_policies.path_problems import by_number
from routing_policies.read_texts import ReadTexts
from simulator.scenarios.kind import ScenarioSpec, Service
from simulator.scenarios.means import aht_s_of
from simulator.scenarios.moves import path_texts
from simulator.scenarios.policies import PolicyText

HEAD = "apiVersion: nirc/v1\nkind: {}\nmetadata: {{name: {}}}\nspec: {}\n"
Texts = dict[str, str]
"By `kind/name`."


def documents_of(spec: ScenarioSpec, folder: Path, policy: PolicyText) -> NetworkDocuments:
    """The documents of the network, checked. Raises DocumentError."""
    given, sources = texts_of_files(spec, folder)
    key = f"RoutingPolicy/{policy.name}"
    texts = _made(spec, folder, policy.name, any(one.startswith("Path/") for one in given))
    texts |= given
    texts[key] = policy.text
    try:
        return _assembled(tuple(sorted(texts.items())))
    except DocumentError as error:
        sources[key] = policy.source
        faults = (_told(fault, sources) for fault in error.faults)
        raise DocumentError(*faults) from error


def texts_of_files(spec: ScenarioSpec, folder: Path) -> tuple[Texts, Texts]:
    """The documents of the scenario's files, and the file of each. Raises DocumentError."""
    texts: Texts = {}
    sources: Texts = {}
    for name in spec.documents:
        path = folder / name
        try:
            whole = text_of(path.read_bytes(), source=str(path))
        except OSError as error:
            fault = Fault(
                source=str(path),
                line=0,
                place="",
                problem="is no file that can be read",
                remedy="name a file that is there",
            )
            raise DocumentError(fault) from error
        for text in parts_of(whole):
            document = load_document(text, source=str(path))
            key = f"{document.kind}/{document.name}"
            texts[key], sources[key] = text, str(path)
    return texts, sources


def parts_of(whole: str) -> Iterator[str]:
    """The documents of a file, parted by lines of ---, each with its lines where they stood."""
    begins, lines = 0, whole.splitlines()
    for number, line in enumerate([*lines, "---"]):
        if line.rstrip() == "---":
            inside = lines[begins:number]
            if any(one.strip() and not one.lstrip().startswith("#") for one in inside):
                yield "\n" * begins + "\n".join(inside) + "\n"
            begins = number + 1


def text_of_document(kind: str, name: str, spec: dict[str, Any]) -> str:
    """One document."""
    return HEAD.format(kind, flow(name), flow(spec))


def flow(value: object) -> str:
    """A value in YAML's flow style, as `yaml_reader` reads it back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0").ljust(3, "0") if value % 1 else f"{value:.1f}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _made(spec: ScenarioSpec, folder: Path, policy: str, paths_given: bool) -> Texts:
    texts = {
        f"Site/{site.name}": text_of_document(
            "Site",
            site.name,
            {
                "time_zone": site.time_zone or spec.time_zone,
                "queues": [{"name": queue.name} for queue in site.queues],
            },
        )
        for site in spec.sites
    }
    for service in spec.services:
        told = _service(spec, service, folder) | {"policy": policy}
        key = f"NetworkService/{service.name}"
        texts[key] = text_of_document("NetworkService", service.name, told)
    for path in () if paths_given else path_texts(spec):
        texts[f"Path/{path.name}"] = text_of_document("Path", path.name, path.spec)
    return texts


def _service(spec: ScenarioSpec, service: Service, folder: Path) -> dict[str, Any]:
    dialed = (one.dialed_number for one in spec.ingresses if one.service == service.name)
    level = service.service_level
    return {
        "numbers": list(dict.fromkeys(number for number in dialed if number)),
        "queue": service.queue or service.name,
        "aht_s": aht_s_of(spec, service, folder),
        "priority": service.priority,
        "service_level": {"target": level.target, "threshold_s": level.threshold_s},
    }


@lru_cache(maxsize=16)
def _assembled(texts: tuple[tuple[str, str], ...]) -> NetworkDocuments:
    """Replications of one scenario have one set of documents."""
    found = assemble({key: (text, 1) for key, text in texts}, 1, compiled_cache=ReadTexts())
    for path in found.paths:
        if by_number(path):
            problem = "moves by a lent number, and simulated calls have only tokens"
            raise DocumentError(
                Fault(
                    source=f"Path/{path.name}",
                    line=0,
                    place="spec.address",
                    problem=problem,
                    remedy="simulate it with address: token_user",
                )
            )
    return found


def _told(fault: Fault, sources: Texts) -> Fault:
    """A fault with the file that must be changed."""
    return Fault(
        source=sources.get(fault.source, fault.source),
        line=fault.line,
        place=fault.place,
        problem=fault.problem,
        remedy=fault.remedy,
        column=fault.column,
        width=fault.width,
    )
