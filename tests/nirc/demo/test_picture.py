from rich.console import Console

from nirc.demo.picture import NodeScene, QueueScene, Scene, SiteScene, draw


def _text(scene: Scene, columns: int = 120, lines: int = 40) -> str:
    console = Console(width=columns, record=True, force_terminal=False)
    with console.capture() as captured:
        console.print(draw(scene, columns, lines))
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


def _full_scene() -> Scene:
    """As much as there ever is: long decisions, every count, alarms."""
    queues = (
        QueueScene(name="sales", ready=7, waiting=12),
        QueueScene(name="support", ready=7, waiting=3),
    )
    return Scene(
        title="200 calls",
        sites=tuple(
            SiteScene(
                name=name,
                address="127.0.0.1:20390",
                running=True,
                linked=True,
                queues=queues,
                agents_total=7,
                agents_in_call=3,
                agents={"ready": 2, "reserved": 1, "busy": 3, "working_after_call": 1},
            )
            for name in ("lisbon", "porto", "faro")
        ),
        nodes=tuple(
            NodeScene(name=f"n{n}", pid=4_000_000 + n, running=True, leads=n == 1)
            for n in (1, 2, 3)
        ),
        counts=dict.fromkeys(
            (
                *("calls", "served", "served_home", "moved_302", "moved_refer", "moved_bridge"),
                *("abandoned", "failed", "lost", "data_intact"),
            ),
            188,
        ),
        decisions=[f"deadbee{n}  move   lisbon -> porto/ines  4 ms  (rules)" for n in range(6)],
        alarms=[f"faro: alarm {n} " + "with many words " * 6 for n in range(5)],
    )


def test_all_that_matters_fits_a_small_terminal() -> None:
    rows = _text(_full_scene(), 80, 24).rstrip("\n").split("\n")
    assert len(rows) < 24
    assert max(map(len, rows)) <= 80
    text = "\n".join(rows)
    sites = [row for row in rows if row.split()[:2] in (["lisbon", "up"], ["faro", "up"])]
    assert [row.split()[2:] for row in sites] == [
        ["2", "1", "3", "1", "sales", "12", "support", "3"]
    ] * 2
    for words in ("n1 leads (pid 4000001)", "n3 follows", "moved bridge 188", "data intact 188"):
        assert words in text
    assert "deadbee5  move   lisbon -> porto/ines" in text
    assert "deadbee2" not in text


def test_a_large_terminal_shows_addresses_and_every_queue() -> None:
    rows = _text(_full_scene(), 120, 40).rstrip("\n").split("\n")
    assert len(rows) < 40
    text = "\n".join(rows)
    assert text.count("127.0.0.1:20390") == 3
    assert text.count("support") == 3
    assert "deadbee0" in text


def test_a_node_of_another_hand_is_no_node_that_is_down() -> None:
    nodes = (
        NodeScene(name="n1", pid=0, running=True, leads=True),
        NodeScene(name="n2", pid=0, running=False, leads=False),
    )
    for size in ((80, 24), (120, 40)):
        text = _text(Scene(title="x", sites=(), nodes=nodes), *size)
        assert "not ours" in text
        assert "down" in text
