from itertools import count

from rich.console import Console

from nirc.demo.layout import NetworkShape, build_layout
from nirc.demo.picture import NodeScene, QueueScene, Scene, SiteScene, draw, how_to_try

LAYOUT = build_layout(NetworkShape(), count(20_000).__next__)


def _text(scene: Scene) -> str:
    console = Console(width=140, record=True, force_terminal=False)
    with console.capture() as captured:
        console.print(draw(scene))
    return captured.get()


def test_everything_a_person_looks_for_is_in_the_picture() -> None:
    queue = QueueScene(name="sales", ready=1, busy=2, waiting=4)
    text = _text(
        Scene(
            title="200 calls",
            sites=(
                SiteScene(
                    name="lisbon",
                    address="127.0.0.1:20000",
                    running=True,
                    linked=True,
                    queues=(queue,),
                    agents_total=3,
                    agents_in_call=2,
                ),
                SiteScene(name="porto", address="127.0.0.1:1", running=False, linked=False),
            ),
            nodes=(
                NodeScene(name="n1", pid=41, running=True, leads=True),
                NodeScene(name="n2", pid=42, running=False, leads=False),
            ),
            counts={"calls": 12, "moved_302": 5, "lost": 0},
            decisions=("abc move lisbon -> porto",),
            alarms=("lisbon: alone",),
        )
    )
    for words in ("lisbon", "sales", "2/3 in calls", "stopped", "leads", "pid 42", "down"):
        assert words in text
    for words in ("moved 302 5", "lost 0", "abc move lisbon", "lisbon: alone"):
        assert words in text


def test_a_person_is_told_where_to_ring_and_what_to_try() -> None:
    lines = "\n".join(how_to_try(LAYOUT, 4711, 4712))
    for site in LAYOUT.sites:
        assert site.trunks[0].address in lines
    assert "kill -9 4711" in lines
    assert "kill -STOP 4712" in lines
    assert "sipp -sn uac" in lines
    assert "kill the leader" not in "\n".join(how_to_try(LAYOUT, None, 4712))
