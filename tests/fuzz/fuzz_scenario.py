"""Feeds mutants of ready scenarios through all that a run does: load, lower, draw, both engines.

Found is: anything raised but an error meant for people, a refusal without words, a step that takes
far longer than its size, a run that gives no outcome for a call. Usage: `fuzz_scenario.py
--seconds 60 [--seed 1]`; what was found is printed with the seed and number that repeat it.
"""

from __future__ import annotations

import copy
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from fuzz_seeds import fuzzed

from routing_policies.errors import DocumentError, shown
from simulator.compiled.engine import CompiledEngine
from simulator.errors import CallsError, NotModelledError, OverloadedError
from simulator.model.engine import EngineRun
from simulator.model.network import NetworkModel
from simulator.sampling.source import CallSource, source_of
from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.lint import warnings
from simulator.scenarios.loading import Scenario, ready_scenarios, scenario_of
from simulator.scenarios.lowering import model_of
from simulator.world.engine import WorldEngine

ROOT = Path(__file__).resolve().parents[2]
READY = ROOT / "simulator" / "scenarios" / "ready"
SLOW_S = 30.0
"Processor time that one text may take; nothing that is run here needs a tenth of it."
DURATIONS_S = (5, 20, 60)
CALLS_MAX = 400.0
AGENTS_MAX = 3_000
RUN_S_MAX = 400.0
"Larger runs are lowered only."
FED_S_MAX = 7_200.0
LEAVES: tuple[Any, ...] = (
    *(0, 1, -1, 2, 1e-9, 1e-6, 0.5, 1e9, 1e18, 1e300, -1e9, 10**30, 3_600, 86_400, 100_000),
    *(float("nan"), float("inf"), float("-inf"), True, False, None),
    *("", "x", "never", "stay", "*", "0", "24:00", "00:00", "25:61", "2026-02-30", "Mars/Base"),
    *("catalogue:none", "catalogue:vip", "a\x00b", "\u202e", "é", "2026-03-29T01:30:00", "x" * 300),
    *(
        [],
        {},
        [[]],
        [1, "x"],
        {"x": 1},
        {"exponential": {"mean_s": 1e-9}},
        {"constant": {"value_s": 0}},
    ),
    *({"lognormal": {"mean_s": 86_400, "sd_s": 1e-9}}, {"gamma": {"mean_s": 1e-9, "sd_s": 86_400}}),
)
"What a hand may write where something else belongs."
PLACES = (
    ("sites", 0, "queues", 0, "places_max"),
    ("sites", 0, "queues", 0, "answer_after_s"),
    ("sites", 0, "queues", 0, "agent_choice"),
    ("sites", 0, "agents"),
    ("sites", 0, "agents", 0, "count"),
    ("sites", 0, "agents", 0, "ring_s"),
    ("sites", 0, "agents", 0, "no_answer_share"),
    ("sites", 0, "agents", 0, "shifts"),
    ("sites", 0, "trunks", 0, "channels"),
    ("sites", 0, "trunks", 0, "no_answer_s"),
    ("sites", 0, "trunks", 0, "set_up_s"),
    ("sites", 0, "asks"),
    ("sites", 0, "link"),
    ("sites", 0, "reports"),
    ("sites", 0, "shrinkage"),
    ("sites", 0, "foreign_aht_factor"),
    ("services", 0, "queue"),
    ("services", 0, "aht_s"),
    ("services", 0, "priority"),
    ("ingresses", 0, "entry_sites"),
    ("ingresses", 0, "dialed_number"),
    ("arrivals", 0, "per_s"),
    ("arrivals", 0, "from_s"),
    ("arrivals", 0, "busyness"),
    ("patience",),
    ("talk",),
    ("paths",),
    ("faults",),
    ("special_days",),
    ("limits",),
    ("interval_s",),
    ("drain_s",),
    ("duration_s",),
    ("warm_up_s",),
    ("start",),
    ("time_zone",),
    ("policy",),
    ("seed",),
    ("network",),
)
"Keys that a ready scenario may have left out."


class Finding(Exception):
    """Something that must not happen."""


def samples() -> list[dict[str, Any]]:
    """The ready scenarios that need no file of records, cut short."""
    made = []
    for name in ready_scenarios():
        data = yaml.safe_load((READY / f"{name}.yaml").read_text(encoding="utf-8"))
        if len(data["spec"]["sites"]) <= 5:
            made.append(data)
    return made


