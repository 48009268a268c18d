"""What happens around a run when it goes wrong; whole runs stand in tests/services."""

import json
import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from nirc.demo import demo_run
from nirc.demo.demo_run import DemoRun, Stopped
from nirc.demo.network import Network
from nirc.demo.network_status import NotReady
from nirc.demo.options import Options


def _run(
    monkeypatch: pytest.MonkeyPatch, start: Any, options: Options
) -> tuple[int, str, list[str]]:
    ended: list[str] = []
    monkeypatch.setattr(Network, "start", start)
    monkeypatch.setattr(Network, "stop", lambda _: ended.append("stopped"))
    console = Console(width=200, force_terminal=False)
    with console.capture() as captured:
        code = DemoRun(options, console).run()
    return code, captured.get(), ended


def test_a_network_that_does_not_come_up_is_one_line_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_run.tempfile, "mkdtemp", lambda prefix: str(tmp_path / "run"))

    def start(*_: object) -> None:
        raise NotReady("waited 60 s in vain until a node leads")

    code, said, ended = _run(monkeypatch, start, Options(ui=False))
    assert code == 1
    assert said == "nirc demo: waited 60 s in vain until a node leads\n"
    assert ended == ["stopped"]
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(("hold", "code"), [(True, 0), (False, 130)])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(
    monkeypatch: pytest.MonkeyPatch, hold: bool, code: int, number: int
) -> None:
    before = signal.getsignal(number)

    def start(*_: object) -> None:
        os.kill(os.getpid(), number)
        raise AssertionError("the signal should have stopped this")

    found, said, ended = _run(monkeypatch, start, Options(ui=False, hold=hold))
    assert (found, ended) == (code, ["stopped"])
    assert said == "stopping\n"
    assert signal.getsignal(number) is before


def test_a_folder_to_keep_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object) -> None:
        raise Stopped

    folder = tmp_path / "kept"
    _run(monkeypatch, start, Options(ui=False, keep=folder))
    assert folder.is_dir()


def test_the_report_names_the_sites_before_any_call_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise Stopped

    monkeypatch.setattr(Network, "leader", lambda _: None)
    monkeypatch.setattr("nirc.demo.processes.Processes.pid", lambda *_: 4712)
    monkeypatch.setattr(DemoRun, "_hold", stop)
    report = tmp_path / "hold.json"
    options = Options(ui=False, hold=True, report=report)
    code, _, _ = _run(monkeypatch, lambda *_: None, options)
    assert code == 0
    assert [site["name"] for site in json.loads(report.read_text())["sites"]] == [
        "lisbon",
        "porto",
        "faro",
    ]


def test_held_open_it_speaks_when_something_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = iter([0, 0, 1, 1])
    leaders = iter(["n1", "n1", "n1", None])

    def statuses(_: Network) -> dict[str, Any]:
        count = next(offered, None)
        if count is None:
            raise Stopped
        return {site: {"counters": {"offered": count}} for site in ("lisbon", "porto")}

    monkeypatch.setattr(demo_run, "HOLD_SAY_S", 0.0)
    monkeypatch.setattr(demo_run.time, "sleep", lambda _: None)
    monkeypatch.setattr(Network, "leader", lambda _: next(leaders))
    monkeypatch.setattr(Network, "site_statuses", statuses)
    monkeypatch.setattr(DemoRun, "_run", DemoRun._hold)
    _, said, _ = _run(monkeypatch, lambda *_: None, Options(ui=False, hold=True))
    lines = [line for line in said.splitlines() if line.startswith("offered")]
    assert [line.split("  ")[0] for line in lines] == ["offered 0", "offered 2", "offered 2"]
    assert [line.rsplit("  ", 1)[1] for line in lines] == ["leader n1", "leader n1", "leader none"]
    assert "not answering: faro" in lines[0]


def test_it_stays_until_it_is_stopped_and_is_judged_then(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def show(_run: DemoRun, _network: object, title: str, _is_over: object) -> None:
        shown.append(title)
        if title == "ended calls":
            raise Stopped

    monkeypatch.setattr(DemoRun, "_show", show)
    monkeypatch.setattr(DemoRun, "_finish", lambda *_: SimpleNamespace(exit_code=7))
    network: Any = SimpleNamespace(
        load=SimpleNamespace(calls=3, length_s=1.0, seed=1), phones_order=lambda *_: None
    )
    console = Console(force_terminal=False)
    with console.capture() as captured:
        assert DemoRun(Options(ui=False, stay=True), console)._calls(network) == 7
    assert shown == ["3 calls", "ended calls"] and "until Ctrl-C" in captured.get()
