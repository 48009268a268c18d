"""Every command of `nirc-sim` that the pages of the simulator print is run, as printed but for less
time: a few minutes of the run, one replication, one process."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from documents import ROOT
from sim_commands import said

pytestmark = pytest.mark.services
PAGES = [*sorted((ROOT / "docs" / "scenarios").glob("*.md")), ROOT / "docs" / "simulator.md"]
PRINTED = re.compile(r"^\$ nirc-sim ([^\n]+)|`nirc-sim ([a-z][^`]*)`", re.MULTILINE)
STUDIES = ("run", "compare", "sweep", "replay", "backtest", "plan", "capacity")
SHORT = (
    "--set", "duration_s=300", "--set", "drain_s=600", "--set", "warm_up_s=0",
    "--workers", "1", "--replications", "1",
)  # fmt: skip
LOST = ("--set", "faults.*.from_s=100", "--set", "faults.*.lasts_s=100")
BUSY = {"bank": "1999-02-02T10:00:00", "follow-the-sun": "2026-03-02T09:00:00"}
"Starts at which somebody calls, of scenarios that begin at night."


def commands_of(page: Path) -> list[list[str]]:
    """The words of each command, in order; those with placeholders left out."""
    found = []
    for printed, inline in PRINTED.findall(page.read_text(encoding="utf-8")):
        words = shlex.split(re.split(r" [|>] ", printed or inline)[0])
        if len(words) > 1 or printed:
            found.append(words)
    return [words for words in found if not any(re.fullmatch("[A-Z]+", word) for word in words)]


def shortened(words: list[str]) -> list[str]:
    """The same, over in a few seconds."""
    if words[0] not in STUDIES:
        return words
    more = list(SHORT)
    busy = next((start for name, start in BUSY.items() if words[1].startswith(name)), "")
    more += ["--set", f"start={busy}"] if busy else []
    more += LOST if words[1].startswith("site-lost") else []
    more += ["--no-keep"] if words[0] == "backtest" else []
    if words[0] == "capacity":
        more += ["--plans-max", "2"]
    if "--days" in words:
        del words[words.index("--days") : words.index("--days") + 2]
    if words[0] == "sweep":  # two values are enough to be several
        words = [re.sub(r"^([^=]+=[^,]+,[^,]+),.*$", r"\1", word) for word in words]
    if {"--replications", "-n"} & set(words):
        at = words.index("-n") if "-n" in words else words.index("--replications")
        words = words[:at] + words[at + 2 :]
    return [*words, *more]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_that_a_page_prints_works(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("NIRC_SIM_WARM", "0")
    for name, policy in (("old", "local_first"), ("new", "shortest_wait")):
        text = (ROOT / "routing_policies" / "catalogue" / f"{policy}.yaml").read_text("utf-8")
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    commands = commands_of(page)
    assert commands
    for words in commands:
        asked = [word.replace("/tmp/", f"{tmp_path}/") for word in shortened(words)]
        code = {"capacity": 1}.get(asked[0], 0)
        said(*asked, code=code)
