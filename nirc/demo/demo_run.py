"""One run of the demo, from the empty folder to the report.

Rule of this file: the order of things and nothing else; whatever happens, every process is ended
and the folder removed (unless it was to be kept).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.live import Live

from nirc.demo import checkers, hints, observe, phones_file, picture
from nirc.demo.json_http import HttpFailed
from nirc.demo.layout import HOLD_TRUNK_SHAPES, NetworkShape, build_layout, with_kinds
from nirc.demo.network import Network
from nirc.demo.network_status import NotReady
from nirc.demo.options import CALLS_DEFAULT, Options
from nirc.demo.policies import rules_told
from nirc.demo.ports import NoFreePort, PortTaker
from nirc.demo.processes import ProcessFailed
from nirc.demo.report import CheckerFindings, Verdict, site_entry, verdict
from nirc.demo.store_programs import ProgramMissing

DRAW_S = 0.5
SAY_S = 5.0
HOLD_SAY_S = 1.0
"Without the live view: how often it is looked whether there is something new to say."
LAST_CALL_S_MAX = 120.0
"How long after the last arrival every call must have ended: patience, talk and moves included."
QUIET_S_MAX = 20.0
HOLD_TALK_S = (1800.0, 1800.0)
"With callers of your own the agents leave it to them to hang up."
HOLD_ASK_AFTER_S = 1.7
"Above `answer_after_s` of the trunk groups that may be sent no 302."
HOLD_LIVENESS_S = 0.0
"Callers of one's own are not asked whether they are there: stock sipp ends its call at that."
_NOT_A_COUNT = ("sites", "moved_between")
EXIT_STOPPED = 130
EXIT_FAILED = 1


class Stopped(Exception):
    """Ctrl-C or SIGTERM."""


class DemoRun:
    """`DemoRun(options, console).run()` returns the exit code."""

    def __init__(self, options: Options, console: Console) -> None:
        self._options = options
        self._console = console
        self._network: Network | None = None

    def run(self) -> int:
        """Everything; never leaves a process behind."""
        folder = (self._options.keep or Path(tempfile.mkdtemp(prefix="nirc-demo-"))).absolute()
        try:
            with _stopped_by_signal():
                network = self._build(folder)
                return self._run(network)
        except Stopped:
            self._say("stopping")
            return 0 if self._options.hold else EXIT_STOPPED
        except (NotReady, ProcessFailed, ProgramMissing, NoFreePort, HttpFailed, OSError) as error:
            self._console.print(f"nirc demo: {error}", style="red", markup=False, highlight=False)
            return EXIT_FAILED
        finally:
            self._clean(folder)

    def _build(self, folder: Path) -> Network:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        hold = NetworkShape(
            trunks=HOLD_TRUNK_SHAPES, ask_after_s=HOLD_ASK_AFTER_S, liveness_s=HOLD_LIVENESS_S
        )
        options = self._options
        shape = with_kinds(hold if options.hold else NetworkShape(), options.site_kinds)
        shape = replace(shape, keeps_records=find_spec("pyarrow") is not None)
        layout = build_layout(shape, PortTaker())
        self._network = Network(
            folder, layout, self._load(), options.policies, asterisk=options.asterisk
        )
        return self._network

    def _load(self) -> phones_file.Load:
        options = self._options
        if options.hold:
            return phones_file.Load(seed=options.seed, agents_talk_s=HOLD_TALK_S)
        calls = options.calls
        if calls is None:
            in_time = round((options.duration_s or 0.0) * phones_file.CALLS_PER_S)
            calls = in_time or CALLS_DEFAULT
        return phones_file.Load(calls=calls, seed=options.seed, over_s=options.duration_s)

    def _run(self, network: Network) -> int:
        network.start(self._say)
        for node in network.layout.nodes:
            network.processes.leave_alone(node.name)
        site_agents = [one.process for site in network.layout.sites for one in site.members]
        for name in site_agents:
            network.processes.leave_alone(name)
        self._write_report({"sites": [site_entry(network.layout, s) for s in network.layout.sites]})
        for line in hints.hints(self._started(network)):
            self._say(line)
        if self._options.hold:
            return self._hold(network)
        return self._calls(network)

    def _started(self, network: Network) -> hints.Started:
        leader = network.leader() or ""
        return hints.Started(
            layout=network.layout,
            folder=network.folder.absolute(),
            programs=_programs(),
            leader=leader,
            leader_pid=network.processes.pid(leader) if leader else 0,
            last_site_pid=network.processes.pid(network.layout.sites[-1].name),
            has_live_view=self._options.ui,
            consoles={
                site: asterisk.as_typed("-r")
                for site, asterisk in network.asterisks.by_site.items()
            },
        )

    def _hold(self, network: Network) -> int:
        self._say("ready: waiting for your calls, Ctrl-C ends it")
        duration_s = self._options.duration_s
        until = None if duration_s is None else time.monotonic() + duration_s
        self._show(
            network, "your own calls", lambda: until is not None and time.monotonic() > until
        )
        return 0

    def _calls(self, network: Network) -> int:
        load = network.load
        self._say(f"{load.calls} callers over {load.length_s:.0f} s, seed {load.seed}")
        network.phones_order("POST", "/start")
        until = time.monotonic() + load.length_s + LAST_CALL_S_MAX
        self._show(
            network,
            f"{load.calls} calls",
            lambda: _all_ended(network, load.calls) or time.monotonic() > until,
        )
        if self._options.stay:
            self._stay(network)
        return self._finish(network).exit_code

    def _stay(self, network: Network) -> None:
        """Until Ctrl-C; what comes then comes as ever."""
        self._say("the calls have ended; the network stays until Ctrl-C")
        with suppress(Stopped):
            self._show(network, "ended calls", lambda: False)

    def _finish(self, network: Network) -> Verdict:
        """Wait for quiet, stop the sites so that their histories are whole, and judge."""
        phones = network.phones_status()
        held = self._wait_for_quiet(network)
        for line in rules_told(network.all_decisions()):
            self._say(line)
        network.processes.stop(
            *(one.process for site in network.layout.sites for one in site.members)
        )
        histories = [path for path in network.histories() if path.exists()]
        findings = (
            checkers.check(histories)
            if len(histories) == len(network.histories())
            else CheckerFindings(violations=("a site wrote no history",))
        )
        found = verdict(
            network.layout,
            phones=phones,
            findings=findings,
            channels_held=held,
            stories=network.phones_results(),
        )
        self._write_report(found.report)
        shown = {name: value for name, value in found.report.items() if name not in _NOT_A_COUNT}
        self._say("  ".join(f"{name} {value}" for name, value in shown.items()))
        between = found.report["moved_between"].items()
        if between and network.asterisks.by_site:
            self._say("  ".join(f"{pair}: {moved}" for pair, moved in between))
        for complaint in found.complaints:
            self._say(f"NOT WELL: {complaint}")
        for site in network.asterisks.lost_sites():
            self._say(f"what is left over at {site} are calls of its Asterisk that has ended")
        return found

    def _wait_for_quiet(self, network: Network) -> int:
        until = time.monotonic() + QUIET_S_MAX
        while True:
            held = observe.channels_held(network.site_statuses())
            if not held or time.monotonic() > until:
                return held
            time.sleep(0.1)

    def _show(self, network: Network, title: str, is_over: Any) -> None:
        """Draw (or say now and then) until it is over."""
        if not self._options.ui:
            self._say_until(network, is_over)
            return
        with Live(console=self._console, auto_refresh=False, screen=False) as live:
            while not is_over():
                scene = network.scene(title, has_own_calls=self._options.hold)
                self._say_ended(network)
                size = self._console.size
                live.update(picture.draw(scene, size.width, size.height), refresh=True)
                time.sleep(DRAW_S)

    def _say_until(self, network: Network, is_over: Any) -> None:
        said = ""
        next_s = 0.0
        while not is_over():
            self._say_ended(network)
            if time.monotonic() >= next_s:
                next_s = time.monotonic() + (HOLD_SAY_S if self._options.hold else SAY_S)
                line = _hold_line(network) if self._options.hold else _progress(network)
                if line != said:
                    said = line
                    self._say(line)
            time.sleep(0.2)

    def _say_ended(self, network: Network) -> None:
        for line in network.asterisks.ended():
            self._say(line)

    def _write_report(self, report: dict[str, Any]) -> None:
        path = self._options.report
        if path is not None:
            path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _clean(self, folder: Path) -> None:
        with _signals_ignored():
            if self._network is not None:
                self._network.stop()
                if self._options.keep is None:
                    self._network.remove()
                else:
                    self._say(f"kept: {folder}")


def _all_ended(network: Network, calls: int) -> bool:
    status = network.phones_status()
    return status.get("calls") == calls and status.get("open") == 0


def _progress(network: Network) -> str:
    status = network.phones_status()
    names = ("calls", "open", "served_home", "moved_302", "moved_refer", "moved_bridge", "lost")
    leader = network.leader() or "none"
    return "  ".join(f"{name} {status.get(name, '?')}" for name in names) + f"  leader {leader}"


def _hold_line(network: Network) -> str:
    """What the sites counted; only what changes makes a new line."""
    statuses = network.site_statuses()
    words = [f"{name} {value}" for name, value in observe.own_calls(statuses).items()]
    silent = [site.name for site in network.layout.sites if site.name not in statuses]
    if silent:
        words.append(f"not answering: {', '.join(silent)}")
    return "  ".join([*words, f"leader {network.leader() or 'none'}"])


def _programs() -> Path:
    """Where `nirc`, `nrcli` and `site-agent` are, as short as the person here can type it."""
    folder = Path(sys.executable).parent
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


@contextmanager
def _stopped_by_signal() -> Iterator[None]:
    """SIGINT and SIGTERM raise `Stopped` in here."""

    def stop(_: int, __: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _signals_ignored() -> Iterator[None]:
    before = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def console_for(ui: bool) -> Console:
    """A terminal that can be drawn on, or plain lines where there is none."""
    return Console(force_terminal=None if ui else False, width=None if os.isatty(1) else 160)