class Fuzz:
    """One stream of dice."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.samples = samples()
        self.outcomes: Counter[str] = Counter()
        self.count = 0
        self.text = ""

    def step(self) -> None:
        """One scenario."""
        self.count += 1
        began_s = time.process_time()
        data = self.mutant()
        self.text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
        if self.dice.random() < 0.05:
            self.text = self.torn(self.text)
        try:
            self.tried()
        except DocumentError as error:
            self.outcomes["refused"] += 1
            told = shown(error, self.text)
            if not all(fault.problem and fault.remedy for fault in error.faults) or not told:
                raise Finding("a refusal without words") from error
        except CallsError:
            self.outcomes["refused calls"] += 1
        if time.process_time() - began_s > SLOW_S:
            raise Finding(f"took {time.process_time() - began_s:.1f} s")

    def mutant(self) -> dict[str, Any]:
        """A ready scenario, short, with a few mistakes."""
        dice = self.dice
        data = copy.deepcopy(dice.choice(self.samples))
        spec = data["spec"]
        spec["duration_s"], spec["drain_s"] = dice.choice(DURATIONS_S), 120
        spec["warm_up_s"], spec["start"] = 0, "2026-03-02T10:30:00"
        spec.pop("faults", None)
        spec.setdefault("network", {})["ideal"] = dice.random() < 0.5
        if dice.random() < 0.3:
            spec["policy"] = dice.choice(("stay", "catalogue:vip", "catalogue:follow-the-sun"))
        for _ in range(dice.choice((0, 1, 1, 2, 3))):
            self.spoil(spec)
        return dict(data)

    def spoil(self, spec: dict[str, Any]) -> None:
        """One mistake."""
        dice = self.dice
        if dice.random() < 0.2:
            place = dice.choice(PLACES)
            try:
                inner: Any = spec
                for key in place[:-1]:
                    inner = inner[key]
                inner[place[-1]] = self.leaf()
            except (KeyError, IndexError, TypeError):
                return
            return
        inner, key = self.somewhere(spec)
        if isinstance(inner[key], int | float) and dice.random() < 0.8:
            inner[key] = type(inner[key])(inner[key] * dice.choice((0, 0.1, 0.5, 2, 3, 10)))
            return
        kind = dice.random()
        if kind < 0.6:
            inner[key] = self.leaf(inner[key])
        elif kind < 0.75:
            del inner[key]
        elif kind < 0.9 and isinstance(inner, list):
            inner.append(copy.deepcopy(inner[key]))
        else:
            other, at = self.somewhere(spec)
            inner[key] = copy.deepcopy(other[at])

    def leaf(self, before: object = None) -> Any:
        """Some value; often a number near the one before."""
        dice = self.dice
        if isinstance(before, int | float) and dice.random() < 0.5:
            return before * dice.choice((0, -1, 1e-6, 0.1, 10, 1_000, 1e9))
        return copy.deepcopy(dice.choice(LEAVES))

    def somewhere(self, spec: dict[str, Any]) -> tuple[Any, Any]:
        """A container in the scenario and one of its keys."""
        found: list[tuple[Any, Any]] = []
        left: list[Any] = [spec]
        while left:
            inner = left.pop()
            keys = list(inner) if isinstance(inner, dict) else range(len(inner))
            for key in keys:
                found.append((inner, key))
                if isinstance(inner[key], dict | list):
                    left.append(inner[key])
        return self.dice.choice(found) if found else (spec, "seed")

    def torn(self, text: str) -> str:
        """Bytes lost or doubled."""
        dice = self.dice
        at, length = dice.randrange(len(text)), dice.choice((1, 5, 100))
        piece = dice.choice(("", "\t", "\x00", ": ", "- ", "{", "&a ", "*a", "\ud800", "\n"))
        return text[:at] + piece + text[at + length :]

    def tried(self) -> None:
        """All that a run does."""
        scenario = scenario_of(self.text, source="fuzz", folder=READY)
        warnings(scenario)
        model = model_of(scenario)
        source = source_of(scenario, model)
        if not small(scenario.doc.spec, model, source):
            self.outcomes["lowered"] += 1
            return
        for name in ("compiled", "world"):
            self.outcomes[self.ran(name, scenario, model, source)] += 1

    def ran(self, name: str, scenario: Scenario, model: NetworkModel, source: CallSource) -> str:
        """Run with one engine; what became of it."""
        run: EngineRun
        try:
            if name == "compiled":
                run = CompiledEngine().start(model, interpreted=True)
            else:
                run = WorldEngine().start(model)
        except NotModelledError:
            return f"{name}: not modelled"
        calls_count = outcomes_count = 0
        try:
            for calls, until_us in source.parts():
                outcomes_count += len(run.feed(calls, until_us).outcomes)
                calls_count += len(calls)
            outcomes_count += len(run.finish().outcomes)
        except OverloadedError:
            return f"{name}: overloaded"
        if outcomes_count < calls_count:
            raise Finding(f"{name}: {outcomes_count} outcomes of {calls_count} calls")
        if problems := getattr(run, "problems", ()):
            raise Finding(f"{name}: {problems[0]}")
        return f"{name}: ran"


def small(spec: ScenarioSpec, model: NetworkModel, source: CallSource) -> bool:
    """Small enough to be run here."""
    return (
        source.expected_count <= CALLS_MAX
        and len(model.agents) <= AGENTS_MAX
        and spec.duration_s + spec.drain_s <= RUN_S_MAX
    )


def run(seed: int, *, seconds: float = 0.0, texts: int = 0) -> Counter[str]:
    """Fuzz for a time or a number of texts; how many of each outcome.

    Raises: whatever was found, with seed and number as a note.
    """
    fuzz = Fuzz(seed)
    end = time.monotonic() + seconds
    try:
        while fuzz.count < texts or time.monotonic() < end:
            fuzz.step()
    except Exception as error:
        error.add_note(f"seed {seed}, text {fuzz.count}")
        raise
    return fuzz.outcomes


def main() -> int:
    """Fuzz with one seed after the other; 1 if something was found."""
    return fuzzed("fuzz_scenario", run, texts=20)


if __name__ == "__main__":
    sys.exit(main())
