"""What is read is collected once, in order."""

from routing_policies.expression_reads import Reads
from routing_policies.model import Feature
from routing_policies.vocabulary import Names


def test_each_thing_once() -> None:
    reads = Reads()
    for name in ("queue.ewt_s", "call.ani", "queue.ewt_s"):
        reads.add_name(name)
    assert reads.names == ["queue.ewt_s", "call.ani"]
    assert [reads.feature("data", key) for key in ("a", "b", "a")] == ["F[0]", "F[1]", "F[0]"]
    assert reads.features[1] == Feature(kind="data", args=("b",))


def test_free_and_empty_texts_are_not_looked_up() -> None:
    reads = Reads()
    reads.add_compared(Names.FREE, "gold")
    reads.add_compared(Names.SITE, "")
    reads.add_compared(Names.SITE, "porto")
    reads.add_compared(Names.SITE, "porto")
    assert reads.compared == [(Names.SITE, "porto")]
