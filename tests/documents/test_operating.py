"""Documents name commands that exist, and the runbook names every alarm."""

import importlib
import re
from pathlib import Path

import pytest
import typer.main
from documents import ROOT, blocks_of, documents, links_of
from source_tree import module_name, source_files

import nirc.__main__
import nirc.demo.main
import nrcli.commands.main
import simulator.commands.main
import site_agent.__main__

PROGRAMS = {
    "nirc": nirc.__main__.app,
    "nrcli": nrcli.commands.main.app,
    "nirc-sim": simulator.commands.main.app,
    "site-agent": site_agent.__main__.app,
}
COMMANDS = {name: typer.main.get_command(app) for name, app in PROGRAMS.items()}
DEMO_APP = typer.Typer()
DEMO_APP.command()(nirc.demo.main.run_demo)
DEMO = typer.main.get_command(DEMO_APP)
COMMAND = re.compile(
    r"(?:`|^\$ )(?:\.venv/bin/)?(nirc|nrcli|nirc-sim|site-agent) ((?:[a-z][a-z-]* ?)+)",
    re.MULTILINE,
)
ALARM = re.compile(r"(?:raise_|raise_alarm|raise_event|\.alarm|AlarmKind|SlowKind)\(\s*\"(\w+)\"")
CONSTANT = re.compile(r"(?:raise_|raise_alarm|\.alarm)\(\s*([A-Z_]+)\b")


OPTION = re.compile(r"(?<=\s)--[a-z][a-z-]*")
SHOWN = re.compile(
    r"(?:`|^\$ )(?:\.venv/bin/)?((?:nirc|nrcli|nirc-sim|site-agent) [^`\n]+)", re.MULTILINE
)
ASIDE = {"--help", "--version"}


def words_of(program: str) -> dict[str, set[str]]:
    """Commands of a program, each with its own commands."""
    group = COMMANDS[program]
    commands: dict[str, object] = getattr(group, "commands", {})
    found = {name: set(getattr(one, "commands", {})) for name, one in commands.items()}
    return found | ({"demo": set()} if program == "nirc" else {})


@pytest.mark.parametrize("document", documents(), ids=str)
def test_commands_that_are_named_exist(document: Path) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    wrong = []
    for program, words in COMMAND.findall(text):
        known, (first, *rest) = words_of(program), words.split()
        inner = known.get(first)
        if inner is None or (inner and rest and rest[0] not in inner):
            wrong.append(f"{program} {words}")
    assert wrong == []


def options_of(line: str) -> set[str]:
    """Options of the commands that a line goes through, from the program to its last command."""
    program, *words = line.split()
    command: object = DEMO if words[:1] == ["demo"] else COMMANDS[program]
    found = set(ASIDE)
    while command is not None:
        for one in getattr(command, "params", []):
            found |= {*getattr(one, "opts", []), *getattr(one, "secondary_opts", [])}
        inner: dict[str, object] = getattr(command, "commands", {})
        command = next((inner[word] for word in words if word in inner), None)
    return found


@pytest.mark.parametrize("document", documents(), ids=str)
def test_options_that_are_named_exist(document: Path) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    lines = [line.partition("#")[0] for line in SHOWN.findall(text)]
    wrong = [(line, set(OPTION.findall(line)) - options_of(line)) for line in lines]
    assert [(line, options) for line, options in wrong if options] == []


def test_the_readme_leads_to_every_page() -> None:
    led_to = {str(Path(target)) for target in links_of(Path("README.md"))}
    pages = {str(page) for page in documents() if page.parent == Path("docs")}
    assert pages - led_to == set()


def test_the_runbook_names_every_alarm() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    codes: set[str] = set()
    for path in source_files():
        source = (ROOT / path).read_text(encoding="utf-8")
        codes |= set(ALARM.findall(source))
        module = importlib.import_module(module_name(path)) if CONSTANT.search(source) else None
        codes |= {getattr(module, name) for name in CONSTANT.findall(source)}
    assert {"redis_away", "site_down", "unresolved_move"} <= codes
    assert {code for code in codes if f"`{code}`" not in text} == set()


def test_the_runbook_shows_commands_in_blocks() -> None:
    blocks = blocks_of(Path("docs/operating.md"))
    assert sum(block.language == "console" for block in blocks) >= 3
