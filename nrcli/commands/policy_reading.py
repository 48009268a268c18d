"""Reads policies from files for the commands, and shows what is wrong with them.

Rule of this file: a file that cannot be read or is no policy ends as a picture of the mistake with
file, line, caret and remedy; a folder stands for every YAML file under it.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nrcli.commands.exit_codes import DOCUMENT_WRONG, USAGE
from nrcli.commands.file_text import text_in, yaml_files
from nrcli.commands.node_access import failed
from routing_policies.errors import DocumentError, Fault, shown
from routing_policies.kinds import Document, RoutingPolicyDoc
from routing_policies.loading import load_document

TOLD_EVERY = 100
"Files after which it is said how far a long run is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file's text."""

    name: str
    "As it was named, or `standard input`."
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """A policy that was read."""

    source: Source
    document: RoutingPolicyDoc


def sources_of(files: Iterable[Path]) -> list[Source]:
    """The text of every file; ends the program at one that cannot be read."""
    found = [source for file in files for source in _sources(file)]
    if not found:
        raise failed("no YAML file is there: name files or folders that hold some", USAGE)
    return found


def policy_of(source: Source) -> PolicyFile:
    """The policy in a file; ends the program, with a picture, when it is none."""
    try:
        document = typed(source)
    except DocumentError as error:
        raise failed(shown(error, source.text), DOCUMENT_WRONG) from error
    return PolicyFile(source=source, document=document)


def document_shown(source: Source) -> Document:
    """The document in a file, of any kind; ends the program, with a picture, when it is none."""
    try:
        return document_of(source)
    except DocumentError as error:
        raise failed(shown(error, source.text), DOCUMENT_WRONG) from error


def one_policy(file: Path) -> PolicyFile:
    """The policy in one file."""
    if file.is_dir():
        raise failed(f"{file} is a folder: name one file", USAGE)
    return policy_of(sources_of([file])[0])


def typed(source: Source) -> RoutingPolicyDoc:
    """The policy in a file. Raises DocumentError."""
    document = document_of(source)
    if not isinstance(document, RoutingPolicyDoc):
        problem = f"is a {document.kind}, no RoutingPolicy"
        remedy = "`nrcli documents put` checks and writes the other kinds"
        if document.kind == "OverflowRules":
            remedy = "name it in the site agent's file, and `site-agent config check` that"
        raise DocumentError(
            Fault(source=source.name, line=0, place="kind", problem=problem, remedy=remedy)
        )
    return document


def document_of(source: Source) -> Document:
    """Any document in a file. Raises DocumentError."""
    return load_document(source.text, source=source.name)


def with_progress(sources: Sequence[Source], what: str) -> Iterator[Source]:
    """Each in turn; says on standard error how far it is when there are many."""
    for number, source in enumerate(sources, 1):
        yield source
        if number % TOLD_EVERY == 0 and number < len(sources):
            sys.stderr.write(f"{what} {number} of {len(sources)} files\n")


def _sources(file: Path) -> list[Source]:
    if str(file) != "-" and file.is_dir():
        return [one for path in yaml_files(file) for one in _sources(path)]
    text, name = text_in(file)
    return [Source(name=name, text=text)]
