"""Calls that records do not account for are a figure; what cannot be read is none."""

from pathlib import Path

from recorded_legs import TEN_UNIX_S, leg, write_all

from nirc.telemetry.balance_figure import HOUR_S, BalanceFigure
from nrcli.wire.history_messages import LegOutcome


def figure(folder: Path) -> BalanceFigure:
    """Looked at from 10:00 to 11:00: it is half past twelve."""
    return BalanceFigure(folder, leads=lambda: True, wall_unix_s=lambda: TEN_UNIX_S + 2.5 * HOUR_S)


async def test_a_call_that_never_arrived(tmp_path: Path) -> None:
    good, late = leg(LegOutcome.ANSWERED, 60, 10), leg(LegOutcome.ANSWERED, 3 * HOUR_S, 10)
    write_all(tmp_path, [good, late])
    found = figure(tmp_path)
    await found.look()
    assert found.value is not None and found.value.value == 0.0
    out = leg(LegOutcome.MOVED_OUT, 300, 10, target_site="porto", left_token="t")
    write_all(tmp_path, [out])
    await found.look()
    assert found.value is not None and found.value.value == 1.0


async def test_no_files_no_value(tmp_path: Path) -> None:
    found = figure(tmp_path / "none")
    await found.look()
    assert found.value is None
