"""Feeds mutants of expressions and of policy documents to the reader and the compiler for a while.

Found is: anything raised but DocumentError, a text that takes over a second, a fault that points
outside its text, an accepted expression that raises or gives no bool for some state, an accepted
policy that cannot be compiled. Usage: `fuzz_policy.py --seconds 60 [--seed 1]`; what was found is
printed with the seed and number that repeat it.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

from expression_states import PARAMETERS, Writer, random_state
from fuzz_seeds import fuzzed

from routing_policies import kernel
from routing_policies.compiler import compile_policy
from routing_policies.document import RoutingPolicyDoc, load_document
from routing_policies.errors import DocumentError, shown
from routing_policies.expressions import Scope, Unit, check_expression

ROOT = Path(__file__).resolve().parents[2]
SLOW_S = 1.0
_WORDS = (
    "and or not in if else == != <= >= < > + - * / ( ) [ ] , . 'x' \" ' \\ = && || ! % ** // : ;"
    " { } # @ $ ` ~ é \u00a0 \x00 \ud800 0 1 007 1e999 1_000 30s 80% 0x1f true None lambda f'x'"
    " queue.ewt_s queue.open site.name agent.level call.ani known( default( min( data('k')"
    " calendar('c').open starts(call.ani, '+1') queue. .ewt_s"
)
PIECES = tuple(_WORDS.split(" "))
YAML_PIECES = (
    "- ",
    ": ",
    "\n",
    "  ",
    "&a ",
    "*a",
    "!!int ",
    "{",
    "}",
    "[",
    "]",
    "|",
    ">",
    "null",
    "true",
    "1e400",
    ".nan",
    "rules:",
    "when: ",
    "select: {by: ",
    "- name: x\n",
    "?",
    "%YAML 1.1\n",
    "---\n",
    "\t",
    "\x85",
    "\ufeff",
    '"',
    "'",
    "#",
)
POLICY = """\
apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {name: fuzzed}
spec:
  rules:
    - name: first
      when: origin.ewt_s > 30 and not calendar("office").holiday
      candidates: queue.ewt_s < 60 and (agent.level > 3 or site.cost < 2)
      select:
        agents_wait: longest_available
        calls_wait: {by: min_expected_delay}
      adjust: 2 * site.set_up_s
      min_gain_s: 5
      hysteresis: {value: origin.waiting_count, on_above: 5, off_below: 2}
      loan: {max_loan: 3, min_reserve: 1, service_level_min: 0.8}
      steps: [{after_s: 30, candidates: queue.open, min_gain_s: 2}]
      action: route
    - name: second
      when: listed(call.ani, "vip") or default(number(data("age")), 0) > 60
      select: {by: proportional, weight: queue.staffed_count}
      action: route
    - {name: third, when: call.withheld, action: reject, reason: blocked}
  otherwise: {action: queue_at_origin}
"""


class Finding(Exception):
    """Something that must not happen."""


def samples() -> list[str]:
    """Documents to spoil: ours above and those of the catalogue."""
    catalogue = sorted((ROOT / "routing_policies" / "catalogue").glob("*.yaml"))
    return [POLICY, *(path.read_text(encoding="utf-8") for path in catalogue)]


class Fuzz:
    """One stream of dice."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.samples = samples()
        self.outcomes: Counter[str] = Counter()
        self.count = 0

    def step(self) -> None:
        """One text."""
        self.count += 1
        began = time.process_time()
        if self.dice.random() < 0.8:
            self.expression()
        else:
            self.policy()
        if time.process_time() - began > SLOW_S:
            raise Finding(f"took over {SLOW_S} s")

    def expression(self) -> None:
        dice = self.dice
        scope = dice.choice(list(Scope))
        text = Writer(dice, scope).condition(dice.randrange(4))
        for _ in range(dice.choice((0, 0, 1, 1, 2, 5))):
            text = self.spoiled(text, PIECES)
        if dice.random() < 0.01:
            text *= dice.randrange(2, 200)
        want = dice.choice((Unit.YES_NO, Unit.YES_NO, Unit.SECONDS, None))
        try:
            checked = check_expression(text, scope=scope, want=want, place="when", source="fuzz")
        except DocumentError as error:
            self.outcomes["refused expressions"] += 1
            self.look(error, text)
            return
        self.outcomes["accepted expressions"] += 1
        function = eval(f"lambda {PARAMETERS}: {checked.emits}", vars(kernel))
        value = function(*random_state(dice, strange=0.4).arguments())
        if isinstance(value, bool) is not (checked.unit is Unit.YES_NO):
            raise Finding(f"{text!r} gives {value!r}")

    def look(self, error: DocumentError, text: str) -> None:
        for fault in error.faults:
            if not (fault.problem and fault.remedy):
                raise Finding(f"{text!r}: {fault} has no words")
            end = fault.column - 1 + fault.width
            if fault.column < 1 or end > max(len(text), 1):
                raise Finding(f"{text!r}: {fault} points to {fault.column}, {fault.width}")

    def policy(self) -> None:
        text = self.dice.choice(self.samples)
        for _ in range(self.dice.randrange(1, 5)):
            pieces = PIECES if self.dice.random() < 0.5 else YAML_PIECES
            text = self.spoiled(text, pieces)
        try:
            document = load_document(text, source="fuzz")
            if isinstance(document, RoutingPolicyDoc):
                compile_policy(document, 1, source="fuzz")
        except DocumentError as error:
            self.outcomes["refused documents"] += 1
            if not shown(error, text):
                raise Finding("a refusal without words") from error
            return
        self.outcomes["accepted documents"] += 1

    def spoiled(self, text: str, pieces: tuple[str, ...]) -> str:
        dice = self.dice
        at = dice.randrange(len(text) + 1)
        end = min(len(text), at + dice.choice((0, 0, 1, 3, 12)))
        kind = dice.random()
        if kind < 0.6:
            return text[:at] + dice.choice(pieces) + text[end:]
        if kind < 0.8:
            return text[:at] + text[end:]
        if kind < 0.9:
            return text[:at] + chr(dice.choice((dice.randrange(128), dice.randrange(0x11000))))
        other = dice.randrange(len(text) + 1)
        return text[:at] + text[other : other + 30] + text[end:]


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
    return fuzzed("fuzz_policy", run, texts=2_000)


if __name__ == "__main__":
    sys.exit(main())
