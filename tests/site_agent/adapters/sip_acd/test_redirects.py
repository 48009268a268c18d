"""Nobody is redirected to a SIP port that does not answer."""

from acd_bench import TOKEN, Bench

from nrcli.wire.messages import TransferMethod
from site_agent.adapters.base import MoveProgress, MoveSign, PutBack, StartMove


class Redirected:
    """A waiting caller who is to be redirected, and what was asked of the target's port."""

    def __init__(self, *, deaf: bool) -> None:
        self.bench = Bench(anna_ready=False)
        self.asked: list[bytes] = []
        self._deaf = deaf
        self.call_id = self.bench.call()
        self.bench.wire.lose = self._lose
        self.start()

    def _lose(self, _peer: object, data: bytes) -> bool:
        question = data.startswith(b"OPTIONS")
        if question:
            self.asked.append(data)
        return question and self._deaf

    def start(self) -> None:
        """Begin the move."""
        self.bench.acd.command(
            StartMove(
                call_id=self.call_id,
                move_id="m1",
                method=TransferMethod.REDIRECT_302,
                address=f"sip:{TOKEN}@127.0.0.1:6100",
            )
        )
        self.bench.wire.settle()

    def signs(self) -> list[MoveSign]:
        """What was told of the move."""
        return [event.sign for event in self.bench.told(MoveProgress)]


def test_a_port_that_answers_is_asked_once_in_a_while() -> None:
    first = Redirected(deaf=False)
    assert first.signs() == [MoveSign.REDIRECTED]
    assert len(first.asked) == 1
    first.call_id = first.bench.call()
    first.start()
    assert len(first.asked) == 1
    first.bench.wire.advance(6.0)
    first.call_id = first.bench.call()
    first.start()
    assert len(first.asked) == 2
    first.bench.finish()


def test_nobody_is_redirected_to_a_port_that_does_not_answer() -> None:
    deaf = Redirected(deaf=True)
    assert deaf.signs() == []
    deaf.bench.wire.advance(1.0)
    assert deaf.signs() == [MoveSign.REFUSED]
    deaf.bench.acd.command(PutBack(call_id=deaf.call_id))
    deaf.bench.ready(True)
    deaf.bench.wire.settle()
    assert deaf.bench.caller.hears() == 4002
    deaf.bench.wire.advance(40.0)
    assert deaf.signs() == [MoveSign.REFUSED]
    deaf.bench.finish()


def test_a_caller_who_hangs_up_while_the_port_is_asked_is_redirected_nowhere() -> None:
    deaf = Redirected(deaf=True)
    deaf.bench.caller.hang_up(deaf.bench.leg)
    deaf.bench.wire.advance(2.0)
    assert MoveSign.REDIRECTED not in deaf.signs()
    deaf.bench.finish()
