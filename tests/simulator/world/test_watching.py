"""Long histories are judged piece by piece, with the same verdict."""

from sim_models import calls, network
from sim_world import run

from simulator.history import Line
from simulator.world.engine import WorldEngine
from simulator.world.watching import Watch, parted


def test_pieces_find_what_the_whole_finds() -> None:
    model = network((3, 2), duration_s=600.0)
    made, _, _ = run(model, calls(model, per_s=0.05, talk_s=60.0))
    lines = made.world.watch.lines  # type: ignore[union-attr]
    whole, pieces = Watch(lines_max=10**9), Watch(lines_max=100)
    for watch in (whole, pieces):
        for line in lines:
            fields = line.fields
            if line.kind == "agent_free" and line.fields["call"].startswith("7."):
                continue
            if line.kind == "call_connected" and line.fields["interaction"] == "9.0":
                watch.line(line.at_s, "elsewhere", line.kind, fields | {"call": "9.0.9"})
            watch.line(line.at_s, line.site, line.kind, fields)
    found, told = ({str(wrong) for wrong in watch.violations()} for watch in (whole, pieces))
    kinds = [{wrong.invariant for wrong in watch.violations()} for watch in (whole, pieces)]
    assert found <= told  # what stays open is told again with each call that it meets
    assert kinds[0] == kinds[1] >= {"S1", "S3"}
    assert len(pieces.lines) < len(whole.lines) / 2
    assert pieces.lines_count == whole.lines_count


def test_what_is_open_or_was_spoken_of_lately_is_kept() -> None:
    def line(at_s: float, kind: str, **fields: object) -> Line:
        return Line(at_s=at_s, site="porto", kind=kind, fields=dict(fields))

    lines = [
        line(1.0, "epoch", domain="first"),
        line(2.0, "hold", token="open"),
        line(2.0, "hold", token="closed"),
        line(3.0, "hold_ended", token="closed"),
        line(200.0, "command", request="late"),
    ]
    over, kept = parted(lines, 210.0)
    assert [one.text("token") for one in over] == ["closed", "closed"]
    assert [one.kind for one in kept] == ["epoch", "hold", "command"]


def test_without_a_watch_nothing_is_written() -> None:
    assert WorldEngine().start(network((1,)), watch=False).world.watch is None


def test_states_of_sites_are_let_go_of_when_they_are_old() -> None:
    lines = [
        Line(at_s=at_s, site="", kind="site_state", fields={"node": "n1.1", "of": "porto"})
        for at_s in (1.0, 200.0)
    ]
    over, kept = parted(lines, 210.0)
    assert [one.at_s for one in over] == [1.0] and [one.at_s for one in kept] == [200.0]
